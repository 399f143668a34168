"""The one module that speaks HTTP: a request goes out, bytes come back, or it says which it was.

Only this module knows httpx, so that another client can take its place. It follows no redirects,
reads no proxy settings unasked, and leaves what the bytes mean to others.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import certifi
import httpx

from tsui.thingspace.errors import (
    ConnectionLost,
    ConnectionsBusy,
    NoAnswer,
    ThingSpaceError,
    TlsFailure,
    TooLarge,
    Unreachable,
)
from tsui.thingspace.exchange import HttpAnswer, HttpRequest
from tsui.thingspace.policy import Policy


@dataclass(slots=True)
class _Seen:
    """What had come of an answer when it broke off."""

    status: int | None = None


class HttpTransport:
    """Connections to one host, kept alive and few."""

    SPARE_CONNECTIONS = 4
    """Beyond the reads in flight: a change, a login, and two that are closing."""

    def __init__(
        self,
        base_url: str,
        policy: Policy,
        *,
        ca_file: str | None = None,
        use_environment_proxy: bool = False,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._policy = policy
        self._use_environment_proxy = use_environment_proxy
        self._address = _address(base_url)
        self._tls = _tls_context(self._address, ca_file)
        self._busy_in_a_row = 0
        self._active = 0
        self._client = self._make_client()

    async def exchange(self, request: HttpRequest) -> HttpAnswer:
        """Send a request and read the whole answer within the policy's time and size.

        Raises NotSent kinds only when the request provably never left.
        """
        if self._address is None:
            raise Unreachable("The address of ThingSpace is not valid; it begins with https://.")
        self._active += 1
        try:
            with _translated() as seen:
                async with asyncio.timeout(request.total_timeout):
                    return await self._read(request, seen)
        except ConnectionsBusy:
            await self._heal()
            raise
        finally:
            self._active -= 1

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _read(self, request: HttpRequest, seen: _Seen) -> HttpAnswer:
        async with self._client.stream(
            request.method,
            self._base_url + request.path,
            params=request.query or None,
            headers=request.headers,
            content=request.body,
            timeout=httpx.Timeout(
                connect=self._policy.connect_timeout,
                read=request.read_timeout,
                write=self._policy.write_timeout,
                pool=self._policy.pool_timeout,
            ),
        ) as response:
            seen.status = response.status_code
            self._busy_in_a_row = 0
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._policy.body_cap:
                    raise TooLarge(
                        "The answer is larger than we accept and was not read.",
                        status=response.status_code,
                    )
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpAnswer(response.status_code, headers, bytes(body))

    async def _heal(self) -> None:
        """Replace a pool that claims to be busy while nothing is under way.

        httpx 0.28 can lose connections for good when a request is cancelled (encode/httpcore#1093).
        """
        self._busy_in_a_row += 1
        if self._busy_in_a_row >= 2 and self._active == 1:
            old, self._client = self._client, self._make_client()
            self._busy_in_a_row = 0
            await old.aclose()

    def _make_client(self) -> httpx.AsyncClient:
        connections = self._policy.concurrent_reads + self.SPARE_CONNECTIONS
        return httpx.AsyncClient(
            verify=self._tls,
            trust_env=self._use_environment_proxy,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=connections),
            headers={"accept": "application/json", "accept-encoding": "gzip"},
        )


def _address(base_url: str) -> httpx.URL | None:
    """Return an address to which connections can be made; None for every other text.

    httpx would find some of the mistakes only as it connects, each with an exception of its own.
    """
    try:
        url = httpx.URL(base_url)
        host = url.host
    except (httpx.InvalidURL, ValueError):
        return None
    connects = url.scheme in ("http", "https") and host and 0 <= (url.port or 0) < 2**16
    return url if connects else None


def _tls_context(address: httpx.URL | None, ca_file: str | None) -> ssl.SSLContext:
    if address is not None and address.scheme == "https":
        context = ssl.create_default_context(cafile=ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if ca_file is None and not context.cert_store_stats()["x509_ca"]:
            context.load_verify_locations(cafile=certifi.where())
        return context
    # Never used for http, and loading the certificate store would cost 20 ms of the start.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextmanager
def _translated() -> Iterator[_Seen]:
    """Turn the client's exceptions into ours, keeping what they prove about the request."""
    seen = _Seen()
    try:
        yield seen
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, TimeoutError) as error:
        raise _translate(error, seen.status) from None


def _translate(error: Exception, status: int | None) -> ThingSpaceError:
    match error:
        case httpx.PoolTimeout():
            return ConnectionsBusy("All connections are in use; nothing was sent.")
        case httpx.ConnectTimeout():
            return Unreachable("ThingSpace did not take the connection in time.")
        case httpx.ConnectError():
            return _no_connection(error)
        case httpx.ProxyError():
            return Unreachable("The proxy did not let us through.")
        case httpx.InvalidURL():
            return Unreachable("The request's address is longer than an address may be.")
        case httpx.WriteTimeout():
            return NoAnswer("The request could not be sent in time.")
        case httpx.ReadTimeout() | TimeoutError():
            return NoAnswer("ThingSpace did not answer in time.", status=status)
        case _:
            return ConnectionLost(
                "The connection broke before the answer was whole.", status=status
            )


def _no_connection(error: BaseException) -> Unreachable:
    for reason in _reasons(error):
        if isinstance(reason, ssl.SSLCertVerificationError):
            return TlsFailure(f"The server's certificate is not accepted: {reason.verify_message}.")
        if isinstance(reason, ssl.SSLError):
            return TlsFailure(f"No safe connection could be agreed on: {reason.reason}.")
        if isinstance(reason, ConnectionRefusedError):
            return Unreachable("Nothing listens at that address.")
        if isinstance(reason, socket.gaierror):
            return Unreachable("The host name is not known here; is the network up?")
    return Unreachable("No connection to ThingSpace; is the network up?")


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from error.exceptions
        error = error.__cause__ or error.__context__
