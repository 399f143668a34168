"""``tsui handover``: what the next shift has to know, for a mail or a script.

The handover goes to standard output, words to standard error.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from enum import IntEnum

import click

from tsui.service.handover.desk import since_of
from tsui.service.handover.telling import as_data
from tsui.service.launch import Launch
from tsui.service.scripting import workspace_of
from tsui.service.views import StoreError
from tsui.settings import SettingsError
from tsui.start import Where
from tsui.text import sanitize


class Exit(IntEnum):
    """What was told."""

    TOLD = 0
    """The handover was printed."""
    NOTHING = 1
    """Nothing: nothing is remembered of the account."""
    USAGE = 2
    """Nothing: the call is wrong."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    since: str
    """Since when; empty for the shift."""
    as_json: bool
    """Whether to print JSON."""


def run_handover(call: Call, where: Where) -> int:
    """Print what the next shift has to know; returns the exit code."""
    try:
        launch = where.launch()
        since_of(call.since, launch.clock.now(), launch.profiles.settings.shifts)
    except (ValueError, SettingsError, click.UsageError) as error:
        return _say(str(error), Exit.USAGE)
    if not launch.profile.account:
        return _say("Whose handover? Name the account: --account NAME.", Exit.USAGE)
    try:
        return asyncio.run(_run(launch, call))
    except StoreError as error:
        return _say(str(error), Exit.NOTHING)


async def _run(launch: Launch, call: Call) -> int:
    shifts = launch.profiles.settings.shifts
    since = since_of(call.since, launch.clock.now(), shifts)
    async with workspace_of(launch) as workspace:
        if not await workspace.desks.agenda.is_known():
            said = "Nothing is remembered of this account; the dashboard reads it."
            return _say(said, Exit.NOTHING)
        desk = workspace.desks.handover
        handover = await desk.handover(since, shifts)
        if call.as_json:
            # A terminal gets ASCII only, so that nothing from outside acts on it.
            data = as_data(handover, desk.clean)
            click.echo(json.dumps(data, indent=2, ensure_ascii=sys.stdout.isatty()))
        else:
            click.echo(desk.text(handover), nl=False)
    return Exit.TOLD


def _say(sentence: str, code: Exit) -> int:
    click.echo(f"tsui: {sanitize(sentence, 600)}", err=True)
    return code
