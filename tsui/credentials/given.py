"""Credentials that were given to this process: by its environment, a descriptor or systemd."""

import os
import select
import time
from collections.abc import Mapping
from pathlib import Path

from tsui.credentials.errors import CredentialsError
from tsui.credentials.files import LARGEST, read_private, shown
from tsui.credentials.model import NAMES, Found, build, decode
from tsui.text import sanitize

VARIABLES = tuple(f"TSUI_{name.upper()}" for name in NAMES)
"""The environment variables that hold the four secrets."""

DESCRIPTOR = "TSUI_CREDENTIALS_FD"
"""The variable that names the file descriptor they can be read from."""

PATIENCE = 30.0
"""Seconds for whoever writes into a descriptor; people may be typing on the other side."""

SYSTEMD_OWNERS = frozenset({0})
"""systemd keeps a service's credentials as root's and lets the service in by an access list."""

SYSTEMD_CLOSED_TO = 0o007
"""An access list shows as permissions of the group, so only those of others mean trouble."""


def given(environ: Mapping[str, str]) -> Found | None:
    """Return the credentials that this process was started with, if any."""
    return _from_variables(environ) or _from_descriptor(environ) or _from_systemd(environ)


def is_given(environ: Mapping[str, str]) -> bool:
    """Tell whether this process was started with credentials, without reading them."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    return any(environ.get(each) for each in (*VARIABLES, DESCRIPTOR)) or bool(
        folder and Path(folder, "tsui.json").exists()
    )


def given_passphrase(environ: Mapping[str, str]) -> str | None:
    """Return the passphrase that this process was started with, if any."""
    if passphrase := environ.get("TSUI_PASSPHRASE"):
        return passphrase
    if number := environ.get("TSUI_PASSPHRASE_FD"):
        content = _drain(number, "TSUI_PASSPHRASE_FD")
        return content.decode(errors="surrogateescape").rstrip("\r\n")
    return None


def _from_variables(environ: Mapping[str, str]) -> Found | None:
    lacking = [variable for variable in VARIABLES if not environ.get(variable)]
    if len(lacking) == len(VARIABLES):
        return None
    if lacking:
        raise CredentialsError(
            f"{' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not set.",
            f"Set all of {', '.join(VARIABLES)}, or none of them.",
        )
    values = {name: environ[variable] for name, variable in zip(NAMES, VARIABLES, strict=True)}
    return Found(
        build(values, "The environment"),
        "The credentials come from the environment variables TSUI_KEY to TSUI_PASSWORD.",
    )


def _from_descriptor(environ: Mapping[str, str]) -> Found | None:
    number = environ.get(DESCRIPTOR)
    if not number:
        return None
    content = _drain(number, DESCRIPTOR)
    return Found(
        decode(content, f"File descriptor {number} ({DESCRIPTOR})"),
        f"The credentials come from file descriptor {number} ({DESCRIPTOR}).",
    )


def _from_systemd(environ: Mapping[str, str]) -> Found | None:
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    path = Path(folder, "tsui.json")
    content = read_private(
        path, closed_to=SYSTEMD_CLOSED_TO, owners=SYSTEMD_OWNERS | {os.geteuid()}
    )
    if content is None:
        return None
    return Found(
        decode(content, shown(path)),
        f"The credentials come from the systemd credential {shown(path)}.",
    )


def _drain(number: str, variable: str) -> bytes:
    name = f"File descriptor {sanitize(number, 20)} ({variable})"
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise CredentialsError(f"{name} is not a number.")
    try:
        content = _read_to_end(int(number))
    except OSError as error:
        raise CredentialsError(f"{name} cannot be read: {error.strerror}.") from None
    if content is None:
        raise CredentialsError(
            f"{name} did not end within {PATIENCE:.0f} s.", "Its writer has to close it."
        )
    if not content:
        raise CredentialsError(f"{name} is empty.", "It can be read only once.")
    return content


def _read_to_end(descriptor: int) -> bytes | None:
    # It stays open: its number could soon be that of another file, and a second call would take it.
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    deadline = time.monotonic() + PATIENCE
    content = b""
    while len(content) <= LARGEST:
        left = max(0.0, deadline - time.monotonic())
        if not poll.poll(left * 1000):
            return None
        chunk = os.read(descriptor, LARGEST)
        if not chunk:
            break
        content += chunk
    return content
