"""A commissioning run as lines: the step in large letters, all steps, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from tsui.service.commissioning.hints import Hint
from tsui.service.commissioning.model import TITLES, Run, RunOutcome, Step, StepName, StepState
from tsui.service.verdict.say import span
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.block_letters import HEIGHT, block_letters
from tsui.ui.painted import Line, wrap
from tsui.ui.screens.device_text import View

MARKS = {
    StepState.TO_COME: ("·", "quiet"),
    StepState.WAITING: ("…", "info"),
    StepState.LATE: ("!", "warn"),
    StepState.FAILED: ("✗", "bad"),
    StepState.SEEN: ("✓", "good"),
    StepState.SKIPPED: ("─", "dim"),
    StepState.NOT_KNOWABLE: ("?", "dim"),
}
"""How each state is marked, beside its word."""

BIG = {
    StepName.LINE: "LINE",
    StepName.ACTIVATION: "ACTIVATE",
    StepName.APN: "APN",
    StepName.CONNECTION: "CONNECT",
    StepName.BYTES: "BYTES",
    StepName.ECHO: "GREEN",
}
"""The word for each step while it is waited for; with the first bytes a device is green."""

ENDINGS = {RunOutcome.GREEN: ("GREEN", "good"), RunOutcome.GIVEN_UP: ("ENDED", "warn")}

ROOMY = 22
"""Rows from which on the letters have their full height."""

SMALL = 3
"""Rows of the letters where there are fewer."""

INDENT = 4
"""Cells before the letters, and before what is said."""

BESIDE = 58
"""Cells before what is said of a step beside it."""


def headword(run: Run) -> tuple[str, str]:
    """Return the word that is written large, and its look."""
    if run.outcome in ENDINGS:
        return ENDINGS[run.outcome]
    step = run.current
    if step is None or (step.name is StepName.ECHO and step.state is not StepState.FAILED):
        return "GREEN", "good"
    if step.state is StepState.FAILED:
        return "FAILED", "bad"
    return BIG[step.name], MARKS[step.state][1]


def page(
    run: Run, hints: Sequence[Hint], view: View, size: tuple[int, int], *,
    trouble: str = "", only_ascii: bool = False,
) -> list[Line]:  # fmt: skip
    """Return all lines of a run for a width and a height."""
    width, height = size
    lines: list[Line] = [[]] if height >= ROOMY else []
    lines += _large(run, width, height, only_ascii=only_ascii)
    lines += [[], *_now(run, view, width), []]
    if trouble:
        lines += [*wrap([(f"  {sanitize(trouble, 300)}", "bad")], width, 2), []]
    below: list[Line] = []
    if hints:
        below += [[], *(line for each in hints for line in _hint(each, width))]
    if run.note:
        below += [[], *wrap([("  Site  ", "dim"), (sanitize(run.note, 300), "text")], width, 8)]
    # What was said of each step gives way to what to do.
    room = height - len(lines) - len(below)
    told = [line for step in run.steps for line in _step(step, run, view, width)]
    if len(told) > room:
        told = [_head(step, run, view) for step in run.steps]
    return [*lines, *told, *below]


def _large(run: Run, width: int, height: int, *, only_ascii: bool) -> list[Line]:
    word, look = headword(run)
    rows = HEIGHT if height >= ROOMY - INDENT else SMALL
    drawn = block_letters(word, width - INDENT, rows, only_ascii=only_ascii)
    return [[(" " * INDENT + row.rstrip(), look)] for row in drawn]


def _now(run: Run, view: View, width: int) -> list[Line]:
    """Say how the current step stands, how long it takes and until when that is usual."""
    step = run.current
    if run.ended_at is not None or step is None:
        took = words.age((run.ended_at or view.now) - run.began_at)
        end = words.moment(run.ended_at, utc=view.utc)
        how = (run.outcome or RunOutcome.GREEN).upper()
        return [[(f"  {how}, after {took}, at {end}", headword(run)[1])]]
    mark, look = MARKS[step.state]
    line: Line = [
        (f"  {mark} {step.state.upper()} ", look),
        (f" {TITLES[step.name]}", "strong"),
        (f"  for {words.age(step.took(view.now) or 0.0)}", "text"),
        (_expected(step, view), "warn" if step.state is StepState.LATE else "text"),
    ]
    told = wrap([(f"    {sanitize(step.said, 300)}", "text")], width, INDENT)
    return [*wrap(line, width, INDENT), *told]


def _expected(step: Step, view: View) -> str:
    if step.due_at is None:
        return ""
    moment = _clock(step.due_at, view)
    return f", was expected by {moment}" if view.now >= step.due_at else f", expected by {moment}"


def _clock(at: float, view: View) -> str:
    """Say a time of the day with its zone, and the day where it is another one."""
    date, _, rest = words.moment(at, utc=view.utc).partition(" ")
    return rest if words.moment(view.now, utc=view.utc).startswith(date) else f"{date} {rest}"


def _step(step: Step, run: Run, view: View, width: int) -> list[Line]:
    """Return a step with what was said of it, beside it where there is room."""
    head = _head(step, run, view)
    if step == run.current or not step.said or step.state is StepState.TO_COME:
        return [head]
    said = sanitize(step.said, 300)
    if width >= BESIDE + 40:
        return wrap([*head, (said, "dim")], width, BESIDE)
    return [head, *wrap([(f"      {said}", "dim")], width, 6)]


def _head(step: Step, run: Run, view: View) -> Line:
    mark, look = MARKS[step.state]
    is_current = run.is_open and step == run.current
    at = words.short_moment(step.ended_at, view.now, utc=view.utc) if step.ended_at else ""
    took = _took(step, run.ended_at or view.now)
    return [
        (f"  {mark} ", look),
        (f"{TITLES[step.name]:<17}", "strong" if is_current else "text"),
        (f"{step.state:<13}", look),
        (f"{at:<12}{took:<12}", "dim"),
    ]


def _took(step: Step, now: float) -> str:
    """Say how long a step took; what still runs is said more coarsely, to keep the screen still."""
    if (seconds := step.took(now)) is None:
        return ""
    return span(seconds) if step.ended_at is not None else words.age(seconds)


def _hint(hint: Hint, width: int) -> list[Line]:
    cause: Line = [("  ! ", "warn"), (sanitize(hint.cause, 200), "text"), (": ", "dim")]
    key = f"  {hint.key}" if hint.key else ""
    return wrap([*cause, (sanitize(hint.advice, 200), "strong"), (key, "key")], width, INDENT)
