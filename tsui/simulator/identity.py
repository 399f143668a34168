"""Identifiers: made from a device's number, and read back to it, without any table.

A device's number is scrambled by a multiplication that can be turned round, so that neighbours do
not look like neighbours. Formats are the documented ones; check digits are right.
"""

from dataclasses import dataclass

SPACE = 10_000_000
"""Devices an account can have."""

_FACTOR, _SHIFT = 6_364_137, 2_718_281
_INVERSE = pow(_FACTOR, -1, SPACE)

_AREAS = ("617", "312", "214", "404", "303", "206", "919", "602", "503", "713")
_FRESH_AREA = "883"
"""Area of numbers given at a later activation, so that they never meet a number of the fleet."""

_ICCID_PREFIX = "891480"
_IMSI_PREFIX = "311480"
_EID_PREFIX = "89049032"
_LOCAL_FIRST, _LOCAL_STEP = 2_000_000, 8


@dataclass(frozen=True, slots=True)
class Identity:
    """The identifiers a device is born with."""

    iccid: str
    imei: str
    mdn: str
    imsi: str
    eid: str


def scramble(number: int) -> int:
    """Return where a device's number lies in the space of serials."""
    return (number * _FACTOR + _SHIFT) % SPACE


def unscramble(serial: int) -> int:
    """Return the device's number of a serial."""
    return ((serial - _SHIFT) * _INVERSE) % SPACE


def luhn(digits: str) -> str:
    """Return the check digit that makes a number pass the Luhn test."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def make(account: int, number: int, tac: str, *, embedded: bool) -> Identity:
    """Return a device's identifiers.

    ``tac`` is the first seven digits of its IMEI in the first account; they count on in others.
    """
    serial = scramble(number)
    million, rest = divmod(serial, 1_000_000)
    body = f"{_ICCID_PREFIX}{account}{serial * 31 % 100_000:05d}{serial:07d}"
    imei = f"{int(tac) + account:07d}{million}{rest:06d}"
    local = _LOCAL_FIRST + rest * _LOCAL_STEP + account
    eid_body = f"{_EID_PREFIX}{account}{serial * 7919 % 10**14:014d}{serial:07d}"
    return Identity(
        iccid=body + luhn(body),
        imei=imei + luhn(imei),
        mdn=f"{_AREAS[million]}{local:07d}",
        imsi=f"{_IMSI_PREFIX}{account}{serial:08d}",
        eid=f"{eid_body}{98 - int(eid_body + '00') % 97:02d}" if embedded else "",
    )


def fresh_mdn(count: int) -> str:
    """Return a number that was never given before."""
    return f"{_FRESH_AREA}{_LOCAL_FIRST + count:07d}"


def number_of(kind: str, value: str, account: int) -> int | None:
    """Return the number of the device that could have this identifier; None where none could.

    The caller makes that device's identifiers and compares: this only says where to look.
    """
    if not (value.isascii() and value.isdecimal()):
        return None
    serial = _serial(kind, value, account)
    return None if serial is None or not 0 <= serial < SPACE else unscramble(serial)


def _serial(kind: str, value: str, account: int) -> int | None:
    match kind, len(value):
        case "iccid", 20:
            return int(value[12:19])
        case "imei", 15 | 16:
            return int(value[7]) * 1_000_000 + int(value[8:14])
        case (("mdn" | "min"), 10):
            return _serial_of_mdn(value, account)
        case "msisdn", 11:
            return _serial_of_mdn(value[1:], account)
        case "imsi", 15:
            return int(value[7:])
        case "eid", 32:
            return int(value[23:30])
        case _:
            return None


def _serial_of_mdn(value: str, account: int) -> int | None:
    if value[:3] not in _AREAS:
        return None
    rest = int(value[3:]) - _LOCAL_FIRST - account
    return _AREAS.index(value[:3]) * 1_000_000 + rest // _LOCAL_STEP
