"""What a run looks like: every state with a mark and a word, at every size, with any text."""

from dataclasses import replace

import pytest

from tests.service.commissioning.test_steps import (
    BEGAN,
    CONNECTED,
    START,
    STOP,
    TABLE,
    evidence,
    run,
)
from tsui.service.commissioning.hints import hints
from tsui.service.commissioning.model import Run, RunOutcome, StepName, StepState
from tsui.service.commissioning.slip import slip
from tsui.service.commissioning.steps import judged
from tsui.text import sanitize
from tsui.ui.painted import Line, plain
from tsui.ui.screens.commission_text import MARKS, page
from tsui.ui.screens.device_text import View

SIZES = [(60, 8), (80, 20), (120, 36)]
HOSTILE = "\x1b]52;c;aGk=\x07\u202eevil [red]\n" * 20


def told(name: str) -> Run:
    return run(steps=judged(run(), TABLE[name][0]))


def shown(known: Run, size: tuple[int, int], *, only_ascii: bool = False) -> list[Line]:
    view = View(BEGAN + 9000, utc=True)
    about = hints(known, evidence(9000))
    return page(known, about, view, size, only_ascii=only_ascii)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", TABLE)
def test_every_line_fits_and_says_the_state_in_a_word(name: str, size: tuple[int, int]) -> None:
    known = told(name)
    lines = [plain(line).rstrip() for line in shown(known, size)]
    assert max(map(len, lines)) <= size[0], lines
    assert all(line.isprintable() for line in lines)
    text = "\n".join(lines)
    for step in known.steps:
        assert step.state in text
        assert MARKS[step.state][0] in text


def test_what_is_late_comes_with_what_to_do() -> None:
    text = "\n".join(plain(line) for line in shown(told("never connected"), (80, 20)))
    assert "LATE" in text
    assert "was expected by" in text
    assert "Power-cycle" in text
    assert "device database" in text


@pytest.mark.parametrize("size", SIZES)
def test_hostile_text_acts_on_nothing(size: tuple[int, int]) -> None:
    steps = tuple(replace(step, said=HOSTILE, state=StepState.SEEN) for step in run().steps)
    known = run(steps=steps, note=HOSTILE, identifiers={"iccid": HOSTILE}, operator=HOSTILE)
    for line in [plain(line) for line in shown(known, size)] + slip(known, BEGAN).splitlines():
        assert line == sanitize(line, 10_000)


def test_ascii_letters_are_ascii() -> None:
    letters = [plain(line) for line in shown(told("connected"), (80, 24), only_ascii=True)[:6]]
    assert any("##" in row for row in letters)
    assert all(row.isascii() for row in letters)


def test_nothing_is_awaited_any_more_once_a_run_is_over() -> None:
    ended = replace(told("a new line"), outcome=RunOutcome.GIVEN_UP, ended_at=BEGAN + 10)
    text = "\n".join(plain(line) for line in shown(ended, (80, 20)))
    assert "GIVEN UP, after under 1 min" in text
    assert "2 h" not in text
    assert slip(ended, BEGAN + 9000) == slip(ended, BEGAN + 10)


def test_a_slip_tells_all_that_counts_in_few_lines() -> None:
    steps = judged(run(), evidence(800, CONNECTED, events=(START, STOP)))
    known = run(
        steps=steps, outcome=RunOutcome.GREEN, ended_at=BEGAN + 800, note="pole 7",
        identifiers={"iccid": "8914800", "imei": "3538"},
    )  # fmt: skip
    text = slip(known, BEGAN + 9000)
    lines = text.splitlines()
    assert len(lines) <= 14
    assert lines[0].startswith("tsui ")
    assert lines[0].endswith("run 1: GREEN")
    for part in ("8914800", "3538", "pole 7", "UTC", "******0123-00001", "120 B", "100 s"):
        assert part in text, text
    assert "0742000123" not in text
    assert known.step(StepName.ECHO).state in text
