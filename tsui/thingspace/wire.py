"""The JSON on the wire: how its objects become Python values and go back unchanged."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    SecretStr,
    SerializationInfo,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from tsui.thingspace.times import format_time, parse_time

_FORBIDDEN = frozenset("'<\\")
_BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf"^(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]?)(\.{_BYTE}){{3}}$"


def _request_text(text: str) -> str:
    if bad := _FORBIDDEN.intersection(text):
        raise ValueError(f"ThingSpace refuses the character {min(bad)} in any field")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a character cannot be sent") from None
    return text


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, str):
        return parse_time(value)
    raise ValueError("a time is a string")


def _reveal(secret: SecretStr, info: SerializationInfo) -> str:
    return secret.get_secret_value() if info.context == REVEAL else str(secret)


REVEAL = "the body that is really sent"
"""Serialisation context under which secrets are written out; everything else shows asterisks."""

RequestText = Annotated[str, AfterValidator(_request_text)]
"""Text in a request: the platform refuses apostrophe, ``<`` and backslash everywhere."""

RequestTime = Annotated[AwareDatetime, PlainSerializer(format_time, when_used="always")]
"""A time in a request, sent as whole seconds UTC."""

Moment = Annotated[datetime | None, BeforeValidator(_moment)]
"""A time in a reply, in any of the known forms; None for N/A."""

Secret = Annotated[SecretStr, PlainSerializer(_reveal, return_type=str, when_used="always")]
"""A value that only the wire may see."""


class Wire(BaseModel):
    """A JSON object with the platform's camelCase names and ours in snake_case."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        frozen=True,
        defer_build=True,
    )


class RequestPart(Wire):
    """A JSON object inside a request: nothing unknown may slip into it."""

    model_config = ConfigDict(extra="forbid")


class Reply(Wire):
    """A JSON object inside an answer: unknown fields are kept, unreadable values set aside raw.

    Answers vary between releases and accounts, so no field is required, null is as good as missing,
    and a value of an unexpected type never spoils the rest: it stays available in ``unread``.
    """

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    # Set beside pydantic: its private attributes would double the time a page of devices takes.
    __slots__ = ("_fit", "_received")

    @property
    def received(self) -> Mapping[str, Any]:
        """The whole object as it came."""
        received: Mapping[str, Any] = object.__getattribute__(self, "_received")
        return received

    @property
    def unread(self) -> Mapping[str, Any]:
        """Values that did not fit their field, under their wire names, as they came."""
        fit: Mapping[str, Any] = object.__getattribute__(self, "_fit")
        return {
            name: value
            for name, value in self.received.items()
            if value is not None and name not in fit
        }

    @property
    def unknown(self) -> Mapping[str, Any]:
        """Fields that this version does not know, as they came."""
        return self.model_extra or {}

    @model_validator(mode="wrap")
    @classmethod
    def _tolerate(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, dict):
            return handler(data)
        fit = data
        if None in data.values():
            fit = {name: value for name, value in data.items() if value is not None}
        while True:
            try:
                reply = handler(fit)
                break
            except ValidationError as error:
                problems = error.errors(include_url=False, include_context=False)
                bad = {problem["loc"][0] for problem in problems if problem["loc"]}
                if bad.isdisjoint(fit):
                    raise
                fit = {name: value for name, value in fit.items() if name not in bad}
        object.__setattr__(reply, "_received", data)
        object.__setattr__(reply, "_fit", fit)
        return reply


class DeviceId(RequestPart):
    """One identifier of a device: its value and its kind, e.g. iccid, imei, mdn."""

    id: RequestText
    """The identifier's value; always a string, leading zeros count."""
    kind: RequestText
    """The identifier's kind; compared without regard to case."""


class KnownDevice(RequestPart):
    """One device of a request, named by one or more of its identifiers."""

    device_ids: Annotated[list[DeviceId], Field(min_length=1)]
    """Identifiers of the same device."""


class DeviceIds(KnownDevice):
    """One device of a request that may also assign an address; wants the IMEI before the ICCID."""

    ip_address: Annotated[RequestText, Field(pattern=_IPV4)] | None = None
    """A static IPv4 address to assign at activation."""


class KeyValue(RequestPart):
    """A named value, as custom fields are sent."""

    key: Annotated[RequestText, Field(pattern=r"^CustomField[1-5]$")]
    """The name, CustomField1 to CustomField5."""
    value: Annotated[RequestText, Field(max_length=50)]
    """The value."""


class SeenId(Reply):
    """An identifier as an answer spells it (``iccId``, ``Imei``, …)."""

    id: str = ""
    """The identifier's value."""
    kind: str = ""
    """The identifier's kind, in the platform's own spelling."""


class Attribute(Wire):
    """A named value of an answer; the value may be missing.

    No ``Reply``: a fleet has a dozen of them a device, and setting bad ones aside one by one would
    halve the speed of reading it. A list with a bad one is set aside as a whole.
    """

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    key: str = ""
    """The name."""
    value: str | None = None
    """The value, always text."""


def attributes(pairs: list[Attribute] | None) -> dict[str, str]:
    """Turn a list of named values into a dictionary; a missing value becomes the empty string."""
    return {pair.key: pair.value or "" for pair in pairs or ()}
