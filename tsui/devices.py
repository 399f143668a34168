"""``tsui devices``: the list of devices for scripts, from what is remembered or read anew.

Data go to standard output, words to standard error, and the exit code says what is known.
"""

import sys
from contextlib import aclosing
from dataclasses import dataclass, replace

import click

from tsui.credentials import CredentialsError
from tsui.listing import Exit, Form, kind_asked_for, limited, run_printing, say, write
from tsui.service.export import column_called, device_columns
from tsui.service.failures import SignInFailed
from tsui.service.launch import Launch
from tsui.service.scripting import workspace_of
from tsui.service.views import (
    DeviceQuery,
    DeviceRow,
    Filter,
    FilterError,
    Now,
    Order,
    StoreError,
    parse,
)
from tsui.service.workspace import Workspace
from tsui.settings import SettingsError, View, understood
from tsui.start import Where, check_view
from tsui.text import cells, sanitize

TABLE_COLUMNS = (
    "iccid", "state", "last_connection_utc", "custom1", "plan", "groups", "imei", "mdn", "ip",
)  # fmt: skip
"""What the table shows by itself, as far as there is room for it."""

SORTS = {order.value: order for order in Order} | {
    "group": Order.GROUPS,
    "custom 1": Order.CUSTOM1,
    "last seen": Order.LAST_CONNECTION,
    "last_seen": Order.LAST_CONNECTION,
    "added": Order.CREATED,
}
"""What devices can be sorted by, as people call it."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    view: str = ""
    """Saved view whose filter, columns and order are used where nothing else is said."""
    filter: str = ""
    """What the devices must be, in the language of the list's filter."""
    columns: str = ""
    """Columns with commas between them."""
    sort: str = ""
    """The column to sort by."""
    descending: bool = False
    """Whether the order is turned round."""
    limit: int | None = None
    """Devices that are printed at most."""
    form: str = ""
    """``json``, ``jsonl``, ``csv`` or ``table``; empty leaves it to where the output goes."""
    raw: bool = False
    """Whether CSV is exact, also where a spreadsheet would compute it."""
    fresh: bool = False
    """Whether to read the fleet anew first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call means."""

    query: DeviceQuery
    """Which devices, in which order."""
    form: Form[DeviceRow]
    """How they are printed."""
    limit: int | None
    """Devices that are printed at most."""
    fresh: bool
    """Whether to read the fleet anew first."""


def run_devices(call: Call, where: Where) -> int:
    """Print the devices; returns the exit code."""
    try:
        launch = where.launch()
        wanted = _understood(call, launch)
    except (SettingsError, click.UsageError, ValueError) as error:
        return say(str(error), Exit.USAGE)
    return run_printing(_run(launch, wanted))


# -- what is asked for --------------------------------------------------------------------------


def _understood(call: Call, launch: Launch) -> Wanted:
    """Return what a call means; raises UsageError or ValueError with a sentence."""
    kind = kind_asked_for(call.form)
    if call.raw and kind != "csv":
        raise ValueError("--raw is for CSV; JSON is exact in any case.")
    view = _view(call.view or launch.view, launch)
    order = SORTS.get(call.sort.strip().lower() or view.sort or Order.ICCID)
    if order is None:
        raise ValueError(f"Devices cannot be sorted by {call.sort}; there are: {', '.join(SORTS)}.")
    query = DeviceQuery(
        launch.profile.account,
        _filter(call.filter or view.filter),
        order,
        call.descending or (view.descending and not call.sort),
        Now(launch.clock.now().timestamp(), utc=False),
    )
    of_view = (understood(each).name for each in view.columns)
    named = call.columns.split(",") if call.columns else of_view
    chosen = [column_called(name) for name in named if name.strip()]
    known = device_columns(query.moment)
    names = chosen or (TABLE_COLUMNS if kind == "table" else known)
    columns = {name: known[name] for name in names}
    form = Form(kind, columns, fits=not chosen, raw=call.raw, is_shown=sys.stdout.isatty())
    return Wanted(query, form, call.limit, call.fresh)


def _view(name: str, launch: Launch) -> View:
    views = launch.profiles.settings.views
    check_view(name, views)
    return views[name] if name else View()


def _filter(text: str) -> Filter:
    """Read a filter; raises ValueError that shows where it is wrong."""
    try:
        return parse(text)
    except FilterError as error:
        before, wrong = text[: error.position], text[error.position :][: error.length]
        mark = " " * cells(sanitize(before)) + "^" * max(1, cells(sanitize(wrong)))
        shown = f"  {sanitize(text)}\n  {mark}"
        raise ValueError(f"The filter cannot be read: {error.sentence}\n{shown}") from error


# -- reading ------------------------------------------------------------------------------------


async def _run(launch: Launch, wanted: Wanted) -> int:
    try:
        async with workspace_of(launch) as workspace:
            if wanted.fresh and (trouble := await _read_anew(launch, workspace)):
                return say(f"{trouble} Nothing is printed.", Exit.NOTHING)
            return await _print(workspace, wanted)
    except (SignInFailed, CredentialsError, StoreError) as error:
        return say(str(error), Exit.NOTHING)


async def _read_anew(launch: Launch, workspace: Workspace) -> str:
    """Read the fleet; returns why that did not work, or nothing."""
    attempt = await launch.profiles.attempt(launch.profile_name, launch.profile)
    await workspace.try_sign_in(attempt, workspace.environment)
    return await workspace.sync_once()


async def _print(workspace: Workspace, wanted: Wanted) -> int:
    if not workspace.account:
        return say("Whose devices? Name the account: --account NAME.", Exit.USAGE)
    if workspace.read_at is None:
        account = sanitize(workspace.account)
        return say(f"Nothing is remembered of {account}; --fresh reads it.", Exit.NOTHING)
    say(_age(workspace), Exit.DONE)
    query = replace(wanted.query, account=workspace.account)
    try:
        async with aclosing(workspace.stream_devices(query)) as pages:
            await write(wanted.form.texts(limited(pages, wanted.limit)))
    except StoreError as error:
        return say(f"Not all devices were printed: {error}", Exit.CUT_OFF)
    return Exit.DONE


def _age(workspace: Workspace) -> str:
    from tsui.ui import words

    read_at = workspace.read_at or 0.0
    seconds = workspace.clock.now().timestamp() - read_at
    return f"the fleet as read {words.age(seconds)} ago, {words.moment(read_at, utc=False)}"
