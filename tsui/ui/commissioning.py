"""The ways to a commissioning run, and what calls for attention in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.service.commissioning.model import TITLES, Run, StepState
from tsui.service.views import DeviceRow
from tsui.text import sanitize

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

RINGS = frozenset({StepState.SEEN, StepState.LATE, StepState.FAILED})
"""States that somebody who looks elsewhere wants to hear of."""


async def open_run(shell: TsuiApp, device: DeviceRow) -> None:
    """Open the newest run of a device, or begin its first one."""
    desk = shell.workspace.desks.commissionings
    await _show(shell, await desk.of_device(device) or await desk.begin(device))


async def open_run_of(shell: TsuiApp, identifier: str) -> None:
    """Open the run of the device with an identifier; say so where it is not one device."""
    found = await shell.workspace.find_devices(identifier.strip())
    if len(found) == 1:
        await open_run(shell, found[0])
        return
    said = f"{len(found)} devices end" if found else "No device known here ends"
    shell.flash(f"{said} with {sanitize(identifier, 40)}.", "warn")


async def begin_another(shell: TsuiApp, device: DeviceRow) -> Run:
    """Begin another run of a device."""
    return await shell.workspace.desks.commissionings.begin(device)


async def _show(shell: TsuiApp, run: Run) -> None:
    from tsui.ui.screens.commission import CommissionScreen

    await shell.push_screen(CommissionScreen(run))


def calls_for_attention(before: Run, after: Run) -> bool:
    """Tell whether a step turned green, late or bad, or the run is over."""
    if before.is_open != after.is_open:
        return True
    return any(
        new.state is not old.state and new.state in RINGS
        for old, new in zip(before.steps, after.steps, strict=True)
    )


def window_title(run: Run) -> str:
    """Say how a run stands for the title of the terminal's window."""
    number = sanitize(run.device_key.partition(":")[2], 30)
    step = run.current
    if not run.is_open or step is None:
        return f"tsui: {run.outcome or 'green'} {number}"
    return f"tsui: {TITLES[step.name]} {step.state} {number}"
