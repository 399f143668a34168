"""Samples and limits, read from the words in which fields are documented."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.contract.documented import Entry, children


@dataclass(frozen=True)
class Limit:
    """Values that a field takes and values that it refuses."""

    good: list[Any]
    bad: list[Any]


def sample(field: Entry) -> Any:
    """Return a value that fits the documented field."""
    kind = field["type"]
    if children(field):
        one = {each["name"]: sample(each) for each in children(field) if each.get("required")}
        if field["name"] == "deviceIds":
            return [one]
        return [one] if kind.startswith("array") else one
    if "DeviceId" in kind or kind == "object|array":
        one = {"id": "89148000009001002015", "kind": "iccid"}
        return [one] if kind.startswith("array") else one
    if kind == "dateTime":
        return "2025-03-01T00:00:00Z"
    if limit := limit_of(field):
        return limit.good[0]
    return {"integer": 0, "boolean": True, "array<string>": ["1"]}.get(kind, "sample-1")


def limit_of(field: Entry) -> Limit | None:
    """Return what the field's constraints allow and refuse; None where they limit nothing."""
    words = field.get("constraints") or ""
    for pattern, build in _RULES:
        if (match := re.search(pattern, words)) and (limit := build(field, match)):
            return limit
    return None


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _most(field: Entry, match: re.Match[str]) -> Limit | None:
    most = _number(match[1])
    if field["type"] == "string":
        return Limit(["x" * most], ["x" * (most + 1)])
    if field["type"] == "integer":
        return Limit([most], [most + 1])
    if field["type"] in ("array<object>", "array"):
        return _count(field, 1, most)
    return None


def _count(field: Entry, least: int, most: int) -> Limit:
    (one,) = sample({**field, "constraints": ""})
    bad = [[one] * (most + 1)]
    return Limit([[one] * most], bad + ([[one] * (least - 1)] if least > 1 else []))


def _exactly_one(field: Entry, match: re.Match[str]) -> Limit:
    (one,) = sample({**field, "constraints": ""})
    return Limit([[one]], [[one, one], []])


def _at_least_one(field: Entry, match: re.Match[str]) -> Limit:
    return Limit([["1"]], [[]])


def _span(field: Entry, match: re.Match[str]) -> Limit:
    least, most = _number(match[1]), _number(match[2])
    if field["type"] == "string":
        return Limit([str(least), str(most)], [str(least - 1), str(most + 1)])
    if field["type"] == "integer":
        return Limit([least, most], [least - 1, most + 1])
    return _count(field, least, most)


def _characters(field: Entry, match: re.Match[str]) -> Limit:
    least, most = _number(match[1]), _number(match[2])
    return Limit(
        ["A-1", "x" * least, "x" * most], ["x" * (least - 1), "x" * (most + 1), "a_b", "a b c"]
    )


def _digits(field: Entry, match: re.Match[str]) -> Limit:
    count = int(match[1])
    good = "0123456789"[:count]
    return Limit([good], [good[1:], good + "0", "x" * count])


def _words(field: Entry, match: re.Match[str]) -> Limit:
    words = [each.split(" (")[0].strip() for each in match[0].split("|")]
    return Limit(words, ["NO_SUCH_WORD"])


def _only(field: Entry, match: re.Match[str]) -> Limit:
    return Limit([match[1]], ["NO_SUCH_WORD", match[1] + "X"])


def _fixed(limit: Limit) -> Callable[[Entry, re.Match[str]], Limit]:
    return lambda field, match: limit


def _plain(field: Entry, match: re.Match[str]) -> Limit:
    most = int(match[1])
    good = "Aa 09-!#"
    return Limit([good, "x" * most], ["x" * (most + 1), "a_b", "a/b", "a'b"])


_RULES: list[tuple[str, Callable[[Entry, re.Match[str]], Limit | None]]] = [
    (r"^max (\d+); (?:alphanumeric|same character set)", _plain),
    (r"\bmax ([\d,]+)", _most),
    (r"\bup to ([\d,]+)(?! months| days| char)", _most),
    (r"\b([\d,]+) limit", _most),
    (r"^(\d+)-(\d+) chars", _characters),
    (r"^(\d+)-(\d+)(?: seconds|;|$)", _span),
    (r"^exactly one|^one device", _exactly_one),
    (r"^at least one", _at_least_one),
    (r"\b(\d)[- ]digits?\b(?!, hyphen)", _digits),
    (r"^single letter", _fixed(Limit(["H"], ["HH", "1", ""]))),
    (r"^US or USA", _fixed(Limit(["US", "USA"], ["us", "CA"]))),
    (r"^R \(restricted\) or U|R or U", _fixed(Limit(["R", "U"], ["X", "restricted"]))),
    (r"dotted IPv4", _fixed(Limit(["10.20.30.41", "255.255.255.255"], ["0.1.1.1", "1.1.1.256"]))),
    (r"^160 characters", _fixed(Limit(["x" * 160], ["x" * 161, ""]))),
    (r"^base64", _fixed(Limit(["cGluZw=="], ["no base64", "QUJD" * 453]))),
    (r"^0 \(coarse\) only", _fixed(Limit(["0"], ["1"]))),
    (r"^0 cached only; 1 or 2", _fixed(Limit(["0", "1", "2"], ["3"]))),
    (r"\bonly (FF|preactive)\b", _only),
    (r"^2 characters, (FF)$", _only),
    (r"^(?:form field; must be )?(client_credentials)$", _only),
    (r"^[\w-]+(?: \(default\))?(?: ?\| ?[\w-]+)+(?=$|;| \()", _words),
]
"""Words that limit a field, and what they make of it; the first that fits is taken."""
