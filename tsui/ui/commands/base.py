"""Commands: one class per thing an operator can want.

A command says once what it is called, which key it has, what it does and why it may not be possible
right now. Key bindings, the command line, the palette, the hint bar, the help page and the README's
table of keys are all made from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place


class Command:
    """Something an operator can want; a subclass's docstring is its help."""

    title: ClassVar[str]
    """What it is called."""
    keys: ClassVar[str] = ""
    """Its keys, as Textual names them, separated by commas; none for the command line only."""
    shown: ClassVar[str] = ""
    """How hints and help write the key; made from ``keys`` where empty."""
    names: ClassVar[tuple[str, ...]] = ()
    """Its names on the command line."""
    argument: ClassVar[str] = ""
    """What the command line may give it, e.g. ``IDENTIFIER``."""
    hint: ClassVar[int] = 0
    """Its rank in the hint bar, 1 first; 0 keeps it out."""
    yields: ClassVar[bool] = False
    """Whether it leaves its keys to commands of the screen that have the same ones."""
    group: ClassVar[str] = "Everywhere"
    """Its heading in the help."""

    @classmethod
    def id(cls) -> str:
        """Return the name that bindings and the settings file know it by."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def help(cls) -> str:
        """Return what it does, in a sentence."""
        return (cls.__doc__ or "").partition("\n\n")[0].replace("\n    ", " ").strip()

    def completions(self, place: Place) -> list[str]:
        """Return what the command line offers behind its name."""
        del place
        return []

    def applies(self, place: Place) -> bool:
        """Tell whether its key means this command right now; typing a line suspends most."""
        return not place.prompt_sign

    def reason(self, place: Place) -> str:
        """Return why it is not possible right now; empty when it is."""
        del place
        return ""

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it; must not wait for the network."""
        raise NotImplementedError
