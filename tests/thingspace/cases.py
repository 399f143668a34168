"""What tests of the client share: clients, operations, faults, and a server for broken bytes."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.support.clock import RushingClock
from tests.support.waiting import until
from tsui.clock import Clock
from tsui.credentials import Credentials
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.thingspace.account import GetAccount
from tsui.thingspace.client import Client
from tsui.thingspace.operation import Effect, Needs, Operation
from tsui.thingspace.policy import Policy
from tsui.thingspace.provisioning import SuspendDevices
from tsui.thingspace.wire import DeviceId, DeviceIds, Reply

TOKEN = "/oauth2/token$"
LOGIN = "/session/login$"
ACCOUNTS = "/accounts/"
SUSPEND = "/devices/actions/suspend$"
LIST = "/devices/actions/list$"

STRANGER = Credentials("some-key", "some-secret-words", "somebody", "some-password")
"""Credentials for servers that ask no questions."""


class Pong(Reply):
    """Any object."""


class Ask(Operation[Pong]):
    """A read that needs no tokens, for servers that are no simulator."""

    title = "Ask"
    method = "GET"
    path = "/ask"
    effect = Effect.READ
    needs = Needs.KEY


class Poke(Operation[Pong]):
    """A change that needs no tokens."""

    title = "Poke"
    method = "POST"
    path = "/poke"
    needs = Needs.KEY

    what: str = "it"
    """Anything."""


# -- clients ----------------------------------------------------------------------------------


def credentials(simulator: Running, **other: str) -> Credentials:
    """Return what the simulator accepts, with some of it replaced."""
    mine = simulator.world.access.credentials
    given = {
        "key": mine.key,
        "secret": mine.secret,
        "username": mine.username,
        "password": mine.password,
    }
    return Credentials(**{**given, **other})


@asynccontextmanager
async def client_of(
    where: "Running | str",
    *,
    keys: Credentials | None = None,
    clock: Clock | None = None,
    policy: Policy | None = None,
    draw: float = 1.0,
    **options: Any,
) -> AsyncIterator[Client]:
    """Open a client of a simulator or of an address; waits rush by and draws are known."""
    if isinstance(where, Running):
        url, keys = where.base_url, keys or credentials(where)
    else:
        url, keys = where, keys or STRANGER
    made = Client(
        url,
        keys,
        clock=clock or RushingClock(),
        policy=policy,
        draw=lambda: draw,
        **options,
    )
    try:
        yield made
    finally:
        await made.aclose()


async def failure(work: Awaitable[Any]) -> BaseException:
    """Return the exception that work ends with."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the test looks at whatever it is
        return error
    raise AssertionError("it did not fail")


# -- the simulator ----------------------------------------------------------------------------


def read(simulator: Running) -> GetAccount:
    """Return a read that the simulator answers."""
    return GetAccount(account_name=simulator.accounts[0])


def suspend(simulator: Running) -> SuspendDevices:
    """Return a change that the simulator answers."""
    fleet = simulator.world.fleets[simulator.accounts[0]]
    device = next(
        found for number in fleet.numbers() if (found := fleet.get(number)).state == "active"
    )
    iccid = next(value for kind, value in device.identifiers() if kind.lower() == "iccid")
    ids = DeviceIds(device_ids=[DeviceId(id=iccid, kind="iccid")])
    return SuspendDevices(account_name=simulator.accounts[0], devices=[ids])


def go_wrong(simulator: Running, action: str, path: str, **details: Any) -> None:
    """Order a fault."""
    simulator.world.faults.append(Fault(action, path, **details))


def seen(simulator: Running, ending: str) -> int:
    """Count the requests whose path ends in something."""
    return sum(1 for each in simulator.world.log if each.path.endswith(ending))


def reads_seen(simulator: Running) -> int:
    return seen(simulator, simulator.accounts[0])


def changes_seen(simulator: Running) -> int:
    return seen(simulator, "/actions/suspend")


def executed(simulator: Running) -> int:
    """Count what was really begun to be done to devices."""
    return len(simulator.world.engine.requests)


def refused_logins(simulator: Running) -> int:
    return simulator.world.access.counts.get("refused logins", 0)


# -- a server of broken bytes -----------------------------------------------------------------

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Wire:
    """A server that answers requests with bytes by a script; its last line repeats."""

    url: str = ""
    script: list[Answer] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def bodies(self) -> list[bytes]:
        return [request.partition(b"\r\n\r\n")[2] for request in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while request := await _request(reader):
                line = self.script[min(len(self.requests), len(self.script) - 1)]
                self.requests.append(request)
                await line(writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def wire(*script: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """Serve a script on a free port of this machine for as long as the block lasts."""
    made = Wire(script=list(script))
    serving: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(made.serve(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    scheme, port = "https" if tls else "http", server.sockets[0].getsockname()[1]
    made.url = f"{scheme}://127.0.0.1:{port}"
    try:
        yield made
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


def says(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Answer in good form."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} .", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return answer


def says_bytes(whole: bytes) -> Answer:
    """Answer with bytes as they are, and close."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(whole)
        await writer.drain()
        writer.close()

    return answer


async def resets(writer: asyncio.StreamWriter) -> None:
    """Reset the connection instead of answering."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def is_silent(_: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.Event().wait()


def waits_for(released: asyncio.Event, then: Answer) -> Answer:
    """Answer once the test lets it."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        await released.wait()
        await then(writer)

    return answer


async def until_asked(server: Wire, times: int = 1) -> None:
    await until(lambda: len(server.requests) >= times, what="the request")


async def until_seen(simulator: Running, ending: str, times: int = 1) -> None:
    await until(partial(_seen_often, simulator, ending, times), what=f"a request of {ending}")


def _seen_often(simulator: Running, ending: str, times: int) -> bool:
    return seen(simulator, ending) >= times


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


async def _request(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.split(b":")[1]))
    return head
