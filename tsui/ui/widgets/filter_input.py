"""What helps while a filter is typed: suggestions, and a line under what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from rich.highlighter import Highlighter
from rich.text import Text
from textual.suggester import Suggester

from tsui.service.views import complete
from tsui.service.workspace import Workspace
from tsui.text import sanitize
from tsui.ui.filtering import mistake_in

SUGGESTED = {"state": "state", "plan": "plan", "group": "groups"}
"""Fields whose values are suggested, and the columns they are counted by."""


class MistakeHighlighter(Highlighter):
    """Underlines what is wrong with a filter."""

    def highlight(self, text: Text) -> None:
        """Underline it, or the last character where something is missing."""
        mistake = mistake_in(text.plain)
        if mistake is not None:
            start = mistake.position if mistake.length else max(0, mistake.position - 1)
            text.stylize("underline", start, max(start + 1, mistake.position + mistake.length))


class FilterSuggester(Suggester):
    """Suggests how a filter may go on: names of fields, and values that devices have."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._workspace = workspace
        self._values: dict[str, Sequence[str]] = {}

    async def learn(self) -> None:
        """Look up the values that devices have."""
        for name, column in SUGGESTED.items():
            values: dict[str, None] = {}
            for text, _ in await self._workspace.tally(column):
                members = text.split(",") if name == "group" else [text]
                values |= dict.fromkeys(each.strip() for each in members)
            # What is suggested goes to the terminal as it is.
            self._values[name] = [each for each in values if each and sanitize(each) == each]

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole of what may be meant."""
        longer = complete(value, self._values)
        return None if longer == value else longer
