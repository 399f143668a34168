"""Devices: the fleet as a list."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Horizontal

from tsui.idset import IdSet
from tsui.service.views import (
    DeviceQuery,
    DeviceRow,
    FilterError,
    News,
    Now,
    Order,
    Topic,
    UnderWay,
    parse,
)
from tsui.settings import View, understood
from tsui.text import sanitize
from tsui.ui.commands.base import Command
from tsui.ui.commands.batches import PasteDevices
from tsui.ui.commands.lists import MARKS, TABLE
from tsui.ui.commands.on_devices import ON_DEVICES
from tsui.ui.commands.views import VIEWS, SwitchPreview
from tsui.ui.device_columns import SORTS, device_columns
from tsui.ui.device_source import MANY, DeviceSource
from tsui.ui.filtering import FilterTyping, help_lines, last_filter
from tsui.ui.fleet_lines import freshness
from tsui.ui.fleet_views import FleetViews
from tsui.ui.layout import Layout, remembered
from tsui.ui.list_state import Nothing
from tsui.ui.marking import Marking
from tsui.ui.painted import Line, Run
from tsui.ui.preview import Preview
from tsui.ui.screens.list_place import ListPlace
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.settings import SortName

NO_DEVICE = "There is no device under the cursor."

PLACE = "devices"
"""Name under which the last filter, order and device are remembered."""


class DevicesScreen(ListPlace):
    """The fleet as a list: filter, sort, mark, open, change."""

    AREA = "devices"
    TOPICS = frozenset({Topic.DEVICES, Topic.REQUESTS, Topic.SYNC, Topic.READINGS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *TABLE, *MARKS, *VIEWS, SwitchPreview, PasteDevices, *ON_DEVICES,
    )  # fmt: skip

    def __init__(self) -> None:
        self._query = DeviceQuery("")
        self._filter = ""
        self._known = 0
        self._under_way: dict[str, UnderWay] = {}
        self._showing = asyncio.Lock()
        self._here = ("", "")
        super().__init__()
        self._marking = Marking(self.shell, self.table)
        self._typing = FilterTyping(self)
        self.views = FleetViews(self)
        """The saved views."""
        self.preview = Preview(self.shell)
        """The device under the cursor, beside the list."""

    def compose_body(self) -> ComposeResult:
        """Lay out the saved views, the list and the preview."""
        yield self.views.tabs
        with Horizontal(id="panes"):
            yield from super().compose_body()
            yield self.preview

    def on_resize(self) -> None:
        """Show the preview where there is room."""
        self.preview.fit()

    def forget_ages(self) -> None:
        """Leave the preview empty: it tells how old each of its values is."""
        self.preview.show_nothing()

    def on_table_moved(self) -> None:
        """Let the preview follow the cursor."""
        self.preview.follow(self.table.current)

    def make_table(self) -> Table[DeviceRow]:
        """Make the list of devices."""
        self._source = DeviceSource(self.shell.workspace, self._query, self._under_way)
        return Table(self._source, self.columns(), key=lambda row: row.id, id="devices")

    async def workspace_changed(self) -> None:
        """Show an account's devices as they were last looked at.

        Signing in where one is already leaves filter, order, cursor and marks as they are.
        """
        workspace = self.shell.workspace
        here = workspace.environment.folder_name, workspace.account
        if here == self._here:
            await self._show_all()
            return
        self._here = here
        place = await workspace.recall(f"{PLACE} {workspace.account}", {})
        self.views.resume(str(place.get("view", "")))
        if self.views.current:
            self.table.chosen = remembered(place.get("columns"))
        self._filter, wanted = last_filter(place.get("filter"))
        order = place.get("order")
        self._query = DeviceQuery(
            workspace.account,
            wanted,
            Order(order) if order in SORTS else Order.ICCID,
            bool(place.get("descending", False)),
        )
        self.table.marks = IdSet()
        self.table.cursor_key = place.get("device")
        await self._show_all()
        if view := self.shell.beginning.take_view():
            await self.views.use(view)

    async def save_place(self) -> None:
        """Remember view, filter, order, columns and device for the next time."""
        workspace = self.shell.workspace
        if workspace.account:
            await workspace.remember(
                f"{PLACE} {workspace.account}",
                {
                    "view": self.views.current,
                    "columns": self.look.columns,
                    "filter": self._filter,
                    "order": self._query.order,
                    "descending": self._query.descending,
                    "device": self.table.cursor_key,
                },
            )

    # -- saved views ---------------------------------------------------------------------------

    @property
    def look(self) -> View:
        """What is shown, as a view tells it."""
        columns = tuple(str(each) for each in self.table.chosen)
        sort = next(each.name for each in self.columns() if each.order == self._query.order)
        return View(self._filter, columns, cast("SortName", sort), self._query.descending)

    async def show_look(self, view: View) -> str:
        """Show what a view says, or return why that is not possible."""
        try:
            wanted = parse(view.filter)
        except FilterError as error:
            return error.sentence
        order = Order(next(each.order for each in self.columns() if each.name == view.sort))
        layout = tuple(understood(text) for text in view.columns)
        if not layout:
            layout = remembered(await self.shell.workspace.recall(self.columns_name, []))
        self.show_layout(layout)
        await self._show(view.filter, filter=wanted, order=order, descending=view.descending)
        return ""

    async def keep_layout(self, layout: Layout) -> None:
        """Remember the columns of the list; those of a view are its own."""
        if not self.views.current:
            await super().keep_layout(layout)

    async def settings_changed(self) -> None:
        """Show the views as the settings have them now."""
        await super().settings_changed()
        await self.views.follow_settings()

    def show_lines(self) -> None:
        """Show the views, too."""
        super().show_lines()
        if self.is_mounted and self.is_current:
            self.views.show()

    # -- what is shown ------------------------------------------------------------------------

    def columns(self) -> list[Column[DeviceRow]]:
        """Return the columns; the most telling ones stay longest on a narrow screen."""
        return device_columns(self.shell, self._under_way, self._query.order)

    def title_text(self) -> Line:
        """Say how many of how many are shown, by which filter, how many are marked, how fresh."""
        shown, known = self.table.total, self._known
        runs: list[Run] = [(" Devices ", "title")]
        if self._source.is_exact or self._source.counted:
            runs.append((f" {shown:,}", "strong"))
        else:
            runs.append((f" more than {MANY:,}", "strong"))
        runs.append((f" of {known:,} " if shown != known else " ", "text"))
        if self._filter:
            runs += [(" /", "key"), (f"{sanitize(self._filter, 40)} ", "strong")]
        if marked := len(self.table.marks):
            runs.append((f" {marked:,} marked ", "mark"))
        return [*runs, (" ", "text"), *freshness(self.shell)]

    def note(self, news: News) -> None:
        """Hear of a change; marked devices it is about may be gone."""
        super().note(news)
        self._marking.note(news)

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again; the cursor and the marks stay with their records."""
        if Topic.READINGS in topics:
            self.preview.follow(self.table.current)
        if Topic.DEVICES in topics:
            await self._count_known()
            await self._marking.drop_gone()
        if topics & {Topic.DEVICES, Topic.REQUESTS, Topic.READINGS}:
            await self._show()

    async def _show_all(self) -> None:
        await self._count_known()
        await self._show()

    async def _show(self, filter_text: str | None = None, **changes: Any) -> None:
        """Show what the query finds as of now, with these changes, which happen then or not at all.

        News and a filter that is typed at the same time wait for each other, so that the rows are
        always those of the query.
        """
        async with self._showing:
            text = self._filter if filter_text is None else filter_text
            now = Now(self.shell.workspace.clock.now().timestamp(), utc=self.shell.use_utc)
            query = replace(self._query, now=now, **changes)
            counted = self._source.counted if query.filter == self._query.filter else 0
            source = DeviceSource(self.shell.workspace, query, self._under_way, counted)
            self.table.sorted_by = (query.order, query.descending)
            # A new filter begins at its first device; without one the cursor stays on its device,
            # which the filter may have served to find.
            await self.table.use(source, keep=filter_text is None or not text)
            before, self._query, self._source, self._filter = self._query, query, source, text
        if query.order != before.order:
            self.table.show_columns(self.columns())
        if not source.is_exact:
            self.run_worker(self.told(self._count_all(source)), group="count", exclusive=True)
        self.show_lines()

    async def _count_all(self, source: DeviceSource) -> None:
        number = await source.count_all()
        if source is self._source:
            self.table.total = number
            self.show_lines()

    async def _count_known(self) -> None:
        workspace = self.shell.workspace
        self._known = await workspace.count_devices(DeviceQuery(workspace.account))

    def nothing(self) -> Nothing:
        """Say how the fleet is read."""
        progress = self.shell.workspace.progress
        return Nothing(
            "This account has no devices.",
            filter=self._filter if self._known else "",
            reading="the fleet" if progress and progress.running else "",
            trouble=progress.trouble if progress else "",
            offline=self.shell.connection.offline_reason,
        )

    # -- filter and order -----------------------------------------------------------------------

    async def ask_filter(self) -> None:
        """Let type a filter; the list follows while one types."""
        await self._typing.begin(self._filter)

    async def set_filter(self, text: str) -> None:
        """Show only devices of this filter; a bad one says what is wrong and changes nothing."""
        try:
            wanted = parse(text)
        except FilterError as error:
            self.shell.flash(error.sentence, "warn")
            return
        await self._show(text.strip(), filter=wanted)

    def hint_text(self, width: int) -> Line:
        """Say what is wrong with a filter while it is typed."""
        return self._typing.said(width) or super().hint_text(width)

    def more_help(self) -> Sequence[Line]:
        """Say what may be asked for in a filter."""
        return help_lines()

    async def accept_prompt(self) -> None:
        """Take what was typed; a bad filter stays open, so that it can be corrected."""
        if not self._typing.refuses():
            await super().accept_prompt()

    async def prompt_accepted(self, sign: str, text: str) -> None:
        """Keep the filter."""
        if sign == "/":
            self.workers.cancel_group(self, "filter")
            await self.set_filter(text)

    async def prompt_left(self, sign: str) -> None:
        """Clear the filter."""
        if sign == "/":
            self.workers.cancel_group(self, "filter")
            await self.set_filter("")

    async def go_back(self) -> None:
        """Clear the filter first; the cursor stays on its device."""
        if self._filter:
            await self.set_filter("")
        else:
            await super().go_back()

    async def ask_sort(self) -> None:
        """Let choose the order."""
        from tsui.ui.screens.choose import Choice, Choose

        choices = [Choice(order, name) for order, name in SORTS.items()]
        await self.app.push_screen(
            Choose("Sort by", choices, current=self._query.order), self._sort_chosen
        )

    async def _sort_chosen(self, order: str | None) -> None:
        if order is not None:
            descending = order == self._query.order and not self._query.descending
            await self._show(order=Order(order), descending=descending)

    # -- what commands ask ----------------------------------------------------------------------

    @property
    def no_device_reason(self) -> str:
        """Need a device under the cursor, or marks."""
        if self.table.marks or self.table.cursor_key is not None:
            return ""
        return NO_DEVICE

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device under the cursor."""
        return self.table.current

    def keys_in_view(self) -> Iterable[str]:
        """Return the keys of the devices on the screen."""
        return [row.key for row in self.table.shown]

    def selected_ids(self) -> Collection[int]:
        """Return the marked devices, or the one under the cursor."""
        if self.table.marks:
            return IdSet(self.table.marks)
        return () if self.table.cursor_key is None else (self.table.cursor_key,)

    async def hidden_marks(self) -> int:
        """Count marked devices that the filter hides."""
        if not self.table.marks or not self._filter:
            return 0
        return await self._marking.hidden(self._query)

    async def mark_all(self) -> None:
        """Mark every device that the filter shows now; none that comes later."""
        await self._marking.mark_all(self._query)
        self.marks_changed()

    async def mark_rows(self, first: int, count: int) -> None:
        """Mark so many devices from a place on."""
        await self._marking.mark_rows(self._query, first, count)
        self.marks_changed()

    async def open_current(self) -> None:
        """Open the device under the cursor."""
        await self.show_tab("summary")

    def copy_identifier(self) -> None:
        """Copy the ICCID, or whatever names the device."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row.key.partition(":")[2]))

    def copy_row(self) -> None:
        """Copy what the list knows of the device."""
        if (row := self.table.current) is not None:
            known = [row.iccid, row.imei, row.mdn, row.eid, row.state, row.plan, row.groups, row.ip]
            self.shell.copy("\t".join(sanitize(value) for value in known))

    def exports(self) -> Exports:
        """Return what the devices that the filter shows can be exported as."""
        from tsui.service.export_formats import exports_of_devices

        pages = partial(self.shell.workspace.stream_devices, self._query)
        return exports_of_devices(pages, self.table.total, self._query.moment)
