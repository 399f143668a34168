"""``tsui receiver``: from the command line to a process that receives callbacks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from tsui import paths
from tsui.credentials import CredentialsError
from tsui.credentials.callback import made_callback_keys
from tsui.settings import SettingsError
from tsui.start import Where, complain

if TYPE_CHECKING:
    from tsui.receiver.server import Options


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen, as the command line says it."""

    host: str
    port: int
    path: str = ""
    cert: str = ""
    key: str = ""
    allow: Sequence[str] = ()
    proxy: Sequence[str] = ()


def receive(listening: Listening, where: Where) -> int:
    """Receive callbacks until interrupted; returns the exit code."""
    from tsui.receiver.server import CannotListen, run
    from tsui.store.errors import StoreError

    try:
        asyncio.run(run(_options(listening, where)))
    except (
        SettingsError, click.UsageError, CredentialsError, CannotListen, StoreError,
    ) as error:  # fmt: skip
        return complain(str(error))
    return 0


def _options(listening: Listening, where: Where) -> "Options":
    """Return how to listen; raises what keeps it from being done."""
    from tsui.receiver.server import Options
    from tsui.receiver.source import networks

    if objection := _objection(listening):
        raise click.UsageError(objection)
    try:
        allowed, proxies = networks(listening.allow), networks(listening.proxy)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None
    launch = where.launch()
    name = launch.environment(launch.profile_name, launch.profile).folder_name
    keys = made_callback_keys(name, paths.credentials_folder())
    return Options(
        launch.data_folder / name,
        replace(keys, path=listening.path.strip("/") or keys.path),
        listening.host,
        listening.port,
        listening.cert,
        listening.key,
        allowed,
        proxies,
    )


def _objection(listening: Listening) -> str:
    """Return why nothing is received this way; empty when it can be."""
    if listening.key and not listening.cert:
        return "--key needs --cert."
    if "/" in listening.path.strip("/"):
        return "--path is one name, without a slash in it."
    if listening.cert or listening.proxy or _is_here(listening.host):
        return ""
    return (
        "Messages carry their password in clear: give --cert and --key, or stay on 127.0.0.1 "
        "behind a proxy, or name the proxy's address with --proxy."
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
