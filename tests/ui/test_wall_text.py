"""The wall as text: every cell accounted for, at every size, and nothing said by colour alone."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from tsui.service.calls.summary import Standing
from tsui.service.calls.summary import Summary as Calls
from tsui.service.monitors.model import Summary
from tsui.service.opened import InFlight
from tsui.service.views import Notice, Severity, Way
from tsui.service.wall.model import Count, Receiving, Share, Shift, Wall
from tsui.ui.painted import plain
from tsui.ui.screens.device_text import View
from tsui.ui.screens.wall_big import big_page
from tsui.ui.screens.wall_items import Around, blocks, few, only_problems, since
from tsui.ui.screens.wall_text import change, page

NOW = 1_795_262_400.0
VIEW = View(NOW, utc=True)
AROUND = Around(VIEW, 120, ("● online", "good"), ("read 3 min ago", "dim"))
NOTICE = Notice(
    id=7, at=NOW - 60, severity=Severity.ALARM, kind="elsewhere", account="0742",
    device="iccid:8914", subject="8914", sentence="Suspended\x1b[2J.", source="callback",
    message=None, change=None, body=None, groups="", devices=1, acked_at=None, acked_by="",
    ack_note="", muted=Way.NOT,
)  # fmt: skip
WALL = Wall(
    at=NOW,
    shift=Shift(NOW - 7200, NOW - 7200),
    devices=Count(1_000_000, 999_988),
    connected=Count(182_581, 183_000),
    late=Count(12, 10),
    states=[Share("active", Count(842_159, 842_160)), Share("suspend", Count(59_775, 59_774))],
    plans=[Share(f"plan {n}", Count(1000 - n, 1000 - n)) for n in range(30)],
    groups=[Share("", Count(5)), *(Share(f"group {n}", Count(90 - n)) for n in range(30))],
    in_flight=InFlight(1, 2, 3),
    bad=4,
    alarms=5,
    newest=[NOTICE],
    monitors=Summary(6, 0, 0, 8, 2, 9),
    lost=7,
    calls=Calls(100, 12, 3, 0.158, 1.234),
    standing=Standing(10, 10, 0, 5, 5, is_cut_off=False, token_ends_in=60, session_ends_in=60),
    receiving=Receiving(NOW - 30, is_running=True, heard_at=NOW - 90),
)
SIZES = [(60, 9), (80, 20), (100, 26), (120, 36), (200, 46)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("wide", [False, True])
def test_no_line_is_wider_and_no_page_higher_than_the_screen(
    size: tuple[int, int], wide: bool
) -> None:
    made = blocks(WALL, AROUND)
    shown = (
        big_page(made, size, "late", only_ascii=False)
        if wide
        else page(made, WALL.newest, VIEW, size, "late")
    )
    assert len(shown.lines) <= size[1]
    assert max(cell_len(plain(line)) for line in shown.lines) <= size[0]
    assert not any("\x1b" in plain(line) for line in shown.lines)


@pytest.mark.parametrize("size", SIZES[1:])
def test_numbers_of_every_block_are_shown_and_can_be_gone_to(size: tuple[int, int]) -> None:
    shown = page(blocks(WALL, AROUND), WALL.newest, VIEW, size, "late")
    text = "\n".join(map(plain, shown.lines))
    for told in (
        "1,000,000", "+12", "182,581", "-419", "▲ overdue", "12", "842,159", "-1", "59,775",
        "alarms, open", "160 ms / 1.2 s", "3 of the last 100", "10+ of 120", "in session",
        "last 1 min ago", "read 3 min ago", "since", "more", "Suspended", "plan 0", "no group",
    ):  # fmt: skip
        assert told in text, told
    keys = [key for column in shown.columns for key in column]
    assert len(set(keys)) == len(keys)
    assert {"devices", "alarms", "receiver"} <= set(keys)


def test_the_cursor_is_seen_without_colours() -> None:
    shown = page(blocks(WALL, AROUND), (), VIEW, (80, 20), "late")
    (line,) = [plain(line) for line in shown.lines if "→" in plain(line)]
    assert "overdue" in line


def test_problems_alone_are_those_that_somebody_should_look_at() -> None:
    made = only_problems(blocks(WALL, AROUND))
    keys = {item.key for block in made for item in block.items}
    assert keys == {"late", "alarms", "bad", "unknown", "lost"}
    calm = replace(WALL, alarms=0, bad=0, in_flight=InFlight(), lost=0, late=Count(10, 10))
    assert only_problems(blocks(calm, AROUND)) == []


def test_a_receiver_that_went_and_a_sleep_are_problems() -> None:
    gone = replace(WALL, receiving=Receiving(NOW - 4000, is_running=False, heard_at=None))
    made = only_problems(blocks(gone, replace(AROUND, slept="slept 3 h")))
    items = {item.key: item for block in made for item in block.items}
    assert items["receiver"].value.startswith("receiver gone")
    assert items["slept"].value == "slept 3 h"


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (Shift(NOW - 7200, NOW - 7190), "since "),
        (Shift(NOW - 7200, NOW - 600), "unknown before"),
        (Shift(NOW - 7200, None), "no count since"),
    ],
)
def test_what_numbers_are_compared_with_is_said(shift: Shift, said: str) -> None:
    assert said in since(replace(WALL, shift=shift), VIEW)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (999, "999"), (1_000, "1.0K"), (82_581, "83K"), (999_499, "999K"),
     (999_999, "1.0M"), (1_000_000, "1.0M"), (12_300_000, "12M")],
)  # fmt: skip
def test_large_numbers_become_few_letters(number: int, said: str) -> None:
    assert few(number) == said


def test_a_change_has_a_sign_and_none_is_said() -> None:
    assert [change(each) for each in (1204, -3, 0, None)] == ["+1,204", "-3", "=", ""]
