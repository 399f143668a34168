"""The text of the account's screen: its sections, and the age of the one that is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tsui.service.accounts.model import Listing, Section
from tsui.service.failures import NOT_ENTITLED
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.device_parts.strip import strip
from tsui.ui.painted import Line, Run

WIDTH = 22
"""Cells of the list of sections."""


def tabs(sections: Sequence[Section], chosen: int, width: int) -> list[Line]:
    """Return the sections in one line."""
    return [strip([each.title for each in sections], chosen, width)]


def beside(sections: Sequence[Section], chosen: int, listings: Mapping[str, Listing]) -> list[Line]:
    """Return the sections one below the other, each with its number of records."""
    lines: list[Line] = []
    for place, section in enumerate(sections):
        count, look = _count(listings.get(section.name))
        title = f" {section.title}"
        room = WIDTH - 1 - len(count) - 1
        text = f"{title[:room]:<{room}}"
        if place == chosen:
            lines.append([(f"{text}{count} ", "cursor"), (" ", "text")])
        else:
            lines.append([(text, "text"), (f"{count} ", look), (" ", "text")])
    return lines


def _count(listing: Listing | None) -> Run:
    if listing is None:
        return "", "dim"
    if listing.trouble:
        return ("no" if listing.trouble.startswith(NOT_ENTITLED) else "!"), "warn"
    known = listing.read_at is not None or listing.is_ours or listing.entries
    return (f"{len(listing.entries):,}" if known else "?"), "dim"


def age(listing: Listing, now: float, *, is_reading: bool) -> list[Run]:
    """Say how old what is shown is, and that it could not be read again."""
    runs: list[Run] = []
    if listing.read_at is not None:
        runs.append((f"  read {words.age(now - listing.read_at)} ago", "dim"))
    if is_reading:
        runs.append(("  reading …", "info"))
    elif listing.trouble and listing.entries:
        runs.append((f"  not read again: {sanitize(listing.trouble, 200)}", "bad"))
    return runs
