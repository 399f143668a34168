"""What somebody types into the filter, read into a tree; where it is wrong, and what is right.

filter = terms { ("|" | "or") terms }
terms  = term { [ "and" ] term }
term   = { "-" | "!" | "not" } ( "(" filter ")" | field operator value { "," value } | word )
"""

import re
from collections.abc import Iterator

from tsui.store.filtering.fields import HAS, IS, Field
from tsui.store.filtering.meaning import COMPARED, asked, condition, field_called, known
from tsui.store.filtering.tree import (
    EVERYTHING,
    Filter,
    Pattern,
    Wild,
    Word,
    all_of,
    any_of,
    negated,
    pattern,
)
from tsui.store.filtering.values import Comparison

MOST_TERMS = 500
"""Terms of a filter: SQLite takes a few thousand, and nobody types as many."""

DEEPEST = 30
"""Brackets within brackets."""

LONGEST_WILD = 1000
"""Characters beside a wildcard: SQLite compares with patterns of up to 50,000 bytes."""

_SPACE = re.compile(r"\s*")
_HEAD = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(:|>=|<=|=|>|<)")
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]+(?=[\s()|]|$)")
_KEYWORD = re.compile(r"(?:and|or|not)(?=[\s()|]|$)", re.IGNORECASE)
_QUOTED = re.compile(r'((?:\\["\\]|[^"])*)"?', re.DOTALL)
_COMPARISONS = {"=": Comparison.EQUAL, **{each.value: each for each in Comparison}}
_WILD = {each.value: each for each in Wild}
_BREAKS = "()|"
_EXAMPLES = {HAS: "has:ip", IS: "is:online"}


class FilterError(ValueError):
    """A filter that cannot be read: where it is wrong, and a sentence that says what is right."""

    def __init__(self, position: int, length: int, sentence: str) -> None:
        super().__init__(sentence)
        self.position = position
        """Characters before what is wrong; all of the text where something is still missing."""
        self.length = length
        """Characters that are wrong; 0 where something is missing."""
        self.sentence = sentence
        """What would be right."""


def parse(text: str) -> Filter:
    """Read a filter; raises FilterError for one that cannot be read."""
    return _Reader(text).read()


class _Reader:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._terms = 0
        self._depth = 0

    def read(self) -> Filter:
        """Read all of it."""
        self._skip_space()
        if not self._next():
            return EVERYTHING
        tree = self._any()
        if self._next():
            raise FilterError(self._at, 1, "This bracket closes nothing; a text needs quotes.")
        return tree

    def _any(self) -> Filter:
        parts = [self._all()]
        while self._takes("|", "or"):
            parts.append(self._all())
        return any_of(parts)

    def _all(self) -> Filter:
        parts = [self._term()]
        while self._takes("and") or not (self._next() in ("", ")", "|") or self._keyword() == "or"):
            parts.append(self._term())
        return all_of(parts)

    def _term(self) -> Filter:
        negative = False
        while self._next() in ("-", "!") or self._takes("not"):
            if self._next() in ("-", "!"):
                self._at += 1
            negative = not negative
        self._count(self._at)
        if self._next() in ("", ")", "|") or self._next().isspace() or self._keyword():
            length = len(self._keyword() or self._next())
            sentence = "A word or a field is missing here, e.g. state:active"
            raise FilterError(self._at, length, sentence)
        part = self._brackets() if self._next() == "(" else self._field() or self._word()
        self._skip_space()
        return negated(part) if negative else part

    def _brackets(self) -> Filter:
        if self._depth == DEEPEST:
            raise FilterError(self._at, 1, "These are too many brackets within brackets.")
        self._depth += 1
        self._at += 1
        self._skip_space()
        part = self._any()
        if not self._takes(")"):
            raise FilterError(self._at, 0, "A closing bracket is missing here: )")
        self._depth -= 1
        return part

    def _word(self) -> Filter:
        start = self._at
        found = self._pattern(_BREAKS)
        if not found.literals:
            sentence = "Some letters or digits are missing here; this alone finds everything."
            raise FilterError(start, self._at - start, sentence)
        return Word(found)

    def _field(self) -> Filter | None:
        head = _HEAD.match(self._text, self._at)
        if head is None:
            return None
        start, name = self._at, head[1].lower()
        field = None
        if name not in (HAS, IS):
            try:
                field = field_called(name)
            except ValueError as error:
                if _ADDRESS.match(self._text, start):
                    return None
                raise FilterError(start, len(name), str(error)) from None
        self._at = head.end()
        comparison = _COMPARISONS[head[2]]
        if comparison is not Comparison.EQUAL and (field is None or field.kind not in COMPARED):
            sentence = f"{name} takes a colon, e.g. {field.example if field else _EXAMPLES[name]}"
            raise FilterError(start, self._at - start, sentence)
        return any_of(self._values(name, field, comparison))

    def _values(self, name: str, field: Field | None, comparison: Comparison) -> Iterator[Filter]:
        """Read what follows the colon: a value, or several with commas between."""
        while True:
            start = self._at
            value = self._pattern(_BREAKS + ",")
            if self._at == start:
                example = field.example if field else _EXAMPLES[name]
                raise FilterError(start, 0, f"A value is missing here, e.g. {example}")
            try:
                if field is not None:
                    yield asked(field, comparison, value)
                else:
                    yield known(value) if name == HAS else condition(value)
            except ValueError as error:
                raise FilterError(start, self._at - start, str(error)) from None
            if self._next() != ",":
                return
            self._at += 1
            self._count(self._at)

    def _pattern(self, ends: str) -> Pattern:
        """Read up to a space or one of these characters; quotes take both into a text."""
        start, pieces = self._at, list[str | Wild]()
        while (character := self._next()) and character not in ends and not character.isspace():
            self._at += 1
            if character == '"':
                pieces.append(self._quoted())
            else:
                pieces.append(_WILD.get(character, character))
        made = pattern(pieces)
        if made.literal is None and self._at - start > LONGEST_WILD:
            sentence = "This is too long for a text with wildcards."
            raise FilterError(start, self._at - start, sentence)
        return made

    def _quoted(self) -> str:
        """Read a text up to its closing quote; while one types there is none yet."""
        found = _QUOTED.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return re.sub(r'\\(["\\])', r"\1", found[1]) if found else ""

    def _keyword(self) -> str:
        """Return the keyword that is next; empty when a term is."""
        word = _KEYWORD.match(self._text, self._at)
        return word[0].lower() if word else ""

    def _takes(self, *signs: str) -> bool:
        """Go on behind one of these signs or keywords, if one is next."""
        found = self._next() if self._next() in signs else self._keyword()
        if found not in signs:
            return False
        self._at += len(found)
        self._skip_space()
        return True

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip_space(self) -> None:
        if space := _SPACE.match(self._text, self._at):
            self._at = space.end()

    def _count(self, place: int) -> None:
        self._terms += 1
        if self._terms > MOST_TERMS:
            rest = len(self._text) - place
            raise FilterError(
                place, rest, f"A filter has at most {MOST_TERMS} terms; the rest is too much."
            )
