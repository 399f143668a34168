"""Redaction: what may be kept of a call once the secrets are out of it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
"""Stands where a secret was."""

_WORDS = r"pass(?:word|wd|phrase)|secret|token|authorization|credential|api_?key|cookie"
_SECRET_NAME = re.compile(_WORDS, re.IGNORECASE)
_TELLING = (
    "password", "passwd", "passphrase", "secret", "token", "authorization", "credential", "apikey",
    "api_key", "cookie",
)  # fmt: skip
"""What a text holds if there is a name in it that speaks of a secret."""
_SECRET_IN_TEXT = re.compile(
    rf"""((?:{_WORDS})[\w-]{{0,40}}["']?\s{{0,9}}[:=]\s{{0,9}}|\b(?:Basic|Bearer)\s)
         (?:"(?:[^"\\]|\\.)*|'[^']*|(?:(?:Basic|Bearer)\ )?[^\s"'&<>,;]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_SECRET_ELEMENT = re.compile(rf"(<[\w:.-]{{0,40}}(?:{_WORDS})[\w:.-]{{0,40}}>)[^<]+", re.IGNORECASE)
_NOT_SECRET = frozenset({"token_type"})


class Redactor:
    """Removes values by the name of their field, and known secrets wherever they stand."""

    SHORTEST = 4
    """Shorter secrets are not searched in text: they would be found in the middle of words."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._longest_first: list[str] = []

    def learn(self, *secrets: str) -> None:
        """Remember values that must never be shown, e.g. tokens that were just issued."""
        for secret in secrets:
            if len(secret) >= self.SHORTEST:
                self._known.update(_spellings(secret))
        self._longest_first = sorted(self._known, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return the text with every known secret replaced."""
        for secret in self._longest_first:
            text = text.replace(secret, HIDDEN)
        return text

    def fragment(self, text: str) -> str:
        """Return text that could not be read, without known secrets and what looks like one."""
        shown = _SECRET_ELEMENT.sub(rf"\1{HIDDEN}", self.text(text))
        return _SECRET_IN_TEXT.sub(rf"\1{HIDDEN}", shown)

    def suspects(self, text: str) -> bool:
        """Tell whether a text may hold a secret; it looks for words only, which is quick."""
        folded = text.casefold()
        return any(word in folded for word in _TELLING) or any(
            secret in text for secret in self._longest_first
        )

    def value(self, value: Any) -> Any:
        """Return decoded JSON with secrets replaced, by field name and by value."""
        if isinstance(value, Mapping):
            beside = _is_secret_pair(value)
            return {
                self.text(str(name)): HIDDEN
                if item and (hides(str(name)) or (beside and name == "value"))
                else self.value(item)
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


def _is_secret_pair(value: Mapping[Any, Any]) -> bool:
    """Tell whether an attribute, written as its name and its value, carries a secret."""
    return any(name in value and hides(str(value[name])) for name in ("key", "name"))


def _spellings(secret: str) -> set[str]:
    """Return the ways a secret may be spelled in a body or an address."""
    quotable = secret.encode("utf-8", "replace").decode()
    return {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(quotable),
        quote(quotable, safe=""),
        quote_plus(quotable),
    }
