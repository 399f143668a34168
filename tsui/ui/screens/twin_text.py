"""Two devices side by side, as lines: what differs first, then what is alike, then what is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tsui.service.twin.compare import ages
from tsui.service.twin.export import HEADINGS
from tsui.service.twin.model import Comparison, Field, Group, Likeness, Side, Told
from tsui.service.verdict.evidence import Standing
from tsui.service.verdict.model import Status
from tsui.text import Safe, cells, sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, plain, wrap
from tsui.ui.screens.verdict_text import STATUS

MOST_LINES = 3
"""Lines of a value; what is longer is whole in the export."""

NAME = (22, 32)
"""Cells of a field's name, at least and at most."""

LONGEST = 400
"""Cells of a value."""

FOLDED = (Likeness.SAME, Likeness.OWN)
"""What is only counted until somebody wants to see it."""


def lines(told: Comparison, width: int, *, unfolded: bool) -> list[Line]:
    """Return all of a comparison."""
    return [
        *_head(told, width),
        *_section(told, Likeness.DIFFERENT, width),
        *(_folded(told) if not unfolded else ()),
        *(_section(told, Likeness.SAME, width) if unfolded else ()),
        *_section(told, Likeness.UNKNOWN, width),
        *(_section(told, Likeness.OWN, width) if unfolded else ()),
    ]


def as_text(told: Comparison) -> str:
    """Return all of a comparison as text, to be copied."""
    return "\n".join(plain(line).rstrip() for line in lines(told, 110, unfolded=True))


def _widths(width: int) -> tuple[int, int]:
    """Return the cells of a name and of each of the two values; three more stand between them."""
    name = max(NAME[0], min(NAME[1], width // 4))
    return name, max(10, (width - name - 3) // 2)


def _head(told: Comparison, width: int) -> Iterator[Line]:
    name, value = _widths(width)
    sides = (told.a, told.b)
    ids = [f"{letter} {each.name}" for letter, each in zip("AB", sides, strict=True)]
    yield _columns("", [(sanitize(each, value), "strong") for each in ids], name, value)
    yield _columns("", [_status(each) for each in sides], name, value)
    read = [f"read {words.age(told.now - each.device.read_at)} ago" for each in sides]
    yield _columns("", [(each, "dim") for each in read], name, value)
    yield from wrap([(" B is held against A for: ", "dim"), (_safe(told.basis), "text")], width, 2)
    yield []


def _status(side: Side) -> Run:
    return STATUS[Status(side.verdict.status)]


def _section(told: Comparison, likeness: Likeness, width: int) -> Iterator[Line]:
    fields = told.of(likeness)
    looks = {Likeness.DIFFERENT: "warn", Likeness.UNKNOWN: "info"}
    again: list[Run] = []
    if likeness is Likeness.UNKNOWN and fields:
        again = [("  r", "key"), (" reads both anew", "dim")]
    yield [(f" {HEADINGS[likeness]} ", "title"), (f"{len(fields):,}", "strong"), *again]
    if not fields:
        yield [("   nothing", "dim")]
    for group, members in groupby(fields, key=lambda each: each.key.group):
        yield from _group(group, list(members), told.now, width, looks.get(likeness, "text"))
    yield []


def _group(
    group: Group, fields: Sequence[Field], now: float, width: int, look: str
) -> Iterator[Line]:
    name, value = _widths(width)
    read = [
        (f"{words.age(each)} ago" if each is not None else "never read", "dim")
        for each in ages(fields, now)
    ]
    yield _columns(f" {group}", read, name, value, "head")
    for each in fields:
        yield from _field(each, now, name, value, look)


def _field(field: Field, now: float, name: int, value: int, look: str) -> Iterator[Line]:
    sides = [(_said(each, now), _look(each, look)) for each in (field.a, field.b)]
    parts = [_cut(text, value) for text, _ in sides]
    for place in range(max(map(len, parts))):
        said = [
            (each[place] if place < len(each) else Safe(""), one)
            for each, (_, one) in zip(parts, sides, strict=True)
        ]
        yield _columns(f"   {field.key.name}" if not place else "", said, name, value)


def _said(told: Told, now: float) -> str:
    """Say what is known of a field, or why nothing is."""
    if told.standing is Standing.KNOWN:
        return told.text or "not told"
    if told.standing is Standing.UNREAD and told.trouble:
        return told.trouble
    why = ": ".join(filter(None, (told.standing.value, told.trouble)))
    return f"{why}, tried {words.age(now - told.read_at)} ago" if told.read_at else why


def _look(told: Told, look: str) -> str:
    return look if told.standing is Standing.KNOWN and told.text else "dim"


def _folded(told: Comparison) -> Iterator[Line]:
    alike, own = (len(told.of(each)) for each in FOLDED)
    yield [
        (f" {alike:,} the same, {own:,} that have to differ  ", "dim"), ("tab", "key"),
        (" shows them", "dim"),
    ]  # fmt: skip
    yield []


def _columns(
    title: str, sides: Sequence[tuple[str, str]], name: int, value: int, look: str = "dim"
) -> Line:
    runs: list[Run] = [(_fit(title, name), look)]
    for text, each in sides:
        runs += [(" ", "dim"), (_fit(text, value), each)]
    return runs


def _fit(text: str, width: int) -> str:
    safe = sanitize(text, width)
    return safe + " " * (width - cells(safe))


def _cut(text: str, width: int) -> list[Safe]:
    """Break a value into a few lines; a word that is longer than a line is broken as well."""
    found: list[str] = []
    for line in wrap([(_safe(text), "")], width):
        rest = plain(line).strip()
        while cells(rest) > width:
            head = _beginning(rest, width)
            found.append(head)
            rest = rest[len(head) :]
        found.append(rest)
    if len(found) > MOST_LINES:
        found = [*found[: MOST_LINES - 1], f"{_beginning(found[MOST_LINES - 1], width - 1)}…"]
    return [Safe(each) for each in found] or [Safe("")]


def _beginning(text: str, width: int) -> str:
    end = width
    while cells(text[:end]) > width:
        end -= 1
    return text[: max(1, end)]


def _safe(text: str) -> Safe:
    return sanitize(text, LONGEST)
