"""A page of the device list, split into its devices without decoding them."""

import json
import re
from dataclasses import dataclass
from typing import Any, TypedDict

import msgspec

from tsui.service.device_record import device_record
from tsui.store.bulk import Told
from tsui.store.device import DeviceRecord

_IDS = re.compile(rb'"key"\s*:\s*"DeviceId"\s*,\s*"value"\s*:\s*"(\d{1,18})"')
"""The platform's ids as they are usually written; quotes inside of a text would be escaped."""


class _Wire(msgspec.Struct):
    """A page as it comes."""

    devices: list[msgspec.Raw] | None = None
    more: bool | None = msgspec.field(name="hasMoreData", default=None)


class _Device(TypedDict, total=False):
    """The parts of a device that its record is made of; the others are not decoded."""

    deviceIds: Any
    carrierInformations: Any
    connected: Any
    createdAt: Any
    customFields: Any
    groupNames: Any
    ipAddress: Any
    lastConnectionDate: Any


class NotAPage(ValueError):
    """Bytes that are no page of the device list."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds."""

    devices: list[Told]
    """Its devices."""
    listed: bool
    """Whether it has a list at all."""
    more: bool
    """Whether another page follows."""
    largest: int | None
    """The largest platform id on it; None when it tells none."""


def split(body: bytes) -> Page:
    """Split a page; raises NotAPage for what is none."""
    try:
        page = _decoded(body)
    except (ValueError, RecursionError) as error:
        raise NotAPage(str(error)) from None
    bodies = list(map(bytes, page.devices or ()))
    ids: list[int | None] = [int(number) for number in _IDS.findall(body)]
    if len(ids) != len(bodies):
        ids = [each and each.platform_id for each in map(_whole, bodies)]
    largest = max((number for number in ids if number is not None), default=None)
    listed = page.devices is not None
    return Page(list(map(Told, bodies, ids)), listed, bool(page.more), largest)


def flatten(told: Told) -> DeviceRecord | None:
    """Make the record of a device."""
    if told.number is None:
        return _whole(told.body)
    try:
        return device_record(_DEVICE.decode(told.body), told.body, told.number)
    except ValueError:
        return _whole(told.body)


def _decoded(body: bytes) -> _Wire:
    try:
        return _PAGE.decode(body)
    except ValueError:
        return _PAGE.decode(_plain(body))


def _plain(body: bytes) -> bytes:
    """Write a page again for a reader that takes no half characters, which this API may tell."""
    text = json.dumps(json.loads(body, parse_constant=_refuse), ensure_ascii=False)
    return text.encode(errors="replace")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _whole(body: bytes) -> DeviceRecord | None:
    """Make the record of an unusual device: Python's own reader takes whatever is JSON."""
    told = json.loads(body.decode(errors="replace"))
    return device_record(told, body) if isinstance(told, dict) else None


_PAGE = msgspec.json.Decoder(_Wire)
_DEVICE = msgspec.json.Decoder(_Device)
