"""Fields: what an operation declares, as a form shows it: one field for each value of a request.

Parts of a request become one field for each value in them, devices a list of identifiers, and what
has no simpler shape is written as JSON.
"""

import ast
import inspect
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from tsui.service.moments import EXAMPLES
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.wire import RequestPart

Schema = Mapping[str, Any]

OFFERS = {
    "servicePlan": "plans",
    "groupName": "groups",
    "currentState": "states",
    "accountName": "account",
    "accountname": "account",
    "currentServicePlan": "plans",
}
"""What is known here for fields of these names."""

_ANOTHER = {("MoveDevices", "accountName"), ("CreateGroup", "groupName")}
"""Operations and fields that name another one than is known here, in spite of the field's name."""


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
    TIME = EXAMPLES


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


@cache
def fields_of(name: str) -> tuple[FormField, ...]:
    """Return the fields of an operation, required ones first."""
    operation = OPERATIONS[name]
    schema = operation.model_json_schema(by_alias=True)
    helps = {_alias(operation, field): text for field, text in _attribute_docs(operation).items()}
    found = (
        each._replace(offers="") if (name, each.path) in _ANOTHER else each
        for each in _fields(schema, schema.get("$defs", {}), "", helps, required=True)
    )
    return tuple(sorted(found, key=lambda each: not each.required))


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
        item = _plain(plain.get("items", {}), defs)
        yield FormField(
            path=path,
            help=helps.get(name, ""),
            required=must,
            shape=shape,
            choices=tuple(str(each) for each in plain.get("enum", ())),
            limits=_limits(plain, item),
            offers=OFFERS.get(name, ""),
            schema={**plain, "items": item},
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
    if _is_identifier(item) or names in ({"deviceIds"}, {"deviceIds", "ipAddress"}):
        return Shape.DEVICES
    return Shape.JSON


def _is_identifier(part: Schema) -> bool:
    return {"id", "kind"} <= set(part.get("properties", ())) <= {"id", "kind", "mdn"}


def _limits(plain: Schema, item: Schema) -> str:
    said = []
    for name, words in (
        ("minLength", "at least {} characters"),
        ("maxLength", "up to {} characters"),
        ("minimum", "at least {}"),
        ("maximum", "at most {}"),
        ("minItems", "at least {}"),
        ("maxItems", "up to {:,}"),
    ):
        if plain.get(name) is not None and (name[:3], plain[name]) != ("min", 1):
            said.append(words.format(plain[name]))
    if "ipAddress" in item.get("properties", {}):
        said.append("+ip:ADDRESS behind one gives it a static address")
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
