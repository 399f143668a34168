"""Sheets: values for each device from a table, compared with what the devices have.

Nothing is guessed: a row whose device is not clear, or that another row contradicts, is left out
and says so. What a device has already is not sent again.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from pydantic import ValidationError

from tsui.service.csv_table import GROUP, PLAN, CsvTable, TableInvalid, TableRow, parse
from tsui.service.former import CUSTOM_FIELDS, custom_values
from tsui.service.kinds import CHANGE_CUSTOM_FIELDS, CHANGE_PLAN, PUT_IN_GROUP, ChangeKind
from tsui.service.proposal import Wanted
from tsui.service.resolver import LookUp, Mention, Sort, resolve_candidates
from tsui.service.scan import Candidate, scan_cell
from tsui.store.devices import DeviceRow
from tsui.thingspace.wire import KeyValue

CLEAR = "<empty>"
"""A cell that clears a custom field; an empty one leaves it alone."""

Change = tuple[ChangeKind, tuple[tuple[str, str], ...]]


class RowSort(StrEnum):
    """What becomes of a row."""

    CHANGE = "change"
    """Its device gets what it says."""
    SAME = "already so"
    """Its device has all of it."""
    AGAIN = "again"
    """Another row says the same of the device."""
    CONFLICT = "conflict"
    """It contradicts another row, or itself."""
    STRANGER = "not here"
    """It names no device of the account."""
    AMBIGUOUS = "ambiguous"
    """What it names fits several devices."""
    INVALID = "not usable"
    """It has a value that cannot be sent, or names nothing."""
    COLUMN = "left out"
    """It is a column that nothing is known of."""


class SheetRow(NamedTuple):
    """A row, and what becomes of it."""

    line: int
    """Its line, from 1."""
    text: str
    """What names the device; hostile until sanitised."""
    sort: RowSort
    """What becomes of it."""
    device: int | None
    """The device, where it is one."""
    note: str = ""
    """What is done, or why not; hostile until sanitised."""
    doubtful: bool = False
    """Whether it is usable but unusual."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a table says."""

    rows: tuple[SheetRow, ...]
    """Every row in the order of the table; columns that were left out come first."""
    wanted: tuple[Wanted, ...]
    """What is to be done, the same for some devices each."""
    same: tuple[tuple[str, int], ...]
    """What some devices have already, and how many."""

    @property
    def counts(self) -> Mapping[RowSort, int]:
        """Count the rows by what becomes of them."""
        return Counter(each.sort for each in self.rows)

    @property
    def devices(self) -> tuple[int, ...]:
        """Return the devices that are changed, each once."""
        return tuple(dict.fromkeys(id for each in self.wanted for id in each.ids))


class Fleet(LookUp, Protocol):
    """Where devices are looked up."""

    async def rows(self, ids: Iterable[int]) -> list[DeviceRow]:
        """Return devices by id."""
        ...


async def read(fleet: Fleet, account: str, text: str) -> Sheet | None:
    """Read a table of values; None for text that is none; raises TableInvalid."""
    table = await asyncio.to_thread(parse, text)
    if table is None:
        return None
    cells = await asyncio.to_thread(_candidates, table)
    named = [candidate for candidates in cells for candidate in candidates if candidate]
    found = await resolve_candidates(fleet, account, named, len(table.rows))
    rows = await fleet.rows({each.device for each in found.mentions if each.device is not None})
    by_id = {row.id: row for row in rows}
    return await asyncio.to_thread(_sheet, table, cells, iter(found.mentions), by_id)


def _candidates(table: CsvTable) -> list[list[Candidate | None]]:
    return [
        [scan_cell(row.line, text, kind) for text, kind in row.identifiers] for row in table.rows
    ]


def _sheet(
    table: CsvTable,
    cells: Sequence[Sequence[Candidate | None]],
    mentions: "Iterable[Mention]",
    devices: Mapping[int, DeviceRow],
) -> Sheet:
    mentions = iter(mentions)
    judged: list[tuple[TableRow, SheetRow]] = []
    for row, candidates in zip(table.rows, cells, strict=True):
        mine = [next(mentions) for each in candidates if each]
        judged.append((row, _judge(row, mine, len(candidates))))
    judged = _without_contradictions(judged)
    wanted: dict[Change, list[int]] = {}
    same: Counter[str] = Counter()
    rows = [
        SheetRow(table.header_line, name, RowSort.COLUMN, None, "No such column is known.")
        for name in table.ignored
    ]
    for row, said in judged:
        device = devices.get(said.device) if said.device is not None else None
        if said.sort is RowSort.CHANGE and device is not None:
            said = _compare(row, said, device, wanted, same)
        rows.append(said)
    return Sheet(
        tuple(rows),
        tuple(Wanted(kind, dict(values), ids) for (kind, values), ids in wanted.items()),
        tuple((f"{what}: already so", count) for what, count in same.most_common()),
    )


def _judge(row: TableRow, mentions: Sequence[Mention], identifiers: int) -> SheetRow:
    text = " ".join(text for text, _ in row.identifiers)
    found = {each.device for each in mentions if each.device is not None}

    def said(sort: RowSort, note: str, *, doubtful: bool = False) -> SheetRow:
        device = next(iter(found)) if len(found) == 1 else None
        return SheetRow(row.line, text, sort, device, note, doubtful)

    if row.is_too_long:
        return said(RowSort.INVALID, "It has more cells than the header; quote what has commas.")
    if not mentions:
        return said(RowSort.INVALID, "Nothing in it names a device.")
    if len(found) > 1:
        return said(RowSort.CONFLICT, "Its identifiers are of different devices.")
    if not found:
        strange = mentions[0]
        is_several = any(each.sort is Sort.AMBIGUOUS for each in mentions)
        return said(RowSort.AMBIGUOUS if is_several else RowSort.STRANGER, strange.note)
    if problem := _problem(row.values):
        return said(RowSort.INVALID, problem)
    notes = [each.note for each in mentions if each.doubtful]
    if len([each for each in mentions if each.device is not None]) < identifiers:
        notes.append("Only some of its identifiers are known here.")
    return said(RowSort.CHANGE, " ".join(notes), doubtful=bool(notes))


def _problem(values: Mapping[str, str]) -> str:
    """Return why a value cannot be sent; empty when all can."""
    if not values:
        return "It gives no value."
    for name, value in values.items():
        if value == CLEAR and name in CUSTOM_FIELDS:
            continue
        if not value.isprintable():
            return f"{name} has characters that cannot be seen."
        try:
            KeyValue(key=name if name in CUSTOM_FIELDS else CUSTOM_FIELDS[0], value=value)
        except ValidationError as error:
            return f"{name}: {error.errors(include_url=False)[0]['msg']}."
    return ""


def _without_contradictions(
    judged: Sequence[tuple[TableRow, SheetRow]],
) -> list[tuple[TableRow, SheetRow]]:
    """Tell rows that repeat or contradict another one of the same device."""
    mine: dict[int, list[TableRow]] = {}
    for row, said in judged:
        if said.device is not None:
            mine.setdefault(said.device, []).append(row)
    seen: set[int] = set()
    told = []
    for row, said in judged:
        rows = mine.get(said.device, []) if said.device is not None else []
        if any(each.values != row.values for each in rows):
            lines = " and ".join(f"{each.line:,}" for each in rows[:3])
            note = f"Lines {lines} contradict each other; none is taken."
            said = said._replace(sort=RowSort.CONFLICT, note=note)
        elif said.device in seen and said.sort is RowSort.CHANGE:
            note = f"Line {rows[0].line:,} says the same."
            said = said._replace(sort=RowSort.AGAIN, note=note, doubtful=False)
        elif said.device is not None:
            seen.add(said.device)
        told.append((row, said))
    return told


def _compare(
    row: TableRow, said: SheetRow, device: DeviceRow,
    wanted: dict[Change, list[int]], same: Counter[str],
) -> SheetRow:  # fmt: skip
    """Take up what a device does not have yet."""
    now = {**custom_values(device), PLAN: device.plan, GROUP: device.groups}
    given = {name: "" if value == CLEAR else value for name, value in row.values.items()}
    new = {name: value for name, value in given.items() if now[name] != value}
    same.update(name for name in given if name not in new)
    custom = tuple((name, new[name]) for name in CUSTOM_FIELDS if name in new)
    changes: list[Change] = [(CHANGE_CUSTOM_FIELDS, custom)] if custom else []
    if PLAN in new:
        changes.append((CHANGE_PLAN, (("service_plan", new[PLAN]),)))
    if GROUP in new:
        changes.append((PUT_IN_GROUP, (("group", new[GROUP]),)))
    for change in changes:
        wanted.setdefault(change, []).append(device.id)
    if not new:
        return said._replace(sort=RowSort.SAME)
    told = ", ".join(
        f"{name} {value or '(empty)'} (was {now[name] or 'empty'})" for name, value in new.items()
    )
    return said._replace(note=f"{said.note} {told}".strip())


__all__ = ["Sheet", "SheetRow", "TableInvalid", "read"]
