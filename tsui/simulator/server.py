"""Serving the simulator: inside a running event loop, or as a program of its own."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tsui.simulator.app import Simulator
from tsui.simulator.clock import SimClock
from tsui.simulator.faults import DropConnection
from tsui.simulator.happenings import Happenings
from tsui.simulator.scenarios import UnknownScenario, play_named
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.world import World

LOOPBACK = "127.0.0.1"

_STDIN = 0


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens."""

    base_url: str
    """Scheme, host and port."""
    world: World
    """Everything behind it."""

    @property
    def accounts(self) -> list[str]:
        """The billing accounts."""
        return list(self.world.fleets)

    def as_json(self) -> dict[str, Any]:
        """Return how to connect to it."""
        mine = self.world.access.credentials
        return {
            "base_url": self.base_url,
            "key": mine.key,
            "secret": mine.secret,
            "username": mine.username,
            "password": mine.password,
            "accounts": self.accounts,
        }


@contextlib.asynccontextmanager
async def running(
    settings: SimulatorSettings | None = None, *, port: int = 0, clock: SimClock | None = None
) -> AsyncIterator[Running]:
    """Serve a simulator on this machine for as long as the block lasts; port 0 is a free one."""
    world = World(settings or SimulatorSettings(), clock)
    listening = _listen(port)
    world.spawn(Happenings(world).run())
    server = _Server(_config(Simulator(world)))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.listening.wait()
        yield Running(f"http://{LOOPBACK}:{listening.getsockname()[1]}", world)
    finally:
        server.should_exit = server.force_exit = True
        await world.aclose()
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()


class CannotListen(Exception):
    """The port cannot be had; its text says why."""


def serve(
    settings: SimulatorSettings,
    *,
    port: int,
    as_json: bool,
    until_eof: bool,
    scenarios: Sequence[str] = (),
) -> int:
    """Serve until interrupted, or until standard input ends; returns the exit code.

    Scenarios are played before anybody is told where it listens.
    """
    if objection := settings.objection():
        sys.stderr.write(f"{objection}\n")
        return 1
    try:
        made = _serve(settings, port, scenarios, as_json=as_json, until_eof=until_eof)
        return asyncio.run(made)
    except UnknownScenario as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except CannotListen as error:
        sys.stderr.write(f"The simulator cannot listen on port {port}: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0


async def _serve(
    settings: SimulatorSettings,
    port: int,
    scenarios: Sequence[str],
    *,
    as_json: bool,
    until_eof: bool,
) -> int:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    async with running(settings, port=port) as simulator:
        played = [play_named(simulator.world, each) for each in scenarios]
        sys.stdout.write(_words(simulator, played, as_json=as_json))
        sys.stdout.flush()
        if until_eof:
            _watch_input(over)
        await over.wait()
    return 0


def _watch_input(over: asyncio.Event) -> None:
    """Set the event when whoever started us is gone, in whatever way.

    A thread reads, because an event loop can wait for pipes but not for files and /dev/null.
    """
    loop = asyncio.get_running_loop()

    def read() -> None:
        with contextlib.suppress(OSError):
            while os.read(_STDIN, 4096):
                continue
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(over.set)

    threading.Thread(target=read, daemon=True).start()


def _words(simulator: Running, played: Sequence[Mapping[str, str]], *, as_json: bool) -> str:
    told = simulator.as_json()
    if as_json:
        return json.dumps({**told, "scenarios": played}) + "\n"
    devices = "".join(f"  {each['scenario']:<18}  {each['iccid']}\n" for each in played)
    return (
        "ThingSpace simulator, on this machine only. Stop with ctrl+c.\n\n"
        f"  address             {told['base_url']}\n"
        f"  application key     {told['key']}\n"
        f"  application secret  {told['secret']}\n"
        f"  user name           {told['username']}\n"
        f"  password            {told['password']}\n"
        f"  accounts            {', '.join(told['accounts'])}\n{devices}\n"
        "To open it, paste this into another terminal:\n\n"
        f"  TSUI_KEY={told['key']} TSUI_SECRET={told['secret']} "
        f"TSUI_USERNAME={told['username']} TSUI_PASSWORD={told['password']} "
        f"tsui --url {told['base_url']} --account {told['accounts'][0]}\n"
    )


def _listen(port: int) -> socket.socket:
    # Named protocol: without it asyncio leaves Nagle's algorithm on, which costs 40 ms a call.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise CannotListen(getattr(error, "strerror", None) or error) from None
    return listening


def _config(app: Simulator) -> uvicorn.Config:
    return uvicorn.Config(
        _Droppable(app),
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


class _Server(uvicorn.Server):
    """A server that leaves the signals of its process alone and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


_connections: dict[tuple[Any, Any], asyncio.Transport] = {}
"""Open connections by their two ends; an ASGI application cannot reach its own otherwise."""


class _Protocol(H11Protocol):
    """A connection that can be cut."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._ends = (self.client, self.server)
        _connections[self._ends] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _connections.pop(self._ends, None)
        super().connection_lost(exc)


class _Droppable:
    """Cuts the connection of a request that asks for it."""

    def __init__(self, app: Simulator) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except DropConnection:
            transport = _connections.get((scope["client"], scope["server"]))
            if transport is not None:
                transport.abort()
