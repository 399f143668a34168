"""The slip of a run: what was seen of a device and when, to be handed on or kept."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tsui import __version__
from tsui.service.commissioning.model import TITLES, Run, RunOutcome, Step, StepName
from tsui.service.export import Columns, Value, moment_text
from tsui.service.verdict.say import span
from tsui.text import sanitize

LABEL = 10
"""Cells before a value."""

SAID = 60
"""Cells of what is said of a step; a slip is read on a phone as well."""


def result_of(run: Run) -> str:
    """Say in a word or two how a run stands."""
    if run.outcome is not RunOutcome.OPEN:
        return run.outcome.value.upper()
    current = run.current
    state = f"{TITLES[current.name]} {current.state}" if current else ""
    return f"GREEN, {state}" if run.is_green else state


def masked(account: str) -> str:
    """Return an account's name of which only the end can be read."""
    shown = len(account.rpartition("-")[0][-4:]) + len(account) - account.rfind("-")
    kept = shown if "-" in account else 4
    return "*" * (len(account) - kept) + account[-kept:]


def slip(run: Run, now: float) -> str:
    """Return the slip as plain text, every line of it sanitised."""
    return "".join(f"{sanitize(line, 120)}\n" for line in _lines(run, now))


def _lines(run: Run, now: float) -> Iterator[str]:
    yield f"tsui {__version__} commissioning run {run.id}: {result_of(run)}"
    ids = "  ".join(f"{kind} {sanitize(str(n), 40)}" for kind, n in run.identifiers.items())
    yield _line("Device", ids or run.device_key)
    yield _line("Account", masked(run.account))
    who = f"{run.operator} ({run.profile})" if run.profile else run.operator
    yield _line("Operator", f"{who} at {run.environment}")
    yield _line("Began", _both(run.began_at))
    ended = (
        f"{_both(run.ended_at)}, after {span(run.ended_at - run.began_at)}" if run.ended_at else ""
    )
    yield _line("Ended", ended or f"not yet, {span(now - run.began_at)} so far")
    for step in run.steps:
        yield _step(step, run.ended_at or now)
    if run.note:
        yield _line("Site", run.note)


def _step(step: Step, now: float) -> str:
    at = f"{datetime.fromtimestamp(step.ended_at, UTC):%H:%M:%S}Z" if step.ended_at else "-"
    took = step.took(now)
    length = span(took) if took is not None else "-"
    said = sanitize(step.said, SAID)
    return f"  {TITLES[step.name]:<17}{step.state:<13}{at:<11}{length:<8}{said}".rstrip()


def _line(label: str, value: str) -> str:
    return f"{label:<{LABEL}}{value}"


def _both(at: float) -> str:
    """Say a time in UTC and in the zone of whoever reads."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC ({moment.astimezone():%H:%M %Z})"


def as_data(run: Run, now: float) -> dict[str, Any]:
    """Return a run as JSON can hold it."""
    return {
        "run": run.id,
        "result": result_of(run),
        "outcome": run.outcome.value,
        "green": run.is_green,
        "device": run.device_key,
        "identifiers": dict(run.identifiers),
        "account": run.account,
        "operator": run.operator,
        "began": _iso(run.began_at),
        "ended": _iso(run.ended_at),
        "note": run.note,
        "steps": [_step_data(each, run.ended_at or now) for each in run.steps],
        "tsui": __version__,
    }


def _step_data(step: Step, now: float) -> dict[str, Any]:
    return {
        "step": step.name.value,
        "state": step.state.value,
        "began": _iso(step.began_at),
        "ended": _iso(step.ended_at),
        "usual_by": _iso(step.due_at),
        "seconds": step.took(now),
        "said": step.said,
        "evidence": step.evidence,
    }


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _number(kind: str, run: Run) -> Value:
    return run.identifiers.get(kind, "")


def _state(name: StepName, run: Run) -> Value:
    return run.step(name).state.value


COLUMNS: Columns[Run] = {
    "run": lambda run: run.id,
    "result": result_of,
    "began_utc": lambda run: moment_text(run.began_at),
    "ended_utc": lambda run: moment_text(run.ended_at),
    **{kind: partial(_number, kind) for kind in ("iccid", "imei", "mdn", "eid")},
    **{name.value: partial(_state, name) for name in StepName},
    "operator": lambda run: run.operator,
    "account": lambda run: run.account,
    "note": lambda run: run.note,
}
"""What an export says of a run."""
