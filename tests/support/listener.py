"""A callback listener on a real socket, for what the simulator POSTs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


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

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        inbox.messages.append(json.loads(await reader.readexactly(length)))
        writer.write(
            f"HTTP/1.1 {inbox.status} .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    inbox.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/carrier"
    async with server:
        yield inbox
