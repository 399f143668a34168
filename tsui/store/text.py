"""Text on its way into the files: whatever it holds, it can be stored and found again."""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""UTF-8 has no form for lone surrogates, and at NUL half of SQLite thinks that a text ends."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(text: str) -> str:
    """Return the text with a visible stand-in for every character that cannot be stored."""
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def is_storable(text: str) -> bool:
    """Tell whether a text can be stored as it is."""
    return not _UNSTORABLE.search(text)


def searchable(text: str) -> str:
    """Return the text as it is searched in and for: case does not count, in any script."""
    return storable(text).casefold()
