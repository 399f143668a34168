"""Where sentences, chart and table of usage go on a screen."""

from collections.abc import Sequence
from typing import NamedTuple

from tsui.service.usage.desk import UnderWay
from tsui.service.usage.report import UsageReport
from tsui.ui.painted import Line
from tsui.ui.usage.chart import Mode, chart
from tsui.ui.usage.sentences import basis, head
from tsui.ui.usage.table import HEAD, table

TABLE = 60
"""Cells of a table beside a chart."""

_LOWEST, _ABOVE, _HIGHEST = 6, 10, 24
"""Lines of a chart: at least, above a table, and at most."""

_ROWS = 3
"""Lines of a table that a chart above it leaves."""


class Parts(NamedTuple):
    """What is shown."""

    fixed: Sequence[Line]
    """What stays in its place."""
    heading: Sequence[Line]
    """The names of the table's columns."""
    rows: Sequence[Line]
    """What scrolls."""


def arranged(
    report: UsageReport,
    under_way: UnderWay | None,
    size: tuple[int, int],
    now: float,
    *,
    is_beside: bool,
    is_added_up: bool,
    ascii_only: bool,
) -> Parts:
    """Arrange a report in some cells and lines.

    Beside a table there is room to say what figures rest on; above one that comes behind the days.
    """
    width, height = size
    mode = Mode.CYCLE if is_added_up else Mode.DAYS
    said, reasons = head(report, under_way, width, now), basis(report, width)
    if is_beside:
        room = max(_LOWEST, min(_HIGHEST, height - len(said) - len(reasons) - 2))
        drawn = chart(report, mode, width - 1, room, ascii_only=ascii_only)
        return Parts([*said, (), *drawn, (), *reasons], [HEAD], table(report))
    room = max(_LOWEST, min(_ABOVE, height - len(said) - 1 - _ROWS))
    drawn = chart(report, mode, width, room, ascii_only=ascii_only)
    return Parts([*said, *drawn], [HEAD], [*table(report), (), *reasons])
