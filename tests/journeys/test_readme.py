"""The README says what is true."""

import re

from tests.readme import README, with_tables


def test_its_tables_are_the_programs_own() -> None:
    text = README.read_text()
    assert with_tables(text) == text


def test_it_holds_exactly_two_set_up_commands_of_one_line() -> None:
    blocks = re.findall(r"```\n(.*?)```", README.read_text(), re.DOTALL)
    set_up = [block for block in blocks if "venv" in block]
    assert len(set_up) == 2
    assert all(block.count("\n") == 1 for block in set_up)


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text())
    folder = README.parent / "screenshots"
    assert {README.parent / picture for picture in pictures} == set(folder.iterdir())
