"""Colours: two themes of our own, one for colour-blind eyes, and the terminal's own palette."""

from textual.theme import Theme

DARK = Theme(
    name="tsui-dark",
    primary="#6cb6ff",
    secondary="#8ddb8c",
    accent="#f0b72f",
    warning="#f0b72f",
    error="#ff7b72",
    success="#57c26b",
    foreground="#d7dde5",
    background="#10141a",
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

BY_SETTING = {
    "dark": DARK.name,
    "light": LIGHT.name,
    "colour-blind": COLOUR_BLIND.name,
    "terminal": "ansi-dark",
}
"""Names of themes by what the settings call them."""
