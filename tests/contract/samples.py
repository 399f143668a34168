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


@dataclass(frozen=True)
class Said:
    """What is said of a field."""

    field: Entry
    words: re.Match[str]

    @property
    def kind(self) -> str:
        """The documented type."""
        return str(self.field["type"])

    @property
    def one(self) -> Any:
        """An element of an array."""
        (one,) = sample({**self.field, "constraints": ""})
        return one

    def number(self, group: int) -> int:
        """Return a number of the words."""
        return int(self.words[group].replace(",", ""))


Rule = Callable[[Said], Limit | None]


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
    for pattern, rule in _RULES:
        match = re.search(pattern, field.get("constraints") or "")
        if match and (limit := rule(Said(field, match))):
            return limit
    return None


def _most(said: Said) -> Limit | None:
    most = said.number(1)
    if said.kind == "string":
        return Limit(["x" * most], ["x" * (most + 1)])
    if said.kind == "integer":
        return Limit([most], [most + 1])
    if said.kind in ("array<object>", "array"):
        return _count(said.one, 1, most)
    return None


def _count(one: Any, least: int, most: int) -> Limit:
    bad = [[one] * (most + 1)]
    return Limit([[one] * most], bad + ([[one] * (least - 1)] if least > 1 else []))


def _exactly_one(said: Said) -> Limit | None:
    if not said.kind.startswith("array"):
        return None
    return Limit([[said.one]], [[said.one, said.one], []])


def _span(said: Said) -> Limit:
    least, most = said.number(1), said.number(2)
    if said.kind == "string":
        return Limit([str(least), str(most)], [str(least - 1), str(most + 1)])
    if said.kind == "integer":
        return Limit([least, most], [least - 1, most + 1])
    return _count(said.one, least, most)


def _characters(said: Said) -> Limit:
    least, most = said.number(1), said.number(2)
    return Limit(
        ["A-1", "x" * least, "x" * most], ["x" * (least - 1), "x" * (most + 1), "a_b", "a b c"]
    )


def _digits(said: Said) -> Limit:
    count = said.number(1)
    good = "0123456789"[:count]
    return Limit([good], [good[1:], good + "0", "x" * count])


def _words(said: Said) -> Limit:
    words = [each.split(" (")[0].strip() for each in said.words[0].split("|")]
    return Limit(words, ["NO_SUCH_WORD", ""])


def _only(said: Said) -> Limit:
    return Limit([said.words[1]], ["NO_SUCH_WORD", said.words[1] + "X"])


def _plain(said: Said) -> Limit:
    most = said.number(1)
    good = "Aa 09-!#"
    return Limit([good, "x" * most], ["x" * (most + 1), "a_b", "a/b", "a'b"])


def _custom_fields(_: Said) -> Limit:
    def fields(key: str, value: str) -> list[dict[str, str]]:
        return [{"key": key, "value": value}]

    return Limit(
        [fields(f"CustomField{number}", "x" * 50) for number in range(1, 6)],
        [
            fields("CustomField0", "x"),
            fields("CustomField6", "x"),
            fields("customfield1", "x"),
            fields("CustomField1", "x" * 51),
        ],
    )


def _ports(said: Said) -> Limit:
    good, bad = [80, 443], [0, 79, 81, 442, 444]
    for first, last in re.findall(r"(\d+)-(\d+)", said.words[0]):
        good += [int(first), int(last)]
        bad += [int(first) - 1, int(last) + 1]
    here = ["http://example.com/", "https://example.com/in"]
    return Limit(
        here + [f"https://example.com:{port}/in" for port in good],
        ["", "example.com", "ftp://example.com/", "https:///in", "https://example.com:x/"]
        + [f"https://example.com:{port}/in" for port in bad],
    )


def _fixed(limit: Limit) -> Rule:
    return lambda _: limit


_RULES: list[tuple[str, Rule]] = [
    (r"key is CustomField1\.\.CustomField5; value up to 50 characters", _custom_fields),
    (r"ports 80, 443, .*", _ports),
    (r"^max (\d+); (?:alphanumeric|same character set)", _plain),
    (r"\bmax ([\d,]+)", _most),
    (r"\bup to ([\d,]+)(?! months| days| char)", _most),
    (r"\b([\d,]+) limit", _most),
    (r"^(\d+)-(\d+) chars", _characters),
    (r"^(\d+)-(\d+)(?: seconds|;|$)", _span),
    (r"^exactly one|^one device", _exactly_one),
    (r"^at least one", _fixed(Limit([["1"]], [[]]))),
    (r"\b(\d)[- ]digits?\b(?!, hyphen)", _digits),
    (r"^single letter", _fixed(Limit(["H"], ["HH", "1", ""]))),
    (r"^US or USA", _fixed(Limit(["US", "USA"], ["us", "CA"]))),
    (r"^R \(restricted\) or U|R or U", _fixed(Limit(["R", "U"], ["X", "restricted"]))),
    (r"dotted IPv4", _fixed(Limit(["10.20.30.41", "255.255.255.255"], ["0.1.1.1", "1.1.1.256"]))),
    (r"^160 characters", _fixed(Limit(["x" * 160], ["x" * 161, ""]))),
    (r"^base64", _fixed(Limit(["cGluZw=="], ["no base64", "QUJD" * 453]))),
    (r"^0 \(coarse\) only", _fixed(Limit(["0"], ["1"]))),
    (r"^0 cached only; 1 or 2", _fixed(Limit(["0", "1", "2"], ["3"]))),
    (r"^64-bit; 0 first", _fixed(Limit([0, 2**63 - 1], [-1, 2**64]))),
    (r"any non-empty token", _fixed(Limit(["3G", "4G"], [""]))),
    (r"\bonly (FF|preactive)\b", _only),
    (r"^2 characters, (FF)$", _only),
    (r"^(?:form field; must be )?(client_credentials)$", _only),
    (r"^[\w-]+(?: \(default\))?(?: ?\| ?[\w-]+)+(?=$|;| \()", _words),
]
"""Words that limit a field, and what they make of it; the first that fits is taken."""
