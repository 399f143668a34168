"""The four secrets of a profile, and their form in files and pipes."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from tsui.credentials.errors import CredentialsError


@dataclass(frozen=True, slots=True)
class Credentials:
    """What ThingSpace asks for: the pair of the application and the pair of the user."""

    key: str
    """The application key, for the OAuth token."""
    secret: str
    """The application secret, for the OAuth token."""
    username: str
    """The user name of the account contact, for the session token."""
    password: str
    """The password of the account contact, for the session token."""

    def __repr__(self) -> str:
        return "Credentials(hidden)"


@dataclass(frozen=True, slots=True)
class Found:
    """Credentials, and the road they came by."""

    credentials: Credentials
    """The four secrets."""
    source: str
    """Where they come from, in a sentence for people."""
    warning: str | None = None
    """What is unsafe about that place; None if nothing is."""


NAMES = tuple(field.name for field in fields(Credentials))
"""The names of the four secrets, in files as in the class."""

EXAMPLE = "{" + ", ".join(f'"{name}": "…"' for name in NAMES) + "}"
"""How credentials look as JSON."""


def encode(credentials: Credentials) -> bytes:
    """Return the credentials as JSON."""
    return json.dumps(asdict(credentials)).encode()


def decode(raw: bytes | str, origin: str) -> Credentials:
    """Return the credentials that are written as JSON.

    Raises:
        CredentialsError: It is not JSON, or not four usable texts; the error names the origin.
    """
    data = _json(raw)
    if not isinstance(data, dict):
        raise CredentialsError(f"{origin} holds no JSON object.", f"It should be {EXAMPLE}.")
    return build({name: data.get(name) for name in NAMES}, origin)


def build(values: dict[str, Any], origin: str) -> Credentials:
    """Return the credentials made of four values, of which any may be missing or no text.

    Raises:
        CredentialsError: A value is not usable; the error says which and never shows it.
    """
    unusable = [name for name, value in values.items() if not _usable(value)]
    if unusable:
        raise CredentialsError(
            f"{origin} gives no usable {' and no '.join(unusable)}.",
            "Each has to be a text of visible characters.",
        )
    return Credentials(**values)


def _usable(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and bool(value)


def _json(raw: bytes | str) -> object:
    # An error of the parser carries the whole document, so none may travel with ours.
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
