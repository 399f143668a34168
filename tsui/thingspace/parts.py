"""Parts and forms that requests and answers of several areas share."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from tsui.thingspace.wire import DeviceId, Reply, RequestPart, RequestText, SeenId

_PLAIN = r"^[\p{L}\p{N} !#-]*$"
"""Letters, digits, space, dash, ! and #; accents count as letters, which is not documented."""

ZipCode = Annotated[RequestText, Field(pattern=r"^[0-9]{5}$")]
"""A ZIP code of five digits."""

CostCenterCode = Annotated[RequestText, Field(max_length=36, pattern=_PLAIN)]
"""A cost center: letters, digits, space, dash, ! and #."""

FirstName = Annotated[RequestText, Field(max_length=20, pattern=_PLAIN)]
"""A first name: letters, digits, space, dash, ! and #."""

LastName = Annotated[RequestText, Field(max_length=25, pattern=_PLAIN)]
"""A last name: letters, digits, space, dash, ! and #."""

Sku = Annotated[RequestText, Field(max_length=20)]
"""A device SKU; upper case matters."""


def _in_array(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _out_of_array(value: Any) -> Any:
    return (value[0] if value else {}) if isinstance(value, list) and len(value) < 2 else value


def _object(value: Any) -> Any:
    return {} if value is None else value


ARRAY_OR_OBJECT = BeforeValidator(_in_array)
"""Reads an array that some sources show as its only element."""

OBJECT_OR_ARRAY_OF_ONE = BeforeValidator(_out_of_array)
"""Reads an object that the SDK wraps into an array of one or none."""

OBJECT_OR_NOTHING = BeforeValidator(_object)
"""Reads an object that may be missing, as in an answer without a body."""

SeenIds = Annotated[list[SeenId], ARRAY_OR_OBJECT]
"""Identifiers of one device in an answer; a single one may come bare."""


def at_most_one(part: BaseModel, *names: str) -> None:
    """Raise ValueError if several of these fields are set in a request."""
    given = [name for name in names if getattr(part, name) is not None]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} do not go together")


class DeviceByOneId(RequestPart):
    """One device of a request that wants a single identifier of it."""

    device_ids: Annotated[list[DeviceId], Field(min_length=1, max_length=1)]
    """The identifier."""


class Done(Reply):
    """The platform did what it was asked."""

    success: bool | None = None
    """Whether it was done; before 2016 the answer had no body."""
