"""A filter as a tree; trees are made by the functions below, so that equal filters are equal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from tsui.store.filtering.fields import HAS, Field
from tsui.store.filtering.values import Age, Comparison, Day, Size, Times


class Wild(Enum):
    """What stands for something else in a pattern."""

    RUN = "*"
    """Any characters, or none."""
    ONE = "?"
    """Any one character."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text, with or without wildcards; its case does not count."""

    pieces: tuple[str | Wild, ...]
    """Texts, none of them empty nor next to another, and what stands between them."""

    @property
    def literals(self) -> tuple[str, ...]:
        """The texts that occur in all that fits."""
        return tuple(piece for piece in self.pieces if isinstance(piece, str))

    @property
    def literal(self) -> str | None:
        """The text itself; None if there are wildcards."""
        return None if len(self.literals) < len(self.pieces) else "".join(self.literals)


@dataclass(frozen=True, slots=True)
class Word:
    """A text that occurs somewhere; one with wildcards is a whole value of some field."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Match:
    """A field whose value, or one of them, fits."""

    field: Field
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Flag:
    """A field that is known to be so."""

    field: Field
    value: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """A field that is known and compares so with a value."""

    field: Field
    comparison: Comparison
    value: Age | Day | Size | Times


@dataclass(frozen=True, slots=True)
class Has:
    """A field that is known."""

    field: Field


@dataclass(frozen=True, slots=True)
class Not:
    """All that a filter leaves out."""

    part: "Filter"


@dataclass(frozen=True, slots=True)
class All:
    """What several filters all let through; without any, everything."""

    parts: "tuple[Filter, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """What at least one of several filters lets through."""

    parts: "tuple[Filter, ...]"


Filter = Word | Match | Flag | Compare | Has | Not | All | Any
"""A filter."""

EVERYTHING = All(())
"""The filter that leaves nothing out."""

KEYWORDS = frozenset({"and", "or", "not"})
"""Words that mean something else without quotes."""

_BARE = re.compile(r"[\w.+/@#_%&][\w.+/@#_%&-]*")


def pattern(pieces: Iterable[str | Wild]) -> Pattern:
    """Make a pattern: texts next to each other are one, and so are runs."""
    made: list[str | Wild] = []
    for piece in pieces:
        last = made[-1] if made else None
        if isinstance(piece, str) and isinstance(last, str):
            made[-1] = last + piece
        elif piece and not (piece is Wild.RUN and last is Wild.RUN):
            made.append(piece)
    return Pattern(tuple(made))


def all_of(parts: Iterable[Filter]) -> Filter:
    """Return what all of the filters let through."""
    flat: list[Filter] = []
    for part in parts:
        flat += part.parts if isinstance(part, All) else (part,)
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(parts: Iterable[Filter]) -> Filter:
    """Return what at least one of the filters lets through; there must be one."""
    flat: list[Filter] = []
    for part in parts:
        flat += part.parts if isinstance(part, Any) else (part,)
    return flat[0] if len(flat) == 1 else Any(tuple(flat))


def negated(part: Filter) -> Filter:
    """Return what a filter leaves out."""
    return part.part if isinstance(part, Not) else Not(part)


def written(tree: Filter) -> str:
    """Write a filter as somebody would type it; parsed, it is the same filter again."""
    match tree:
        case All(parts):
            return " ".join(_in_brackets(part, Any) for part in parts)
        case Any(parts):
            return " | ".join(_in_brackets(part) for part in parts)
        case Not(part):
            return f"-{_in_brackets(part, All, Any)}"
        case Word(pattern):
            return _pattern(pattern)
        case Match(field, pattern):
            return f"{field.name}:{_pattern(pattern)}"
        case Flag(field, value):
            return f"{field.name}:{'yes' if value else 'no'}"
        case Compare(field, comparison, value):
            return f"{field.name}{comparison}{value}"
        case Has(field):
            return f"{HAS}:{field.name}"


def _in_brackets(tree: Filter, *kinds: type[Filter]) -> str:
    return f"({written(tree)})" if isinstance(tree, kinds) else written(tree)


def _pattern(pattern: Pattern) -> str:
    return "".join(
        piece.value if isinstance(piece, Wild) else _literal(piece) for piece in pattern.pieces
    )


def _literal(text: str) -> str:
    if _BARE.fullmatch(text) and text.lower() not in KEYWORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
