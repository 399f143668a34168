"""The filter of the list of calls: words, and conditions such as ``status:4`` and ``slow>2s``."""

import re
from collections.abc import Callable

from tsui.service.calls.listing import Attempted

Test = Callable[[Attempted], bool]
"""Tells whether an attempt is wanted."""

_CONDITION = re.compile(r"(\w+)([:<>])(.*)")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s)?")

EXPLAINED = (
    ("words", "operation, path, error or either body holds all of them"),
    ("status:4", "the status begins so; status:none where no answer came"),
    ("op:ListDevices", "the operation's name holds that"),
    ("method:get", "the HTTP method"),
    ("slow>2s", "it took longer; also ms"),
    ("-status:200", "a minus turns a condition round"),
)
"""What may be written, and what it finds."""


class BadFilter(ValueError):
    """A filter that cannot be understood; the text says where and why."""


def narrowed(text: str) -> Test:
    """Return a test for what was typed; raises BadFilter."""
    tests = [_negatable(word) for word in text.split()]
    return lambda each: all(test(each) for test in tests)


def _negatable(word: str) -> Test:
    if word[0] in "-!" and len(word) > 1:
        test = _test(word[1:])
        return lambda each: not test(each)
    return _test(word)


def _test(word: str) -> Test:
    condition = _CONDITION.fullmatch(word)
    if condition is None:
        return _holding(word.lower())
    name, sign, value = condition[1].lower(), condition[2], condition[3].lower()
    if name == "slow" and sign in "<>":
        return _slow(word, sign, value)
    if sign == ":" and name in _BY_NAME:
        if not value:
            raise BadFilter(f"{word} says nothing behind its colon.")
        return _BY_NAME[name](value)
    if sign == ":" and name not in _BY_NAME and "/" not in value:
        known = ", ".join(_BY_NAME)
        raise BadFilter(f"{word}: there is no condition {name}; there are {known} and slow>2s.")
    return _holding(word.lower())


def _holding(word: str) -> Test:
    def test(each: Attempted) -> bool:
        call = each.call
        told = (call.name, call.operation, call.path, call.error, call.sent, call.received)
        return any(word in text.lower() for text in told)

    return test


def _status(value: str) -> Test:
    if value == "none":
        return lambda each: each.call.status is None
    return lambda each: each.call.status is not None and str(each.call.status).startswith(value)


def _operation(value: str) -> Test:
    return lambda each: value in each.call.name.lower() or value in each.call.operation.lower()


def _method(value: str) -> Test:
    return lambda each: each.call.method.lower() == value


def _slow(word: str, sign: str, value: str) -> Test:
    span = _SPAN.fullmatch(value)
    if span is None:
        raise BadFilter(f"{word}: a time is written as 2s or 500ms.")
    seconds = float(span[1]) / (1000 if span[2] == "ms" else 1)
    if sign == ">":
        return lambda each: each.call.seconds > seconds
    return lambda each: each.call.seconds < seconds


_BY_NAME: dict[str, Callable[[str], Test]] = {
    "status": _status, "op": _operation, "method": _method,
}  # fmt: skip
"""Conditions by name."""
