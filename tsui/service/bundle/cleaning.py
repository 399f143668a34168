"""Cleaning: what leaves the house goes without secrets, and without personal data unless wanted.

Fields are known by their names; values that are known from them are then found wherever else they
stand, e.g. in an error that repeats what was sent.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from tsui.thingspace.redact import HIDDEN, Redactor, hides

MASKED = "(masked)"
"""Stands where personal data was."""

SHORTEST = 4
"""Shorter values are not searched in text: they would be found where they mean something else."""

_PERSONAL_NAME = re.compile(
    r"custom_?field|custom\d|primary_?place|place_?of_?use"
    r"|(?:first|last|middle|full|customer|contact|subscriber|business|company)_?name"
    r"|(?<!ip)(?<!mac)(?<!ipv4)(?<!ipv6)_?address|e_?mail|phone|street|zip_?code|^zip$|^city$"
    r"|sms_?message",
    re.IGNORECASE,
)
"""Fields of whoever uses the device."""

_IS_OF_LIST = re.compile(r"^customFieldsTo|^customFields$", re.IGNORECASE)
"""Lists of pairs whose names say which of the values are personal."""

_PAIRS = (("key", "value"), ("name", "value"), ("field", "value"))
"""How the platform, and we, write a name and its value."""


class Cleaner:
    """Takes out of texts and values what is not to be told."""

    def __init__(
        self, secrets: Redactor, found: Iterable[str] = (), personal: Iterable[str] = ()
    ) -> None:
        self._secrets = secrets
        self._found = Redactor()
        self._found.learn(*found)
        known = sorted({each for each in personal if len(each) >= SHORTEST}, key=len, reverse=True)
        spelled = [form for each in known for form in (each, json.dumps(each)[1:-1])]
        self._personal = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spelled))})(?!\w)", re.IGNORECASE)
            if spelled
            else None
        )

    def text(self, text: str) -> str:
        """Return a text without secrets, and without personal values that are known."""
        told = self._found.text(text.encode("utf-8", "replace").decode())
        told = self._secrets.fragment(told)
        return self._personal.sub(MASKED, told) if self._personal else told

    def value(self, value: Any) -> Any:
        """Return decoded JSON with every text in it cleaned, and secrets hidden by their names."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return self._fields(value)
        if isinstance(value, list | tuple):
            return [self.value(each) for each in value]
        return value

    def _fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        named = pair(fields)
        beside = named is not None and hides(named[0])
        return {
            self.text(str(name)): HIDDEN
            if item not in (None, "", [], {}) and (hides(str(name)) or (beside and name == "value"))
            else self.value(item)
            for name, item in fields.items()
        }


def masked(value: Any) -> Any:
    """Return decoded JSON with what is personal by the name of its field masked."""
    if isinstance(value, list):
        return [masked(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    named = pair(value)
    beside = named is not None and is_personal(named[0])
    return {
        name: _all_masked(item)
        if _is_masked(str(name)) or (beside and name == "value") or _is_text(str(name), value)
        else masked(item)
        for name, item in value.items()
    }


def personal_values(value: Any) -> Iterator[str]:
    """Yield the texts that ``masked`` would mask by the names of their fields."""
    return _values(value, _is_masked)


def secret_values(value: Any) -> Iterator[str]:
    """Yield the texts that are secret by the name of their field."""
    return (each for each in _values(value, hides) if each != HIDDEN)


def _values(value: Any, wanted: Callable[[str], bool]) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _values(each, wanted)
    elif isinstance(value, Mapping):
        named = pair(value)
        beside = named is not None and wanted(named[0])
        for name, item in value.items():
            if wanted(str(name)) or (beside and name == "value"):
                yield from _texts(item)
            else:
                yield from _values(item, wanted)


def is_personal(name: str) -> bool:
    """Tell whether a field of this name tells something of whoever uses the device."""
    return _PERSONAL_NAME.search(name) is not None


def pair(fields: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Return name and value of what is written as such a pair."""
    for name, value in _PAIRS:
        if name in fields and value in fields:
            return str(fields[name]), fields[value]
    return None


def known_elsewhere(values: Iterable[str], structural: Collection[str]) -> list[str]:
    """Return personal values that are not shown anyway, e.g. as the name of a group."""
    shown = {each.casefold() for each in structural}
    return [each for each in values if each.casefold() not in shown]


def _is_masked(name: str) -> bool:
    return is_personal(name) and not _IS_OF_LIST.search(name)


def _is_text(name: str, fields: Mapping[str, Any]) -> bool:
    """Tell whether a field is the text that a device sent or got, and not that of an error."""
    is_error = any("code" in str(each).lower() for each in fields)
    return name.lower() == "message" and not is_error


def _all_masked(value: Any) -> Any:
    """Mask all texts of a value; that there is none is nothing personal."""
    if isinstance(value, Mapping):
        return {name: _all_masked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_all_masked(each) for each in value]
    return value if value in (None, "") or isinstance(value, bool) else MASKED


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
        yield str(value)
