"""The way of a monitor through the screens: which devices, what to watch, the question, the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from tsui.service.views import DeviceRow
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp
    from tsui.ui.screens.place import Place

REMEMBERED = "monitor"
"""Name under which the last choice is remembered."""


class Stoppable(Protocol):
    """A screen with a monitor that can be stopped."""

    @property
    def no_stop_reason(self) -> str:
        """Why it cannot be stopped; empty when it can."""
        ...

    async def stop(self) -> None:
        """Ask, then stop it."""
        ...


def stoppable(place: Place) -> Stoppable:
    """Return a screen as one whose monitor can be stopped; raises TypeError."""
    if not hasattr(place, "no_stop_reason"):
        raise TypeError(f"{type(place).__name__} has no monitor")
    return cast("Stoppable", place)


def marked_devices(shell: TsuiApp) -> Collection[int]:
    """Return the devices that are marked in the list of devices."""
    from tsui.ui.screens.devices import DevicesScreen

    found = next((each for each in shell.places() if isinstance(each, DevicesScreen)), None)
    return frozenset(found.table.marks) if found is not None else frozenset()


async def new_monitor(shell: TsuiApp, ids: Collection[int], *, ask: bool = False) -> None:
    """Ask what to watch on devices; without any, ask which where that is wanted."""
    if not ids and ask:
        await _ask_devices(shell)
        return
    devices = await shell.workspace.devices(ids)
    if not devices:
        shell.flash("There is no device to watch.", "warn")
        return
    await _ask_watch(shell, devices, "")


async def stop_monitors(shell: TsuiApp, ids: Sequence[str]) -> None:
    """Ask, then end monitors by the platform's ids."""
    from tsui.service.monitors.asking import CannotAsk, to_stop

    try:
        await _run(shell, to_stop(shell.workspace.account, ids))
    except CannotAsk as error:
        shell.flash(str(error), "warn")


async def ask_status(shell: TsuiApp, device: DeviceRow) -> None:
    """Begin to ask whether a device can be reached."""
    from tsui.service.monitors.asking import CannotAsk

    desk = shell.workspace.desks.monitors
    try:
        desk.ask_status(device)
    except CannotAsk as error:
        shell.flash(str(error), "warn")
        return
    shell.flash(f"Asked; {await _comes(shell)}", "info")


async def ask_list(shell: TsuiApp, keys: Sequence[str], marked: Collection[int]) -> None:
    """Begin to ask which monitors devices have, by their names and those that are marked."""
    from tsui.service.monitors.asking import CannotAsk

    workspace = shell.workspace
    rows = {row.id: row for row in await workspace.devices(marked)}
    for key in keys:
        rows |= {row.id: row for row in await workspace.find_devices(key.partition(":")[2])}
    if not rows:
        shell.flash("ThingSpace lists monitors by device: mark some in Devices (2) first.", "warn")
        return
    try:
        workspace.desks.monitors.ask_list(list(rows.values()))
    except CannotAsk as error:
        shell.flash(str(error), "warn")
        return
    said = f"Asked for the monitors of {words.number(len(rows), 'device')}"
    shell.flash(f"{said}; {await _comes(shell)}", "info")


async def _comes(shell: TsuiApp) -> str:
    """Say whether an answer can come."""
    if await shell.workspace.desks.monitors.hears() is False:
        return "but nobody listens: no answer can reach us. l shows the listeners."
    return "the answer comes by callback."


async def _ask_devices(shell: TsuiApp) -> None:
    from tsui.ui.screens.choose import Ask

    async def answered(text: str | None) -> None:
        if text is not None:
            await _use_text(shell, text)

    question: list[Line] = [
        [("Which devices? Write or paste ICCIDs, IMEIs or MDNs.", "text")],
        [("Marks in Devices (2) are taken where there are any.", "dim")],
    ]
    ask = Ask("New monitor", question, r".*\S.*", "Name at least one device.")
    await shell.push_screen(ask, answered)


async def _use_text(shell: TsuiApp, text: str) -> None:
    """Take the devices that a text names, if it names nothing else."""
    from tsui.service.resolver import Sort

    found = await shell.workspace.resolve(text)
    bad = [each for each in found.mentions if each.sort in (Sort.STRANGER, Sort.AMBIGUOUS)]
    if bad:
        more = f" and {len(bad) - 1:,} more" if len(bad) > 1 else ""
        said = sanitize(bad[0].text, 40)
        shell.flash(f"{said}{more} names no device of the account; nothing was asked.", "warn")
        return
    kinds = sorted({kind for each in found.mentions if (kind := _kind_of(each.text))})
    devices = await shell.workspace.devices(found.devices)
    if not devices:
        shell.flash("That names no device of the account.", "warn")
        return
    mixed = " and ".join(kind.upper() for kind in kinds) if len(kinds) > 1 else ""
    await _ask_watch(shell, devices, mixed)


def _kind_of(text: str) -> str:
    from tsui import ident

    guesses = ident.guess(text.partition(":")[2] or text)
    return guesses[0][0].value if guesses else ""


async def _ask_watch(shell: TsuiApp, devices: Sequence[DeviceRow], mixed: str) -> None:
    from tsui.ui.screens.watch import WatchDialog, Wish

    desk = shell.workspace.desks.monitors
    last = await shell.workspace.recall(REMEMBERED, {})

    async def answered(wish: Wish | None) -> None:
        if wish is None:
            shell.flash("Nothing was sent.", "dim")
            return
        await shell.workspace.remember(REMEMBERED, wish.lasting())
        await _set(shell, devices, wish)

    dialog = WatchDialog(devices, last, mixed=mixed, hears=await desk.hears())
    await shell.push_screen(dialog, answered)


async def _set(shell: TsuiApp, devices: Sequence[DeviceRow], wish: Any) -> None:
    from tsui.service.monitors.asking import CannotAsk, to_set

    workspace = shell.workspace
    try:
        operation = to_set(
            workspace.account, devices, wish.kind, wish.watches, wish.lasts, workspace.clock.now()
        )
    except CannotAsk as error:
        shell.flash(str(error), "warn")
        return
    await _run(shell, operation)


async def _run(shell: TsuiApp, operation: Any) -> None:
    from tsui.service.operations import info_of

    await shell.operations.run(info_of(type(operation).__name__), operation)
