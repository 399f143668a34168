"""The last frame: what the list of devices looks like at the end, kept for the next start.

It is made of what the list's own lines show, so no dialog and no prompt is ever in it, and it says
of itself that it is a picture and of when.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import COLOR_SYSTEMS
from textual.strip import Strip

from tsui import first_frame
from tsui.service.views import StoreError
from tsui.settings.private import write_private
from tsui.ui.cells import Cells, Coder
from tsui.ui.painted import Line, Painted
from tsui.ui.screens.list_place import ListPlace

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

LONGEST = 0.3
"""Seconds that looking at the list once more may take; nobody waits longer to leave."""

KEPT = 16
"""Pictures that are kept: of other accounts, terminals and sizes."""

STARTING: Line = [(" The last picture; starting. Keys typed now are kept.", "warn")]


async def keep_last_frame(shell: TsuiApp) -> None:
    """Keep a picture of the list with which the next start begins."""
    place = _pictured(shell)
    if place is None:
        return
    with suppress(TimeoutError, StoreError, OSError, ValueError):
        async with asyncio.timeout(LONGEST):
            await place.table.reload()
        place.forget_ages()
        columns, rows = shell.size
        identity = first_frame.identify(columns, rows)
        lines = _lines(shell, place)
        content = first_frame.encode(lines, identity, shell.launch.settings_mark)
        await asyncio.to_thread(_write, Path(first_frame.path_of(identity)), content)


def _pictured(shell: TsuiApp) -> ListPlace | None:
    """Return the list if the next start shows the very same; None if not all is sure."""
    launch, workspace = shell.launch, shell.workspace
    if not (launch.settings_mark and workspace.account and workspace.read_at):
        return None
    if workspace.account != launch.profile.account or shell.frozen:
        return None
    if workspace.environment != launch.environment(launch.profile_name, launch.profile):
        return None
    place = next((each for each in shell.places() if each.AREA == shell.DEFAULT_MODE), None)
    if not isinstance(place, ListPlace) or place.size != shell.size:
        return None
    # Marks do not outlive the program.
    return None if place.prompt_sign or place.table.marks else place


def _lines(shell: TsuiApp, place: ListPlace) -> Sequence[first_frame.Line]:
    """Return what the list shows, in words that stay true; raises ValueError for a gap."""
    columns, rows = shell.size
    system = shell.console.color_system
    coder = Coder(COLOR_SYSTEMS[system] if system else None)
    blank = Cells("\0" * columns, "\0" * columns)
    lines = [blank] * rows
    shell.in_retrospect = True
    try:
        said = {
            place.header: shell.where(place.header.size.width),
            place.title_line: place.title_text(),
            place.flash_line: STARTING,
        }
    finally:
        shell.in_retrospect = False
    for widget in place.query(Painted):
        if not widget.display:
            continue
        for y, strip in enumerate(_strips(widget, said.get(widget))):
            at = widget.region.y + y
            if not 0 <= at < rows:
                raise ValueError("the terminal is another size by now")
            lines[at] = lines[at].with_part(widget.region.x, coder.cells([strip]))
    if any("\0" in line.text or len(line.text) != columns for line in lines):
        raise ValueError("there are gaps in the picture")
    return [[(*codes.tell(), text) for codes, text in coder.runs(line)] for line in lines]


def _strips(widget: Painted, said: Line | None) -> Sequence[Strip]:
    return widget.render_lines(widget.size.region) if said is None else [widget.drawn(said)]


def _write(path: Path, content: bytes) -> None:
    write_private(path, content)
    made = sorted(path.parent.glob("frame-*"), key=lambda each: each.stat().st_mtime_ns)
    for old in made[:-KEPT]:
        old.unlink(missing_ok=True)
