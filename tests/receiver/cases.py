"""Talking to a receiver byte by byte."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tsui.credentials.callback import CallbackKeys
from tsui.receiver.server import Options, running
from tsui.store.announce import Announcer
from tsui.store.inbox import Inbox, Message, inbox_file

KEYS = CallbackKeys("tsui", "canary-in-clear", "secret-path")
PATH = f"/{KEYS.path}/CarrierService"


def body(number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "username": KEYS.username,
        "password": KEYS.password,
        "requestId": f"r-{number}",
        "deviceIds": [{"id": "89148000000000000001", "kind": "iccid"}],
        "deviceResponse": {"suspendResponse": {}},
        "status": "Success",
        "callbackCount": 1,
        **more,
    }


@asynccontextmanager
async def receiver(folder: Path, **changes: Any) -> AsyncIterator[int]:
    """Run a receiver; yields its port."""
    async with running(replace(Options(folder, KEYS), **changes)) as base_url:
        yield port_of(base_url)


def port_of(base_url: str) -> int:
    port = urlsplit(base_url).port
    assert port is not None
    return port


def request(content: bytes, path: str = PATH, method: str = "POST", *headers: str) -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: h", *headers]
    if not any(each.lower().startswith(("content-length", "transfer")) for each in headers):
        head.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*head, "", ""]).encode() + content


async def exchange(port: int, raw: bytes) -> tuple[int, bytes]:
    """Send bytes and return status and all that came back; status 0 for nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        return await answer(reader)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer; status 0 when the connection ends without one."""
    try:
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        return 0, getattr(error, "partial", b"")
    return int(head.split()[1]), head


async def post(port: int, content: Any, path: str = PATH) -> int:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return (await exchange(port, request(raw, path)))[0]


async def kept(folder: Path) -> list[Message]:
    """Return what is in an inbox, oldest first."""
    database = inbox_file(folder)
    await database.open()
    try:
        return (await Inbox(database, Announcer()).newest(100_000))[::-1]
    finally:
        await database.close()
