"""The HTTP inspector: the recent calls, newest first, live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from tsui.service.calls.listing import Attempted
from tsui.service.calls.narrowing import EXPLAINED, BadFilter, narrowed
from tsui.service.calls.told import row as row_of
from tsui.service.views import News, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.calls import CALLS
from tsui.ui.commands.lists import LAYOUT, MOVES, CopyRow, Export, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Painted, Run
from tsui.ui.screens import calls_text
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.ui.app import TsuiApp


class CallRows:
    """Attempts as rows of a table, known by their own keys."""

    def __init__(self, rows: Sequence[Attempted] = ()) -> None:
        self.rows = rows
        """The attempts."""
        self._places = {each.key: place for place, each in enumerate(rows)}

    async def count(self) -> int:
        """Count the rows."""
        return len(self.rows)

    async def window(self, offset: int, limit: int) -> Sequence[Attempted]:
        """Return rows from a place on."""
        return self.rows[offset : offset + limit]

    async def position(self, key: int) -> int | None:
        """Return the place of a row."""
        return self._places.get(key)


class CallsScreen(Filtered):
    """The calls that are remembered."""

    TOPICS = frozenset({Topic.CALLS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, *CALLS, CopyRow, Export,
    )  # fmt: skip

    def __init__(self, typed: str = "") -> None:
        super().__init__(typed)
        self._summary = Painted(id="summed-up")
        self._shown = CallRows()
        self._bad_filter = ""
        self._stop: Callable[[], None] | None = None

    def make_table(self) -> Table[Attempted]:
        """Make the list."""
        return Table(CallRows(), self.columns(), key=lambda each: each.key, id="calls")

    def compose_body(self) -> ComposeResult:
        """Lay out the summary above the list."""
        yield self._summary
        yield from super().compose_body()

    async def on_mount(self) -> None:
        """Begin to listen; every call is news."""
        self._stop = listen(self)

    def on_unmount(self) -> None:
        """Listen no more."""
        if self._stop is not None:
            self._stop()

    def columns(self) -> list[Column[Attempted]]:
        """Return the columns; how a call ended stays longest on a narrow screen."""
        return [
            Column("WHEN", 8, self._when, 2),
            Column("STATUS", 15, calls_text.status, 0),
            Column("OPERATION", 20, calls_text.operation, 1, grows=True),
            Column("TOOK", 7, lambda each: (calls_text.span(each.call.seconds), "text"), 3),
            Column("SIZE", 8, lambda each: (words.size(each.call.size), "dim"), 6),
            Column("TRY", 6, calls_text.tries, 4),
            Column("METHOD", 6, lambda each: (sanitize(each.call.method, 8), "dim"), 7),
            Column("ERROR", 14, lambda each: (sanitize(each.call.error, 200), "bad"), 5, True),
            Column("PATH", 18, lambda each: (sanitize(each.call.path, 200), "dim"), 8, True),
        ]

    def title_text(self) -> Line:
        """Say how many calls are shown, and what is wrong with the filter."""
        runs: list[Run] = [(" HTTP ", "title"), (f" {self.table.total:,} ", "strong")]
        runs.append(self.filter_run())
        if self._bad_filter:
            runs.append((f"  {sanitize(self._bad_filter, 120)}", "bad"))
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return runs

    def show_lines(self) -> None:
        """Show the summary with the other lines."""
        super().show_lines()
        if self.is_mounted and self.is_current:
            desks, online = self.shell.workspace.desks, self.shell.workspace.online
            moment = calls_text.Moment(
                desks.calls.summary(),
                online.client.standing if online and not self.shell.launch.recording else None,
                desks.recording,
                self.shell.workspace.clock.now().timestamp(),
                self.shell.use_utc,
            )
            self._summary.paint([calls_text.summary(moment, self._summary.size.width)])

    def more_help(self) -> Sequence[Line]:
        """Explain the filter."""
        return [[(f" {written:<16}", "key"), (finds, "text")] for written, finds in EXPLAINED]

    async def workspace_changed(self) -> None:
        """Show the calls."""
        await self.show_filtered()

    def nothing(self) -> Nothing:
        """Say how calls come."""
        return Nothing("Nothing went over HTTP yet.", ("r", "reads the fleet"), filter=self.filter)

    async def show_filtered(self) -> None:
        """Show what the filter lets through; a bad one says why and changes nothing."""
        try:
            wanted = narrowed(self.filter)
        except BadFilter as error:
            self._bad_filter = str(error)
        else:
            self._bad_filter = ""
            self._shown = CallRows(self.shell.workspace.desks.calls.attempts(wanted))
            # Whoever watches the newest call wants to see the next one.
            await self.table.use(self._shown, keep=self.table.cursor != 0)
        self.show_lines()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Show what came."""
        await self.show_filtered()

    async def open_current(self) -> None:
        """Show request and answer."""
        if (row := self.table.current) is not None:
            from tsui.ui.screens.call import CallScreen

            await self.app.push_screen(CallScreen(row))

    def exports(self) -> Exports:
        """Return what the calls that are shown can be exported as."""
        from tsui.service.calls.told import COLUMNS
        from tsui.service.export_formats import exports_of_rows

        return exports_of_rows("calls", "call", self._shown.rows, COLUMNS)

    def copy_identifier(self) -> None:
        """Copy the call as a curl command."""
        if (row := self.table.current) is not None:
            copy_as_curl(self.shell, row)

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row_of(row.call).replace("\t", "  "), 2000))

    def _when(self, each: Attempted) -> Run:
        moment = words.moment(each.call.at.timestamp(), utc=self.shell.use_utc, seconds=True)
        return moment[11:19], "dim"


def listen(place: CallsScreen) -> Callable[[], None]:
    """Tell a screen of new calls; returns how to stop it."""
    return place.shell.workspace.desks.calls.subscribe(lambda: place.note(News(Topic.CALLS)))


def copy_as_curl(shell: TsuiApp, each: Attempted) -> None:
    """Copy an attempt as a curl command, or say why there is none."""
    from tsui.service.curl import NoCurl, call_as_curl

    try:
        shell.copy(call_as_curl(each.call, shell.workspace.environment.base_url))
    except NoCurl as error:
        shell.flash(str(error), "warn")
