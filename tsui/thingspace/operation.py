"""An operation of ThingSpace, declared once: what is sent, where, and what comes back."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast
from urllib.parse import quote

from pydantic import TypeAdapter

from tsui.thingspace.wire import REVEAL, RequestPart

ReplyT = TypeVar("ReplyT")
"""What an operation answers."""

Method = Literal["GET", "POST", "PUT", "DELETE"]

M2M_V1 = "/api/m2m/v1"
M2M_V2 = "/api/m2m/v2"
OAUTH = "/api/ts/v1"
LOCATION = "/api/loc/v1"
SOFTWARE = "/api/fota/v3"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Effect(StrEnum):
    """What sending an operation does, which decides how it may be repeated.

    ThingSpace reads with POST, so the HTTP method says nothing about it.
    """

    READ = "read"
    """Nothing changes; may be repeated."""
    CHANGE = "change"
    """Something changes and the platform knows no idempotency key: never repeated blindly."""
    AUTH = "auth"
    """Tokens are made or ended."""
    CALLBACK_ADMIN = "callback-admin"
    """Callback listeners change: as careful as a change, but answered at once."""


class Needs(StrEnum):
    """What an operation proves about its sender."""

    KEY = "application key and secret"
    BEARER = "OAuth token"
    SESSION = "OAuth token and session token"


class Operation(RequestPart, Generic[ReplyT]):
    """One call of the API; a subclass declares the call, an instance is one request of it."""

    title: ClassVar[str]
    """The operation's name in Verizon's reference."""
    method: ClassVar[Method]
    """The HTTP method."""
    base: ClassVar[str] = M2M_V1
    """The path of the API the operation belongs to."""
    path: ClassVar[str]
    """The path below the base; ``{placeholders}`` are fields of the operation."""
    effect: ClassVar[Effect] = Effect.CHANGE
    """What sending does; an undeclared operation counts as a change, the careful side."""
    needs: ClassVar[Needs] = Needs.SESSION
    """The proof the operation carries."""
    form: ClassVar[bool] = False
    """Whether the body is form-encoded instead of JSON."""
    query: ClassVar[frozenset[str]] = frozenset()
    """Names of the fields that go into the URL's query."""
    callback: ClassVar[str | None] = None
    """The callback service that brings the outcome; None where the answer is the outcome."""
    more_callbacks: ClassVar[tuple[str, ...]] = ()
    """Further callback services, where the outcome comes in parts."""
    max_devices: ClassVar[int | None] = None
    """Devices one request may name, where documented."""
    deprecated: ClassVar[bool] = False
    """Whether Verizon points to a successor."""
    same_as: ClassVar[str] = ""
    """The operation whose other form this is, by its class name; empty where it is none."""
    raw: ClassVar[bool] = False
    """Whether the answer is handed on in the bytes it came in, for another process to read."""
    read_timeout: ClassVar[float] = 30.0
    """Seconds of silence we grant the answer."""

    @classmethod
    def path_fields(cls) -> tuple[str, ...]:
        """Return the names of the fields that are part of the path, in order."""
        return tuple(_PLACEHOLDER.findall(cls.path))

    @classmethod
    def reads(cls) -> bool:
        """Tell whether the operation changes nothing, so that it may be repeated and shared."""
        return cls.effect is Effect.READ

    @classmethod
    def changes(cls) -> bool:
        """Tell whether the operation changes something on the platform."""
        return cls.effect in (Effect.CHANGE, Effect.CALLBACK_ADMIN)

    def url_path(self) -> str:
        """Return base and path with the placeholders filled and quoted."""
        return self.base + _PLACEHOLDER.sub(
            lambda match: _segment(str(getattr(self, match[1]))), self.path
        )

    def parameters(self) -> dict[str, str]:
        """Return the query of the URL, under wire names."""
        return {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in self._dump(self.query).items()
        }

    def body(self, *, reveal: bool = False) -> dict[str, Any] | None:
        """Return the body under wire names, None if there is none; secrets only on demand."""
        names = set(type(self).model_fields) - self.query - set(self.path_fields())
        if not names:
            return None
        return self._dump(frozenset(names), reveal=reveal)

    def fields(self) -> dict[str, Any]:
        """Return every field that is set, under wire names and with secrets hidden."""
        return self._dump(frozenset(type(self).model_fields))

    def _dump(self, names: frozenset[str], *, reveal: bool = False) -> dict[str, Any]:
        if not names:
            return {}
        return self.model_dump(
            mode="json",
            include=set(names),
            by_alias=True,
            exclude_none=True,
            context=REVEAL if reveal else None,
        )

    @classmethod
    def read_reply(cls, value: Any) -> ReplyT:
        """Make the typed reply from decoded JSON; raises pydantic's ValidationError."""
        return cast("ReplyT", _adapter(cls).validate_python(value))


def _segment(text: str) -> str:
    # One or two dots alone would be taken as a step through the path.
    return text.replace(".", "%2E") if text in (".", "..") else quote(text, safe="")


@cache
def _adapter(operation: type[Operation[Any]]) -> TypeAdapter[Any]:
    for parent in operation.__mro__:
        metadata: Mapping[str, Any] = vars(parent).get("__pydantic_generic_metadata__", {})
        if arguments := metadata.get("args"):
            return TypeAdapter(arguments[0])
    raise TypeError(f"{operation.__name__} does not say what it answers")
