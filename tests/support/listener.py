"""A callback listener on a real socket, for what the simulator POSTs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.support.clock import settle


@dataclass
class Inbox:
    """What came to a listener."""

    url: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    """What is answered; change it to refuse messages."""


@asynccontextmanager
async def listener() -> AsyncIterator[Inbox]:
    """Listen on a free port of this machine for as long as the block lasts."""
    inbox = Inbox("")

    connections: set[asyncio.StreamWriter] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            inbox.messages.append(await _read(reader))
            head = f"HTTP/1.1 {inbox.status} .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    inbox.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/carrier"
    async with server:
        try:
            yield inbox
        finally:
            # A connection that was accepted this moment would be lost, open, by closing the server.
            asyncio.get_running_loop().remove_reader(server.sockets[0].fileno())
            await settle()
            for writer in connections:
                writer.close()


async def _read(reader: asyncio.StreamReader) -> dict[str, Any]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length")
    )
    message: dict[str, Any] = json.loads(await reader.readexactly(length))
    return message
