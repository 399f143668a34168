"""Tables with a header, as spreadsheets and people write them: which columns mean what.

Nothing is looked up here. A column is known by its name; which one names the devices may also be
told by what stands in it.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from tsui.ident import Kind
from tsui.service.former import CUSTOM_FIELDS
from tsui.service.scan import scan_cell
from tsui.text import csv_unguard

T = TypeVar("T")

PLAN, GROUP = "plan", "group"
"""Columns beside the custom fields that give a value."""

MOST_ROWS = 100_000
"""Devices of a table; more values than that take days to send."""

LOOKED_AT = 50
"""Rows that tell which column names the devices, where no name does."""

_SEPARATORS = ",;\t|"

_DIRECTIVE = re.compile(r"sep=(.)", re.IGNORECASE)
"""Excel's own first line, which tells what stands between the cells."""

_IDENTIFIERS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "sim": Kind.ICCID,
    "simnumber": Kind.ICCID,
    "phone": Kind.MDN,
    "phonenumber": Kind.MDN,
}
"""Names of columns that name devices."""

_VALUES: Mapping[str, str] = {
    **{
        f"{begin}{number}": name
        for number, name in enumerate(CUSTOM_FIELDS, 1)
        for begin in ("customfield", "custom", "cf")
    },
    **dict.fromkeys(("plan", "serviceplan", "plancode", "rateplan"), PLAN),
    **dict.fromkeys(("group", "groups", "groupname", "devicegroup"), GROUP),
}
"""Names of columns that give a value, and what they give."""


class TableInvalid(Exception):
    """A table that cannot be used; the text says why and may hold words from outside."""


class TableRow(NamedTuple):
    """A row with something in it."""

    line: int
    """Its line, from 1."""
    identifiers: Sequence[tuple[str, Kind | None]]
    """What names the device, empty cells left out."""
    values: Mapping[str, str]
    """What is given, empty cells left out."""
    is_too_long: bool
    """Whether it has more cells than the header."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table of values for each device."""

    identifiers: Mapping[int, Kind | None]
    """Columns that name the device."""
    values: Mapping[int, str]
    """Columns that give a value, and what they give."""
    ignored: Sequence[str]
    """Names of all other columns."""
    header_line: int
    """The line of the header, from 1."""
    rows: Sequence[TableRow]
    """All rows."""


class _Header(NamedTuple):
    line: int
    cells: Sequence[str]
    separator: str


def parse(text: str) -> CsvTable | None:
    """Read a table; None for text without a header that names values.

    Raises TableInvalid for a table that is damaged, or too large, or says things twice.
    """
    text = text.removeprefix("\ufeff")
    header = _header(text)
    if header is None:
        return None
    values = _known(header.cells, _VALUES)
    if twice := sorted(name for name in set(values.values()) if _times(values, name) > 1):
        raise TableInvalid(f"Several columns mean {twice[0]}; leave all but one of them out.")
    rows = list(_rows(text, header))
    identifiers: Mapping[int, Kind | None] = {
        **(_known(header.cells, _IDENTIFIERS) or _by_content(rows, values))
    }
    if not identifiers:
        raise TableInvalid("No column names the devices, e.g. by ICCID, IMEI, MDN or EID.")
    return CsvTable(
        identifiers,
        values,
        [
            name
            for place, name in enumerate(header.cells)
            if name and place not in values and place not in identifiers
        ],
        header.line,
        [_row(line, cells, identifiers, values, len(header.cells)) for line, cells in rows],
    )


def _header(text: str) -> _Header | None:
    """Find the header: the first line with text, if it has a column that gives a value."""
    told = _SEPARATORS
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if not line.strip():
            continue
        if directive := _DIRECTIVE.fullmatch(line.strip()):
            told = directive[1]
            continue
        split = [(_cells(line, separator), separator) for separator in told]
        cells, separator = max(split, key=lambda each: len(_known(each[0], _VALUES)))
        return _Header(number, cells, separator) if _known(cells, _VALUES) else None
    return None


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [each.strip() for each in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


def _known(cells: Sequence[str], names: Mapping[str, T]) -> dict[int, T]:
    plain = [re.sub(r"[^a-z0-9]", "", each.lower()) for each in cells]
    return {place: names[name] for place, name in enumerate(plain) if name in names}


def _times(values: Mapping[int, str], name: str) -> int:
    return sum(each == name for each in values.values())


def _rows(text: str, header: _Header) -> Iterator[tuple[int, list[str]]]:
    lines = io.StringIO(text, newline="")
    for _ in range(header.line):
        lines.readline()
    reader = csv.reader(lines, delimiter=header.separator, strict=True)
    before = count = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = header.line + before + 1
            raise TableInvalid(
                f"Line {line:,}: {error}. Is a quotation mark not closed? Nothing was taken."
            ) from None
        line, before = header.line + before + 1, reader.line_num
        if not any(each.strip() for each in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TableInvalid(f"A table may have {MOST_ROWS:,} devices; this one has more.")
        yield line, [_bare(each) for each in cells]


def _bare(cell: str) -> str:
    """Return a cell without what keeps spreadsheets from making a number or a formula of it."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].strip()
    return csv_unguard(cell)


def _by_content(
    rows: Sequence[tuple[int, Sequence[str]]], values: Mapping[int, str]
) -> dict[int, Kind | None]:
    counts: dict[int, int] = {}
    for line, cells in rows[:LOOKED_AT]:
        for place, cell in enumerate(cells):
            if place not in values and scan_cell(line, cell):
                counts[place] = counts.get(place, 0) + 1
    return {max(counts, key=lambda place: counts[place]): None} if counts else {}


def _row(
    line: int,
    cells: Sequence[str],
    identifiers: Mapping[int, Kind | None],
    values: Mapping[int, str],
    width: int,
) -> TableRow:
    def cell(place: int) -> str:
        return cells[place] if place < len(cells) else ""

    return TableRow(
        line,
        [(cell(place), kind) for place, kind in identifiers.items() if cell(place)],
        {name: cell(place) for place, name in values.items() if cell(place)},
        any(cells[width:]),
    )
