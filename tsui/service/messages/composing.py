"""Composing: a text with places for what differs between devices, filled in and counted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tsui.service.kinds import SEND_NIDD, SEND_SMS
from tsui.service.messages.measure import FORBIDDEN, Encoding, Measure, measure
from tsui.service.messages.sending import NotBytes, read_bytes
from tsui.service.proposal import Wanted
from tsui.store.devices import DeviceRow
from tsui.text import sanitize

PLACES = (
    "iccid", "imei", "mdn", "eid", "custom1", "custom2", "custom3", "custom4", "custom5",
)  # fmt: skip
"""What may stand in braces, and is filled in for each device."""

TOO_LONG = "it would be too long, and a message is never split"
"""Why a device is left out whose own text does not fit."""

REFUSED = "it would hold a character that ThingSpace refuses"
"""Why a device is left out whose own values spoil the text."""

_PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")


def fill(text: str, device: DeviceRow) -> str:
    """Return a text with the places filled in for a device."""
    return _PLACE.sub(lambda found: str(getattr(device, found[1])), text)


def has_places(text: str) -> bool:
    """Tell whether a text differs between devices."""
    return _PLACE.search(text) is not None


@dataclass(frozen=True, slots=True)
class Filled:
    """A text as each device will have it."""

    texts: Mapping[str, Sequence[DeviceRow]]
    """Devices by what they are sent."""

    @property
    def longest(self) -> str:
        """The text that leaves least room."""
        return min(self.texts, key=lambda each: measure(each).left, default="")

    @property
    def wanted(self) -> list[Wanted]:
        """What is sent to whom, without those whose text cannot be sent."""
        return [
            Wanted(SEND_SMS, {"text": text}, [each.id for each in devices])
            for text, devices in self.texts.items()
            if measure(text).may_be_sent
        ]

    @property
    def left_out(self) -> tuple[tuple[str, int], ...]:
        """Why devices are sent nothing, and how many."""
        counts: dict[str, int] = {}
        for text, devices in self.texts.items():
            measured = measure(text)
            if not measured.may_be_sent:
                why = REFUSED if measured.refused else TOO_LONG
                counts[why] = counts.get(why, 0) + len(devices)
        return tuple(counts.items())


def filled(text: str, devices: Sequence[DeviceRow]) -> Filled:
    """Fill a text in for devices."""
    if not has_places(text):
        return Filled({text: devices} if devices else {})
    texts: dict[str, list[DeviceRow]] = {}
    for each in devices:
        texts.setdefault(fill(text, each), []).append(each)
    return Filled(texts)


def bytes_wanted(written: str, seconds: int, devices: Iterable[DeviceRow]) -> list[Wanted]:
    """Return what is sent to whom for bytes; raises NotBytes."""
    values = {"payload": read_bytes(written).hex(), "seconds": str(seconds)}
    return [Wanted(SEND_NIDD, values, [each.id for each in devices])]


def trouble(text: str) -> str:
    """Say why a text cannot be sent as it is; empty where it can."""
    if not text:
        return "There is nothing to send yet."
    measured = measure(text)
    if measured.refused:
        first = measured.refused[0]
        known = " ".join(FORBIDDEN)
        return (
            f"ThingSpace refuses {sanitize(first.character)} (character {first.place + 1}); "
            f"none of {known} may be sent."
        )
    if measured.left < 0:
        return f"{-measured.left} {measured.unit} too long; a message is never split."
    return ""


def counted(measured: Measure) -> str:
    """Say how long a text is, and what made it so."""
    said = f"{measured.used}/{measured.room} {measured.unit}, {measured.encoding}"
    if measured.beyond is None:
        return said
    named = sanitize(measured.beyond.character) or "a control character"
    why = f"{named} (character {measured.beyond.place + 1}) is not in the 7-bit alphabet"
    return f"{said}: {why}" if measured.encoding is not Encoding.SEVEN_BIT else said


def bytes_trouble(written: str) -> str:
    """Say why bytes cannot be sent as they are written; empty where they can."""
    try:
        read_bytes(written)
    except NotBytes as error:
        return str(error)
    return ""
