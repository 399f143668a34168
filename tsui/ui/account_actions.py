"""What can be done from the account's screen with groups, labels, usage in sum and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tsui.service.kinds import PUT_IN_GROUP, TAKE_OUT_OF_GROUP, ChangeKind
from tsui.text import sanitize
from tsui.ui import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tsui.idset import IdSet
    from tsui.service.accounts.model import Entry
    from tsui.service.views import DeviceRow
    from tsui.ui.app import TsuiApp

AT_ONCE = 20
"""Devices that one request may locate while it is waited for (documented)."""

MARK_FIRST = "Mark devices in the list first (2, then space)."

LABEL = r"[^=]{1,20}=.{1,50}"
"""A label: a name of 20 characters and a value of 50 (documented)."""


def marked(shell: TsuiApp) -> IdSet:
    """Return the devices that are marked in the list of devices."""
    from tsui.idset import IdSet
    from tsui.ui.screens.devices import DevicesScreen

    for place in shell.places():
        if isinstance(place, DevicesScreen):
            return IdSet(place.table.marks)
    return IdSet()


async def change_members(shell: TsuiApp, group: Entry, *, putting_in: bool) -> None:
    """Ask whether the marked devices shall go into a group, or out of it."""
    devices = marked(shell)
    if not devices:
        shell.flash(MARK_FIRST, "warn")
        return
    kind: ChangeKind = PUT_IN_GROUP if putting_in else TAKE_OUT_OF_GROUP
    await shell.changes.propose(kind, devices, {"group": group.name}, hidden=0)


async def edit_group(shell: TsuiApp, group: Entry) -> None:
    """Open the form that renames or describes a group."""
    said = {"groupName": group.name, "newGroupDescription": group.cells[2]}
    await shell.operations.open_form("UpdateGroup", values=said)


async def show_members(shell: TsuiApp, group: Entry) -> None:
    """Read which devices ThingSpace has in a group."""
    from tsui.ui.screens.paged import PagedScreen

    await shell.push_screen(PagedScreen(shell.workspace.desks.account.members(group.name)))


async def delete_group(shell: TsuiApp, group: Entry) -> None:
    """Ask whether a group shall be deleted."""
    if group.body.get("is_default"):
        shell.flash(f"{sanitize(group.name, 60)} is the default group: it stays.", "warn")
        return
    await _run(shell, "DeleteGroup", groupName=group.name)


async def give_up_report(shell: TsuiApp, report: Entry) -> None:
    """Ask whether a report shall be given up that is still queued."""
    if not report.name or "being made" not in report.cells[2]:
        shell.flash("Only a report that is still being made can be given up.", "warn")
        return
    await _run(shell, "CancelLocationReport", txid=report.name)


async def locate_marked(shell: TsuiApp) -> None:
    """Open the form that locates the marked devices: at once where few are, else as a report."""
    rows = await shell.workspace.devices(marked(shell))
    fit = [each for each in rows if each.imei and each.mdn]
    if not fit:
        shell.flash(MARK_FIRST if not rows else "None of them has an IMEI and a number.", "warn")
        return
    name = "FindLocations" if len(fit) <= AT_ONCE else "CreateLocationReport"
    await shell.operations.open_form(name, [each.id for each in fit])
    if left := len(rows) - len(fit):
        said = words.number(left, "device")
        shell.flash(f"{said} left out: locating needs an IMEI and a number.", "warn")


async def ask_usage(shell: TsuiApp) -> None:
    """Open the form that asks for usage in sum, for the marked devices or for all."""
    span = {"startTime": "30d", "endTime": "now"}
    await shell.operations.open_form("GetAggregateUsage", marked(shell), values=span)


async def ask_billed(shell: TsuiApp) -> None:
    """Open the form that asks what was billed."""
    await shell.operations.open_form("ListBilledUsage")


async def label_marked(shell: TsuiApp, *, setting: bool) -> None:
    """Ask for a label, and whether the marked devices shall have it or lose it."""
    from tsui.ui.screens.choose import Ask

    rows = await shell.workspace.devices(marked(shell))
    fit = [each for each in rows if each.eid]
    if not fit:
        shell.flash(MARK_FIRST if not rows else "None of them has an EID; labels need one.", "warn")
        return

    async def typed(label: str | None) -> None:
        if label is not None:
            await _label(shell, fit, label, setting=setting)

    does = "is given to" if setting else "is taken off"
    left = len(rows) - len(fit)
    out = f"; {left:,} without an EID are left out" if left else ""
    question = f"The label {does} {words.number(len(fit), 'device')}{out}. Write NAME=VALUE."
    await shell.push_screen(
        Ask("Label", [[(question, "text")]], LABEL, "Write NAME=VALUE, e.g. VIN=1FT…"), typed
    )


async def _label(
    shell: TsuiApp, devices: Sequence[DeviceRow], label: str, *, setting: bool
) -> None:
    name, _, value = label.partition("=")
    labels = [
        {"deviceIds": [{"id": each.eid, "kind": "eid"}], "label": {"name": name, "value": value}}
        for each in devices
    ]
    await _run(shell, "SetLabels" if setting else "RemoveLabels", labels=labels)


async def _run(shell: TsuiApp, name: str, **fields: Any) -> None:
    """Ask before an operation of the account that is made already."""
    from tsui.service.forms import FormInvalid, from_json
    from tsui.service.operations import info_of

    try:
        operation = from_json(name, {"accountName": shell.workspace.account, **fields})
    except FormInvalid as error:
        shell.flash(str(error), "warn")
        return
    await shell.operations.run(info_of(name), operation)
