"""The undo card: what can be brought back of a finished change, and what cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.service.undo import Card, Step
from tsui.service.views import DeviceChange
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp


async def offer_undo(shell: TsuiApp, change: DeviceChange) -> None:
    """Show the card of a change; what is chosen goes the road of every change."""
    if change.account != shell.workspace.account:
        shell.flash(f"It was made in {sanitize(change.account, 60)}; sign in there.", "warn")
        return
    card = await shell.workspace.undo_card(change)
    if card.reason:
        shell.flash(sanitize(card.reason, 300), "warn")
        return
    from tsui.ui.screens.choose import Choice, Choose

    async def chosen(place: str | None) -> None:
        if place is None:
            shell.flash("Nothing was sent.", "dim")
        else:
            await _propose(shell, card.steps[int(place)])

    choices = [Choice(str(place), step.title) for place, step in enumerate(card.steps)]
    title = f"Undo: {sanitize(change.title, 60)}" if card.is_undo else "There is no undo"
    await shell.push_screen(Choose(title, choices, lines=_lines(change, card)), chosen)


async def _propose(shell: TsuiApp, step: Step) -> None:
    if step.wanted:
        await shell.changes.propose_all(step.wanted, "Undo")
        return
    from tsui.service.forms import from_json
    from tsui.service.operations import info_of

    operation = from_json(step.operation, step.fields)
    await shell.operations.run(info_of(step.operation), operation)


def _lines(change: DeviceChange, card: Card) -> list[Line]:
    lines: list[Line] = []
    if not card.is_undo:
        lines.append([(f"{sanitize(change.title, 60)} cannot be undone;", "warn")])
        lines.append([("what can be done is another change, with losses of its own.", "warn")])
    lines.append([("Does not come back: ", "bad"), (card.lost, "text")])
    for why, count in card.left_out:
        lines.append([(f"Left out, {words.number(count, 'device')}: ", "warn"), (why, "text")])
    return lines
