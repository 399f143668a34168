"""``tsui agenda``: what becomes due, for cron and calendars.

Data go to standard output, words to standard error, and the exit code says whether anything is due.
"""

import asyncio
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

import click

from tsui.service.agenda.ics import calendar
from tsui.service.agenda.model import Agenda, Group, Obligation
from tsui.service.agenda.telling import as_data, grouped
from tsui.service.launch import Launch
from tsui.service.scripting import workspace_of
from tsui.service.views import StoreError
from tsui.settings import SettingsError
from tsui.start import Where
from tsui.text import sanitize

_SECONDS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}


class Exit(IntEnum):
    """Whether anything is due."""

    NOTHING = 0
    """Nothing becomes due within the time."""
    DUE = 1
    """Something becomes due within the time."""
    OVERDUE = 2
    """Something is overdue."""
    UNKNOWN = 3
    """It cannot be told."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    within: str
    """How far ahead, e.g. ``7d``."""
    form: str
    """``json`` or ``ics``; empty for lines."""

    def seconds(self) -> float:
        """Return how far ahead in seconds; raises ValueError."""
        found = re.fullmatch(r"([0-9]{1,5})([mhdw])", self.within.strip().lower())
        if found is None:
            raise ValueError("--within takes a time ahead such as 12h, 7d or 4w.")
        return int(found[1]) * _SECONDS[found[2]]


def run_agenda(call: Call, where: Where) -> int:
    """Print what becomes due; returns the exit code."""
    try:
        call.seconds()
        launch = where.launch()
    except (ValueError, SettingsError, click.UsageError) as error:
        return _say(str(error))
    if not launch.profile.account:
        return _say("Whose agenda? Name the account: --account NAME.")
    try:
        return asyncio.run(_run(launch, call))
    except StoreError as error:
        return _say(str(error))


async def _run(launch: Launch, call: Call) -> int:
    async with workspace_of(launch) as workspace:
        desk = workspace.desks.agenda
        if not await desk.is_known():
            return _say("Nothing is remembered of this account; the dashboard reads it.")
        agenda = await desk.agenda()
        account = workspace.account
    shown = within(agenda, agenda.at + call.seconds())
    if call.form == "json":
        # A terminal gets ASCII only, so that nothing from outside acts on it.
        data = as_data(shown, account)
        click.echo(json.dumps(data, indent=2, ensure_ascii=sys.stdout.isatty()))
    elif call.form == "ics":
        click.echo(calendar(shown, account).encode(), nl=False)
    else:
        for line in _lines(shown):
            click.echo(line)
    for gap in agenda.gaps:
        click.echo(f"tsui: not known: {sanitize(gap.sentence, 300)}.", err=True)
    return _code(shown)


def within(agenda: Agenda, until: float) -> Agenda:
    """Return an agenda with what is overdue or becomes due until a time."""
    return Agenda(agenda.at, [*agenda.overdue(), *agenda.until(until)], agenda.gaps)


def _code(shown: Agenda) -> Exit:
    if shown.overdue():
        return Exit.OVERDUE
    if shown.due:
        return Exit.DUE
    return Exit.UNKNOWN if any(gap.is_blind for gap in shown.gaps) else Exit.NOTHING


def _lines(agenda: Agenda) -> Iterator[str]:
    for group, due in grouped(agenda.due, agenda.at).items():
        for each in due:
            yield _line(group, each)


def _line(group: Group, each: Obligation) -> str:
    when = datetime.fromtimestamp(each.due, UTC).astimezone()
    said = f"{sanitize(each.sentence, 200)} ({each.certainty}: {sanitize(each.source, 100)})"
    return f"{group:<9}  {when:%Y-%m-%d %H:%M %Z}  {each.kind:<10}  {_subject(each)}  {said}"


def _subject(each: Obligation) -> str:
    return sanitize(each.subject, 40).ljust(20)


def _say(sentence: str) -> int:
    click.echo(f"tsui: {sanitize(sentence, 600)}", err=True)
    return Exit.UNKNOWN
