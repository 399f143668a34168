"""Answers and messages unlike the documented: none spoils the program, no value is lost."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from tests.contract.answers import answers, objects
from tests.contract.documented import (
    CALLBACKS,
    ENTRIES,
    Entry,
    answer_fields,
    class_of,
    fields_of,
    name_of,
    reply_type,
    same,
    service_of,
)
from tsui.thingspace.answers import read_answer
from tsui.thingspace.callback_messages import read_message
from tsui.thingspace.errors import Unreadable
from tsui.thingspace.operation import Operation
from tsui.thingspace.times import parse_time
from tsui.thingspace.wire import Reply

ANSWERED = [entry for entry in ENTRIES if answer_fields(entry)]
"""Operations whose answer has documented fields."""

YES = ("true", "1", "1.0", "yes", "y", "on", "t")
NO = ("false", "0", "0.0", "-0.0", "no", "n", "off", "f")
"""What is read as yes and no."""


@pytest.mark.parametrize("entry", ANSWERED, ids=name_of)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_strange_answer_is_read_without_loss_or_refused(entry: Entry, data: Any) -> None:
    operation = class_of(entry)
    value = data.draw(answers(entry, reply_type(operation)))
    try:
        reply = read_answer(_any_request(operation), 200, {}, json.dumps(value).encode())
    except Unreadable:
        assert not _has_form(reply_type(operation), value)
        return
    assert _lost(reply, value) == []


@pytest.mark.parametrize("entry", CALLBACKS, ids=name_of)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_strange_message_is_read_without_loss(entry: Entry, data: Any) -> None:
    model = type(read_message({}, service_of(entry)))
    known = [field for field in entry["request"] if field["name"] in fields_of(model)]
    value = data.draw(objects(model, known))
    for service in (service_of(entry), ""):
        assert _lost(read_message(value, service), value) == []


def _any_request(operation: type[Operation[Any]]) -> Operation[Any]:
    """Return a request whose own fields do not matter."""
    return operation.model_construct()


def _has_form(reply: Any, value: Any) -> bool:
    """Tell whether an answer has the outer form of the documented one."""
    if getattr(reply, "__origin__", None) is list:
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return isinstance(value, dict)


def _lost(ours: Any, theirs: Any) -> list[str]:
    """Return where a value of the answer is neither in its field nor set aside."""
    if isinstance(ours, Reply):
        return _lost_of_reply(ours, theirs)
    if isinstance(ours, list):
        items = theirs if isinstance(theirs, list) else [theirs]
        assert len(ours) == len(items)
        return [each for pair in zip(ours, items, strict=True) for each in _lost(*pair)]
    if isinstance(ours, BaseModel):
        kept = ours.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return [str(name) for name, item in theirs.items() if not _shows(kept[name], item)]
    return [] if _shows(ours, theirs) else [str(theirs)]


def _lost_of_reply(ours: Reply, theirs: Any) -> list[str]:
    if isinstance(theirs, list):
        (theirs,) = theirs or [{}]
    if theirs is None:
        theirs = {}
    assert ours.received == theirs
    names = {spelling: name for spelling, (name, _) in fields_of(type(ours)).items()}
    lost: list[str] = []
    for name, item in theirs.items():
        if item is None:
            continue
        if name in ours.unread:
            assert ours.unread[name] == item
        elif name in ours.unknown:
            assert ours.unknown[name] == item
        else:
            lost += _lost(getattr(ours, names.get(name, name)), item)
    return lost


def _shows(ours: Any, theirs: Any) -> bool:
    """Tell whether a typed value says what came; a number may have come as text, or the reverse."""
    if isinstance(ours, SecretStr):
        ours = ours.get_secret_value()
    if isinstance(ours, datetime):
        return ours == parse_time(theirs)
    if ours is None:
        return theirs is None or parse_time(theirs) is None
    if isinstance(ours, bool):
        return str(theirs).lower() in (YES if ours else NO)
    return same(ours, theirs) or str(ours) == str(theirs) or float(ours) == float(theirs)
