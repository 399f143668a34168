"""A list of which one can show only what holds some words."""

from __future__ import annotations

from tsui.text import sanitize
from tsui.ui.painted import Run
from tsui.ui.screens.list_place import ListPlace


class Filtered(ListPlace):
    """A list with a filter: it narrows while one types, and esc clears it before it goes back."""

    def __init__(self, typed: str = "") -> None:
        self.filter = typed
        """What was typed; a record has to hold all of its words."""
        super().__init__()

    @property
    def wanted(self) -> list[str]:
        """The words that a record has to hold."""
        return self.filter.split()

    def fits(self, text: str) -> bool:
        """Tell whether a text holds all the words."""
        text = text.lower()
        return all(word.lower() in text for word in self.wanted)

    def filter_run(self) -> Run:
        """Show the filter, for the title."""
        return f"  /{sanitize(self.filter, 40)}" if self.filter else "", "key"

    async def show_filtered(self) -> None:
        """Show what the filter lets through."""
        raise NotImplementedError

    async def ask_filter(self) -> None:
        """Let type words to search for."""
        await self.open_prompt("/", self.filter, on_change=self._typing)

    async def prompt_accepted(self, sign: str, text: str) -> None:
        """Keep the words."""
        await self.set_filter(text)

    async def prompt_left(self, sign: str) -> None:
        """Forget the words."""
        await self.set_filter("")

    async def set_filter(self, text: str) -> None:
        """Show only what holds all of these words."""
        self.filter = text.strip()
        await self.show_filtered()

    async def go_back(self) -> None:
        """Clear the words, then go back."""
        if self.filter:
            await self.set_filter("")
        else:
            await self.shell.back()

    def _typing(self, text: str) -> None:
        self.run_worker(self.told(self.set_filter(text)), exclusive=True, group="find")
