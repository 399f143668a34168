"""Every documented operation against its class, generated from the data."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import BaseModel, TypeAdapter

from tests.contract.documented import (
    COVERAGE,
    ENTRIES,
    EXCEPTIONS,
    Entry,
    answer_fields,
    children,
    class_of,
    classes_of,
    fields_of,
    is_a_name,
    model_in,
    name_of,
    reply_type,
    same,
    services_of,
    wire_names,
)
from tests.contract.samples import sample
from tsui.thingspace.callback_messages import MESSAGES
from tsui.thingspace.catalog import OPERATIONS, restore
from tsui.thingspace.operation import Effect, Needs, Operation
from tsui.thingspace.wire import REVEAL, Reply

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=name_of)

READING = ("Get", "Retrieve", "List", "Find", "Check")
"""First words of operations that read."""


@each_entry
def test_has_exactly_one_class(entry: Entry) -> None:
    assert len(classes_of(entry)) == 1


def test_no_class_is_without_an_entry() -> None:
    titles = {name_of(entry) for entry in ENTRIES}
    assert [each.__name__ for each in OPERATIONS.values() if each.title not in titles] == []


@each_entry
def test_goes_to_the_documented_address(entry: Entry) -> None:
    operation = class_of(entry)
    assert operation.method == entry["method"]
    assert operation.base == entry["base"]
    assert _shape(operation.path) == _shape(entry["path"])
    assert len(operation.path_fields()) == len(entry["path_params"])


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


@each_entry
def test_carries_the_documented_proof(entry: Entry) -> None:
    headers = {each["name"]: each["constraints"] for each in entry["headers"]}
    if "VZ-M2M-Token" in headers:
        needs = Needs.SESSION
    else:
        needs = Needs.KEY if headers["Authorization"].startswith("Basic") else Needs.BEARER
    operation = class_of(entry)
    assert operation.needs is needs
    assert operation.form == headers["Content-Type"].endswith("form-urlencoded")


@each_entry
def test_says_what_it_does_and_who_answers(entry: Entry) -> None:
    operation = class_of(entry)
    reads = name_of(entry).startswith(READING)
    if name_of(entry) in EXCEPTIONS["effects"]:
        reads = not reads
    assert operation.reads() == reads
    assert bool(operation.callback) == entry["async"]
    services = {operation.callback, *operation.more_callbacks} - {None}
    assert services >= services_of(entry)
    assert services <= services_of(entry) | set(re.findall(r"\w+", str(entry["callback"])))
    assert operation.deprecated == entry["deprecated"]


def test_reading_the_sms_queue_counts_as_a_change() -> None:
    assert OPERATIONS["ReadSmsQueue"].effect is Effect.CHANGE


@each_entry
def test_names_and_requires_the_documented_fields(entry: Entry) -> None:
    operation = class_of(entry)
    in_path = set(operation.path_fields())
    _compare_parts(entry["name"], operation, entry["request"], in_path | operation.query)
    in_query = set(operation.model_fields) - operation.query
    _compare_parts(f"{entry['name']} query", operation, entry["query"], in_query)
    for name in in_path:
        info = operation.model_fields[name]
        assert info.is_required() or info.default is not None


def _compare_parts(
    where: str, model: type[BaseModel], documented: list[Entry], apart: set[str]
) -> None:
    ours = {
        wire_names(name, info)[0]: info
        for name, info in model.model_fields.items()
        if name not in apart
    }
    theirs = {field["name"]: field for field in documented if is_a_name(field)}
    assert ours.keys() == theirs.keys(), where
    for name, info in ours.items():
        sent = info.is_required() or info.default is not None
        if f"{where}: {name}" not in EXCEPTIONS["required"]:
            assert sent == bool(theirs[name].get("required")), f"{where}: {name}"
        if parts := children(theirs[name]):
            nested = model_in(info.annotation)
            assert nested is not None, f"{where}: {name}"
            _compare_parts(f"{where}: {name}", nested, parts, set())


@each_entry
def test_takes_as_many_devices_as_documented(entry: Entry) -> None:
    most = (entry["limits"] or {}).get("max_devices_per_request")
    ours = class_of(entry).max_devices
    if most is None and ours is not None:
        # The ceiling of every request, by the error MaxRequestsExceeded.
        assert ours == 10_000
    else:
        assert ours == most


@each_entry
def test_the_example_request_goes_out_as_it_is_documented(entry: Entry) -> None:
    example = entry["example_request"]
    operation = _example(entry)
    body = operation.body(reveal=True)
    if isinstance(example, str):
        assert urlencode(body or {}) == example
    elif example is None and not entry["request"]:
        assert body is None
    else:
        assert same(body, example or _required(entry["request"]))
    assert operation.parameters() == {
        field["name"]: str(sample(field)) for field in entry["query"] if field.get("required")
    }
    filled = iter([str(sample(field)) for field in _in_order(entry)])
    address = entry["base"] + re.sub(r"\{\w+\}", lambda _: next(filled), entry["path"])
    assert operation.url_path() == address


@each_entry
def test_the_journal_gives_the_example_back(entry: Entry) -> None:
    operation = _example(entry)
    stored = operation.model_dump(mode="json", by_alias=True, exclude_none=True, context=REVEAL)
    assert restore(type(operation).__name__, stored) == operation


def _example(entry: Entry) -> Operation[Any]:
    example = entry["example_request"]
    if isinstance(example, str):
        example = dict(pair.split("=") for pair in example.split("&"))
    operation = class_of(entry)
    in_path = zip(operation.path_fields(), _in_order(entry), strict=True)
    return operation.model_validate(
        {
            **(example or _required(entry["request"])),
            **_required(entry["query"]),
            **{name: sample(field) for name, field in in_path},
        }
    )


def _required(fields: list[Entry]) -> dict[str, Any]:
    return {field["name"]: sample(field) for field in fields if field.get("required")}


def _in_order(entry: Entry) -> list[Entry]:
    documented = {field["name"]: field for field in entry["path_params"]}
    return [documented[name] for name in re.findall(r"\{(\w+)\}", entry["path"])]


@each_entry
def test_nothing_of_the_example_answer_is_lost(entry: Entry) -> None:
    operation, example = class_of(entry), entry["example_response"]
    reply = operation.read_reply(example)
    kept = TypeAdapter(reply_type(operation)).dump_python(
        reply, mode="json", by_alias=True, exclude_unset=True, context=REVEAL
    )
    assert same(kept, {} if example is None else example)
    for each in _replies_in(reply):
        assert each.unread == {}
        assert each.unknown == {}
    if isinstance(reply, Reply) and example is not None:
        assert reply.received == example


def _replies_in(value: Any) -> list[Reply]:
    if isinstance(value, list):
        return [each for item in value for each in _replies_in(item)]
    if not isinstance(value, BaseModel):
        return []
    inner = [each for item in vars(value).values() for each in _replies_in(item)]
    return [value, *inner] if isinstance(value, Reply) else inner


@each_entry
def test_every_documented_field_of_the_answer_has_a_name(entry: Entry) -> None:
    if fields := answer_fields(entry):
        model = model_in(reply_type(class_of(entry)))
        assert model is not None
        _compare_answer(entry["name"], model, fields)


def _compare_answer(where: str, model: type[BaseModel], documented: list[Entry]) -> None:
    ours = fields_of(model)
    for field in documented:
        assert field["name"] in ours, f"{where}: {field['name']}"
        if parts := children(field):
            nested = model_in(ours[field["name"]][1].annotation)
            assert nested is not None, f"{where}: {field['name']}"
            _compare_answer(f"{where}: {field['name']}", nested, parts)


@pytest.mark.parametrize(
    "row",
    [row for rows in COVERAGE.values() for row in rows],
    ids=lambda row: row.get("operation", row["endpoint"]),
)
def test_everything_the_documents_name_is_reached(row: dict[str, str]) -> None:
    if row["endpoint"].startswith("Callback: "):
        assert row["endpoint"].removeprefix("Callback: ") in {each.service for each in MESSAGES}
        return
    (operation,) = (each for each in OPERATIONS.values() if each.title == row["endpoint"])
    address = row["path"].split(" (source: ")[0]
    assert _shape(address) == _shape(f"{operation.method} {operation.base}{operation.path}")
    assert row["mode"].startswith("async" if operation.callback else "sync")


def test_the_contract_is_whole() -> None:
    assert len(ENTRIES) == 91
    assert len(COVERAGE["named"]) == 195
    named = {row["endpoint"] for rows in COVERAGE.values() for row in rows}
    assert named >= {name_of(entry) for entry in ENTRIES}


def test_every_exception_is_of_use() -> None:
    names = {name_of(entry) for entry in ENTRIES}
    for where in (*EXCEPTIONS["effects"], *EXCEPTIONS["required"]):
        assert where.split(": ")[0].removesuffix(" query") in names
