"""The form of an operation: one line for each field, an exact preview, and nothing sent unasked."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from tsui.service.parts import Part
from tsui.service.workspace import ACCOUNT
from tsui.text import sanitize
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import MOVES, Open
from tsui.ui.commands.operations import FORM
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.list_place import ListPlace
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.forms import FormField
    from tsui.service.operations import OperationInfo

Row = tuple[int, "FormField | None"]
"""A field, or the line that runs the operation."""

OTHER = "\0other"
"""Stands for a value that is not among those that are offered."""

SENDS = "enter asks, then sends"
"""What the last line of a form says that changes something."""

NOT_KEPT = ("SECRET", "DEVICE", "DEVICES")
"""Shapes of fields that are not remembered from the last time."""

_STATES = ("active", "suspend", "deactive", "pre-active")


class FormScreen(ListPlace):
    """The fields of one operation."""

    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (*MOVES, Open, *FORM)

    def __init__(
        self, info: OperationInfo, fields: tuple[FormField, ...], values: Mapping[str, str],
        devices: Collection[int],
    ) -> None:  # fmt: skip
        self.info = info
        """The operation."""
        self.fields = fields
        """Its fields."""
        self._devices = devices
        self.values: dict[str, str] = dict(values)
        """What was written into each field, by its path."""
        self._problems: dict[str, str] = {}
        self._editing: FormField | None = None
        self._about = Pane(id="about")
        super().__init__()

    def make_table(self) -> Table[Row]:
        """Make the list of fields."""
        rows: list[FormField | None] = [*self.fields, None]
        return Table(Rows(rows), self.columns(), key=place_of, id="form")

    def compose_body(self) -> ComposeResult:
        """Lay out the fields and what is to be known of the one under the cursor."""
        yield self.table
        yield self._about

    def columns(self) -> list[Column[Row]]:
        """Return the columns."""
        longest = max([len(each.path) for each in self.fields], default=10)
        return [
            Column("FIELD", min(max(longest, len(SENDS)) + 2, 42), self._path_of, 0),
            Column("VALUE", 20, self._value, 1, grows=True),
        ]

    async def workspace_changed(self) -> None:
        """Show the fields; begin with what is still missing, or where enter runs it."""
        await self.table.reload()
        places = enumerate(self.fields)
        missing = (place for place, each in places if each.required and not self._has(each))
        await self.table.move_to(next(missing, len(self.fields)))
        self._tell()

    def title_text(self) -> Line:
        """Name the operation and what it does."""
        effect: Run = (" reads", "good") if self.info.reads else (" changes", "warn")
        return [
            (f" {self.info.name} ", "title"),
            effect,
            (f"  {self.info.help}", "dim"),
        ]

    def on_table_moved(self) -> None:
        """Tell of the field under the cursor."""
        self._tell()
        self.show_lines()

    def on_resize(self) -> None:
        """Fit what is told to the width."""
        self.call_after_refresh(self._tell)

    async def open_current(self) -> None:
        """Write into the field, or run the operation."""
        row = self.table.current
        if row is None:
            return
        field = row[1]
        if field is None:
            await self.run_operation()
            return
        self._editing = field
        if choices := await self._choices(field):
            await self._choose(field, choices)
        else:
            await self._type(field)

    async def prompt_accepted(self, sign: str, text: str) -> None:
        """Take what was written and go to the next field."""
        if self._editing is not None:
            self._set(self._editing, text)
            self._editing = None
            await self.table.move_by(1)

    async def run_operation(self) -> None:
        """Read, or ask before anything is sent; say what is missing instead."""
        operation = await self.built()
        if operation is not None:
            await self.shell.operations.run(self.info, operation)

    async def built(self) -> Any:
        """Return the request, or None after saying what is wrong with it."""
        from tsui.service import forms

        try:
            now = self.shell.workspace.clock.now()
            operation = forms.build(self.info.name, self.values, now=now)
        except forms.FormInvalid as error:
            self._problems = {each.path: each.text for each in error.problems}
            first = error.problems[0]
            self.shell.flash(f"{first.path or 'The request'}: {first.text}", "warn")
            await self._go_to(first.path)
            return None
        self._problems = {}
        self._tell()
        return operation

    def selected_ids(self) -> Collection[int]:
        """Return the devices that were chosen when this was opened."""
        return self._devices

    def lasting_values(self) -> dict[str, str]:
        """Return what is remembered for the next time: no secrets, no devices."""
        lasting = {each.path for each in self.fields if each.shape.name not in NOT_KEPT}
        return {path: text for path, text in self.values.items() if path in lasting}

    def clear_field(self) -> None:
        """Empty the field under the cursor."""
        row = self.table.current
        if row is not None and row[1] is not None:
            self._set(row[1], "")

    async def preview(self) -> None:
        """Show the request exactly as it would be sent."""
        if (operation := await self.built()) is not None:
            from tsui.ui.screens.answer import AnswerScreen

            body = operation.body()
            await self.app.push_screen(
                AnswerScreen(f"Preview of {self.info.name}: {self.info.request}", body)
            )

    async def copy_curl(self) -> None:
        """Copy the request as a curl command."""
        if (operation := await self.built()) is not None:
            from tsui.service.curl import as_curl

            self.shell.copy(as_curl(operation, self.shell.workspace.environment.base_url))

    def copy_identifier(self) -> None:
        """Copy the request's body."""
        self.run_worker(self._copy_body(), group="copy")

    async def _copy_body(self) -> None:
        if (operation := await self.built()) is not None:
            self.shell.copy(json.dumps(operation.body() or {}, ensure_ascii=False))

    async def _choices(self, field: FormField) -> list[tuple[str, str]]:
        """Return what can be chosen for a field: its own list, or what the account has."""
        if field.choices:
            return [(each, each) for each in field.choices]
        if field.shape.name == "YES_NO":
            return [("yes", "yes"), ("no", "no")]
        offered: list[tuple[str, str]] = []
        if field.offers == "states":
            offered = [(each, each) for each in _STATES]
        elif field.offers in ("plans", "groups"):
            part = Part.PLANS if field.offers == "plans" else Part.GROUPS
            reading = await self.shell.workspace.reading(ACCOUNT, part)
            name = "code" if part is Part.PLANS else "name"
            known = reading.body if reading and reading.body else []
            offered = [(str(each[name]), str(each[name])) for each in known]
        return [*offered, (OTHER, "another one …")] if offered else []

    async def _choose(self, field: FormField, choices: list[tuple[str, str]]) -> None:
        from tsui.ui.screens.choose import Choice, Choose

        async def chosen(value: str | None) -> None:
            if value == OTHER:
                await self._type(field)
            elif value is not None:
                self._set(field, value)
                await self.table.move_by(1)

        if not field.required:
            choices = [("", "nothing"), *choices]
        await self.shell.push_screen(
            Choose(
                field.path,
                [Choice(*each) for each in choices],
                current=self.values.get(field.path, ""),
            ),
            chosen,
        )

    async def _type(self, field: FormField) -> None:
        self._editing = field
        await self.open_prompt("=", self.values.get(field.path, ""))

    def _set(self, field: FormField, text: str) -> None:
        if text:
            self.values[field.path] = text
        else:
            self.values.pop(field.path, None)
        self._problems.pop(field.path, None)
        self.table.show_columns(self.columns())
        self._tell()

    def _has(self, field: FormField) -> bool:
        return bool(self.values.get(field.path))

    async def _go_to(self, path: str) -> None:
        for place, field in enumerate(self.fields):
            if path == field.path or path.startswith(f"{field.path}."):
                await self.table.move_to(place)
        self.table.show_columns(self.columns())
        self._tell()

    # -- what is shown ------------------------------------------------------------------------

    def _path_of(self, row: Row) -> Run:
        field = row[1]
        if field is None:
            return ("enter reads" if self.info.reads else SENDS), "key"
        if field.path in self._problems:
            return f"! {field.path}", "bad"
        missing = field.required and not self._has(field)
        return f"{'*' if field.required else ' '} {field.path}", "warn" if missing else "text"

    def _value(self, row: Row) -> Run:
        field = row[1]
        if field is None:
            return self.info.request, "dim"
        text = self.values.get(field.path, "")
        if text and field.shape.name == "SECRET":
            text = "•" * 8
        if not text:
            return ("required" if field.required else "", "quiet")
        return sanitize(text, 200), "strong"

    def _tell(self) -> None:
        """Tell what is to be known of the field under the cursor."""
        width = max(20, self._about.size.width)
        lines = [part for line in self._about_lines() for part in wrap(line, width, 1)]
        self._about.show(lines)

    def _about_lines(self) -> list[Line]:
        from tsui.service.forms import warnings

        row = self.table.current
        field = row[1] if row is not None else None
        if field is None:
            return [
                [(f" {self.info.title}", "strong")],
                [(f" Answered by {self.info.answers}.", "dim")],
            ]
        allowed = ", ".join(filter(None, (field.shape.value, field.limits)))
        if field.shape.name == "TEXT":
            allowed = field.limits or "text"
        lines: list[Line] = [
            [(f" {sanitize(field.help or 'Nothing more is documented.', 300)}", "text")],
            [(f" {allowed}", "dim")],
        ]
        if problem := self._problems.get(field.path):
            lines.append([(f" ! {sanitize(problem, 300)}", "bad")])
        for doubt in warnings(field, self.values.get(field.path, ""))[:2]:
            lines.append([(f" ? {sanitize(doubt, 200)}", "warn")])
        return lines
