"""Diagnosis: the part of a device that says why it is offline, by what is remembered at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.service.verdict.evidence import Source
from tsui.service.verdict.model import Verdict
from tsui.ui.screens.verdict_text import entries
from tsui.ui.widgets.entry_pane import EntryPane

if TYPE_CHECKING:
    from tsui.service.views import DeviceRow
    from tsui.ui.screens.place import Place


class Diagnosis(EntryPane[Source]):
    """The verdict on a device; every line of evidence can be opened."""

    def __init__(self, place: Place) -> None:
        super().__init__(id="diagnosis")
        self._place = place
        self._verdict: Verdict | None = None

    async def judge(self, device: DeviceRow) -> None:
        """Come to a verdict by what is remembered."""
        self._verdict = await self._place.shell.workspace.desks.verdicts.on(device)

    def show_verdict(self) -> None:
        """Show the verdict."""
        if self._verdict is not None:
            self.show_entries(list(entries(self._verdict, self.size.width)))

    async def open_evidence(self) -> None:
        """Open what the line under the cursor rests on, as ThingSpace told it."""
        if self._verdict is None or (source := self.current) is None:
            return
        from tsui.ui.screens.answer import AnswerScreen

        piece = self._verdict.evidence.piece(source)
        told = piece.raw if piece.raw is not None else {"trouble": piece.trouble or piece.standing}
        title = f"Evidence: {source}"
        await self._place.app.push_screen(AnswerScreen(title, told, at=piece.read_at))
