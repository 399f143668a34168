"""Raw: all that is remembered of the device, as it came, to be searched."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui.commands.device_parts import RAW
from tsui.ui.device_parts.base import PanePart
from tsui.ui.device_parts.raw_text import RawLines, json_lines, matches
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.ui.screens.device import DeviceScreen

SIGN = "/"
"""What opens the prompt."""


class Raw(PanePart):
    """All that is remembered of the device, as it came, to be searched."""

    name = "raw"
    title = "JSON"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.INBOX})
    COMMANDS = RAW

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._everything: Mapping[str, Any] = {}
        self._texts: Sequence[str] = ()
        self._lowered: Sequence[str] = ()
        self._words = ""
        self._before = ""
        self._found: Sequence[int] = ()
        self._current = 0

    async def load(self, device: DeviceRow) -> None:
        """Take up everything."""
        everything = await self.shell.workspace.desks.answers.everything(device)
        if everything == self._everything:
            return  # the news was of other devices
        # A year of history is a megabyte of text, which takes a moment to write.
        texts = await asyncio.to_thread(json_lines, everything)
        lowered = await asyncio.to_thread(lambda: [text.lower() for text in texts])
        self._everything, self._texts, self._lowered = everything, texts, lowered
        self._find()

    def lines(self) -> Sequence[Line]:
        """Return everything, the places that hold the words marked."""
        current = self._found[self._current] if self._found else -1
        return RawLines(self._texts, self._words, current)

    def footing(self) -> Line:
        """Say how many lines there are, and where the search is."""
        if not self._words:
            return [(f" {len(self._texts):,} lines  ", "dim"), ("/", "key"), (" searches", "dim")]
        if not self._found:
            return [(" nothing holds ", "warn"), (sanitize(self._words, 30), "strong")]
        place = f"{self._current + 1:,} of {len(self._found):,} lines hold "
        return [(f" {place}", "dim"), (sanitize(self._words, 30), "strong")]

    async def open_search(self) -> None:
        """Let words be typed; the first place that holds them is shown at once."""
        self._before = self._words
        await self.place.open_prompt(SIGN, self._words, on_change=self.search)

    def search(self, words: str) -> None:
        """Mark what holds the words and show the first of them."""
        self._words = words.strip()
        self._current = 0
        self._find()
        self._go()

    async def prompt_closed(self, sign: str, text: str | None) -> None:
        """Search as before where typing was given up."""
        self.search(self._before if text is None else text)

    async def clear(self) -> bool:
        """Mark nothing any more."""
        had = bool(self._words)
        self.search("")
        return had

    def exports(self) -> Exports:
        """Return everything as it came, to be written to a file."""
        from tsui.service.export_formats import JSON, exports_of_answer

        name = f"device {self.place.device.key.partition(':')[2]}"
        answer = exports_of_answer(name, self._everything)
        return answer._replace(what="device", total=1, texts={JSON: answer.texts[JSON]})

    def step(self, step: int) -> None:
        """Go to another place that holds the words."""
        if not self._found:
            said = "Nothing holds that." if self._words else "/ searches first."
            self.shell.flash(said, "warn")
            return
        self._current = (self._current + step) % len(self._found)
        self._go()

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read the device: all its histories, each on its own."""
        self.place.asked.read_all(device)

    def begin(self, device: DeviceRow) -> None:
        """Begin to read the device, as far as that was not done."""
        self.place.asked.read_rest(device)

    def _find(self) -> None:
        self._found = matches(self._lowered, self._words)
        self._current = min(self._current, max(0, len(self._found) - 1))

    def _go(self) -> None:
        self.show_part()
        if self._found:
            self.pane.scroll_to_line(self._found[self._current])
        self.place.show_lines()
