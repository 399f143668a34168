"""The resolver: whatever an operator pastes, the devices in it are found and nothing is guessed."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.cases import record
from tsui.service.resolver import Resolution, Sort, resolve
from tsui.service.scan import bounds, scan
from tsui.store.device import DeviceRecord
from tsui.store.store import Store
from tsui.store.sync import SyncState

ACCOUNT, OTHER = "0000123456-00001", "0000123456-00002"

FLEET = 50


def device(number: int) -> DeviceRecord:
    mdn = f"555{number:07}"
    return record(number, mdn=mdn, eid=f"8904903212345123451234{number:010}")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path)
    await made.open()
    await made.devices.put(ACCOUNT, [device(each) for each in range(FLEET)], read_at=1.0)
    await made.devices.put(OTHER, [device(7000)], read_at=1.0)
    await made.syncs.put(OTHER, SyncState(1, 1.0, 0, 1, 1.0, 1))
    yield made
    await made.close()


async def resolved(store: Store, text: str) -> Resolution:
    return await resolve(store.devices, ACCOUNT, text)


async def numbers(store: Store, found: Resolution) -> list[str]:
    rows = {row.id: row.iccid for row in await store.devices.rows(found.devices)}
    return [rows[each] for each in found.devices]


@pytest.mark.parametrize(
    "text",
    [
        "Please suspend 89148000000000000012 today.",
        "ICCID: 8914 8000 0000 0000 0012",
        "sim=8914-8000-0000-0000-0012",
        "]C189148000000000000012",
        '"89148000000000000012"',
        "imei 353805000000012",
        "IMEI:35-380500-000001-2",
        "(555) 000-0012",
        "+1 555 000 0012",
        "1-555-000-0012",
        "MDN 555.000.0012",
        "89049032123451234512340000000012",
    ],
)
async def test_an_identifier_is_found_however_it_is_written(store: Store, text: str) -> None:
    found = await resolved(store, text)
    assert await numbers(store, found) == ["89148000000000000012"]
    assert found.counts[Sort.FOUND] == 1


async def test_what_is_named_twice_foreign_or_unknown_is_told_apart(store: Store) -> None:
    text = "\n".join(
        [
            "89148000000000000001,353805000000001",
            "89148000000000000002",
            "",
            "5550000001",
            "89148000000000007000",
            "89148000000000999999",
        ]
    )
    found = await resolved(store, text)
    assert await numbers(store, found) == ["89148000000000000001", "89148000000000000002"]
    assert found.lines == 6
    again, other, stranger = found.mentions[-3:]
    assert (again.line, again.sort, again.note) == (
        4,
        Sort.AGAIN,
        "Line 1 names this device already.",
    )
    assert (other.line, other.sort) == (5, Sort.STRANGER)
    assert other.note == f"It belongs to account {OTHER}."
    assert (stranger.line, stranger.sort) == (6, Sort.STRANGER)
    assert stranger.note.startswith("Read as ICCID.")


async def test_a_rounded_number_is_repaired_only_where_one_device_fits(store: Store) -> None:
    odd = record(1, key="iccid:89210000000000000017", iccid="89210000000000000017", imei="")
    await store.devices.put(ACCOUNT, [odd], read_at=1.0)
    found = await resolved(store, "8.92100E+19\n8.91480E+19\n8.93E+19\n89210000000000000000")
    assert [each.sort for each in found.mentions] == [
        Sort.FOUND,
        Sort.AMBIGUOUS,
        Sort.STRANGER,
        Sort.AGAIN,
    ]
    assert "spreadsheet" in found.mentions[0].note
    assert found.mentions[0].doubtful
    assert await numbers(store, found) == ["89210000000000000017"]


async def test_an_ending_is_enough_where_it_is_marked_as_one(store: Store) -> None:
    await store.devices.put(ACCOUNT, [device(10_012)], read_at=1.0)
    found = await resolved(store, "*000012 and …0012, order 000013")
    assert [each.sort for each in found.mentions] == [Sort.FOUND, Sort.AMBIGUOUS]


async def test_a_wrong_check_digit_is_a_doubt_and_no_reason_to_leave_out(store: Store) -> None:
    found = await resolved(store, "\n".join(device(each).iccid for each in range(10)))
    assert len(found.devices) == 10
    assert 0 < found.doubts < 10
    assert any("check digits" in each.note for each in found.mentions)


def test_ids_dates_and_amounts_are_no_devices() -> None:
    text = (
        "Ref 550e8400-e29b-41d4-a716-446655440000, 2026-11-20 12:00:15, 10.20.30.40, $1,234.56, "
        "ticket 4711, v1.2.3"
    )
    assert scan(text) == []


async def test_nothing_is_found_in_nothing(store: Store) -> None:
    found = await resolved(store, "")
    assert (found.lines, found.mentions, found.devices) == (0, (), ())


async def test_thousands_of_lines_never_hold_up_the_event_loop(store: Store) -> None:
    await store.devices.put(ACCOUNT, [device(each) for each in range(5000)], read_at=2.0)
    text = "\n".join(
        f"{device(each).iccid};{device(each).imei};{device(each).mdn}" for each in range(5000)
    )
    lags: list[float] = []

    async def probe() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(time.perf_counter() - began - 0.005)

    probing = asyncio.create_task(probe())
    found = await resolved(store, text)
    probing.cancel()
    assert len(found.devices) == 5000
    assert len(found.mentions) == 15_000
    assert sorted(lags)[int(len(lags) * 0.9)] < 0.25


# -- generated texts ------------------------------------------------------------------------------

PROSE = st.text(st.characters(categories=("L", "P", "Zs"), exclude_characters="*….+("), max_size=30)


def grouped(digits: str, size: int, sign: str) -> str:
    return sign.join(digits[at : at + size] for at in range(0, len(digits), size))


@st.composite
def written(draw: st.DrawFn, number: int) -> str:
    """Write one identifier of a device as somebody may."""
    made = device(number)
    way = draw(st.integers(0, 6))
    sign = draw(st.sampled_from([" ", "-", "."]))
    return [
        made.iccid,
        grouped(made.iccid, 4, sign),
        f"ICCID{draw(st.sampled_from([': ', '=', ' # ']))}{made.iccid}",
        made.imei,
        f"({made.mdn[:3]}) {made.mdn[3:6]}-{made.mdn[6:]}",
        f"+1{sign}{made.mdn[:3]}{sign}{made.mdn[3:6]}{sign}{made.mdn[6:]}",
        made.eid,
    ][way]


@st.composite
def mails(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """Write a mail and tell which line names which device."""
    lines, named = [], []
    for line in range(1, draw(st.integers(0, 12)) + 1):
        before, after = draw(PROSE), draw(PROSE)
        if draw(st.booleans()):
            number = draw(st.integers(0, FLEET - 1))
            lines.append(f"{before} | {draw(written(number))} | {after}")
            named.append((line, number))
        else:
            lines.append(f"{before} {after}")
    return "\n".join(lines), named


@settings(max_examples=150, deadline=None)
@given(mails())
def test_every_identifier_of_a_mail_is_read_on_its_line(
    mail: tuple[str, list[tuple[int, int]]],
) -> None:
    text, named = mail
    for line, number in named:
        made = device(number)
        values = {value for each in scan(text) if each.line == line for _, value in each.guesses}
        assert values & {made.iccid, made.imei, made.mdn, made.eid}
    assert {each.line for each in scan(text)} == {line for line, _ in named}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 10**9), max_size=30), st.sampled_from([",", ";", "\t", "|", " "]))
def test_every_cell_of_a_table_is_read(rows: list[int], comma: str) -> None:
    made = [device(each % 10**7) for each in rows]
    text = "\n".join(comma.join((each.iccid, each.imei, each.mdn)) for each in made)
    found = [each.guesses[0][1] for each in scan(text)]
    assert found == [value for each in made for value in (each.iccid, each.imei, each.mdn)]


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for each in scan(text):
        assert 1 <= each.line <= len(text.splitlines())
        assert each.guesses or each.mangled or each.ends


@given(st.integers(10**18, 10**20 - 1), st.integers(0, 6))
def test_a_rounded_number_lies_within_its_bounds(number: int, places: int) -> None:
    low, high = bounds(f"{float(number):.{places}E}")
    assert low - 2**14 <= number <= high + 2**14
