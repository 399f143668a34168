"""Forms: the fields of an operation as lines of text, and the way back to a request.

A form is made from the operation's own declaration. Parts of a request become one field for each
value in them, devices a list of identifiers, and what has no simpler shape is written as JSON.
"""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic import ValidationError

from tsui import ident
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.operation import Operation
from tsui.thingspace.wire import RequestPart

Schema = Mapping[str, Any]

OFFERS = {
    "servicePlan": "plans",
    "groupName": "groups",
    "currentState": "states",
    "accountName": "account",
}
"""What is known here for fields of these names."""


class Shape(StrEnum):
    """How a value is written in one line of text."""

    TEXT = "text"
    NUMBER = "a number"
    YES_NO = "yes or no"
    CHOICE = "one of a list"
    TEXTS = "values, with commas between"
    PAIRS = "NAME=VALUE, with commas between"
    DEVICE = "KIND:NUMBER"
    DEVICES = "KIND:NUMBER, with spaces between; + joins identifiers of one device"
    JSON = "JSON"
    SECRET = "a secret"  # noqa: S105 - the name of a shape
    TIME = "a time, e.g. 2026-01-31T12:00:00Z"


class FormField(NamedTuple):
    """One value of a request."""

    path: str
    """Where it is in the request: wire names with dots between."""
    help: str
    """What it is, in a sentence."""
    required: bool
    """Whether the request cannot go without it."""
    shape: Shape
    """How it is written."""
    choices: tuple[str, ...]
    """All values it can have; empty where there is no such list."""
    limits: str
    """Its documented limits in words; empty where there are none."""
    offers: str
    """What is known here of possible values, e.g. ``plans``; empty for nothing."""
    schema: Schema
    """Its part of the operation's JSON schema."""


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


@cache
def fields_of(name: str) -> tuple[FormField, ...]:
    """Return the fields of an operation, required ones first."""
    operation = OPERATIONS[name]
    schema = operation.model_json_schema(by_alias=True)
    helps = {_alias(operation, field): text for field, text in _attribute_docs(operation).items()}
    found = _fields(schema, schema.get("$defs", {}), "", helps, required=True)
    return tuple(sorted(found, key=lambda each: not each.required))


def build(name: str, texts: Mapping[str, str]) -> Operation[Any]:
    """Make the request of what was written; raises FormInvalid with every problem."""
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
            _put(values, path, _value(field, text))
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
    for token in text.replace("+", " ").split():
        kind, _, value = token.rpartition(":")
        if known := ident.normalise_kind(kind):
            found += ident.problems(known, value) or ident.warnings(known, value)
    return found


def devices_named(operation: Operation[Any]) -> list[tuple[str, str]]:
    """Return kind and number of the first identifier of every device of a request."""
    found: dict[tuple[str, str], None] = {}
    for name, value in operation.fields().items():
        if "device" in name.lower():
            for each in _identifiers(value):
                found[each] = None
    return list(found)


def chooses_devices(operation: Operation[Any]) -> bool:
    """Tell whether a request that could name devices names none, so the platform chooses them."""
    shapes = {field.shape for field in fields_of(type(operation).__name__) if not field.required}
    return bool(shapes & {Shape.DEVICE, Shape.DEVICES}) and not devices_named(operation)


# -- from the declaration to fields -------------------------------------------------------------


def _fields(
    schema: Schema, defs: Mapping[str, Schema], prefix: str, helps: Mapping[str, str], *,
    required: bool,
) -> Iterator[FormField]:  # fmt: skip
    needed = schema.get("required", ())
    for name, declared in schema.get("properties", {}).items():
        plain = _plain(declared, defs)
        path = f"{prefix}.{name}" if prefix else name
        must = required and name in needed
        if plain.get("properties") and not _is_identifier(plain):
            yield from _fields(plain, defs, path, _part_helps(plain), required=must)
            continue
        shape = _shape(plain, defs)
        yield FormField(
            path=path,
            help=helps.get(name, ""),
            required=must,
            shape=shape,
            choices=tuple(str(each) for each in plain.get("enum", ())),
            limits=_limits(plain),
            offers=OFFERS.get(name, ""),
            schema={**plain, "items": _plain(plain.get("items", {}), defs)},
        )


def _plain(declared: Schema, defs: Mapping[str, Schema]) -> Schema:
    """Return a part of the schema without references and without the choice of null."""
    if "$ref" in declared:
        name = declared["$ref"].rpartition("/")[2]
        return {"model": name, **_plain(defs[name], defs)}
    for each in declared.get("anyOf", ()):
        if each.get("type") != "null":
            return _plain(each, defs)
    if "const" in declared:
        return {**declared, "enum": [declared["const"]]}
    return declared


def _shape(plain: Schema, defs: Mapping[str, Schema]) -> Shape:
    if plain.get("enum"):
        return Shape.CHOICE
    if plain.get("format") == "password":
        return Shape.SECRET
    if plain.get("format") == "date-time":
        return Shape.TIME
    if plain.get("type") == "array":
        return _shape_of_array(_plain(plain["items"], defs))
    if _is_identifier(plain):
        return Shape.DEVICE
    kinds = {"integer": Shape.NUMBER, "number": Shape.NUMBER, "boolean": Shape.YES_NO}
    return kinds.get(plain.get("type", ""), Shape.TEXT if "type" in plain else Shape.JSON)


def _shape_of_array(item: Schema) -> Shape:
    if item.get("type") == "string":
        return Shape.TEXTS
    names = set(item.get("properties", ()))
    if names in ({"key", "value"}, {"name", "value"}):
        return Shape.PAIRS
    if _is_identifier(item) or set(item.get("required", ())) == {"deviceIds"}:
        return Shape.DEVICES
    return Shape.JSON


def _is_identifier(part: Schema) -> bool:
    return {"id", "kind"} <= set(part.get("properties", ())) <= {"id", "kind", "mdn"}


def _limits(plain: Schema) -> str:
    said = []
    for name, words in (
        ("minLength", "at least {} characters"),
        ("maxLength", "up to {} characters"),
        ("minimum", "at least {}"),
        ("maximum", "at most {}"),
        ("minItems", "at least {}"),
        ("maxItems", "up to {:,}"),
    ):
        if name in plain:
            said.append(words.format(plain[name]))
    return ", ".join(said)


def _part_helps(plain: Schema) -> Mapping[str, str]:
    part = _part_named(str(plain.get("model", "")))
    return (
        {_alias(part, name): text for name, text in _attribute_docs(part).items()} if part else {}
    )


def _part_named(name: str) -> type[RequestPart] | None:
    pending = list(RequestPart.__subclasses__())
    while pending:
        part = pending.pop()
        if part.__name__ == name:
            return part
        pending += part.__subclasses__()
    return None


def _alias(part: type[RequestPart], field: str) -> str:
    info = part.model_fields.get(field)
    return (info.alias if info else None) or field


@cache
def _attribute_docs(part: type[RequestPart]) -> dict[str, str]:
    """Return what the declaration says of each field, by the field's name in Python."""
    docs: dict[str, str] = {}
    for each in reversed(part.__mro__):
        if not issubclass(each, RequestPart) or each is RequestPart or "[" in each.__name__:
            continue
        body = ast.parse(inspect.getsource(each)).body[0]
        statements = body.body if isinstance(body, ast.ClassDef) else []
        for field, text in pairwise(statements):
            match field, text:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(said))),
                ):
                    docs[name] = " ".join(said.split())
                case _:
                    continue
    return docs


# -- from text to values ------------------------------------------------------------------------


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    *parts, last = path.split(".")
    for part in parts:
        values = values.setdefault(part, {})
    values[last] = value


def _value(field: FormField, text: str) -> Any:
    text = text.strip()
    match field.shape:
        case Shape.YES_NO:
            return _yes_no(text)
        case Shape.NUMBER:
            return _number(text)
        case Shape.TEXTS:
            return [each.strip() for each in text.split(",") if each.strip()]
        case Shape.PAIRS:
            return [_pair(each, field.schema["items"]) for each in text.split(",")]
        case Shape.DEVICE:
            return _device(text, field.schema)
        case Shape.DEVICES:
            return _devices(text, field.schema["items"])
        case Shape.JSON:
            return _json(text)
        case Shape.CHOICE:
            return next((each for each in field.choices if each.lower() == text.lower()), text)
        case Shape.TEXT | Shape.SECRET | Shape.TIME:
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
    ids = [_device_id(token) for token in text.split("+")]
    names = shape.get("properties", {})
    if "deviceIds" in names:
        return {"deviceIds": ids}
    if "mdn" not in names:
        if len(ids) > 1:
            raise ValueError("One identifier of the device is enough here.")
        return ids[0]
    number = next((each["id"] for each in ids if each["kind"] == "mdn"), None)
    return {**ids[0], **({"mdn": number} if number else {})}


def _devices(text: str, item: Schema) -> list[dict[str, Any]]:
    return [_device(token, item) for token in text.split()]


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
