"""A TCP proxy that breaks connections at a byte it is told, in front of a server on this machine.

It passes bytes on as they come and looks only at the head of each request, to know which exchange
it is. A client that is spoken to through it cannot tell it from a bad network.
"""

import asyncio
import re
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import urlsplit

from tests.support.clock import settle

_CHUNK = 65_536
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, for no time: closing sends RST instead of FIN."""


class End(Enum):
    """How a connection ends at the byte it is broken at."""

    CLOSE = auto()
    """In order, as by a proxy that gives up."""
    RESET = auto()
    """By RST, as by a firewall."""
    SILENCE = auto()
    """Not at all: nothing gets through any more, in both directions."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to an exchange."""

    asked: int | None = None
    """Bytes of the request that get through; None for all."""
    answered: int | None = None
    """Bytes of the answer that get through; None for all."""
    end: End = End.CLOSE
    """What happens at that byte."""
    delay: float = 0.0
    """Seconds that the request waits before its first byte goes on."""
    drip: float = 0.0
    """Seconds between two bytes of the answer."""


@dataclass(slots=True)
class Exchange:
    """A request and its answer, as the proxy has got them."""

    head: bytes
    """The request's head."""
    asked: int = 0
    """Bytes of the request that the client sent."""
    answered: int = 0
    """Bytes of the answer that the server sent."""
    trouble: Trouble = Trouble()
    """What happens to it."""

    @property
    def line(self) -> str:
        """The request's first line."""
        return self.head.partition(b"\r\n")[0].decode()


@dataclass(slots=True)
class Proxy:
    """A proxy that listens."""

    url: str
    """Scheme, host and port."""
    target: tuple[str, int]
    """Host and port of the server."""
    exchanges: list[Exchange] = field(default_factory=list)
    """All of them, in the order they began."""
    on_request: Callable[[str], None] | None = None
    """Called with the first line of a request before any byte of it goes on."""
    _armed: list[tuple[str, Trouble]] = field(default_factory=list)

    def arm(self, path: str, trouble: Trouble) -> None:
        """Let the next request whose first line holds the path meet a trouble."""
        self._armed.append((path, trouble))

    def sent(self, path: str) -> list[Exchange]:
        """Return the exchanges whose first line holds the path."""
        return [each for each in self.exchanges if path in each.line]

    def begin(self, head: bytes) -> Exchange:
        """Note a request and say what happens to it."""
        made = Exchange(head)
        self.exchanges.append(made)
        if self.on_request is not None:
            self.on_request(made.line)
        for place, (path, trouble) in enumerate(self._armed):
            if path in made.line:
                del self._armed[place]
                made.trouble = trouble
                break
        return made


class _Broken(Exception):
    """The connection is to end here."""


class _Link:
    """One client's connection and the one to the server that belongs to it."""

    def __init__(
        self,
        proxy: Proxy,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._proxy = proxy
        self._from_client, self._to_client = client
        self._from_server, self._to_server = server
        self._exchange = Exchange(b"")

    async def run(self) -> None:
        """Pass bytes on until one side or a trouble ends it."""
        ways = [asyncio.ensure_future(self._ask()), asyncio.ensure_future(self._answer())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _ask(self) -> None:
        with suppress(_Broken, ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await self._from_client.readuntil(_END_OF_HEAD)
                self._exchange = exchange = self._proxy.begin(head)
                if exchange.trouble.delay:
                    await asyncio.sleep(exchange.trouble.delay)
                await self._forward(exchange, head)
                found = _LENGTH.search(head)
                left = int(found[1]) if found else 0
                while left:
                    data = await self._from_client.read(min(left, _CHUNK))
                    if not data:
                        return
                    left -= len(data)
                    await self._forward(exchange, data)

    async def _forward(self, exchange: Exchange, data: bytes) -> None:
        limit = exchange.trouble.asked
        whole = limit is None or exchange.asked + len(data) < limit
        self._to_server.write(data if whole else data[: (limit or 0) - exchange.asked])
        exchange.asked += len(data)
        await self._to_server.drain()
        if not whole:
            await self._end(exchange.trouble.end)

    async def _answer(self) -> None:
        with suppress(_Broken, ConnectionError):
            while data := await self._from_server.read(_CHUNK):
                exchange = self._exchange
                limit, drip = exchange.trouble.answered, exchange.trouble.drip
                whole = limit is None or exchange.answered + len(data) < limit
                passed = data if whole else data[: (limit or 0) - exchange.answered]
                exchange.answered += len(data)
                for start in range(0, len(passed), 1 if drip else _CHUNK):
                    self._to_client.write(passed[start : start + (1 if drip else _CHUNK)])
                    await self._to_client.drain()
                    await asyncio.sleep(drip)
                if not whole:
                    await self._end(exchange.trouble.end)

    async def _end(self, end: End) -> None:
        if end is End.SILENCE:
            await asyncio.Event().wait()
        if end is End.RESET:
            for writer in (self._to_client, self._to_server):
                plug: socket.socket = writer.get_extra_info("socket")
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        raise _Broken


@asynccontextmanager
async def proxy(url: str) -> AsyncIterator[Proxy]:
    """Stand in front of a server for as long as the block lasts."""
    parts = urlsplit(url)
    made = Proxy("", (parts.hostname or "", parts.port or 80))
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        writers = [writer]
        with suppress(ConnectionError):
            try:
                server = await asyncio.open_connection(*made.target)
                writers.append(server[1])
                await _Link(made, (reader, writer), server).run()
            finally:
                for each in writers:
                    each.close()

    listening = await asyncio.start_server(serve, parts.hostname, 0)
    made.url = f"http://{parts.hostname}:{listening.sockets[0].getsockname()[1]}"
    async with listening:
        try:
            yield made
        finally:
            # A connection that was accepted this moment would be lost, open, by closing the server.
            asyncio.get_running_loop().remove_reader(listening.sockets[0].fileno())
            await settle()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
