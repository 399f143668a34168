"""What request bodies hold: declared once, then checked and published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Any, Literal

from tsui.simulator.errors import rejected

UNREADABLE = "DeserializationFailed"
"""Code of a request whose parts are missing or of the wrong type."""

TOO_MANY = "INPUT_INVALID.MaxRequestsExceeded"

_PLAIN = frozenset(f"{ascii_letters}{digits} -!#")

Type = Literal["string", "integer", "boolean", "array", "object", "any"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a JSON object."""

    name: str
    type: Type = "string"
    required: bool = False
    longest: int | None = None
    """Most characters of a text or items of an array; None where no limit is documented."""
    choices: tuple[str, ...] = ()
    """Texts it may be, compared without regard to case; empty for any."""
    parts: "tuple[Field, ...]" = ()
    """Fields of the object, or of each object in the array."""
    items: Type = "object"
    """Type of an array's items."""
    plain: bool = False
    """Whether it may hold nothing but letters, digits, spaces, ``-``, ``!`` and ``#``."""
    missing: str = UNREADABLE
    """Error code when it is required and missing or empty."""
    beyond: str = UNREADABLE
    """Error code when it is longer than it may be."""


def check(body: Mapping[str, Any], fields: Sequence[Field]) -> None:
    """Refuse a body that does not hold what its declaration asks for."""
    for field in fields:
        value = body.get(field.name)
        if value is None or value == "" or (value == [] and field.required):
            if field.required:
                raise rejected(field.missing, f"{field.name} is missing.")
        else:
            _check_value(field, value)


def _check_value(field: Field, value: Any) -> None:
    if not _fits(field.type, value):
        raise rejected(UNREADABLE, f"{field.name} is no {field.type}.")
    if field.longest is not None and len(value) > field.longest:
        raise rejected(field.beyond, f"{field.name} exceeds {field.longest}.")
    if field.plain and not set(value) <= _PLAIN:
        raise rejected(
            "INPUT_INVALID.Request.InvalidCharacter", f"{field.name} contains invalid characters."
        )
    if field.choices and value.lower() not in {each.lower() for each in field.choices}:
        raise rejected(UNREADABLE, f"{field.name} is one of {', '.join(field.choices)}.")
    if field.type == "object":
        check(value, field.parts)
    if field.type == "array":
        for item in value:
            if not _fits(field.items, item):
                raise rejected(UNREADABLE, f"{field.name} holds what is no {field.items}.")
            if field.items == "object":
                check(item, field.parts)


def _fits(kind: Type, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            # Samples send whole numbers as text, too.
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, str) and value.isascii() and value.isdecimal()
            )
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case _:
            return True


def needed(name: str, kind: Type = "string", **more: Any) -> Field:
    """Return a field that has to be there."""
    return Field(name, kind, required=True, **more)


def listed(name: str, *parts: Field, **more: Any) -> Field:
    """Return an array of objects."""
    return Field(name, "array", parts=parts, **more)


def nested(name: str, *parts: Field, **more: Any) -> Field:
    """Return an object in the body."""
    return Field(name, "object", parts=parts, **more)


DEVICE_ID = (needed("id"), needed("kind"))
DEVICE_IDS = listed("deviceIds", *DEVICE_ID, required=True)
FLAT_IDS = listed("deviceIds", *DEVICE_ID)
ACCOUNT = Field("accountName")
NEEDED_ACCOUNT = needed("accountName", missing="INPUT_INVALID.Account.NotDefined")
CUSTOM_FIELDS = listed("customFields", needed("key"), needed("value"))
SELECTORS = (ACCOUNT, Field("groupName"), Field("servicePlan"), CUSTOM_FIELDS)
SKU = Field("skuNumber", longest=20)
COST_CENTER_LONGEST = 36
LABEL = (needed("name", longest=20), needed("value", longest=50))


def devices(
    name: str = "devices",
    *,
    most: int | None = None,
    beyond: str = TOO_MANY,
    required: bool = True,
    addressed: bool = False,
) -> Field:
    """Return an array of devices, each named by its deviceIds; some take an address, too."""
    return listed(
        name,
        DEVICE_IDS,
        *((Field("ipAddress"),) if addressed else ()),
        required=required,
        longest=most,
        beyond=beyond,
    )


PLACE_OF_USE = (
    nested(
        "customerName",
        Field("title"),
        needed("firstName", longest=20, plain=True),
        Field("middleName"),
        needed("lastName", longest=25, plain=True),
        Field("suffix"),
        required=True,
    ),
    nested(
        "address",
        needed("addressLine1"),
        Field("addressLine2"),
        needed("city"),
        needed("state"),
        needed("zip"),
        Field("zip4", longest=4),
        needed("country", choices=("US", "USA")),
        Field("phone"),
        Field("phoneType", longest=1),
        Field("emailAddress"),
        required=True,
    ),
)
"""Parts of a primary place of use."""

REQUEST_ID = (Field("requestId"),)
"""Answer of an operation whose outcome comes by callback."""

SUCCEEDED = (Field("success", "boolean"),)
"""Answer of a change that is done at once."""
