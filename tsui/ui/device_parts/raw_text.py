"""JSON as lines to be read and searched; every text in it is hostile until sanitised here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tsui.text import sanitize
from tsui.ui.painted import Line, Run

LONGEST = 400
"""Characters of a line that are shown."""

_FIELD = re.compile(r'( *)("[^"]*")(: )(.*)')
"""A line with a name and a value."""


def json_lines(body: Mapping[str, Any]) -> list[str]:
    """Return JSON in lines, a blank one before each part."""
    lines: list[str] = []
    for name, value in body.items():
        text = json.dumps({name: value}, indent=2, ensure_ascii=False, default=str)
        lines += [*text.split("\n")[1:-1], ""]
    return [sanitize(line, LONGEST) for line in lines[:-1]]


def plain(texts: Sequence[str]) -> list[Line]:
    """Return the lines, names apart from values."""
    return [[(" ", "dim"), *_named(text)] for text in texts]


def matches(texts: Sequence[str], words: str) -> list[int]:
    """Return the numbers of the lines that hold some words, whatever their case."""
    if not words:
        return []
    pattern = _pattern(words)
    return [number for number, text in enumerate(texts) if pattern.search(text)]


def marked(text: str, words: str, *, is_current: bool) -> Line:
    """Return a line with the words marked wherever they stand in it."""
    look = "cursor" if is_current else "mark"
    runs: list[Run] = [("→" if is_current else " ", "mark")]
    end = 0
    for match in _pattern(words).finditer(text):
        runs += [(text[end : match.start()], "text"), (match.group(), look)]
        end = match.end()
    return [*runs, (text[end:], "text")]


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words), re.IGNORECASE)


def _named(text: str) -> Iterator[Run]:
    if match := _FIELD.fullmatch(text):
        indent, name, colon, value = match.groups()
        yield f"{indent}{name}{colon}", "dim"
        yield value, "text"
    else:
        yield text, "text"
