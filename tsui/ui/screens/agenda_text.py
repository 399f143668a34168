"""The agenda as lines: what becomes due, how soon, how sure that is, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tsui.service.agenda.model import Agenda, Certainty, Gap, Group, Obligation, group_of
from tsui.service.agenda.telling import grouped
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.device_text import View

_LOOKS = {Group.OVERDUE: "bad", Group.TODAY: "warn", Group.WEEK: "text", Group.LATER: "dim"}
_SURE = {Certainty.TOLD: "good", Certainty.WORKED_OUT: "text", Certainty.GUESS: "info"}


def group(each: Obligation, now: float) -> Run:
    """Say by the calendar when it is due."""
    found = group_of(each.due, now)
    return found, _LOOKS[found]


def left(each: Obligation, now: float) -> Run:
    """Say how long it takes until then, or how long it is over."""
    if each.due <= now:
        return f"{words.age(now - each.due)} ago", "bad"
    return f"in {words.age(each.due - now)}", "text"


def subject(each: Obligation) -> Run:
    """Say what it is about."""
    return sanitize(each.subject, 60), "strong"


def sure(each: Obligation) -> Run:
    """Say how sure it is."""
    return each.certainty, _SURE[each.certainty]


def summary(agenda: Agenda) -> Line:
    """Say how much is due when, and how much is not known."""
    runs: list[Run] = []
    for name, due in grouped(agenda.due, agenda.at).items():
        if due:
            runs.append((f" {len(due):,} {name} ", _LOOKS[name]))
    if not runs:
        runs.append((" nothing is known to be due ", "dim"))
    if agenda.gaps:
        look = "warn" if any(gap.is_blind for gap in agenda.gaps) else "dim"
        runs.append((f" {sum(gap.number for gap in agenda.gaps):,} not known ", look))
    return runs


def detail(each: Obligation, view: View, width: int) -> Iterator[Line]:
    """Tell all of an obligation, as lines that fit."""
    when: list[Run] = [(f" {view.at(each.due)} ", "strong"), (sanitize(each.sentence, 400), "text")]
    yield from wrap(when, width, 1)
    text, look = sure(each)
    yield from wrap([(f" {text}: ", look), (sanitize(each.source, 200), "dim")], width, 1)


def gaps(found: Sequence[Gap], width: int) -> Iterator[Line]:
    """Say what is not known."""
    for gap in found:
        look = "warn" if gap.is_blind else "dim"
        yield from wrap([(" Not known: ", look), (f"{gap.sentence}.", "dim")], width, 1)
