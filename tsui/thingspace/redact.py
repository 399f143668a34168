"""Redaction: what may be kept of a call once the secrets are out of it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

HIDDEN = "•••"
"""Stands where a secret was."""

_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token|authorization|credential|api_?key|cookie",
    re.IGNORECASE,
)
_NOT_SECRET = frozenset({"token_type", "expires_in"})


class Redactor:
    """Removes values by the name of their field, and known secrets wherever they stand."""

    SHORTEST = 4
    """Shorter secrets are not searched in text: they would be found in the middle of words."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def learn(self, *secrets: str) -> None:
        """Remember values that must never be shown, e.g. tokens that were just issued."""
        self._known.update(secret for secret in secrets if len(secret) >= self.SHORTEST)

    def text(self, text: str) -> str:
        """Return the text with every known secret replaced."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def value(self, value: Any) -> Any:
        """Return decoded JSON with secrets replaced, by field name and by value."""
        if isinstance(value, Mapping):
            return {
                self.text(str(name)): HIDDEN if hides(str(name)) and item else self.value(item)
                for name, item in value.items()
            }
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Iterable) and not isinstance(value, bytes):
            return [self.value(item) for item in value]
        return value


def hides(name: str) -> bool:
    """Tell whether a field of this name carries a secret."""
    return name not in _NOT_SECRET and _SECRET_NAME.search(name) is not None
