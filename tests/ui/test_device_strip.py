"""The strip of tabs: the chosen tab is always seen, and so is whether there are more."""

import pytest

from tsui.ui.commands.everywhere import EVERYWHERE
from tsui.ui.commands.keys import Keys
from tsui.ui.device_parts.base import DevicePart
from tsui.ui.device_parts.registry import PARTS
from tsui.ui.device_parts.strip import strip
from tsui.ui.painted import plain
from tsui.ui.screens.device import DeviceScreen

TITLES = [f"Part {number}" for number in range(14)]


@pytest.mark.parametrize("width", [20, 60, 80, 120, 300])
def test_the_chosen_tab_and_the_next_are_seen(width: int) -> None:
    for chosen, title in enumerate(TITLES):
        line = strip(TITLES, chosen, width)
        text = plain(line)
        assert len(text) <= width
        assert (f" {title} ", "cursor") in line
        assert f" {TITLES[min(chosen + 1, 13)]} " in text
        assert text.startswith("←") == (f" {TITLES[0]} " not in text)
        assert text.endswith("→") == (f" {TITLES[13]} " not in text)


def test_a_strip_without_room_still_says_where_one_is() -> None:
    line = strip(TITLES, 5, 10)
    assert (" Part 5 ", "cursor") in line


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_no_key_means_two_things_on_a_part(part: type[DevicePart]) -> None:
    keys = Keys({})
    commands = (*DeviceScreen.COMMANDS_HERE, *part.COMMANDS, *EVERYWHERE)
    owners: dict[str, str] = {}
    for command in dict.fromkeys(each for each in commands if not each.yields):
        for key in keys.of(command):
            assert owners.setdefault(key, command.id()) == command.id(), key


def test_no_two_parts_have_one_name() -> None:
    assert len({part.name for part in PARTS}) == len({part.title for part in PARTS}) == len(PARTS)
