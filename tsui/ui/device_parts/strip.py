"""The strip of tabs: as many as fit, the chosen one always among them."""

from collections.abc import Sequence

from tsui.ui.painted import Line, Run

MORE_LEFT = ("←", "key")
MORE_RIGHT = ("→", "key")


def strip(titles: Sequence[str], chosen: int, width: int) -> Line:
    """Return the tabs in a line, with signs where there are more; the next one is seen too."""
    first = 0
    seen = min(chosen + 1, len(titles) - 1)
    while first < chosen and _last(titles, first, width) < seen:
        first += 1
    last = _last(titles, first, width)
    runs: list[Run] = [MORE_LEFT if first else (" ", "dim")]
    for place in range(first, last + 1):
        runs.append((f" {titles[place]} ", "cursor" if place == chosen else "dim"))
    if last < len(titles) - 1:
        runs.append(MORE_RIGHT)
    return runs


def _last(titles: Sequence[str], first: int, width: int) -> int:
    """Return the last tab that fits where the line begins with some tab."""
    left = width - 2  # a sign on each side
    for place in range(first, len(titles)):
        left -= len(titles[place]) + 2
        if left < 0:
            return max(first, place - 1)
    return len(titles) - 1
