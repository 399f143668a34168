"""What is documented of the API, as data, and how it names what our classes declare."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo

from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.operation import Operation
from tsui.thingspace.times import parse_time

Entry = dict[str, Any]

_HERE = Path(__file__).parent
_CALLBACK = "Callback: "


def _read(name: str) -> Any:
    return json.loads((_HERE / name).read_text("utf-8"))


_ENTRIES: list[Entry] = _read("endpoints.json")
ENTRIES = [entry for entry in _ENTRIES if not entry["name"].startswith(_CALLBACK)]
CALLBACKS = [entry for entry in _ENTRIES if entry["name"].startswith(_CALLBACK)]
COVERAGE: dict[str, list[dict[str, str]]] = _read("coverage.json")
CODES: list[dict[str, str]] = _read("codes.json")
EXCEPTIONS: dict[str, dict[str, str]] = _read("exceptions.json")
"""Where we differ from the data, or the data say too little, each with its reason."""


def name_of(entry: Entry) -> str:
    """Return the entry's name as a test's id."""
    return str(entry["name"])


def service_of(entry: Entry) -> str:
    """Return the callback service of an entry of messages."""
    return name_of(entry).removeprefix(_CALLBACK)


def classes_of(entry: Entry) -> list[type[Operation[Any]]]:
    """Return the operation classes with the entry's name."""
    return [each for each in OPERATIONS.values() if each.title == entry["name"]]


def class_of(entry: Entry) -> type[Operation[Any]]:
    """Return the only operation class with the entry's name."""
    (operation,) = classes_of(entry)
    return operation


def services_of(entry: Entry) -> set[str]:
    """Return the callback services that bring the outcome of an entry."""
    if entry["callback"] is None:
        return set()
    return {each.split(" (")[0] for each in entry["callback"]["service"].split(" + ")}


def answer_fields(entry: Entry) -> list[Entry]:
    """Return the fields of the entry's good answer; for an array, those of its elements."""
    for answer in entry["response"]:
        if str(answer["status"]).startswith("2"):
            fields: list[Entry] = answer.get("fields") or []
            if [each["name"] for each in fields] == ["[]"]:
                fields = fields[0].get("children") or []
            return [each for each in fields if is_a_name(each)]
    return []


def is_a_name(field: Entry) -> bool:
    """Tell a field's name from words that stand for names nobody knows."""
    return re.fullmatch(r"[A-Za-z]\w*", field["name"]) is not None


def children(field: Entry) -> list[Entry]:
    """Return the documented parts of a field."""
    return [each for each in field.get("children") or [] if is_a_name(each)]


def wire_names(name: str, info: FieldInfo) -> list[str]:
    """Return the names a field goes by on the wire, first the one it is sent under."""
    if isinstance(info.validation_alias, AliasChoices):
        names = [str(each) for each in info.validation_alias.choices]
    else:
        names = [info.alias or name]
    sent = info.serialization_alias or names[0]
    return [sent, *(each for each in names if each != sent)]


def fields_of(model: type[BaseModel]) -> dict[str, tuple[str, FieldInfo]]:
    """Return a model's fields by each of their wire names."""
    return {
        wire: (name, info)
        for name, info in model.model_fields.items()
        for wire in wire_names(name, info)
    }


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the first model that an annotation speaks of."""
    return next(models_in(annotation), None)


def reply_type(operation: type[Operation[Any]]) -> Any:
    """Return what an operation says it answers."""
    for parent in operation.__mro__:
        arguments = vars(parent).get("__pydantic_generic_metadata__", {}).get("args")
        if arguments:
            return arguments[0]
    raise AssertionError(f"{operation.__name__} does not say what it answers")


def same(ours: Any, theirs: Any) -> bool:
    """Tell whether two JSON values say the same; a time may be spelled differently."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    return bool(ours == theirs) or _same_time(ours, theirs)


def _same_time(ours: Any, theirs: Any) -> bool:
    if not isinstance(theirs, str) or not isinstance(ours, str | None):
        return False
    try:
        return (ours and parse_time(ours)) == parse_time(theirs)
    except ValueError:
        return False
