"""Colours: the shortest codes that lead from one style of the terminal to the next."""

from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

_ATTRIBUTES = (
    ("bold", "1"), ("dim", "2"), ("italic", "3"), ("underline", "4"), ("blink", "5"),
    ("blink2", "6"), ("reverse", "7"), ("conceal", "8"), ("strike", "9"), ("underline2", "21"),
    ("frame", "51"), ("encircle", "52"), ("overline", "53"),
)  # fmt: skip

RESET = "\x1b[0m"
"""Back to the terminal's own style."""


class Codes(NamedTuple):
    """A style in the numbers of SGR; an empty text is the terminal's own."""

    front: str
    """The colour of the text."""
    back: str
    """The colour behind it."""
    attributes: frozenset[str]
    """Bold and the like."""

    @classmethod
    def told(cls, front: str, back: str, attributes: str) -> "Codes":
        """Return the codes that ``tell`` told."""
        return cls(front, back, frozenset(filter(None, attributes.split(";"))))

    def tell(self) -> tuple[str, str, str]:
        """Return the codes as three texts."""
        return self.front, self.back, ";".join(sorted(self.attributes))


PLAIN = Codes("", "", frozenset())
"""The terminal's own style."""


def codes_of(style: Style | None, system: ColorSystem | None) -> Codes:
    """Return a style's numbers for a terminal of so many colours; None is one without any."""
    if style is None:
        return PLAIN
    return Codes(
        _colour(style.color, system, foreground=True),
        _colour(style.bgcolor, system, foreground=False),
        frozenset(number for name, number in _ATTRIBUTES if getattr(style, name)),
    )


def change(old: Codes, new: Codes) -> str:
    """Return what is to be written for another style; nothing when it is the same."""
    if old == new:
        return ""
    if new == PLAIN:
        return RESET
    starts_anew = bool(old.attributes - new.attributes)
    starts_anew |= (old.front != "" and new.front == "") or (old.back != "" and new.back == "")
    if starts_anew:
        old = PLAIN
    numbers = ["0"] if starts_anew else []
    numbers += sorted(new.attributes - old.attributes)
    numbers += [new.front] if new.front != old.front else []
    numbers += [new.back] if new.back != old.back else []
    return f"\x1b[{';'.join(numbers)}m"


def _colour(colour: Color | None, system: ColorSystem | None, *, foreground: bool) -> str:
    if colour is None or system is None or colour.is_default:
        return ""
    return ";".join(colour.downgrade(system).get_ansi_codes(foreground=foreground))
