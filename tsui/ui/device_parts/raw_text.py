"""JSON as lines to be read and searched; every text in it is hostile until sanitised here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

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


class RawLines(Sequence[Line]):
    """Lines of JSON, painted when they are looked at: a history of months has 100,000."""

    def __init__(self, texts: Sequence[str], words: str = "", current: int = -1) -> None:
        self._texts = texts
        self._words = words
        self._current = current

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> Line: ...

    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...

    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        text = self._texts[place]
        if self._words and self._words.lower() in text.lower():
            return marked(text, self._words, is_current=place == self._current)
        return [(" ", "dim"), *_named(text)]


def matches(lowered: Sequence[str], words: str) -> list[int]:
    """Return the numbers of the lines, in lower case, that hold some words in any case."""
    wanted = words.lower()
    return [number for number, text in enumerate(lowered) if wanted in text] if wanted else []


def marked(text: str, words: str, *, is_current: bool) -> Line:
    """Return a line with the words marked wherever they stand in it."""
    look = "cursor" if is_current else "mark"
    runs: list[Run] = [("→" if is_current else " ", "mark")]
    end = 0
    for match in re.finditer(re.escape(words), text, re.IGNORECASE):
        runs += [(text[end : match.start()], "text"), (match.group(), look)]
        end = match.end()
    return [*runs, (text[end:], "text")]


def _named(text: str) -> Iterator[Run]:
    if match := _FIELD.fullmatch(text):
        indent, name, colon, value = match.groups()
        yield f"{indent}{name}{colon}", "dim"
        yield value, "text"
    else:
        yield text, "text"
