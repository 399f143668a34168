"""Bundles as Markdown: whatever a device is called, it is shown and bends nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.service.cases import rows, touched, workspace
from tsui.service.bundle.desk import Wish
from tsui.service.bundle.markdown import LONGEST, escaped, table
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.text import sanitize

HOSTILE = (
    "| a | b |", "\n# heading\n", "\r\n\r\n---\r\n", "```\nrm -rf /", "`code`", "<b>x</b>",
    "[click](https://evil.example)", "![](http://evil.example/x.png)", "https://evil.example/a_b_",
    "www.evil.example", "<https://evil.example>", "&lt;b&gt; &#124; &copy;", "*bold* _it_ ~~gone~~",
    "\\| \\", "$x$ @team #12", "a\x1b[31mred\u202egnp.exe", "- list", "1. list", "> quote", "|---|",
    "[^1]: note", "mailto:a@b.example", "    indented", "{{ template }}", "\u2028| x |",
)  # fmt: skip
"""Names that somebody might give to a device."""

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def texts(tokens: list[Token]) -> list[str]:
    """Return what is shown in each inline part, and fail for anything but text in it."""
    shown = []
    for token in tokens:
        assert token.type not in ("html_block", "fence", "blockquote_open"), token
        for child in token.children or ():
            assert child.type in ("text", "text_special", "softbreak"), child
        if token.type == "inline":
            shown.append("".join(child.content for child in token.children or ()))
    return shown


def cells(text: str) -> list[list[str]]:
    """Return the rows of a table with this text in all cells, as a reader sees them."""
    lines = "\n".join(table(("A", "B"), [(text, "x"), ("y", text)]))
    tokens = PARSER.parse(f"{lines}\n")
    shown = texts(tokens)
    assert [token.type for token in tokens].count("table_open") == 1
    assert [token.type for token in tokens].count("tr_open") == 3
    return [shown[place : place + 2] for place in range(2, len(shown), 2)]


def as_shown(text: str) -> str:
    return " ".join(sanitize(text, LONGEST).split()) or "-"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_shows_a_hostile_text_and_nothing_acts(text: str) -> None:
    assert cells(text) == [[as_shown(text), "x"], ["y", as_shown(text)]]


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_stays_in_its_cell(text: str) -> None:
    assert cells(text) == [[as_shown(text), "x"], ["y", as_shown(text)]]


@given(st.text(alphabet="|\\`*_[]()<>!#~&-+=:/\n \t.$@{}a1w", max_size=40))
@settings(max_examples=300, deadline=None)
def test_markup_stays_text(text: str) -> None:
    assert cells(text)[0][0] == as_shown(text)
    item = texts(PARSER.parse(f"- Name: {escaped(text)} end\n"))
    assert " ".join(item[0].split()) == " ".join(f"Name: {sanitize(text)} end".split())


def test_codes_can_be_copied_as_they_are() -> None:
    code = "REQUEST_FAILED.SessionToken.Expired"
    assert escaped(code) == code


async def test_a_bundle_of_a_hostile_device_keeps_its_headings(
    simulator: Running, tmp_path: Path
) -> None:
    told = []
    async with workspace(simulator, tmp_path) as made:
        device = (await rows(made))[0]
        for names in (("plain", "plain"), HOSTILE[:2], HOSTILE[3:5], HOSTILE[5:7]):
            theirs = touched(simulator, device)
            theirs.custom[:2] = names
            theirs.group = names[1]
            await made.desks.verdicts.read(device)
            fresh = (await made.devices([device.id]))[0]
            bundle = await made.desks.bundles.of_device(fresh, Wish(masked=False))
            tokens = PARSER.parse(bundle.markdown)
            texts(tokens)
            assert " ".join(sanitize(names[1]).split()) in texts(tokens), "it is told"
            told.append([each.content for each in _headings(tokens)])
    assert told[1:] == told[:1] * 3
    assert len(told[0]) >= 7


def _headings(tokens: list[Token]) -> list[Token]:
    return [tokens[place + 1] for place, token in enumerate(tokens) if token.type == "heading_open"]


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=5)
