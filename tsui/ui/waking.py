"""The way of what waits for a device through the screens: what, how long, the question, its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tsui.service.failures import ChangeFailed
from tsui.service.views import DeviceRow, Wake, WakeKind
from tsui.text import sanitize
from tsui.ui import monitor_text

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

LONGEST_TEXT = 160
"""Characters of a text; the network takes no more in one message."""

SPANS = {
    "6h": timedelta(hours=6), "24h": timedelta(hours=24), "3d": timedelta(days=3),
    "7d": timedelta(days=7), "30d": timedelta(days=30),
}  # fmt: skip
"""How long something may wait."""

_WORDS = {"6h": "6 hours", "24h": "24 hours", "3d": "3 days", "7d": "7 days", "30d": "30 days"}


async def when_it_wakes(shell: TsuiApp, device: DeviceRow) -> None:
    """Ask what is to happen when a device wakes."""
    from tsui.ui.screens.choose import Choice, Choose

    async def chosen(kind: str | None) -> None:
        if kind == WakeKind.SMS and (reason := shell.connection.no_change_reason):
            shell.flash(reason, "warn")
        elif kind is not None:
            await _ask_text(shell, device, WakeKind(kind))

    choices = [
        Choice(WakeKind.SMS, "send an SMS: you agree to it now, it leaves by itself, once"),
        Choice(WakeKind.REMINDER, "remind whoever is here; nothing is sent"),
    ]
    await shell.push_screen(Choose(f"When {_name(device)} wakes", choices), chosen)


async def take_back(shell: TsuiApp, wakes: Sequence[Wake]) -> None:
    """Ask which of the things that wait is taken back."""
    from tsui.ui.screens.choose import Choice, Choose

    async def chosen(number: str | None) -> None:
        wake = next((each for each in wakes if str(each.id) == number), None)
        if wake is None:
            shell.flash("Nothing was taken back.", "dim")
        elif await shell.workspace.desks.monitors.queue.cancel(wake):
            shell.flash("Taken back; it is not sent.", "info")
        else:
            shell.flash("Too late: it is on its way, or over.", "warn")

    choices = [Choice(str(each.id), f"{monitor_text.what(each)}: {each.text}") for each in wakes]
    choices.append(Choice("", "none of them"))
    await shell.push_screen(Choose("Take back what waits", choices, current=""), chosen)


async def _ask_text(shell: TsuiApp, device: DeviceRow, kind: WakeKind) -> None:
    from tsui.ui.screens.choose import Ask

    is_sms = kind is WakeKind.SMS
    title = "SMS when it wakes" if is_sms else "Reminder when it wakes"
    said = (
        f"The text, up to {LONGEST_TEXT} characters; the request is shown before it is queued."
        if is_sms
        else "What is to be remembered?"
    )

    async def answered(text: str | None) -> None:
        if text is not None:
            await _ask_span(shell, device, kind, text)

    complaint = f"Write 1 to {LONGEST_TEXT} characters."
    ask = Ask(title, [[(said, "text")]], rf".{{1,{LONGEST_TEXT}}}", complaint)
    await shell.push_screen(ask, answered)


async def _ask_span(shell: TsuiApp, device: DeviceRow, kind: WakeKind, text: str) -> None:
    from tsui.ui.screens.choose import Choice, Choose

    async def chosen(span: str | None) -> None:
        if span is None:
            shell.flash("Nothing was queued.", "dim")
        elif kind is WakeKind.SMS:
            await _agree(shell, device, text, span)
        else:
            await _remind(shell, device, text, span)

    choices = [Choice(span, _WORDS[span]) for span in SPANS]
    await shell.push_screen(Choose("How long may it wait?", choices, current="24h"), chosen)


async def _remind(shell: TsuiApp, device: DeviceRow, text: str, span: str) -> None:
    queue = shell.workspace.desks.monitors.queue
    await queue.remind(device, text, SPANS[span])
    shell.flash(f"Kept for {_WORDS[span]}: an alarm tells when it wakes.", "info")


async def _agree(shell: TsuiApp, device: DeviceRow, text: str, span: str) -> None:
    """Show the request and what agreeing to it means."""
    from tsui.service.monitors.asking import CannotAsk, to_text
    from tsui.service.operations import info_of
    from tsui.ui.screens.confirm_later import ConfirmLater

    workspace = shell.workspace
    try:
        operation = to_text(workspace.account, device, text)
        report = await workspace.judge(operation)
    except (CannotAsk, ChangeFailed, ValueError) as error:
        shell.flash(sanitize(str(error), 300), "bad")
        return
    desk = workspace.desks.monitors
    dialog = ConfirmLater(
        info_of("SendSms"), workspace.environment, workspace.account, operation.fields(), device,
        report, until=workspace.clock.now() + SPANS[span],
        window=next((each for each in await desk.windows() if each.device == device.key), None),
        hears=await desk.hears(),
    )  # fmt: skip

    async def answered(agreed: bool | None) -> None:
        if agreed:
            await _queue(shell, device, operation, dialog, span)
        else:
            shell.flash("Nothing was queued.", "dim")

    await shell.push_screen(dialog, answered)


async def _queue(shell: TsuiApp, device: DeviceRow, operation: Any, dialog: Any, span: str) -> None:
    queue = shell.workspace.desks.monitors.queue
    try:
        await queue.text(device, operation, dialog.report, dialog.note, SPANS[span])
    except ChangeFailed as error:
        shell.flash(str(error), "bad")
        return
    shell.flash(f"Queued for {_WORDS[span]}; :wake shows it and takes it back.", "good")


def _name(device: DeviceRow) -> str:
    return sanitize(device.key.partition(":")[2], 40)
