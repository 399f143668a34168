"""What will be in an evidence bundle, as lines of the dialog before it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tsui.service.bundle.desk import SPANS, Made, Wish
from tsui.service.verdict.model import Status
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.clipboard import MOST
from tsui.ui.painted import Line, Run
from tsui.ui.screens.verdict_text import STATUS

KEY = 4
"""Cells of the key that changes a value."""

NAME = 9
"""Cells of its name."""


def wish_lines(wish: Wish) -> list[Line]:
    """Say how far back is told, and whether personal data is masked."""
    spans: list[Run] = [
        (f"[{each}]", "cursor") if each == wish.span else (f" {each} ", "dim") for each in SPANS
    ]
    personal: list[Run] = (
        [("masked: ", "good"), ("names, addresses, custom fields, texts, notes", "dim")]
        if wish.masked
        else [("NOT MASKED: ", "warn"), ("names, addresses, custom fields, notes", "dim")]
    )
    return [
        [*_name("Span", "tab"), *spans],
        [*_name("Personal", "p"), *personal],
        [*_name("Secrets"), ("never in it", "good")],
    ]


def content_lines(made: Made, now: float, read_at: float | None) -> list[Line]:
    """Say what is in it and how large it is."""
    bundle = made.bundle
    lines: list[Line] = []
    if (verdict := bundle.verdict) is not None:
        text, look = STATUS[Status(verdict.verdict)]
        said = sanitize(verdict.sentence, 300)
        lines.append([*_name("Verdict"), (f"{text} ", look), (said, "text")])
    kinds = Counter(each.kind for each in bundle.timeline)
    told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    events = words.number(len(bundle.timeline), "event")
    lines.append([*_name("Timeline"), (events, "strong"), (f" {told}" if told else "", "dim")])
    lines.append(
        [
            *_name("Tried"),
            (words.number(len(bundle.requests), "request"), "strong"),
            (f" and {words.number(len(bundle.calls), 'call')} from here; ", "dim"),
            (f"{len(bundle.unknown):,}", "strong"),
            (" not known, with why", "dim"),
        ]
    )
    if read_at is not None:
        lines.append([*_name("Read"), (f"{words.age(now - read_at)} ago", "text")])
    sizes = ", ".join(
        f"{name} {words.size(len(text.encode()))}"
        for name, text in (("Markdown", made.markdown), ("JSON", made.json))
    )
    return [*lines, [*_name("Size"), (sizes, "text")]]


def way_lines(made: Made, folder: Path, name: str, *, can_read: bool) -> list[Line]:
    """Say where it can go."""
    large = len(made.markdown.encode())
    copy: list[Run] = [("c", "key"), (" copies the Markdown", "text")]
    if large > MOST:
        limit = f"{words.size(large)} do not fit the clipboard, which takes {words.size(MOST)}"
        copy = [("c", "quiet"), (f" {limit}; enter writes files", "warn")]
    read: list[Run] = [("   r", "key"), (" reads it anew", "text")] if can_read else []
    return [
        [("enter", "key"), (" writes ", "text"), (f"{sanitize(name, 120)}.md", "strong"),
         (" and ", "text"), (".json", "strong"), (f" into {sanitize(str(folder), 200)}", "dim")],
        [*copy, *read, ("   esc", "key"), (" leaves", "text")],
    ]  # fmt: skip


def path_lines(path: Path, width: int) -> list[Line]:
    """Return a path, which has no blanks to break it at."""
    return [[(piece, "strong")] for piece in _cut(sanitize(str(path), 800), width)]


def kept_lines(paths: Sequence[Path], width: int) -> list[Line]:
    """Say what was written."""
    return [
        [("Written, for your eyes only:", "good")],
        *(line for path in paths for line in path_lines(path, width)),
        [],
        [("enter", "key"), (" or ", "dim"), ("esc", "key"), (" leaves", "text")],
    ]


def _cut(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def _name(name: str, key: str = "") -> list[Run]:
    return [(f"{key:<{KEY}}", "key"), (f"{name:<{NAME}}", "dim")]
