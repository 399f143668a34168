"""The dialog before an evidence bundle is written: what will be in it, and where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tsui.service.bundle.desk import Made, Wish, next_span
from tsui.service.views import DeviceChange, DeviceRow, StoreError
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.clipboard import MOST
from tsui.ui.painted import Line, wrap
from tsui.ui.screens import evidence_text
from tsui.ui.screens.dialog import Dialog, Text

if TYPE_CHECKING:
    from tsui.service.bundle.desk import Bundles

INDENT = evidence_text.KEY + evidence_text.NAME
"""Cells before the later lines of what takes several."""


class EvidenceDialog(Dialog[None]):
    """Shows what is in the bundle of a device or a request; writes it, or copies it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", priority=True),
        Binding("c", "copy", priority=True),
        Binding("tab", "span", priority=True),
        Binding("p", "personal", priority=True),
        Binding("r", "read", priority=True),
    ]

    def __init__(self, device: DeviceRow | None, change: DeviceChange | None) -> None:
        super().__init__()
        self._device = device
        self._change = change
        self._wish = Wish()
        self._made: Made | None = None
        self._paths: Sequence[Path] = ()
        self._said: Line = ()
        self._text = Text(id="heading")
        self._keys = Text(id="keys")

    @property
    def _bundles(self) -> Bundles:
        return self.shell.workspace.desks.bundles

    def content(self) -> Sequence[Widget]:
        """Show what is in it and the keys."""
        return (self._text, self._keys)

    def on_mount(self) -> None:
        """Begin to put it together."""
        self.call_after_refresh(self._begin)

    def on_resize(self) -> None:
        """Fit the lines to the box."""
        self.call_after_refresh(self._show)

    def action_span(self) -> None:
        """Tell of another span."""
        self._wish = replace(self._wish, span=next_span(self._wish.span))
        self._begin()

    def action_personal(self) -> None:
        """Mask personal data, or tell it."""
        self._wish = replace(self._wish, masked=not self._wish.masked)
        self._begin()

    def action_read(self) -> None:
        """Read the device first."""
        if self._device is None or (reason := self.shell.connection.offline_reason):
            self._say(reason if self._device else "There is no device to read.", "warn")
            return
        self._begin(read_first=True)

    def action_keep(self) -> None:
        """Write the files; once they are written, leave."""
        if self._paths:
            self.dismiss(None)
        elif self._made is not None:
            self.run_worker(self._keep(self._made), group="make", exclusive=True)

    def action_copy(self) -> None:
        """Copy the Markdown to the terminal's clipboard, if it fits."""
        if self._made is None:
            return
        large = len(self._made.markdown.encode())
        if large > MOST:
            said = f"{words.size(large)} do not fit the clipboard of a terminal; enter writes files"
            self._say(f"{said}, and a shorter span is smaller.", "warn")
            return
        self.shell.copy(self._made.markdown)
        self.shell.flash(f"Copied the evidence, {words.size(large)} of Markdown.", "good")
        self.dismiss(None)

    def _begin(self, *, read_first: bool = False) -> None:
        self._made, self._paths = None, ()
        said = "Reading the device …" if read_first else "Putting it together …"
        self._say(said, "info")
        self.run_worker(self._make(read_first=read_first), group="make", exclusive=True)

    async def _make(self, *, read_first: bool) -> None:
        workspace, wish = self.shell.workspace, self._wish
        try:
            if read_first and self._device is not None:
                await workspace.desks.verdicts.read(self._device)
                rows = await workspace.devices([self._device.id])
                self._device = rows[0] if rows else self._device
            if self._change is not None:
                self._change = await workspace.change(self._change.id) or self._change
                made = await self._bundles.of_change(self._change, wish)
            elif self._device is not None:
                made = await self._bundles.of_device(self._device, wish)
            else:
                return
        except StoreError as error:
            self._say(str(error), "bad")
            return
        self._made, self._said = made, ()
        self._show()

    async def _keep(self, made: Made) -> None:
        folder = self.shell.download_folder
        try:
            self._paths = await self._bundles.keep(made, folder)
        except OSError as error:
            self._say(f"Nothing was written: {error.filename}: {error.strerror}.", "bad")
            return
        self.shell.flash(f"Evidence in {self._paths[0]} and .json", "good")
        self._show()

    def _say(self, text: str, look: str) -> None:
        self._said = [(sanitize(text, 400), look)]
        self._show()

    def _show(self) -> None:
        width = max(20, self._text.size.width)
        lines: list[Line] = [[(f"Evidence bundle: {self._subject}", "title")], []]
        lines += evidence_text.wish_lines(self._wish)
        if self._made is not None:
            now = self.shell.workspace.clock.now().timestamp()
            read_at = self._device.read_at if self._device else None
            lines += evidence_text.content_lines(self._made, now, read_at)
        self._text.show([part for line in lines for part in wrap(line, width, INDENT)])
        self._keys.show([part for line in self._ways(width) for part in wrap(line, width)])

    def _ways(self, width: int) -> list[Line]:
        if self._paths:
            return [[], *evidence_text.kept_lines(self._paths, width)]
        if self._made is None:
            return [[], self._said, [("esc", "key"), (" leaves", "text")]]
        can_read = self._device is not None and not self.shell.connection.offline_reason
        folder, name = self.shell.download_folder, self._made.stem
        said = [self._said] if self._said else []
        return [
            [], *said, *evidence_text.way_lines(self._made, folder, name, can_read=can_read)
        ]  # fmt: skip

    @property
    def _subject(self) -> str:
        if self._change is not None:
            return sanitize(f"request {self._change.request}, {self._change.title}", 60)
        return sanitize(self._device.key.partition(":")[2], 40) if self._device else ""
