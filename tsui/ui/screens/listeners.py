"""The listeners board: who hears of each callback service now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from tsui.credentials import CredentialsError
from tsui.service.environment import Environment
from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.listeners import LOCATION_SERVICES, Board, Owner, Seat
from tsui.service.operations import info_of
from tsui.service.preflight import Report
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import LISTENERS, OpenInbox
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.confirm import ConfirmOperation
from tsui.ui.screens.list_place import ListPlace
from tsui.ui.widgets.table import Column, Table

Row = tuple[int, Seat]
Act = Callable[[Seat, str], Awaitable[str]]

_LOOKS = {Owner.OURS: "good", Owner.OTHER: "warn", Owner.NOBODY: "dim", Owner.UNKNOWN: "bad"}


class ConfirmListener(ConfirmOperation):
    """Asks before a service goes to another listener; names who loses it."""

    def __init__(
        self, seat: Seat, environment: Environment, account: str, operation: Any, report: Report
    ) -> None:
        info = info_of(type(operation).__name__)
        super().__init__(info, environment, account, operation.body(), (), report)
        self._seat = seat

    @property
    def word(self) -> str:
        """The service where somebody loses it, unless the rules ask for more."""
        asked = super().word
        return self._seat.service if asked and self._seat.owner is Owner.OTHER else asked

    def _lines(self) -> list[Line]:
        seat = self._seat
        lines = super()._lines()
        if seat.owner is Owner.OTHER:
            lines[3:3] = [
                [
                    (f"{seat.service} is somebody else's: ", "bad"),
                    (sanitize(seat.url, 200), "strong"),
                    (" gets nothing any more.", "bad"),
                ],
                [(_kept(seat), "text")],
                [],
            ]
        return lines


class ListenersScreen(ListPlace):
    """Every callback service and its listener."""

    TOPICS = frozenset({Topic.CATALOGUE})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, *LAYOUT, *LISTENERS, Copy, CopyRow, OpenInbox,
    )  # fmt: skip

    def __init__(self) -> None:
        self._read_at: float | None = None
        self._is_reading = False
        self._trouble = ""
        super().__init__()

    @property
    def board(self) -> Board:
        """The listeners of the account in view."""
        return Board(self.shell.workspace, self.shell.profiles.credentials_folder)

    def make_table(self) -> Table[Row]:
        """Make the list of services."""
        return Table(Rows(), self.columns(), key=place_of, id="listeners")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; whose it is stays longest."""
        return [
            Column("SERVICE", 29, lambda row: (row[1].service, "strong"), 0),
            Column("IS", 16, lambda row: (row[1].owner, _LOOKS[row[1].owner]), 1),
            Column(
                "URL",
                24,
                _where,
                2,
                grows=True,
            ),
            Column("LOGIN", 10, _login, 4),
            Column("BEFORE US", 20, _former, 3),
        ]

    def title_text(self) -> Line:
        """Say how many services are ours."""
        return [(" Listeners ", "title"), (f" {self.table.total} services ", "dim")]

    async def on_mount(self) -> None:
        """Read the listeners again; what is known is shown by the list itself."""
        if not self.shell.connection.offline_reason:
            self.refresh_now()

    def nothing(self) -> Nothing:
        """Say how the listeners are read."""
        return Nothing(
            "The listeners were not read yet.",
            ("r", "reads them"),
            reading="the listeners" if self._is_reading else "",
            trouble=self._trouble,
            offline=self.shell.connection.offline_reason,
        )

    async def workspace_changed(self) -> None:
        """Show who hears of each service by what was read last."""
        try:
            seats, self._read_at = await self.board.seats()
        except CredentialsError as error:
            seats = []
            self.shell.flash(str(error), "bad")
        await self.table.use(Rows(seats))
        self.show_lines()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self.workspace_changed()

    def refresh_now(self) -> None:
        """Read the listeners again."""
        self.shell.flash("Listeners: reading …", "info")
        self.shell.background(self._read(), name="read listeners", group="listeners")

    async def take(self) -> None:
        """Ask whether the service shall come to our receiver."""
        seat = self._seat()
        if seat is not None and seat.owner is Owner.OURS:
            self.shell.flash(f"{seat.service} is ours already.", "info")
        elif seat is not None and seat.owner is Owner.UNKNOWN:
            said = f"Nobody knows who has {seat.service}: {sanitize(seat.why, 200)} r reads it."
            self.shell.flash(said, "warn")
        elif seat is not None:
            await self._ask(seat, self.board.taking, self.board.take)

    async def give_back(self) -> None:
        """Ask whether the service shall go back."""
        if (seat := self._seat()) is not None:
            await self._ask(seat, self.board.giving_back, self.board.give_back)

    def copy_identifier(self) -> None:
        """Copy where messages go."""
        if (seat := self._seat()) is not None:
            self.shell.copy(sanitize(seat.url))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (seat := self._seat()) is not None:
            self.shell.copy("\t".join(map(sanitize, (seat.service, seat.owner, seat.url))))

    def _seat(self) -> Seat | None:
        return None if self.table.current is None else self.table.current[1]

    async def _ask(self, seat: Seat, request: Callable[[str], Any], act: Act) -> None:
        workspace = self.shell.workspace
        try:
            operation = request(seat.service)
            report = await workspace.judge(operation)
        except (ChangeFailed, CredentialsError) as error:
            self.shell.flash(str(error), "warn")
            return
        dialog = ConfirmListener(seat, workspace.environment, workspace.account, operation, report)

        async def answered(agreed: bool | None) -> None:
            if agreed:
                self.shell.flash(f"{seat.service}: on its way …", "info")
                self.shell.background(
                    self._run(act(seat, dialog.note)), name="change a listener", group="listeners"
                )
            else:
                self.shell.flash("Nothing was sent.", "dim")

        await self.shell.push_screen(dialog, answered)

    async def _read(self) -> None:
        self._is_reading = True
        try:
            await self.board.read()
        except ReadFailed as error:
            self._trouble = str(error)
            self.shell.flash(f"Listeners: {error}", "bad")
            return
        finally:
            self._is_reading = False
        self._trouble = ""
        self.shell.flash("Listeners: read.", "good")

    async def _run(self, work: Awaitable[str]) -> None:
        try:
            self.shell.flash(await work, "good")
        except (ChangeFailed, ReadFailed, CredentialsError) as error:
            self.shell.flash(str(error), "bad")


def _where(row: Row) -> Run:
    """Return where messages go, or why that is not known."""
    return sanitize(row[1].url or row[1].why, 300), "text"


def _kept(seat: Seat) -> str:
    if seat.service not in LOCATION_SERVICES:
        return "Its address and password are kept here so that B can give it back."
    kept = "Its address is kept here so that B can give it back"
    login = seat.username or seat.has_password
    return f"{kept}, but its login cannot: it has to be set by others." if login else f"{kept}."


def _login(row: Row) -> Run:
    """Return what messages carry; that there is a password may be known, and no more of it."""
    password = "•••" if row[1].has_password else ""
    return f"{password} {sanitize(row[1].username, 40)}".strip(), "dim"


def _former(row: Row) -> Run:
    former = row[1].former
    return ("" if former is None else sanitize(former, 200) or "nobody", "dim")
