"""The verdict: the part of a device that says why it is offline, by what is remembered at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.service.parts import Part
from tsui.service.verdict.evidence import Source
from tsui.service.verdict.model import Verdict
from tsui.service.views import DeviceRow, Topic
from tsui.ui.commands.device import OpenEvidence
from tsui.ui.device_parts.base import DevicePart
from tsui.ui.screens.verdict_text import entries
from tsui.ui.widgets.entry_pane import EntryPane

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen

_READ = (Part.DIAGNOSTICS, Part.USAGE, Part.PROVISIONING)
"""What a verdict reads that other parts show too; it reads sessions in windows of its own."""


class Diagnosis(DevicePart):
    """The verdict on a device; every line of evidence can be opened."""

    name = "diagnose"
    title = "Why offline?"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.REQUESTS})
    COMMANDS = (OpenEvidence,)

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._pane: EntryPane[Source] = EntryPane(id="diagnosis")
        self._verdict: Verdict | None = None

    @property
    def widget(self) -> EntryPane[Source]:
        """The lines of the verdict."""
        return self._pane

    @property
    def scrolled(self) -> EntryPane[Source]:
        """The lines of the verdict."""
        return self._pane

    async def load(self, device: DeviceRow) -> None:
        """Come to a verdict by what is remembered."""
        self._verdict = await self.shell.workspace.desks.verdicts.on(device)

    def show_part(self) -> None:
        """Show the verdict."""
        if self._verdict is not None:
            self._pane.show_entries(list(entries(self._verdict, self._pane.size.width)))

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read everything a verdict may rest on."""
        if self.shell.workspace.online is not None:
            self.place.asked.note(_READ)
            self.shell.workspace.desks.verdicts.refresh(device)

    @property
    def no_evidence_reason(self) -> str:
        """Why there is no evidence to open; empty when there is some."""
        return "" if self._pane.current is not None else "There is no evidence on this line."

    async def open_evidence(self) -> None:
        """Open what the line under the cursor rests on, as ThingSpace told it."""
        if self._verdict is None or (source := self._pane.current) is None:
            return
        from tsui.ui.screens.answer import AnswerScreen

        piece = self._verdict.evidence.piece(source)
        told = piece.raw if piece.raw is not None else {"trouble": piece.trouble or piece.standing}
        title = f"Evidence: {source}"
        await self.shell.push_screen(AnswerScreen(title, told, at=piece.read_at))
