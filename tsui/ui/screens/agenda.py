"""The agenda: what is overdue and what becomes due, the first first, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from tsui.service.agenda.model import Agenda, Kind, Obligation
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.marking import mark_devices
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens import agenda_text
from tsui.ui.screens.device_text import View
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

Row = tuple[int, Obligation]

DETAIL = 7
"""Lines below the list: all of one obligation, and what is not known."""

_AREAS = {Kind.MONITOR: "monitors", Kind.WAKE: "monitors", Kind.LOGIN: "account"}
"""Where one goes on from what has neither a device nor a request."""


class AgendaScreen(Filtered):
    """What becomes due."""

    TOPICS = frozenset({Topic.REQUESTS, Topic.NOTICES, Topic.READINGS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export,
    )  # fmt: skip

    def __init__(self, marked: Sequence[str] = ()) -> None:
        self._marked = marked
        self._agenda: Agenda | None = None
        self._shown: list[Obligation] = []
        super().__init__()
        self._detail = Pane(id="obligation")
        self._detail.can_focus = False
        self._detail.styles.height = DETAIL

    def compose_body(self) -> ComposeResult:
        """Lay out the list, and all of one obligation below it."""
        yield from super().compose_body()
        yield self._detail

    def make_table(self) -> Table[Row]:
        """Make the list."""
        return Table(Rows[Obligation](), self.columns(), key=place_of, id="agenda")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; what is due when stays longest on a narrow screen."""
        return [
            Column("DUE", 9, lambda row: agenda_text.group(row[1], self._now), 0),
            Column("WHEN", 11, self._when, 1),
            Column("LEFT", 9, lambda row: agenda_text.left(row[1], self._now), 2),
            Column("WHAT", 10, lambda row: (row[1].kind, "text"), 0),
            Column("SUBJECT", 20, _of(agenda_text.subject), 1),
            Column("SURE", 10, _of(agenda_text.sure), 3),
            Column("HAPPENS", 20, lambda row: (sanitize(row[1].sentence, 200), "dim"), 4,
                   grows=True),
        ]  # fmt: skip

    def title_text(self) -> Line:
        """Say how much is due when."""
        runs: list[Run] = [(" Agenda ", "title")]
        if self._agenda is not None:
            runs += agenda_text.summary(self._agenda)
        return [*runs, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say that nothing is due, as far as is known."""
        reading = "what is remembered" if self._agenda is None else ""
        empty = "Nothing becomes due, as far as is known here."
        return Nothing(empty, ("esc", "goes back"), filter=self.filter, reading=reading)

    async def workspace_changed(self) -> None:
        """Work out what becomes due."""
        self._agenda = await self.shell.workspace.desks.agenda.agenda(self._marked)
        await self.show_filtered()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Work it out again."""
        await self.workspace_changed()

    async def show_filtered(self) -> None:
        """Show the obligations that hold the words."""
        found = self._agenda.due if self._agenda else ()
        self._shown = [each for each in found if self.fits(self._text(each))]
        await self.table.use(Rows(self._shown))
        self.show_lines()

    def show_lines(self) -> None:
        """Show all of the obligation under the cursor, too, and what is not known."""
        super().show_lines()
        if not (self.is_mounted and self.is_current):
            return
        width, lines = max(20, self._detail.size.width), list[Line]()
        if self._current is not None:
            view = View(self._now, self.shell.use_utc)
            lines += agenda_text.detail(self._current, view, width)
        if self._agenda is not None:
            lines += agenda_text.gaps(self._agenda.gaps, width)
        self._detail.show(lines)

    def refresh_now(self) -> None:
        """Work it out again; what it rests on is read elsewhere."""
        self.run_worker(self.told(self.workspace_changed()), group="agenda", exclusive=True)
        self.shell.flash("Worked out again from what is remembered; h reads a device.", "info")

    async def open_current(self) -> None:
        """Open its device, its request, or where one goes on."""
        if (each := self._current) is None:
            return
        ids = await self.shell.workspace.desks.agenda.devices_of(each)
        if len(ids) > 1:
            await mark_devices(self.shell, ids)
        elif ids and each.kind not in _AREAS:
            (device,) = await self.shell.workspace.devices(ids)
            await self.shell.open_device(device, "summary")
        elif each.kind in _AREAS:
            await self.shell.go(_AREAS[each.kind])
        elif each.request is not None:
            await self.shell.go("requests")
            await self.shell.place.open_by_name(str(each.request))
        else:
            self.shell.flash("There is no device of this that the list still has.", "warn")

    def exports(self) -> Exports:
        """Return what the obligations in view can be exported as, a calendar among them."""
        from tsui.service.agenda.telling import exports

        agenda = Agenda(self._now, self._shown, self._agenda.gaps if self._agenda else ())
        return exports(agenda, self.shell.workspace.account)

    def copy_identifier(self) -> None:
        """Copy what it is about."""
        if (each := self._current) is not None:
            self.shell.copy(sanitize(each.subject))

    def copy_row(self) -> None:
        """Copy all that is known of it."""
        if (each := self._current) is not None:
            view = View(self._now, self.shell.use_utc)
            known = (view.at(each.due), each.kind, each.subject, each.sentence, each.certainty,
                     each.source)  # fmt: skip
            self.shell.copy("\t".join(sanitize(part, 400) for part in known))

    @property
    def _now(self) -> float:
        return self.shell.workspace.clock.now().timestamp()

    @property
    def _current(self) -> Obligation | None:
        row = self.table.current
        return row[1] if row is not None else None

    def _when(self, row: Row) -> Run:
        return words.short_moment(row[1].due, self._now, utc=self.shell.use_utc), "text"

    def _text(self, each: Obligation) -> str:
        group, _ = agenda_text.group(each, self._now)
        return " ".join(
            (group, each.kind, each.subject, each.sentence, each.certainty, each.source)
        )


def _of(say: Callable[[Obligation], Run]) -> Callable[[Row], Run]:
    return lambda row: say(row[1])
