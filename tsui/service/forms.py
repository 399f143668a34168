"""Forms: what was written into the fields of an operation, and the way to a request."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from tsui import ident
from tsui.service.fields import FormField, Schema, Shape, fields_of
from tsui.service.moments import moment_of
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.operation import Operation

__all__ = [
    "FormField",
    "FormInvalid",
    "FormProblem",
    "Shape",
    "build",
    "chooses_devices",
    "devices_named",
    "fields_of",
    "from_json",
    "warnings",
]


ONE_DEVICE = frozenset({"ChangeIdentifier", "SendNidd", "SwapEid"})
"""Operations whose lists of identifiers each name one device only."""

_SEPARATORS = re.compile(r"[\s,;]+")
"""What may stand between devices."""

_ADDRESS = "ip:"
"""Begins a static address behind the identifiers of a device that is to get it."""

_PAIR_ENDS = re.compile(r",(?=[^,=]*=)|,\s*$")
"""Commas behind which another pair begins; others belong to a value."""


class FormProblem(NamedTuple):
    """Why a request cannot be made of what was written."""

    path: str
    """The field; empty for the request as a whole."""
    text: str
    """What is wrong, in a sentence."""


class FormInvalid(Exception):
    """What was written makes no request."""

    def __init__(self, problems: Sequence[FormProblem]) -> None:
        super().__init__("; ".join(f"{each.path}: {each.text}".strip(": ") for each in problems))
        self.problems = problems
        """Every problem."""


def build(name: str, texts: Mapping[str, str], *, now: datetime | None = None) -> Operation[Any]:
    """Make the request of what was written; raises FormInvalid with every problem.

    Times such as ``7d`` count from now, which is the system's time where none is given.
    """
    now = now or datetime.now(UTC)
    values: dict[str, Any] = {}
    problems: list[FormProblem] = []
    known = {field.path: field for field in fields_of(name)}
    for path, text in texts.items():
        if not text.strip():
            continue
        field = known.get(path)
        if field is None:
            problems.append(FormProblem(path, "There is no such field."))
            continue
        try:
            exact = text if field.shape is Shape.SECRET else text.strip()
            is_time = field.shape is Shape.TIME
            _put(values, path, moment_of(exact, now) if is_time else _value(field, exact))
        except ValueError as error:
            problems.append(FormProblem(path, str(error)))
    if problems:
        raise FormInvalid(problems)
    return from_json(name, values)


def from_json(name: str, values: Any) -> Operation[Any]:
    """Make the request of its fields as JSON; raises FormInvalid with every problem."""
    try:
        return OPERATIONS[name].model_validate(values)
    except ValidationError as error:
        raise FormInvalid([_problem(each) for each in error.errors(include_url=False)]) from None


def warnings(field: FormField, text: str) -> list[str]:
    """Return what is unusual about identifiers; no reason to refuse them."""
    if field.shape not in (Shape.DEVICE, Shape.DEVICES):
        return []
    found: list[str] = []
    for token in _SEPARATORS.sub(" ", text.replace("+", " ")).split():
        try:
            named = _device_id(token)
        except ValueError:
            continue  # the request says what is wrong with it
        kind, value = ident.Kind(named["kind"]), named["id"]
        found += ident.problems(kind, value) or ident.warnings(kind, value)
    return found


def devices_named(operation: Operation[Any]) -> list[tuple[str, str]]:
    """Return kind and number of the first identifier of every device of a request."""
    found: dict[tuple[str, str], None] = {}
    for name, value in operation.fields().items():
        is_one = type(operation).__name__ in ONE_DEVICE
        if is_one and type(operation).max_devices == 1 and name.endswith("To"):
            continue  # what the device becomes
        found |= dict.fromkeys(list(_identifiers(value))[: 1 if is_one else None])
    return list(found)


def chooses_devices(operation: Operation[Any]) -> bool:
    """Tell whether a request that could name devices names none, so the platform chooses them."""
    choosable = any(
        field.shape in (Shape.DEVICE, Shape.DEVICES)
        and not field.required
        and not field.path.startswith("devicesTo")  # of a group, which is named itself
        for field in fields_of(type(operation).__name__)
    )
    return choosable and not devices_named(operation)


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    *parts, last = path.split(".")
    for part in parts:
        values = values.setdefault(part, {})
    values[last] = value


def _value(field: FormField, text: str) -> Any:
    match field.shape:
        case Shape.YES_NO:
            return _yes_no(text)
        case Shape.NUMBER:
            return _number(text)
        case Shape.TEXTS:
            return [each.strip() for each in text.split(",") if each.strip()]
        case Shape.PAIRS:
            return [_pair(each, field.schema["items"]) for each in _PAIR_ENDS.split(text) if each]
        case Shape.DEVICE:
            return _device(text, field.schema)
        case Shape.DEVICES:
            return _devices(text, field.schema["items"])
        case Shape.JSON:
            return _json(text)
        case Shape.CHOICE:
            return next((each for each in field.choices if each.lower() == text.lower()), text)
        case _:
            return text


def _yes_no(text: str) -> bool:
    words = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}
    try:
        return words[text.lower()]
    except KeyError:
        raise ValueError("Write yes or no.") from None


def _number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text[:30]!r} is not a number.") from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"This is not JSON: {error}.") from None


def _pair(text: str, item: Schema) -> dict[str, str]:
    key, sign, value = text.strip().partition("=")
    if not sign or not key:
        raise ValueError("Write NAME=VALUE, e.g. CustomField1=pump.")
    name = "key" if "key" in item["properties"] else "name"
    return {name: key.strip(), "value": value.strip()}


def _device_id(token: str) -> dict[str, str]:
    kind, sign, value = token.partition(":")
    if sign and (known := ident.normalise_kind(kind)) and value:
        return {"id": value, "kind": known.value}
    guesses = [] if sign else ident.guess(token)
    if not guesses:
        raise ValueError(f"{token[:40]!r} is no identifier; write e.g. iccid:8914800000000000017.")
    return {"id": guesses[0][1], "kind": guesses[0][0].value}


def _device(text: str, shape: Schema) -> dict[str, Any]:
    names = shape.get("properties", {})
    tokens, address = text.split("+"), {}
    if "ipAddress" in names and tokens[-1].lower().startswith(_ADDRESS):
        address = {"ipAddress": tokens.pop()[len(_ADDRESS) :]}
    ids = [_device_id(token) for token in tokens]
    if "deviceIds" in names:
        return {"deviceIds": ids, **address}
    if "mdn" not in names:
        if len(ids) > 1:
            raise ValueError("One identifier of the device is enough here.")
        return ids[0]
    numbers = [each["id"] for each in ids if each["kind"] == ident.Kind.MDN]
    others = [each for each in ids if each["kind"] != ident.Kind.MDN]
    if len(numbers) != 1 or len(others) != 1:
        raise ValueError("Write one identifier and the number, e.g. imei:… + mdn:… without blanks.")
    return {**others[0], "mdn": numbers[0]}


def _devices(text: str, item: Schema) -> list[dict[str, Any]]:
    return [_device(token, item) for token in _SEPARATORS.split(text) if token]


def _problem(error: Any) -> FormProblem:
    path = ".".join(str(part) for part in error["loc"])
    return FormProblem(path, _complaint(error))


def _complaint(error: Any) -> str:
    given, limits = error["input"], error.get("ctx", {})
    if error["type"] == "missing":
        return "It is required."
    if error["type"] == "extra_forbidden":
        return "There is no such field."
    if isinstance(given, str) and "max_length" in limits:
        return f"It has at most {limits['max_length']} characters, this has {len(given)}."
    if isinstance(given, str) and "min_length" in limits:
        return f"It has at least {limits['min_length']} characters."
    return str(error["msg"]).removeprefix("Value error, ").rstrip(".") + "."


def _identifiers(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from _identifiers(each)
    elif isinstance(value, Mapping):
        if "id" in value and "kind" in value:
            yield str(value["kind"]).lower(), str(value["id"])
        elif isinstance(value.get("deviceIds"), list):
            yield from list(_identifiers(value["deviceIds"]))[:1]
