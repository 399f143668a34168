"""The catalogue of commands: what names a command names no other."""

from collections import Counter

from tsui.ui.commands.catalog import ALL


def test_no_two_commands_share_an_id() -> None:
    ids = Counter(command.id() for command in ALL)
    assert [name for name, count in ids.items() if count > 1] == []
