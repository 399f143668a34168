"""Answers as an operator reads them: nothing lost, nothing secret kept."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.contract.documented import ENTRIES, Entry, class_of, name_of
from tsui.service.replies import Branch, columns, raw, records, text, tree, without_secrets
from tsui.text import sanitize
from tsui.thingspace.account import GetAccount
from tsui.thingspace.redact import HIDDEN

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
NAMES = st.sampled_from(["id", "kind", "key", "value", "name", "a", "a.b", "state"])
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
HOSTILE = "\x1b]52;c;ZXZpbA==\x07\u202e<b>\x9b31m"


def leaves(body: Any) -> Iterator[Any]:
    """Yield every value of JSON that holds no other."""
    if isinstance(body, dict):
        for each in body.values():
            yield from leaves(each)
    elif isinstance(body, list):
        for each in body:
            yield from leaves(each)
    else:
        yield body


def is_in(leaf: Any, cells: list[str]) -> bool:
    """Tell whether a value is in cells, as words or as JSON."""
    spelled = (text(leaf), json.dumps(leaf, ensure_ascii=False).strip('"'))
    return any(each in cell for cell in cells for each in spelled)


# -- raw ------------------------------------------------------------------------------------------


ANSWERED = [each for each in ENTRIES if isinstance(each["example_response"], dict | list)]


@pytest.mark.parametrize("entry", ANSWERED, ids=name_of)
def test_the_json_of_a_documented_answer_comes_back_as_it_came(entry: Entry) -> None:
    body = entry["example_response"]
    assert raw(class_of(entry).read_reply(body)) == body


def test_what_no_model_knows_is_kept_and_so_is_what_it_cannot_read() -> None:
    body = {"accountName": {"odd": 1}, "new": [1, None], "isProvisioningAllowed": "perhaps"}
    assert raw(GetAccount.read_reply(body)) == body


@given(JSON)
def test_plain_json_is_its_own_raw_form(body: Any) -> None:
    assert raw(body) == body


# -- secrets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"newPassword": "canary"},
        {"deep": [{"sessionToken": "canary"}]},
        {"pin": {"api_key": ["canary"]}},
        {"password": {"value": "canary"}},
        {"credentials": [{"any": "canary"}]},
        {"secret": 123454321},
        [{"name": "callbackPassword", "value": "canary"}],
        {"key": "Authorization", "value": "canary"},
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(body: Any) -> None:
    cleaned = json.dumps(without_secrets(body), ensure_ascii=False)
    assert "canary" not in cleaned
    assert "123454321" not in cleaned
    assert HIDDEN in cleaned


def test_nothing_but_secrets_is_hidden() -> None:
    body = {
        "token_type": "Bearer",
        "password": None,
        "tokens": [],
        "passwordExpired": False,
        "devices": [{"kind": "iccid", "id": "8914"}, {"key": "CustomField1", "value": "pump"}],
    }
    assert without_secrets(body) == body


@given(JSON)
def test_hiding_secrets_changes_nothing_where_there_are_none(body: Any) -> None:
    assert without_secrets(body) == body


# -- records --------------------------------------------------------------------------------------


@given(st.lists(st.dictionaries(NAMES, JSON, max_size=4), max_size=4))
@example([{"a": [{"key": 0}]}])
@example([{"a": [{"kind": True, "id": None}]}])
def test_every_value_of_a_list_is_in_the_table(body: list[dict[str, Any]]) -> None:
    rows = records(body)
    assert len(rows) == len(body)
    for record, row in zip(body, rows, strict=True):
        assert set(row) <= set(columns(rows))
        for leaf in leaves(record):
            # The name of an attribute without a value heads a column.
            assert is_in(leaf, [*row.values(), *row])


def test_a_list_inside_an_answer_is_its_table() -> None:
    body = {"hasMoreData": True, "devices": [{"a": 1}, {"b": {"c": None}}], "errors": []}
    assert records(body) == [{"a": "1"}, {"b.c": "none"}]
    assert columns(records(body)) == ["a", "b.c"]


@pytest.mark.parametrize(
    "body", [{"one": [{"a": 1}], "two": [{"b": 2}]}, {"a": 1}, ["x"], [{"a": 1}, 2], "x", None, []]
)
def test_what_is_no_single_list_of_objects_is_no_table(body: Any) -> None:
    assert records(body) == []


def test_pairs_become_columns_of_their_names() -> None:
    device = {
        "deviceIds": [{"id": "8914", "kind": "iccid"}, {"kind": "mdn", "id": "5085550100"}],
        "customFields": [{"key": "CustomField1", "value": "pump"}],
        "groupNames": ["a", "b"],
        "carrierInformations": [{"state": "active"}],
        "empty": {},
        "none": [],
    }
    assert records([device]) == [
        {
            "iccid": "8914",
            "mdn": "5085550100",
            "CustomField1": "pump",
            "groupNames": "a, b",
            "carrierInformations.state": "active",
            "empty": "none",
            "none": "none",
        }
    ]


def test_values_that_share_a_name_share_a_cell() -> None:
    body = [{"deviceIds": [{"id": "1", "kind": "imei"}, {"id": "2", "kind": "imei"}], "imei": "3"}]
    assert records(body) == [{"imei": "1, 2, 3"}]


# -- trees ----------------------------------------------------------------------------------------


@given(JSON)
def test_every_value_of_an_answer_is_in_its_tree(body: Any) -> None:
    branches = list(tree(body))
    assert [each.value for each in branches if each.value not in ("", "none")] == [
        said for leaf in leaves(body) if (said := text(leaf)) not in ("", "none")
    ]


def test_a_tree_shows_depth_places_and_emptiness() -> None:
    body = {"a": {"b": [True, None]}, "c": [], "d": {}, "e": 1.5}
    assert list(tree(body)) == [
        Branch(0, "a", ""),
        Branch(1, "b", ""),
        Branch(2, "1.", "yes"),
        Branch(2, "2.", "none"),
        Branch(0, "c", "none"),
        Branch(0, "d", "none"),
        Branch(0, "e", "1.5"),
    ]


def test_a_bare_value_is_a_tree_of_one_line() -> None:
    assert list(tree("x")) == [Branch(0, "", "x")]


def test_hostile_text_is_whole_here_and_harmless_when_it_is_shown() -> None:
    (row,) = records([{HOSTILE: HOSTILE}])
    assert row == {HOSTILE: HOSTILE}
    (branch,) = tree({HOSTILE: HOSTILE})
    for shown in (sanitize(branch.name), sanitize(branch.value), *map(sanitize, row.values())):
        assert shown.isprintable()
        assert "\\x1b" in shown
        assert "\\u202e" in shown
