"""The steps of a run: each judged by a look once the one before it has passed, and kept then."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tsui.service.commissioning import looks
from tsui.service.commissioning.echo import echo
from tsui.service.commissioning.model import USUAL, Case, Look, Run, Step, StepName, StepState
from tsui.service.verdict.evidence import Evidence, Missing, Standing

LOOKS: Mapping[StepName, Callable[[Case], Look]] = {
    StepName.LINE: looks.line_known,
    StepName.ACTIVATION: looks.activation,
    StepName.APN: looks.apn_delivered,
    StepName.CONNECTION: looks.first_connection,
    StepName.BYTES: looks.first_bytes,
    StepName.ECHO: echo,
}
"""What shows that a step is done; each raises Missing where that cannot be told."""

_KEPT = frozenset({StepState.SEEN, StepState.SKIPPED})


def judged(run: Run, evidence: Evidence) -> tuple[Step, ...]:
    """Return the steps of a run as they are by what is known of its device."""
    since = run.began_at
    steps = list(run.steps)
    for place, step in enumerate(steps):
        if step.state not in _KEPT:
            case = Case(replace(run, steps=tuple(steps)), evidence, since)
            step = steps[place] = _judged(step, case)
        if not step.is_passed:
            break
        since = max(since, step.ended_at or since)
    return tuple(steps)


def _judged(step: Step, case: Case) -> Step:
    try:
        look = LOOKS[step.name](case)
    except Missing as missing:
        look = _unread(missing)
    began = case.since if step.began_at is None else step.began_at
    usual = USUAL.get(step.name)
    due = look.due_at if look.due_at is not None else (usual and began + usual)
    state = look.state
    if state is StepState.WAITING and due is not None and case.now >= due:
        state = StepState.LATE
    fresh = Step(step.name, state, began, None, due, look.said, look.evidence)
    if not fresh.is_passed:
        return fresh
    happened = case.now if look.at is None else look.at
    return replace(fresh, ended_at=min(max(began, happened), max(began, case.now)))


def _unread(missing: Missing) -> Look:
    piece = missing.piece
    if piece.standing is Standing.UNREAD:
        return Look(StepState.WAITING, f"the {piece.source} is being read", piece.source)
    why = f": {piece.trouble}" if piece.trouble else ""
    return Look(StepState.WAITING, f"the {piece.source} {piece.standing}{why}", piece.source)
