"""Why a list shows no rows: five honest answers, each with its own sentence and next key."""

from __future__ import annotations

from dataclasses import dataclass

from tsui.service.failures import NOT_ENTITLED
from tsui.text import sanitize
from tsui.ui.painted import Line

SIGN_IN = ("ctrl+l", "signs in")
TRY_AGAIN = ("r", "tries again")


@dataclass(frozen=True, slots=True)
class Nothing:
    """What is known of a list without rows; the first reason that holds is told."""

    empty: str
    """What to say when there is nothing, and nothing is wrong."""
    step: tuple[str, str] = ("", "")
    """The next key then, and what it does."""
    more: str = ""
    """Further lines then."""
    filter: str = ""
    """What hides all rows."""
    reading: str = ""
    """What is being read right now."""
    trouble: str = ""
    """Why the last read brought nothing."""
    offline: str = ""
    """Why nothing can be read; empty for a list that needs nobody."""

    def lines(self) -> list[Line]:
        """Return the reason and the next key."""
        if self.filter:
            return _told(
                "Nothing here holds that:", self.filter, "strong", ("esc", "clears the filter")
            )
        if self.reading:
            return _told(f"Reading {self.reading}; it comes in a moment.", "", "text", ("", ""))
        if self.trouble.startswith(NOT_ENTITLED):
            why = self.trouble.removeprefix(NOT_ENTITLED).strip()
            return _told("Not entitled to this.", why, "warn", ("ctrl+l", "signs in as another"))
        if self.trouble:
            return _told("This could not be read.", self.trouble, "bad", TRY_AGAIN)
        if self.offline:
            return _told("Nothing is remembered here.", self.offline, "text", SIGN_IN)
        told = _told(self.empty, "", "text", self.step)
        return [*told, *([(f"  {line}", "dim")] for line in self.more.splitlines())]


def _told(sentence: str, why: str, look: str, step: tuple[str, str]) -> list[Line]:
    lines: list[Line] = [[(f"  {sentence}", "text")]]
    if why:
        lines.append([(f"  {sanitize(why, 300)}", look)])
    key, does = step
    if key:
        lines.append([(f"  {key}", "key"), (f" {does}.", "text")])
    return lines
