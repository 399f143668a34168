"""What callback messages carry to prove where they come from, and the secret part of their path."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tsui.credentials.errors import CredentialsError
from tsui.credentials.files import read_private, shown
from tsui.credentials.given import SYSTEMD_CLOSED_TO, SYSTEMD_OWNERS
from tsui.settings.private import write_private

LONGEST = 40
"""Characters that the platform takes for either of the two."""

VARIABLES = ("TSUI_CALLBACK_USERNAME", "TSUI_CALLBACK_PASSWORD", "TSUI_CALLBACK_PATH")
"""The environment variables that hold them."""


@dataclass(frozen=True, slots=True)
class CallbackKeys:
    """User name and password of a listener, and the path that only the platform knows."""

    username: str
    """Copied by the platform into every message."""
    password: str
    """Copied by the platform into every message, in clear."""
    path: str
    """First part of the path of every message, without slashes."""

    def __repr__(self) -> str:
        return "CallbackKeys(hidden)"


def callback_keys(
    name: str, folder: Path, environ: Mapping[str, str] = os.environ
) -> CallbackKeys | None:
    """Return the keys of an environment: those given to this process, else those that are kept.

    None where there are none yet. Raises CredentialsError for unusable ones.
    """
    given = {
        field: environ.get(variable) for field, variable in zip(_FIELDS, VARIABLES, strict=True)
    }
    if any(given.values()):
        return _build(given, "The environment")
    if systemd := environ.get("CREDENTIALS_DIRECTORY"):
        path = Path(systemd, "tsui-callbacks.json")
        owners = SYSTEMD_OWNERS | {os.geteuid()}
        content = read_private(path, closed_to=SYSTEMD_CLOSED_TO, owners=owners)
        if content is not None:
            return _read(content, path)
    path = _file(name, folder)
    content = read_private(path)
    return None if content is None else _read(content, path)


def made_callback_keys(
    name: str, folder: Path, environ: Mapping[str, str] = os.environ
) -> CallbackKeys:
    """Return the keys of an environment; where there are none, make and keep them."""
    if found := callback_keys(name, folder, environ):
        return found
    made = CallbackKeys("tsui", secrets.token_urlsafe(24), secrets.token_urlsafe(18))
    content = {field: getattr(made, field) for field in _FIELDS}
    path = _file(name, folder)
    try:
        write_private(path, json.dumps(content).encode())
    except OSError as error:
        raise CredentialsError(f"{shown(path)} cannot be written: {error.strerror}.") from None
    return made


_FIELDS = ("username", "password", "path")


def _file(name: str, folder: Path) -> Path:
    return folder / f"{name}.callbacks.json"


def _read(content: bytes, path: Path) -> CallbackKeys:
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        values = None
    return _build(values if isinstance(values, dict) else {}, shown(path))


def _build(values: Mapping[str, object], origin: str) -> CallbackKeys:
    unusable = [field for field in _FIELDS if not _usable(field, values.get(field))]
    if unusable:
        raise CredentialsError(
            f"{origin} gives no usable callback {' and no callback '.join(unusable)}.",
            f"All three are needed, of at most {LONGEST} plain characters, the path without /.",
        )
    return CallbackKeys(*(str(values[field]) for field in _FIELDS))


def _usable(field: str, value: object) -> bool:
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST and value.isascii()
    text = str(value)
    if field == "path":
        return fits and text.replace("-", "").replace("_", "").isalnum()
    return fits and text.isprintable() and not set(text) & set("'<\\")
