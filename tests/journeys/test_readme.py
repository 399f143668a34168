"""The README says what is true."""

import re

from tests.keys import README, with_table


def test_the_table_of_keys_is_the_commands_own() -> None:
    text = README.read_text()
    assert with_table(text) == text


def test_it_holds_exactly_two_set_up_commands_of_one_line() -> None:
    blocks = re.findall(r"```\n(.*?)```", README.read_text(), re.DOTALL)
    set_up = [block for block in blocks if "venv" in block]
    assert len(set_up) == 2
    assert all(block.count("\n") == 1 for block in set_up)


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text())
    assert len(pictures) == 6
    assert all((README.parent / picture).is_file() for picture in pictures)
