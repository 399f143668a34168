"""Identifiers of devices and lines: their kinds, their formats and their check digits.

Formats are those that Verizon documents. Check digits come from the telecom standards and are only
ever a reason to warn: many of Verizon's own samples fail them.
"""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """A kind of identifier, as the API spells it in requests."""

    ICCID = "iccid"
    """The SIM, or one profile on an eUICC."""
    IMEI = "imei"
    """The radio module; with 16 digits it ends with the version of its software."""
    EID = "eid"
    """The eUICC chip that holds SIM profiles."""
    MEID = "meid"
    """The radio module of a 3G device."""
    ESN = "esn"
    """The radio module of an older device."""
    MDN = "mdn"
    """The phone number, assigned at activation."""
    MSISDN = "msisdn"
    """The phone number with its country code."""
    MIN = "min"
    """The number that 2G and 3G networks route by."""
    IMSI = "imsi"
    """The subscriber, as the network knows it."""


class _Format(NamedTuple):
    shortest: int
    """Fewer characters are refused; 1 where only a maximum is documented."""
    longest: int
    """More characters are refused."""
    usual: tuple[int, ...]
    """Lengths that raise no doubt."""
    in_hex: bool = False
    """Whether A to F are digits, too."""


_FORMATS = {
    Kind.ICCID: _Format(1, 20, (19, 20)),
    Kind.IMEI: _Format(1, 16, (15, 16)),
    Kind.EID: _Format(1, 32, (32,)),
    Kind.MEID: _Format(14, 14, (14,), in_hex=True),
    Kind.ESN: _Format(11, 11, (11,)),
    Kind.MDN: _Format(10, 10, (10,)),
    Kind.MSISDN: _Format(1, 15, (11, 12, 13, 14, 15)),
    Kind.MIN: _Format(10, 10, (10,)),
    Kind.IMSI: _Format(15, 15, (15,)),
}

_DECIMAL = frozenset("0123456789")
_HEX = _DECIMAL | frozenset("abcdefABCDEF")

_SEPARATORS = str.maketrans("", "", " \t\r\n-.()")
"""What people and printed labels put between the digits."""

_AMERICAN_IMSI = ("310", "311", "312", "313", "314", "315", "316")
"""The mobile country codes of the United States, with which an IMSI begins."""


def normalise_kind(text: str) -> Kind | None:
    """Return the kind that a name means in whatever case, e.g. ``iccId``; None for any other."""
    try:
        return Kind(text.strip().lower())
    except ValueError:
        return None


def luhn_ok(digits: str) -> bool:
    """Tell whether the last of the decimal digits is the Luhn check digit of the others."""
    if len(digits) < 2 or not _DECIMAL.issuperset(digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def eid_ok(digits: str) -> bool:
    """Tell whether 32 decimal digits carry the check digits of an EID: they leave 1 modulo 97."""
    return len(digits) == 32 and _DECIMAL.issuperset(digits) and int(digits) % 97 == 1


def problems(kind: Kind, value: str) -> list[str]:
    """Return how a value breaks the format of its kind, in sentences; empty if it does not."""
    form = _FORMATS[kind]
    name = kind.upper()
    if not value:
        return [f"The {name} is empty."]
    found = []
    if not (_HEX if form.in_hex else _DECIMAL).issuperset(value):
        digits = "digits and the letters A to F" if form.in_hex else "digits"
        found.append(f"The {name} may hold only {digits}.")
    if not form.shortest <= len(value) <= form.longest:
        allowed = "" if form.shortest == form.longest else "up to "
        unit = "characters" if form.in_hex else "digits"
        found.append(f"The {name} has {allowed}{form.longest} {unit}, this has {len(value)}.")
    return found


def warnings(kind: Kind, value: str) -> list[str]:
    """Return what is unusual about a value of the right format; no reason to refuse it."""
    if problems(kind, value):
        return []
    name, usual = kind.upper(), _FORMATS[kind].usual
    if len(value) not in usual:
        lengths = f"{usual[0]} to {usual[-1]}" if len(usual) > 2 else " or ".join(map(str, usual))
        return [f"The {name} usually has {lengths} digits, this has {len(value)}."]
    if not _check_digits_ok(kind, value):
        return [f"The check digits of the {name} do not match: it may be mistyped."]
    return []


def guess(text: str) -> list[tuple[Kind, str]]:
    """Return what a typed or pasted token may be, the likeliest first, without its separators.

    A phone number is offered with and without its country code, because either may be stored.
    """
    token = text.strip().translate(_SEPARATORS)
    if token.startswith("+"):
        return _phone_numbers(token[1:]) if _DECIMAL.issuperset(token[1:]) else []
    if len(token) == 20 and token[-1] in "fF" and _DECIMAL.issuperset(token[:-1]):
        return [(Kind.ICCID, token[:-1])]  # SIMs store 19 digits filled up with F
    if not _HEX.issuperset(token):
        return []
    if not _DECIMAL.issuperset(token):
        return [(Kind.MEID, token.upper())] if len(token) == 14 else []
    return _numbers(token)


def _numbers(digits: str) -> list[tuple[Kind, str]]:
    phones = _phone_numbers(digits)
    match len(digits):
        case 30 | 31 | 32:
            return [(Kind.EID, digits)]
        case 19 | 20:
            return [(Kind.ICCID, digits)]
        case 16:
            return [(Kind.IMEI, digits)]
        case 15:
            likely = [(Kind.IMEI, digits), (Kind.IMSI, digits)]
            if digits.startswith(_AMERICAN_IMSI) and not luhn_ok(digits):
                likely.reverse()
            return likely + phones
        case 14:
            return [(Kind.MEID, digits), (Kind.IMEI, digits), *phones]
        case 11 if digits.startswith("1"):
            return [*phones, (Kind.ESN, digits)]
        case 11:
            return [(Kind.ESN, digits), *phones]
        case 10:
            return [(Kind.MDN, digits), (Kind.MSISDN, f"1{digits}"), (Kind.MIN, digits)]
        case _:
            return phones


def _phone_numbers(digits: str) -> list[tuple[Kind, str]]:
    if not 11 <= len(digits) <= 15:
        return []
    numbers = [(Kind.MSISDN, digits)]
    if len(digits) == 11 and digits.startswith("1"):
        numbers.append((Kind.MDN, digits[1:]))
    return numbers


def _check_digits_ok(kind: Kind, value: str) -> bool:
    if kind is Kind.EID:
        return eid_ok(value)
    has_luhn = kind is Kind.ICCID or (kind is Kind.IMEI and len(value) == 15)
    return not has_luhn or luhn_ok(value)
