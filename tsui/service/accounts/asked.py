"""What was asked of the account and is answered later: usage in sum, billed usage, reports."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tsui.service.accounts.model import Entry
from tsui.service.replies import text
from tsui.store.asked import AskedQuestion, Job
from tsui.store.changes import ChangeState
from tsui.store.readings import Reading

USAGE_IN_SUM = ("GetAggregateUsage",)
"""Questions about usage in sum."""

BILLED = ("ListBilledUsage",)
"""Questions about billed usage."""

LABELLING = ("SetLabels", "RemoveLabels")
"""Changes of the labels that usage is billed by."""

REPORTING, CANCELLING = "CreateLocationReport", "CancelLocationReport"
"""What has a report made, and what gives it up."""

OLDEST_START = timedelta(days=183)
"""How far back usage in sum may begin: six months, long ones (documented)."""

_WAITING = frozenset({ChangeState.INTENDED, ChangeState.SENDING, ChangeState.ACCEPTED})


def too_old(start: datetime, now: datetime) -> str:
    """Say why usage in sum cannot be asked from a time on; empty where it can."""
    if now - start <= OLDEST_START:
        return ""
    first = (now - OLDEST_START).strftime("%Y-%m-%d")
    return f"Nothing was asked: usage in sum is kept six months, so it may begin on {first}."


def usage_in_sum(asked: Iterable[AskedQuestion]) -> list[Entry]:
    """Return the questions about usage in sum with what came of them."""
    return [
        _question(each, (_whom(each.fields), _span(each.fields), _came(each))) for each in asked
    ]


def billing(
    asked: Iterable[AskedQuestion], labelled: Iterable[Job], told: Reading | None = None
) -> list[Entry]:
    """Return questions about billed usage, its last answer and changes of labels, newest first."""
    found = [
        _question(each, ("billed usage", _whom(each.fields), f"{_cycle(each.fields)}{_came(each)}"))
        for each in asked
    ]
    for job in labelled:
        done = "label set" if job.operation == LABELLING[0] else "label removed"
        cells = (done, _labels(job.fields), f"{job.state} {job.problem}".strip())
        look = "text" if job.state not in (ChangeState.REFUSED, ChangeState.FAILED) else "bad"
        found.append(Entry(str(job.request), cells, _body(job), look, job.created_at))
    if told is not None:
        found.append(_billed(told))
    return sorted(found, key=lambda each: -(each.at or 0.0))


def reports(made: Sequence[Job], cancelled: Iterable[Job], read: Mapping[str, int]) -> list[Entry]:
    """Return our location reports, newest first, with how far each is."""
    given_up = {
        str(each.fields.get("txid")) for each in cancelled if each.state == ChangeState.SUCCEEDED
    }
    found = []
    for job in made:
        said, look = _report(job, is_given_up=job.request_id in given_up, read=read)
        cells = (job.request_id or f"request {job.request}", f"{job.devices:,}", said)
        found.append(Entry(job.request_id, cells, _body(job), look, job.created_at))
    return found


def _billed(told: Reading) -> Entry:
    """Return the last answer that came at once, or why there was none."""
    if told.trouble:
        cells = ("billed usage", "the last answer", told.trouble)
        return Entry("billed usage", cells, told.body, "bad", told.tried_at)
    body = told.body if isinstance(told.body, Mapping) else {}
    figures = body.get("usage")
    count = len(figures) if isinstance(figures, list) else 0
    cells = ("billed usage", "the last answer", f"{_cycle(body)}{count:,} figures")
    return Entry("billed usage", cells, told.body, at=told.read_at)


def _report(job: Job, *, is_given_up: bool, read: Mapping[str, int]) -> tuple[str, str]:
    if is_given_up:
        return "given up", "dim"
    if job.state == ChangeState.SUCCEEDED:
        places = read.get(job.request_id)
        return (f"complete, {places:,} read" if places else "complete: enter reads it"), "good"
    if job.state == ChangeState.ACCEPTED:
        return f"being made{_minutes(job.answer)}; X gives it up", "info"
    return f"{job.state} {job.problem}".strip(), "bad"


def _minutes(answer: str) -> str:
    told = json.loads(answer) if answer else {}
    minutes = told.get("estimatedDuration") if isinstance(told, Mapping) else None
    return f", about {text(minutes)} min" if minutes else ""


def _question(asked: AskedQuestion, cells: tuple[str, ...]) -> Entry:
    look = "text" if asked.answers else "info"
    body = {"requestId": asked.request_id, "asked": dict(asked.fields)}
    return Entry(asked.request_id, cells, body, look, asked.asked_at)


def _came(asked: AskedQuestion) -> str:
    if not asked.answers:
        return "asked; waits for a callback"
    return f"{asked.answers:,} message{'s' * (asked.answers != 1)} came"


def _whom(fields: Mapping[str, Any]) -> str:
    if not fields:
        return "not kept"
    if group := fields.get("groupName"):
        return f"group {group}"
    if labels := fields.get("label") or fields.get("labels"):
        return f"label {_label(labels[0])}" if len(labels) == 1 else f"{len(labels)} labels"
    named = fields.get("deviceIds") or fields.get("deviceId")
    if isinstance(named, list) and len(named) > 1:
        return f"{len(named):,} devices"
    if named:
        one = named[0] if isinstance(named, list) else named
        return f"{one.get('kind', '')} {one.get('id', '')}".strip()
    return "the whole account"


def _span(fields: Mapping[str, Any]) -> str:
    days = [str(fields.get(name, ""))[:10] for name in ("startTime", "endTime")]
    return " to ".join(days) if all(days) else "not kept"


def _cycle(fields: Mapping[str, Any]) -> str:
    cycle = fields.get("billingCycle")
    return f"{cycle.get('year')}-{cycle.get('month')}: " if isinstance(cycle, Mapping) else ""


def _labels(fields: Mapping[str, Any]) -> str:
    labels = fields.get("labels") or ()
    names = list(dict.fromkeys(_label(each.get("label", {})) for each in labels))
    return f"{', '.join(names[:2])} on {len(labels):,} devices"


def _label(label: Mapping[str, Any]) -> str:
    return f"{label.get('name', '')}={label.get('value', '')}"


def _body(job: Job) -> dict[str, Any]:
    return {
        "operation": job.operation, "request": job.request, "requestId": job.request_id,
        "state": job.state, "problem": job.problem, "sent": dict(job.fields),
        "answer": json.loads(job.answer) if job.answer else None,
    }  # fmt: skip
