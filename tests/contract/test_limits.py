"""Every documented limit of a request's field, tried from both sides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.contract.documented import (
    ENTRIES,
    EXCEPTIONS,
    Entry,
    children,
    class_of,
    fields_of,
    is_a_name,
    model_in,
)
from tests.contract.samples import Limit, limit_of, sample

LIMITING = re.compile(
    r"\d|\||\bonly\b|\bmax\b|\bup to\b|exactly|at least|single|\bno\b|one of|one kind|not both"
    r"|combine|valid|upper|lower|\bmust\b"
)
"""Words that may limit a field."""


LISTS = {
    "devices",
    "devicesToAdd",
    "devicesToDelete",
    "deviceList",
    "deviceListWithServiceAddress",
    "devicesWithServiceAddress",
    "labels",
}
"""Fields that list the devices of a request."""

DEVICE = {"deviceIds": [{"id": "89148000009001002015", "kind": "iccid"}]}
"""A device where the documents do not show one."""


@dataclass(frozen=True)
class Case:
    """A documented field and the model that declares it."""

    where: str
    field: Entry
    adapter: TypeAdapter[Any]


def _cases() -> Iterator[Case]:
    for entry in ENTRIES:
        operation = class_of(entry)
        in_path = dict(zip(_placeholders(entry), operation.path_fields(), strict=True))
        for field in entry["path_params"]:
            yield _case(entry["name"], field, operation, in_path[field["name"]])
        yield from _of_parts(entry["name"], operation, entry["query"] + entry["request"])


def _placeholders(entry: Entry) -> list[str]:
    return re.findall(r"\{(\w+)\}", entry["path"])


def _of_parts(where: str, model: type[BaseModel], documented: list[Entry]) -> Iterator[Case]:
    ours = fields_of(model)
    for field in documented:
        if is_a_name(field):
            name, info = ours[field["name"]]
            yield _case(where, field, model, name)
            if parts := children(field):
                nested = model_in(info.annotation)
                assert nested is not None
                yield from _of_parts(f"{where}: {field['name']}", nested, parts)


def _case(where: str, field: Entry, model: type[BaseModel], name: str) -> Case:
    annotation: Any = model.model_fields[name].rebuild_annotation()
    return Case(f"{where}: {field['name']}", field, TypeAdapter(annotation))


CASES = [
    case
    for case in _cases()
    if limit_of(case.field) or LIMITING.search(case.field.get("constraints") or "")
]


BATCHES = [
    (case, most)
    for entry in ENTRIES
    if (most := class_of(entry).max_devices)
    for case in _of_parts(entry["name"], class_of(entry), entry["request"])
    if case.where.count(": ") == 1 and case.field["name"] in LISTS
]


@pytest.mark.parametrize(("case", "most"), BATCHES, ids=lambda case: getattr(case, "where", ""))
def test_a_request_names_no_more_devices_than_documented(case: Case, most: int) -> None:
    listed = sample({**case.field, "constraints": ""})
    one = listed[0] if isinstance(listed, list) else DEVICE
    assert _takes(case, [one] * most)
    assert not _takes(case, [one] * (most + 1))


def test_every_operation_with_a_limit_of_devices_is_tried() -> None:
    limited = {entry["name"] for entry in ENTRIES if class_of(entry).max_devices}
    unlisted = {"Change Device Identifier", "Retrieve Reachability Status"}
    assert limited - {case.where.split(": ")[0] for case, _ in BATCHES} <= unlisted


def _excuse(case: Case) -> str | None:
    words = case.field["constraints"]
    return next((start for start in EXCEPTIONS["constraints"] if words.startswith(start)), None)


@pytest.mark.parametrize(
    "case", [case for case in CASES if not _excuse(case)], ids=lambda case: case.where
)
def test_a_documented_limit_is_kept(case: Case) -> None:
    limit = limit_of(case.field)
    assert limit is not None, case.field["constraints"]
    assert _broken_by(case, limit) == []


@pytest.mark.parametrize("start", EXCEPTIONS["constraints"])
def test_an_excuse_excuses_something(start: str) -> None:
    excused = [case for case in CASES if _excuse(case) == start]
    assert any(not (limit := limit_of(case.field)) or _broken_by(case, limit) for case in excused)


def _broken_by(case: Case, limit: Limit) -> list[Any]:
    """Return good values that are refused and bad ones that are taken."""
    refused = [good for good in limit.good if not _takes(case, good)]
    return refused + [bad for bad in limit.bad if _takes(case, bad)]


def _takes(case: Case, value: Any) -> bool:
    try:
        case.adapter.validate_python(value)
    except ValidationError:
        return False
    return True
