"""The dialog before the evidence bundles of several devices are written, and how far that is."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tsui.service.bundle.desk import Wish, next_span
from tsui.service.views import StoreError
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, wrap
from tsui.ui.screens import evidence_text
from tsui.ui.screens.dialog import Dialog, Text

MOST = 500
"""Devices whose bundles are written at once; nobody attaches more to a ticket."""


class ManyEvidence(Dialog[None]):
    """Writes the bundles of the marked devices, two files each, into a folder of their own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", priority=True),
        Binding("tab", "span", priority=True),
        Binding("p", "personal", priority=True),
    ]

    def __init__(self, devices: Collection[int], hidden: int) -> None:
        super().__init__()
        self._devices = devices
        self._hidden = hidden
        self._wish = Wish()
        self._said: Line = ()
        self._begun = self._over = False
        self._folder: Path | None = None
        self._text = Text(id="heading")
        self._keys = Text(id="keys")

    def content(self) -> Sequence[Widget]:
        """Show what will be written and the keys."""
        return (self._text, self._keys)

    def on_mount(self) -> None:
        """Show the dialog."""
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the lines to the box."""
        self.call_after_refresh(self._show)

    def action_span(self) -> None:
        """Tell of another span."""
        if not self._begun:
            self._wish = replace(self._wish, span=next_span(self._wish.span))
            self._show()

    def action_personal(self) -> None:
        """Mask personal data, or tell it."""
        if not self._begun:
            self._wish = replace(self._wish, masked=not self._wish.masked)
            self._show()

    def action_keep(self) -> None:
        """Begin to write; once it is over, leave."""
        if self._over:
            self.dismiss(None)
        elif not self._begun:
            self._begun = True
            self.run_worker(self._write(), group="write", exclusive=True)

    async def _write(self) -> None:
        workspace, count = self.shell.workspace, len(self._devices)
        stamp = f"{workspace.clock.now():%Y%m%dT%H%M%SZ}"
        folder = self.shell.download_folder / f"tsui-evidence-{stamp}"
        bundles = workspace.desks.bundles
        written = 0
        try:
            for device in await workspace.devices(self._devices):
                made = await bundles.of_device(device, self._wish)
                await bundles.keep(made, folder)
                written += 1
                self._say(f"{written:,} of {count:,} written; what is written stays.")
        except StoreError as error:
            self._end(f"Written {written:,} of {count:,}. {error}", "bad")
        except OSError as error:
            self._end(f"Written {written:,} of {count:,}: {error.strerror}.", "bad")
        except asyncio.CancelledError:
            self.shell.flash(f"Stopped; {written:,} of {count:,} are in {folder}.", "warn")
            raise
        else:
            self._end(
                f"Written {words.number(written, 'bundle')} for your eyes only:", "good", folder
            )

    def _end(self, text: str, look: str, folder: Path | None = None) -> None:
        self._over, self._folder = True, folder
        self._say(text, look)
        self.shell.flash(f"{text} {folder or ''}", look)

    def _say(self, text: str, look: str = "info") -> None:
        self._said = [(sanitize(text, 400), look)]
        self._show()

    @property
    def _width(self) -> int:
        return max(20, self._text.size.width)

    def _show(self) -> None:
        count = words.number(len(self._devices), "device")
        lines: list[Line] = [[(f"Evidence bundles of {count}", "title")]]
        if self._hidden:
            lines.append([(f"{self._hidden:,} of them are hidden by the filter.", "warn")])
        lines += [[], *evidence_text.wish_lines(self._wish), []]
        if self._said:
            lines.append(self._said)
        shown = [part for line in lines for part in wrap(line, self._width)]
        if self._folder is not None:
            shown += [*evidence_text.path_lines(self._folder, self._width), []]
        self._text.show(shown)
        self._keys.show(self._keys_lines())

    def _keys_lines(self) -> list[Line]:
        if self._over:
            return [[("enter", "key"), (" or ", "dim"), ("esc", "key"), (" leaves", "text")]]
        if self._begun:
            return [[("esc", "key"), (" stops", "text")]]
        folder = sanitize(str(self.shell.download_folder), 200)
        line: Line = [
            ("enter", "key"), (" writes a .md and a .json of each into a new folder in ", "text"),
            (folder, "dim"), ("   esc", "key"), (" leaves", "text"),
        ]  # fmt: skip
        return wrap(line, self._width)
