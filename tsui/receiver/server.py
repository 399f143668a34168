"""Serving the receiver: a socket, the guard, and an end that lets nobody wait."""

import asyncio
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from uvicorn.server import ServerState

from tsui.credentials.callback import CallbackKeys
from tsui.receiver.app import HEALTH, Receiver
from tsui.receiver.guard import HEAD_WITHIN, LARGEST_HEAD, GuardedProtocol
from tsui.receiver.heartbeat import beat
from tsui.receiver.intake import Intake
from tsui.receiver.source import Network, Sources
from tsui.store.announce import Announcer
from tsui.store.database import Database
from tsui.store.inbox import Inbox, inbox_file

MOST_CONNECTIONS = 900
"""Connections beyond which requests are answered 503; a process has often 1,024 files at most."""

IDLE = 3
"""Seconds that a connection may stay open between two messages."""

LAST_WORDS = 2.0
"""Seconds that messages on their way to the disk have at the end."""


class CannotListen(Exception):
    """The receiver cannot begin; the text says why."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to listen."""

    folder: Path
    """Folder of the environment."""
    keys: CallbackKeys
    """What messages have to carry."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 0
    """Port to listen on; 0 takes a free one."""
    cert: str = ""
    """File of the certificate and its chain; empty for plain HTTP."""
    key: str = ""
    """File of the certificate's key."""
    allowed: tuple[Network, ...] = ()
    """Who may send; anybody where empty."""
    proxies: tuple[Network, ...] = ()
    """Proxies whose word counts about who sends."""


@asynccontextmanager
async def running(options: Options) -> AsyncIterator[str]:
    """Receive for as long as the block lasts; yields the address in front of every path.

    Raises CannotListen, or StoreError when nothing can be written down.
    """
    listening = _listen(options.host, options.port)
    database = inbox_file(options.folder)
    try:
        tls = _tls(options)
        await database.open()
        intake = Intake(Inbox(database, Announcer()))
        app = Receiver(intake, options.keys, Sources(options.allowed, options.proxies))
        async with _serving(app, listening, tls), _beating(database):
            port = listening.getsockname()[1]
            host = f"[{options.host}]" if ":" in options.host else options.host
            yield f"{'https' if tls else 'http'}://{host}:{port}"
    finally:
        listening.close()
        await database.close()


async def run(options: Options) -> None:
    """Receive until TERM or INT comes."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    async with running(options) as base_url:
        sys.stdout.write(
            f"Receiving callbacks on {base_url}; health: {base_url}{HEALTH}. Stop with ctrl+c.\n"
        )
        sys.stdout.flush()
        await over.wait()


@asynccontextmanager
async def _serving(
    app: Receiver, listening: socket.socket, tls: ssl.SSLContext | None
) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app,
        http=GuardedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE,
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: GuardedProtocol(config, state, {}),
        sock=listening,
        ssl=tls,
        ssl_handshake_timeout=HEAD_WITHIN if tls else None,
        backlog=2048,
    )
    try:
        yield
    finally:
        server.close()
        for connection in tuple(state.connections):
            connection.shutdown()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=LAST_WORDS)
        for connection in tuple(state.connections):
            connection.transport.abort()


@asynccontextmanager
async def _beating(database: Database) -> AsyncIterator[None]:
    heart = asyncio.create_task(beat(database), name="beat")
    try:
        yield
    finally:
        heart.cancel()
        await asyncio.gather(heart, return_exceptions=True)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named protocol: without it asyncio leaves Nagle's algorithm on.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(f"{host} port {port} cannot be listened on: {reason}.") from None
    return listening


def _tls(options: Options) -> ssl.SSLContext | None:
    if not options.cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(options.cert, options.key or None)
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(f"The certificate cannot be used: {reason}.") from None
    return context
