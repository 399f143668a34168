"""The sanitiser: nothing that comes out may act on a terminal, hide, or outgrow its place."""

import subprocess
import sys
import unicodedata

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tsui.text import _GLYPHS, cells, csv_guard, plain, sanitize

ANYTHING = st.text(st.characters(), max_size=200)
"""Every code point of Unicode, lone surrogates among them."""

HOSTILE = st.text(
    st.one_of(
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"]),
        st.characters(categories=["Mn", "Me", "Mc"]),
        st.sampled_from("a中\u1161\u11a8\u3164\ufe0f\U000e0100\u202e\u200d\x1b\x9b\n\r\t"),
    ),
    max_size=80,
)

LIMITS = st.integers(min_value=0, max_value=60)


def acts_or_hides(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(ANYTHING | HOSTILE, LIMITS)
def test_nothing_that_acts_or_hides_comes_out(text: str, limit: int) -> None:
    assert not any(map(acts_or_hides, sanitize(text, limit)))


@given(ANYTHING | HOSTILE, LIMITS)
def test_a_second_pass_changes_nothing(text: str, limit: int) -> None:
    once = sanitize(text, limit)
    assert sanitize(once, limit) == once


@given(ANYTHING | HOSTILE, LIMITS)
def test_the_cell_limit_holds_by_our_count_and_by_that_of_rich(text: str, limit: int) -> None:
    safe = sanitize(text, limit)
    assert cell_len(safe) <= cells(safe) <= limit


@given(ANYTHING | HOSTILE)
def test_no_base_carries_more_than_two_marks_and_no_mark_is_without_a_base(text: str) -> None:
    marks = 2
    for char in sanitize(text):
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        assert marks <= 2


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=512))
def test_plain_ascii_is_left_alone(text: str) -> None:
    assert sanitize(text) is text
    assert plain(text) is text


@given(ANYTHING | HOSTILE, LIMITS)
def test_a_body_keeps_its_newlines_and_nothing_else_that_acts(text: str, limit: int) -> None:
    body = plain(text, limit)
    assert not any(acts_or_hides(char) for char in body if char != "\n")
    assert plain(body, limit) == body
    assert sum(cells(line) for line in body.split("\n")) + body.count("\n") <= limit


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)])
def test_every_control_is_spelled_out(code: int) -> None:
    spelled = sanitize(f"a{chr(code)}b")
    assert spelled == f"a{chr(code).encode('unicode_escape').decode()}b"
    assert spelled.isprintable()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;cm0gLXJm\x07", r"\x1b]52;c;cm0gLXJm\x07"),
        ("\x1b[2Jgone", r"\x1b[2Jgone"),
        ("\x9b31mred", r"\x9b31mred"),
        ("one\r\ntwo\tthree", r"one\r\ntwo\tthree"),
        ("live\u202emoc.\u202c", r"live\u202emoc.\u202c"),
        ("8914\u200b8000", r"8914\u200b8000"),
        ("\ufeff8914", r"\ufeff8914"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("half \ud800 pair", r"half \ud800 pair"),
        ("no\u00a0break", "no break"),
        ("wide\u3000space", "wide space"),
        ("\u0301orphan", r"\u0301orphan"),
        ("e\u0301\u0302\u0303", "e\u0301\u0302\\u0303"),
        ("❤\ufe0f", "❤\\ufe0f"),
        ("\u3164", r"\u3164"),
        ("Pumpe Zürich 中文", "Pumpe Zürich 中文"),
        ("각", "각"),
        ("가\u11a8\u11a8\u11a8", "가\u11a8\u11a8\\u11a8"),
        ("\u1161", r"\u1161"),
        ("क्षि", "क्षि"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert sanitize(text) == shown


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("中", 2), ("\u2630", 2), ("\U0001d360", 2)],
)
def test_how_wide_a_line_is(text: str, width: int) -> None:
    assert cells(text) == cell_len(text) == width


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("abcdef", 1, "…"),
        ("abcdef", 0, ""),
        ("", 0, ""),
        ("中中中", 6, "中中中"),
        ("中中中", 5, "中中…"),
        ("中中中", 4, "中…"),
        ("ab\x1bcd", 6, "ab…"),
        ("ab\x1bcd", 8, r"ab\x1bcd"),
        ("abe\u0301def", 4, "abe\u0301…"),
    ],
)
def test_a_cut_is_marked_and_never_splits_a_character(text: str, limit: int, shown: str) -> None:
    assert sanitize(text, limit) == shown


def test_a_body_has_unix_newlines_spaces_for_tabs_and_no_lone_carriage_return() -> None:
    assert plain("a\r\nb\n\tc\rd\x1b[m") == "a\nb\n    c\\rd\\x1b[m"


def test_a_body_is_cut_where_its_limit_ends() -> None:
    assert plain("ab\ncd\nef", 6) == "ab\ncd…"
    assert len(plain("x" * 1_000_000)) == 65_536


def test_a_mark_at_the_start_of_a_line_has_no_base() -> None:
    assert plain("a\n\u0301") == "a\n\\u0301"


def test_a_terminal_shows_hostile_text_and_does_nothing_else() -> None:
    screen = pyte.Screen(120, 3)
    pyte.Stream(screen).feed(
        sanitize("\x1b[2J\x1b[5;5H\x1b]0;owned\x07\x9bA\x08\r\n\x0e\x90q\x9c\u202eabc")
    )
    assert screen.title == ""
    assert screen.cursor.y == 0
    assert screen.display[0].rstrip() == (
        r"\x1b[2J\x1b[5;5H\x1b]0;owned\x07\x9bA\x08\r\n\x0e\x90q\x9c\u202eabc"
    )


def test_text_of_ever_new_characters_does_not_grow_the_table_without_end() -> None:
    everything = "".join(map(chr, range(0xA0, 0xFFFF)))
    assert cells(sanitize(everything, 1_000_000)) > 65_000
    assert len(_GLYPHS) <= _GLYPHS.LARGEST
    assert sanitize("é中") == "é中"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert csv_guard(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("cell", ["", "1", "a=b", "'=1", " =1"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert csv_guard(cell) == cell


def test_the_sanitiser_loads_nothing_heavy() -> None:
    code = "import tsui.text, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"dataclasses", "inspect", "rich", "wcwidth", "textual"}.intersection(loaded)
