"""The account: its sections, each a list with its own age and its own failure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from tsui.credentials import CredentialsError
from tsui.service.accounts.model import (
    ACCESS,
    BILLING,
    BY_NAME,
    GROUPS,
    LISTENERS,
    PLANS,
    REPORTS,
    SECTIONS,
    USAGE,
    Entry,
    Heading,
    Listing,
    Section,
)
from tsui.service.views import ChangeState, Topic
from tsui.text import sanitize
from tsui.ui.commands.account import commands_of
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Painted
from tsui.ui.resetting import show_password, waits_to_be_noted
from tsui.ui.screens import account_text
from tsui.ui.screens.entries import EntriesPlace
from tsui.ui.styles import style

if TYPE_CHECKING:
    from collections.abc import Sequence

BESIDE = 110
"""Columns from which the sections stand beside the list."""

WAITING = "New password"
"""What a password is called that waits to be noted."""

LAST = "account section"
"""Name under which the section is remembered."""


class AccountScreen(EntriesPlace):
    """Everything that belongs to the account as a whole."""

    AREA = "account"
    CSS_PATH = style("account")
    TOPICS = frozenset({Topic.CATALOGUE, Topic.DEVICES, Topic.REQUESTS, Topic.INBOX})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export,
    )  # fmt: skip

    def __init__(self) -> None:
        self.section: Section = SECTIONS[0]
        """The section in view."""
        self._listings: dict[str, Listing] = {}
        self._reading: set[str] = set()
        self._asked: set[str] = set()
        self._group_change: tuple[int, str] | None = None
        self._sections = Painted(id="sections")
        super().__init__()

    @property
    def commands_here(self) -> tuple[type[Command], ...]:
        """What one can do in every list, and in the section."""
        return (*self.COMMANDS_HERE, *commands_of(self.section.name))

    def compose_body(self) -> ComposeResult:
        """Lay out the sections and the list."""
        with Container(id="account"):
            yield self._sections
            yield self.table

    def on_resize(self) -> None:
        """Put the sections where there is room for them."""
        super().on_resize()
        self.query_one("#account").set_class(self._is_beside, "beside")
        self.call_after_refresh(self._show_sections)

    @property
    def _is_beside(self) -> bool:
        return self.app.size.width >= BESIDE

    # -- the list -----------------------------------------------------------------------------

    @property
    def listing(self) -> Listing:
        """What is known of the section in view."""
        return self._listings.get(self.section.name, Listing())

    @property
    def entries(self) -> Sequence[Entry]:
        """The records of the section."""
        return self.listing.entries

    @property
    def headings(self) -> Sequence[Heading]:
        """The columns of the section."""
        return self.section.headings

    @property
    def when(self) -> str:
        """The section's column with times."""
        return self.section.when

    @property
    def record(self) -> tuple[str, str]:
        """The section, and what one of its records is."""
        return self.section.name, self.section.record

    @property
    def columns_name(self) -> str:
        """Each section has columns of its own."""
        return f"columns account {self.section.name}"

    def title_text(self) -> Line:
        """Name the section, and say how much is in it and how old that is."""
        now = self.shell.workspace.clock.now().timestamp()
        return [
            (" Account ", "title"),
            (f" {self.section.title} ", "strong"),
            (f" {self.table.total:,} of {len(self.entries):,}", "dim"),
            self.filter_run(),
            *account_text.age(self.listing, now, is_reading=self.section.name in self._reading),
        ]

    def nothing(self) -> Nothing:
        """Say why the section has no records."""
        listing = self.listing
        was_read = listing.read_at is not None or listing.is_ours
        return Nothing(
            self.section.empty if was_read else self.section.unread,
            ("", "") if listing.is_ours else ("r", f"reads it{' again' if was_read else ''}"),
            filter=self.filter if self.entries else "",
            reading=self.section.title.lower() if self.section.name in self._reading else "",
            trouble=listing.trouble,
            offline="" if was_read else self.shell.connection.offline_reason,
        )

    async def workspace_changed(self) -> None:
        """Show what is remembered of the account that is shown now."""
        desk = self.shell.workspace.desks.account
        self._listings = {each.name: await desk.listing(each.name) for each in SECTIONS}
        self._listings[ACCESS.name] = await self._with_waiting(self._listings[ACCESS.name])
        await self.show_filtered()
        self._show_sections()
        self._read_unread()

    async def _with_waiting(self, access: Listing) -> Listing:
        """Put a new password first that nobody has noted yet."""
        try:
            waits = await waits_to_be_noted(self.shell)
        except CredentialsError as error:
            said = str(error)
        else:
            if waits is None:
                return access
            said = "waits to be noted: enter shows it"
        entry = Entry(WAITING, (WAITING, said), None, "bad")
        return replace(access, entries=[entry, *access.entries])

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the records again, and the groups themselves after a change of them."""
        if topics == {Topic.DEVICES}:
            desk = self.shell.workspace.desks.account
            name = self.section.name
            if name in (PLANS.name, GROUPS.name):  # others count no devices
                self._listings[name] = await desk.listing(name)
                await self.show_filtered()
            return
        await self.workspace_changed()
        if Topic.REQUESTS in topics:
            await self._follow_groups()

    async def _follow_groups(self) -> None:
        last = await self.shell.workspace.desks.account.group_change()
        if last != self._group_change and last is not None and last[1] == ChangeState.SUCCEEDED:
            self._read(GROUPS)
        self._group_change = last

    async def _begin(self) -> None:
        last = await self.shell.workspace.recall(LAST, "")
        self.section = BY_NAME.get(last, self.section)
        self.table.show_columns(self.columns())
        self._bind_keys()
        await super()._begin()

    # -- sections -----------------------------------------------------------------------------

    async def show_section(self, name: str) -> None:
        """Show a section from its beginning."""
        from tsui.ui.layout import remembered

        self.section, self.filter = BY_NAME[name], ""
        self.table.chosen = remembered(await self.shell.workspace.recall(self.columns_name, []))
        self.table.show_columns(self.columns())
        await self.show_filtered()
        await self.table.move_to(0)
        self._show_sections()
        self._bind_keys()
        self.refresh_bindings()
        self._read_unread()
        await self.shell.workspace.remember(LAST, name)

    async def step_tab(self, step: int) -> None:
        """Show the next section, or the one before."""
        place = (SECTIONS.index(self.section) + step) % len(SECTIONS)
        await self.show_section(SECTIONS[place].name)

    def _show_sections(self) -> None:
        chosen = SECTIONS.index(self.section)
        if self._is_beside:
            lines = account_text.beside(SECTIONS, chosen, self._listings)
        else:
            lines = account_text.tabs(SECTIONS, chosen, self._sections.size.width)
        self._sections.paint(lines)

    # -- what one can do ----------------------------------------------------------------------

    def refresh_now(self) -> None:
        """Read the section again."""
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
        else:
            self._read(self.section, is_asked_for=True)

    def _read_unread(self) -> None:
        """Read the section in view once, if nobody ever did."""
        name = self.section.name
        is_new = self.listing.tried_at is None and not self.listing.is_ours
        if is_new and name not in self._asked and not self.shell.connection.offline_reason:
            self._asked.add(name)
            self._read(self.section)

    def _read(self, section: Section, *, is_asked_for: bool = False) -> None:
        if section.name not in self._reading:
            self._reading.add(section.name)
            self.show_lines()
            work = self._read_section(section, is_asked_for=is_asked_for)
            self.shell.background(work, name=f"read {section.title}")

    async def _read_section(self, section: Section, *, is_asked_for: bool) -> None:
        try:
            trouble = await self.shell.workspace.desks.account.read(section.name)
        finally:
            self._reading.discard(section.name)
        if trouble:
            self.shell.flash(f"{section.title}: {trouble}", "bad")
        elif is_asked_for:
            self.shell.flash(f"{section.title}: read.", "good")
        await self.told(self.workspace_changed())

    async def open_current(self) -> None:
        """Open the record: its devices, its board, its members, or all that is known of it."""
        if self.section is LISTENERS:
            from tsui.ui.screens.listeners import ListenersScreen

            await self.shell.push_screen(ListenersScreen())
            return
        entry = self.current
        if entry is None:
            return
        if self.section is ACCESS:
            await self._open_access(entry)
        elif self.section is REPORTS:
            await self._open_report(entry)
        elif self.section in (USAGE, BILLING) and entry.body and "asked" in entry.body:
            await self._open_answers(entry)
        elif self.section is PLANS:
            await self._open_devices(f'plan:"{entry.name}"')
        elif self.section is GROUPS:
            await self._open_devices(f'group:"{entry.name}"')
        else:
            await self._open_body(entry)

    async def _open_access(self, entry: Entry) -> None:
        if entry.name == WAITING and (waits := await waits_to_be_noted(self.shell)):
            await show_password(self.shell, waits)
        else:
            self.shell.flash("There is no more to it.", "info")

    async def _open_report(self, entry: Entry) -> None:
        if "complete" not in entry.cells[2]:
            await self._open_body(entry)
            return
        from tsui.ui.screens.paged import PagedScreen

        report = self.shell.workspace.desks.account.report(entry.name)
        await self.shell.push_screen(PagedScreen(report))

    async def _open_answers(self, entry: Entry) -> None:
        """Show what came by callback for a question; until then what was asked."""
        answers = await self.shell.workspace.desks.account.answers(entry.name)
        if not answers:
            self.shell.flash("Nothing came by callback yet; this is what was asked.", "info")
        from tsui.ui.screens.answer import AnswerScreen

        title = f"{self.section.title}: {sanitize(' '.join(entry.cells[:2]), 60)}"
        await self.shell.push_screen(AnswerScreen(title, answers or entry.body))

    async def _open_body(self, entry: Entry) -> None:
        from tsui.ui.screens.answer import AnswerScreen

        title = f"{self.section.title}: {sanitize(entry.name, 60)}"
        await self.shell.push_screen(AnswerScreen(title, entry.body))

    async def _open_devices(self, query: str) -> None:
        await self.shell.go("devices")
        await self.shell.place.set_filter(query)

    async def offer_operations(self) -> None:
        """Let choose an operation that belongs to the section."""
        from tsui.service.operations import info_of
        from tsui.ui.screens.choose import Choice, Choose

        async def chosen(name: str | None) -> None:
            if name is not None:
                await self.shell.operations.open_form(name)

        names = self.section.operations
        choices = [Choice(name, f"{name:<26} {info_of(name).help}") for name in names]
        await self.shell.push_screen(Choose(self.section.title, choices), chosen)
