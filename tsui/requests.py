"""``tsui requests``: the changes that were made here and what is known of each, for scripts."""

import sys
from contextlib import aclosing
from dataclasses import dataclass

import click

from tsui.listing import Exit, Form, kind_asked_for, limited, run_printing, say, write
from tsui.service.change_columns import CHANGE_COLUMNS
from tsui.service.launch import Launch
from tsui.service.scripting import workspace_of
from tsui.service.views import DeviceChange, StoreError
from tsui.service.workspace import Workspace
from tsui.settings import SettingsError
from tsui.start import Where

TABLE_COLUMNS = ("request", "created_utc", "state", "id", "change", "problem")
"""What the table shows, as far as there is room for it."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    only_open: bool
    """Whether those that are over are left out."""
    limit: int | None
    """Changes that are printed at most."""
    form: str
    """``json``, ``jsonl`` or ``csv``; empty leaves it to where the output goes."""


def run_requests(call: Call, where: Where) -> int:
    """Print the changes; returns the exit code."""
    try:
        launch = where.launch()
    except (SettingsError, click.UsageError) as error:
        return say(str(error), Exit.USAGE)
    if not launch.profile.account:
        return say("Whose changes? Name the account: --account NAME.", Exit.USAGE)
    return run_printing(_run(launch, call))


def form_of(kind: str, *, is_shown: bool) -> Form[DeviceChange]:
    """Return how changes are printed."""
    names = TABLE_COLUMNS if kind == "table" else CHANGE_COLUMNS
    columns = {name: CHANGE_COLUMNS[name] for name in names}
    return Form(kind, columns, fits=True, raw=False, is_shown=is_shown)


async def _nothing(workspace: Workspace, *, only_open: bool) -> str:
    """Say that there is nothing to print; empty where there is something."""
    if not await workspace.count_changes():
        return "Nothing was changed from here yet."
    return "Nothing is open." if only_open and not workspace.opened.parts else ""


async def _run(launch: Launch, call: Call) -> int:
    form = form_of(kind_asked_for(call.form), is_shown=sys.stdout.isatty())
    begun = False
    try:
        async with workspace_of(launch) as workspace:
            begun = True
            if nothing := await _nothing(workspace, only_open=call.only_open):
                say(nothing, Exit.DONE)
            async with aclosing(workspace.stream_changes(only_open=call.only_open)) as pages:
                await write(form.texts(limited(pages, call.limit)))
    except StoreError as error:
        if begun:
            return say(f"Not all changes were printed: {error}", Exit.CUT_OFF)
        return say(str(error), Exit.NOTHING)
    return Exit.DONE
