"""A handover as painted lines: the text of the mail, its headings in another look."""

from __future__ import annotations

from tsui.ui.painted import Line


def lines(text: str) -> list[Line]:
    """Return the lines of a handover, which are safe already."""
    made: list[Line] = []
    for line in text.splitlines():
        is_head = line.isupper() and not line.startswith("-")
        look = "text"
        if line.startswith("HANDOVER"):
            look = "title"
        elif is_head:
            look = "head"
        elif line.startswith("- OVERDUE"):
            look = "bad"
        made.append([(f" {line}", look)])
    return made
