"""Answers made up around the documented: fields missing, strange, more or spelled otherwise."""

from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from tests.contract.documented import Entry, answer_fields, children, fields_of, model_in

TIMES = (
    "2020-05-01T15:00:00-08:00Z",
    "2021-10-21T23:57:03.397.0000Z",
    "2021-06-03 00:03:56.079 +0000 UTC",
    "N/A",
    "20170520004421",
    "05-20-2017",
    "3/15/2017 12:00:00 AM",
    "2025-03-01T08:00:00+05",
    "2025-03-01T08:00:00-0400",
    "9999-12-31T23:59:59-14:00",
    "2025-02-30T00:00:00Z",
    "soon",
)
"""Every form of time that somebody has seen, and some that nobody should."""

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["N/A", "", "0", "12", "true", *TIMES]),
)

ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)

STRANGE_NAMES = st.sampled_from(
    ["newField", "", "account_name", "received", "unread", "unknown", "_fit", "model_fields", "ö"]
)

_FITTING: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text("aZ09-. ", max_size=8),
    "integer": st.integers(0, 2**63),
    "boolean": st.booleans(),
    "dateTime": st.sampled_from(TIMES),
}


def answers(entry: Entry, reply: Any) -> st.SearchStrategy[Any]:
    """Make answers of an operation; once in a while no object or array at all."""
    model = model_in(reply)
    assert model is not None
    one = objects(model, answer_fields(entry))
    return st.one_of(one, st.lists(one, max_size=2), ANYTHING)


def objects(model: type[BaseModel], fields: list[Entry]) -> st.SearchStrategy[Any]:
    """Make objects around documented fields, in every spelling that their model knows."""
    ours = fields_of(model)
    spellings = {
        spelling: _values(field, model_in(info.annotation))
        for field in fields
        for name, info in [ours[field["name"]]]
        for spelling, (same, _) in ours.items()
        if same == name
    }
    documented = st.fixed_dictionaries({}, optional=spellings)
    more = st.dictionaries(STRANGE_NAMES, ANYTHING, max_size=2)
    return st.builds(lambda strange, known: strange | known, more, documented)


def _values(field: Entry, model: type[BaseModel] | None) -> st.SearchStrategy[Any]:
    if model is None:
        fitting = _FITTING.get(field["type"], ANYTHING)
        return fitting | ANYTHING
    one = objects(model, children(field))
    return st.one_of(one, st.lists(one, max_size=2), st.lists(one | ANYTHING, max_size=2), ANYTHING)
