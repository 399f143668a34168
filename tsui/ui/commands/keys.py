"""Which key means which command: the keys commands come with, and those of the settings instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.binding import Binding
from textual.keys import Keys as KeyNames
from textual.keys import _character_to_key, key_to_character

from tsui.ui.commands.base import Command
from tsui.ui.commands.catalog import ALL
from tsui.ui.commands.changes import CHANGES

_SHOWN = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "asterisk": "*",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}
"""Keys that people write otherwise than Textual does."""

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})

_NAMED = frozenset(key.value for key in KeyNames)


class Keys:
    """The keys in force; overrides that make no sense are left out and named in ``problems``."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self._overrides: dict[str, str] = {}
        self.problems: list[str] = []
        """What is wrong with the overrides, a sentence each."""
        known = {command.id(): command for command in ALL}
        for name, keys in overrides.items():
            command = known.get(name)
            if command is None:
                self.problems.append(f"keys.{name}: there is no such command")
            elif unknown := [key for key in _split(keys) if not _is_key(key)]:
                self.problems.append(f"keys.{name}: there is no key {unknown[0]}")
            elif command in CHANGES and not all(_is_capital(key) for key in _split(keys)):
                self.problems.append(f"keys.{name}: a change needs a capital letter, not {keys}")
            else:
                self._overrides[name] = keys

    def of(self, command: type[Command]) -> list[str]:
        """Return a command's keys, as Textual names them."""
        return _split(self._overrides.get(command.id(), command.keys))

    def shown(self, command: type[Command]) -> str:
        """Return a command's keys as people write them; empty when it has none."""
        if command.shown and command.id() not in self._overrides:
            return command.shown
        return " ".join(_shown(key) for key in self.of(command))

    def bindings(self, commands: Sequence[type[Command]]) -> list[Binding]:
        """Return the bindings of a screen's commands.

        They have priority so that keys are worked off one after the other: a key typed ahead
        finds the screen that the key before it has opened.
        """
        return [
            Binding(
                key,
                f"command('{command.id()}')",
                command.title,
                show=False,
                priority=True,
                id=command.id(),
            )
            for command in commands
            for key in self.of(command)
        ]

    def clashes(self, commands: Iterable[type[Command]]) -> list[str]:
        """Return a sentence for every key that overrides gave to two commands of a screen."""
        owners: dict[str, type[Command]] = {}
        found = []
        for command in commands:
            for key in self.of(command):
                other = owners.setdefault(key, command)
                if command.yields and command.id() not in self._overrides:
                    continue
                if other is not command and {other.id(), command.id()} & set(self._overrides):
                    found.append(f"{key} is {other.title} and {command.title}")
        return found


def _split(keys: str) -> list[str]:
    parts = (part.strip() for part in keys.split(","))
    # A sign may be given as itself, e.g. ``?``, or by its name: only one of them can be compared.
    return [_character_to_key(part) if len(part) == 1 else part for part in parts if part]


def _shown(key: str) -> str:
    sign = _SHOWN.get(key) or (None if key in _NAMED else key_to_character(key))
    return sign or key


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+")
    if not _MODIFIERS.issuperset(modifiers):
        return False
    return key in _NAMED or last in _NAMED or key_to_character(last) is not None


def _is_capital(key: str) -> bool:
    return len(key) == 1 and key.isupper()
