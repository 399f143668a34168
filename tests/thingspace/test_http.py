"""What a network may do to a request, and what each of it proves."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.thingspace.cases import (
    Answer,
    failure,
    free_port,
    is_silent,
    resets,
    says,
    says_bytes,
    until_asked,
    wire,
)
from tests.thingspace.certificates import certificate, serving
from tsui.thingspace._http import HttpTransport
from tsui.thingspace.errors import (
    ConnectionLost,
    ConnectionsBusy,
    Fate,
    NoAnswer,
    ThingSpaceError,
    TlsFailure,
    TooLarge,
    Unreachable,
)
from tsui.thingspace.exchange import HttpAnswer, HttpRequest
from tsui.thingspace.policy import Policy

POLICY = Policy(write_timeout=0.3, pool_timeout=0.05, concurrent_reads=1, body_cap=4096)


def _request(
    path: str = "/",
    *,
    read: float = 5.0,
    total: float = 5.0,
    body: bytes | None = None,
    query: dict[str, str] | None = None,
) -> HttpRequest:
    return HttpRequest("POST", path, query or {}, {"x-ours": "1"}, body, read, total)


@asynccontextmanager
async def _transport(
    url: str, *, policy: Policy = POLICY, ca_file: Path | None = None, proxy: bool = False
) -> AsyncIterator[HttpTransport]:
    authority = str(ca_file) if ca_file else None
    made = HttpTransport(url, policy, ca_file=authority, use_environment_proxy=proxy)
    try:
        yield made
    finally:
        await made.aclose()


async def _sent(url: str, request: HttpRequest | None = None) -> HttpAnswer:
    async with _transport(url) as transport:
        return await transport.exchange(request or _request())


async def _error(url: str, request: HttpRequest | None = None) -> ThingSpaceError:
    error = await failure(_sent(url, request))
    assert isinstance(error, ThingSpaceError)
    assert str(error).endswith((".", "?"))
    return error


# -- it works ---------------------------------------------------------------------------------


async def test_a_request_goes_out_as_it_is_and_the_answer_comes_as_it_is() -> None:
    async with wire(says(b"\x1f\x8bnot unpacked", 202, {"Content-Encoding": "gzip"})) as server:
        answer = await _sent(server.url, _request("/a%2Fb", body=b"{}", query={"next": "a b&c"}))
    assert (answer.status, answer.body) == (202, b"\x1f\x8bnot unpacked")
    assert answer.headers["content-encoding"] == "gzip"
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0].replace(b"%20", b"+") == b"POST /a%2Fb?next=a+b%26c HTTP/1.1"
    assert b"x-ours: 1" in head.lower()
    assert b"accept-encoding: gzip\r\n" in head.lower() + b"\r\n"
    assert body == b"{}"


async def test_a_connection_is_kept_for_the_next_request() -> None:
    async with wire(says(b"{}")) as server, _transport(server.url + "/") as transport:
        for _ in range(3):
            await transport.exchange(_request())
        assert (server.connections, len(server.requests)) == (1, 3)


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with wire(says(b"")) as elsewhere:
        async with wire(says(b"", 302, {"Location": elsewhere.url})) as server:
            assert (await _sent(server.url)).status == 302
        assert elsewhere.requests == []


# -- it never left ----------------------------------------------------------------------------


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no host name be known."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)


@pytest.mark.parametrize(
    "url",
    [
        "", "thingspace.verizon.com", "ftp://thingspace.verizon.com", "https://", "https:///api",
        "http://[::1", "http://a:99999", "http://a b", "http://\x00", "https://xn--a", "//host",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("no_names")
async def test_an_address_that_is_none_is_told_before_anything_is_sent(url: str) -> None:
    error = await _error(url)
    assert isinstance(error, Unreachable)
    assert error.fate is Fate.NOT_SENT


async def test_an_address_beyond_all_bounds_is_not_sent() -> None:
    async with wire(says(b"{}")) as server:
        assert isinstance(await _error(server.url, _request("/" + "x" * 70_000)), Unreachable)
        assert server.requests == []


async def test_a_port_where_nothing_listens() -> None:
    error = await _error(f"http://127.0.0.1:{free_port()}")
    assert isinstance(error, Unreachable)
    assert "Nothing listens" in error.problem


@pytest.mark.usefixtures("no_names")
async def test_a_host_that_nobody_knows() -> None:
    error = await _error("http://no-such-host.invalid")
    assert isinstance(error, Unreachable)
    assert "host name is not known" in error.problem


async def test_a_host_that_does_not_take_connections() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        async with _transport(url, policy=Policy(connect_timeout=0.2)) as transport:
            error = await failure(transport.exchange(_request()))
    assert isinstance(error, Unreachable)
    assert "did not take the connection in time" in error.problem


async def test_when_every_connection_is_taken_nothing_is_sent() -> None:
    async with wire(is_silent) as server, _transport(server.url) as transport:
        room = POLICY.concurrent_reads + HttpTransport.SPARE_CONNECTIONS
        waiting = [asyncio.create_task(transport.exchange(_request())) for _ in range(room)]
        await until_asked(server, room)
        error = await failure(transport.exchange(_request()))
        assert isinstance(error, ConnectionsBusy)
        assert error.fate is Fate.NOT_SENT
        assert len(server.requests) == room
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_connections_that_got_lost_are_given_up_for_new_ones() -> None:
    async with (
        wire(is_silent) as silent,
        wire(says(b"{}")) as server,
        _transport(server.url) as transport,
        AsyncExitStack() as lost,
    ):
        for _ in range(POLICY.concurrent_reads + HttpTransport.SPARE_CONNECTIONS):
            # A connection nobody waits for, as a cancelled request may leave one behind.
            task = asyncio.create_task(transport._client.get(silent.url, timeout=None))
            lost.callback(task.cancel)
        await until_asked(silent, POLICY.concurrent_reads + HttpTransport.SPARE_CONNECTIONS)
        for _ in range(2):
            assert isinstance(await failure(transport.exchange(_request())), ConnectionsBusy)
        assert (await transport.exchange(_request())).status == 200
        await asyncio.sleep(0)


# -- it may have been done --------------------------------------------------------------------


async def _cut(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 .\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    writer.close()


async def _drips(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 .\r\nContent-Length: 100\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (resets, None),
        (says_bytes(b""), None),
        (says_bytes(b"HTTP/1.1 200 .\r\nContent-"), None),
        (says_bytes(b"SSH-2.0-OpenSSH_9.6\r\n"), None),
        (says_bytes(b"HTTP/1.1 200 .\r\nX: " + b"x" * 200_000), None),
        (_cut, 200),
        (says_bytes(b"HTTP/1.1 200 .\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 200),
    ],
)
async def test_a_connection_that_breaks_proves_nothing(answer: Answer, status: int | None) -> None:
    async with wire(answer) as server:
        error = await _error(server.url)
    assert isinstance(error, ConnectionLost)
    assert (error.fate, error.status) == (Fate.UNKNOWN, status)


async def test_silence_ends_after_the_time_that_was_granted() -> None:
    async with wire(is_silent) as server:
        error = await _error(server.url, _request(read=0.1))
    assert isinstance(error, NoAnswer)
    assert (error.fate, error.status) == (Fate.UNKNOWN, None)


async def test_a_body_that_drips_ends_with_the_whole_time() -> None:
    async with wire(_drips) as server:
        error = await _error(server.url, _request(total=0.2))
    assert isinstance(error, NoAnswer)
    assert error.status == 200


async def test_a_request_that_nobody_takes_may_have_arrived_in_part() -> None:
    async def reads_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport of a socket
        await closing.wait()
        writer.close()

    closing = asyncio.Event()
    server = await asyncio.start_server(reads_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    error = await _error(f"http://127.0.0.1:{port}", _request(body=b" " * 30_000_000))
    closing.set()
    server.close()
    assert isinstance(error, NoAnswer)
    assert error.fate is Fate.UNKNOWN
    assert "could not be sent" in error.problem


async def test_an_answer_beyond_our_bound_is_not_read() -> None:
    async with wire(says(b"x" * 4097)) as server:
        error = await _error(server.url)
    assert isinstance(error, TooLarge)
    assert error.status == 200


# -- TLS --------------------------------------------------------------------------------------


async def test_a_certificate_of_a_given_authority_is_trusted(tmp_path: Path) -> None:
    path = certificate(tmp_path)
    async with (
        wire(says(b"{}"), tls=serving(path)) as server,
        _transport(server.url, ca_file=path) as transport,
    ):
        assert (await transport.exchange(_request())).body == b"{}"


@pytest.mark.parametrize(
    ("address", "days", "trusted"),
    [("127.0.0.1", 1, False), ("127.0.0.2", 1, True), ("127.0.0.1", -1, True)],
    ids=["of nobody we know", "of another host", "expired"],
)
async def test_another_certificate_is_not_accepted_and_nothing_sent(
    tmp_path: Path, address: str, days: int, trusted: bool
) -> None:
    path = certificate(tmp_path, address=address, days=days)
    async with (
        wire(says(b"{}"), tls=serving(path)) as server,
        _transport(server.url, ca_file=path if trusted else None) as transport,
    ):
        error = await failure(transport.exchange(_request()))
        assert isinstance(error, TlsFailure)
        assert error.fate is Fate.NOT_SENT
        assert "certificate is not accepted" in error.problem
        assert server.requests == []


async def test_a_server_without_tls_gets_nothing() -> None:
    async def answers_in_clear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1000))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    heard: list[bytes] = []
    server = await asyncio.start_server(answers_in_clear, "127.0.0.1", 0)
    error = await _error(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    server.close()
    assert isinstance(error, TlsFailure)
    assert "No safe connection" in error.problem
    assert b"x-ours" not in heard[0]


# -- proxies ----------------------------------------------------------------------------------


async def test_a_proxy_of_the_environment_is_left_alone_unless_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with wire(says(b"{}")) as server:
        assert (await _sent(server.url)).status == 200


async def test_a_proxy_that_refuses_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with wire(says(b"", 407)) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        async with _transport("https://thingspace.invalid", proxy=True) as transport:
            error = await failure(transport.exchange(_request()))
        assert isinstance(error, Unreachable)
        assert "proxy" in error.problem
        assert proxy.requests[0].startswith(b"CONNECT thingspace.invalid:443 ")
