"""Masks: pseudonyms for identifiers, the same for the same one within a recording.

What a number means stays readable: its length, the issuer of an ICCID, the model of an IMEI, and
whether its check digit is right. The key of the pseudonyms is thrown away with the recording's end,
so nobody can work back from them.
"""

import hmac
import re
import secrets
from typing import Any

_NUMBER = re.compile(r"(?<![\w.])\d{10,32}(?![\w.])")
"""Identifiers are digits; times and amounts have fewer of them in a row."""
_HEX = re.compile(r"[0-9A-Fa-f]{14,32}")
_ADDRESS = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_TELLING = re.compile(r"\d{10}|@|\d\.\d")
"""Is in every text that holds any of these."""
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_ISSUER, _MODEL = 7, 8
"""Digits at the beginning of an ICCID, or of an IMEI, that say nothing of a single one."""

_PRIVATE = frozenset(
    {
        "username",
        "userid",
        "firstname",
        "lastname",
        "middlename",
        "contactname",
        "email",
        "emailaddress",
        "phone",
        "phonenumber",
        "addressline1",
        "addressline2",
        "city",
        "zip",
        "zipcode",
        "zip4",
        "lastactivationby",
        "modifiedby",
        "createdby",
    }
)
"""Names of fields about people and places, in lower case."""

_ORDERED = frozenset({"deviceid", "largestdeviceidseen"})
"""The platform's own numbers, by whose order a fleet is read; they lead to nobody."""


class Mask:
    """Puts pseudonyms in the place of identifiers."""

    def __init__(self, key: bytes = b"") -> None:
        self._key = key or secrets.token_bytes(32)

    def text(self, text: str) -> str:
        """Return a text with the identifiers in it replaced."""
        if _TELLING.search(text) is None:
            return text
        text = _MAIL.sub(lambda found: f"{self._word(found[0])}@masked.invalid", text)
        text = _NUMBER.sub(lambda found: self.number(found[0]), text)
        return _ADDRESS.sub(lambda found: self._address(found[0]), text)

    def value(self, value: Any, name: str = "") -> Any:
        """Return decoded JSON with the identifiers in it replaced."""
        if isinstance(value, str):
            return self._field(name, value)
        if isinstance(value, dict):
            beside = _named(value)
            return {
                each: self.value(item, beside if beside and each in ("id", "value") else each)
                for each, item in value.items()
            }
        if isinstance(value, list):
            return [self.value(each, name) for each in value]
        if isinstance(value, int) and value >= 10**9:
            return self._whole(name.lower(), value)
        return value

    def number(self, digits: str) -> str:
        """Return the pseudonym of a number, as long as it and with a check digit as right."""
        kept = 0
        if len(digits) in (19, 20) and digits.startswith("89"):
            kept = _ISSUER
        elif len(digits) == 15:
            kept = _MODEL
        told = str(int.from_bytes(self._digest(digits), "big"))
        made = digits[:kept] + told[-(len(digits) - kept) :]
        if kept and _check(digits[:-1]) == digits[-1]:
            made = made[:-1] + _check(made[:-1])
        return made

    def _field(self, name: str, value: str) -> str:
        name = name.lower()
        if name in _ORDERED or not value:
            return value
        if name in _PRIVATE or name.startswith("customfield"):
            return self._word(value)
        if value.isdecimal():
            return self.number(value) if 10 <= len(value) <= 32 else value
        if _HEX.fullmatch(value):
            return self._digest(value.lower()).hex()[: len(value)].upper()
        return self.text(value)

    def _whole(self, name: str, value: int) -> int:
        if name in ("imei", "iccid", "mdn", "min", "msisdn", "imsi", "eid"):
            return int("1" + self.number(str(value))[1:])
        return value

    def _word(self, text: str) -> str:
        return f"masked-{self._digest(text).hex()[:8]}"

    def _address(self, text: str) -> str:
        return "10." + ".".join(str(each) for each in self._digest(text)[:3])

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "replace"), "sha256")


def _named(value: dict[str, Any]) -> str:
    """Return the name that an identifier or an attribute carries beside its value."""
    for name in ("kind", "key", "name"):
        if name in value and ("id" in value or "value" in value):
            return str(value[name])
    return ""


def _check(digits: str) -> str:
    """Return the Luhn check digit of a number."""
    doubled = digits[::-2].translate(_DOUBLED)
    return str(-sum(map(int, doubled + digits[-2::-2])) % 10)


_DOUBLED = str.maketrans("0123456789", "0246813579")
"""A digit, doubled, and its own digits added up."""
