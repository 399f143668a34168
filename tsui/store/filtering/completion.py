"""How what is typed into a filter may go on: names of fields, and values that are known."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tsui.store.filtering.fields import BY_NAME, CONDITIONS, FIELDS, HAS, IS, UNKNOWN, Kind

Values = Mapping[str, Sequence[str]]
"""Known values by the name of their field, the most frequent ones first."""

SHORTEST = 2
"""Letters of a name from which on it is completed: fewer are more often a word."""

_TERM = re.compile(
    r"""
    (?: ^ | [\s(|] ) [-!]*                      # where a term begins
    (?: (\w+) : (?: [^\s()|"]* , )? )?         # a field, and values before this one
    (?: (") ([^"]*) | ([^\s()|,"]*) ) $        # what is begun, with a quote or without
    """,
    re.VERBOSE,
)
_NEEDS_QUOTES = re.compile(r"[\s()|,*?]")
_NEEDS_MORE = re.compile(r'["\\]')
_COMPARED = (Kind.TIME, Kind.SIZE, Kind.TIMES)


def complete(text: str, values: Values) -> str:
    """Return the text as it may go on; the text itself where nothing is known of that."""
    term = _TERM.search(text)
    if term is None:
        return text
    name, quote, begun = term[1], term[2] or "", term[3] or term[4] or ""
    if name is None and (quote or len(begun) < SHORTEST):
        return text
    for value in _NAMES if name is None else _candidates(name.lower(), values):
        if value.lower().startswith(begun.lower()) and len(value) > len(begun):
            opening = '"' if _NEEDS_QUOTES.search(value) and not quote else ""
            if (begun and opening) or _NEEDS_MORE.search(value):
                continue
            return f"{text}{opening}{value[len(begun) :]}{opening or quote}"
    return text


def _candidates(name: str, values: Values) -> Iterable[str]:
    if name == IS:
        return CONDITIONS
    if name == HAS:
        return (field.name for field in FIELDS if field.kind is not Kind.ENDING)
    field = BY_NAME.get(name)
    if field is None:
        return ()
    if field.kind is Kind.FLAG:
        return ("yes", "no", UNKNOWN)
    return values.get(field.name, ())


_NAMES = (
    *(f"{field.name}{'>' if field.kind in _COMPARED else ':'}" for field in FIELDS),
    f"{HAS}:",
    f"{IS}:",
)
