"""Colours: two themes of our own, one for colour-blind eyes, and the terminal's own palette."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from tsui.settings import Theme as Setting

PAGE = "#10141a"
"""Background of the dark theme."""

DARK = Theme(
    name="tsui-dark",
    primary="#6cb6ff",
    secondary="#8ddb8c",
    accent="#f0b72f",
    warning="#f0b72f",
    error="#ff7b72",
    success="#57c26b",
    foreground="#d7dde5",
    background=PAGE,
    surface="#171c24",
    panel="#1f2630",
    dark=True,
)
LIGHT = Theme(
    name="tsui-light",
    primary="#0550ae",
    secondary="#116329",
    accent="#7d4e00",
    warning="#7d4e00",
    error="#a40e26",
    success="#116329",
    foreground="#1f2328",
    background="#fbfcfd",
    surface="#f0f3f6",
    panel="#e4e9ee",
    dark=False,
)
COLOUR_BLIND = Theme(
    # Okabe and Ito's palette: blue stands for good and vermilion for bad, no red against green.
    name="tsui-colour-blind",
    primary="#56b4e9",
    secondary="#009e73",
    accent="#f0e442",
    warning="#f0e442",
    error="#e6844a",
    success="#56b4e9",
    foreground="#e4e4e4",
    background="#121212",
    surface="#1a1a1a",
    panel="#242424",
    dark=True,
)

THEMES = (DARK, LIGHT, COLOUR_BLIND)

TERMINAL = "ansi-dark"
"""Name of the theme of the terminal's own colours, whatever they are: dark or light."""

_BY_SETTING: dict[Setting, str] = {
    "auto": DARK.name,
    "dark": DARK.name,
    "light": LIGHT.name,
    "colour-blind": COLOUR_BLIND.name,
    "terminal": TERMINAL,
}
"""Names of themes by what the settings call them."""


def theme_of(setting: Setting, *, thin: bool) -> str:
    """Return the name of a theme; the terminal's own colours take the fewest bytes.

    Where no colour is wanted it is the one whose page is known: colours are taken out of it.
    """
    if "NO_COLOR" in os.environ:
        return DARK.name
    return _BY_SETTING["terminal" if thin and setting == "auto" else setting]
