"""Where a device is, as locating calls and callbacks told it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tsui.service.verdict.evidence import Told

SERVICE = "DeviceLocation"
"""Callback service of single locations."""


class Fix(NamedTuple):
    """A place, or why there was none; all texts are hostile until sanitised."""

    told_at: float
    """Unix time at which it was told."""
    latitude: float | None
    """Degrees; None where the network did not find the device."""
    longitude: float | None
    radius: str
    """Metres around; empty where not told."""
    seen_at: float
    """Unix time at which the network saw the device there; 0 where that cannot be read."""
    trouble: str
    """What failed; empty where there is a place."""


def fixes(body: Any, at: float, told: Sequence[Told], mdn: str) -> list[Fix]:
    """Return where a line was found by the last locating call and by callbacks, newest first."""
    found = [
        *(fix_of(each, at) for each in _of_line(body, mdn)),
        *(fix_of(each.body, each.at) for each in told if each.service == SERVICE),
    ]
    return sorted((each for each in found if each), key=lambda each: -each.told_at)


def _of_line(body: Any, mdn: str) -> Iterator[Mapping[str, Any]]:
    for each in body if isinstance(body, list) else ():
        if isinstance(each, Mapping) and mdn and each.get("msid") == mdn:
            yield each


def fix_of(told: Mapping[str, Any], at: float) -> Fix | None:
    """Return the place that a record tells, or why there is none; None where it tells neither."""
    from pydantic import ValidationError

    from tsui.thingspace.location import DeviceLocation

    try:
        place = DeviceLocation.model_validate(dict(told))
    except ValidationError:
        return None
    if place.pd is not None and place.pd.x and place.pd.y:
        moment = place.pd.moment()
        seen = moment.timestamp() if moment else 0.0
        try:
            return Fix(at, float(place.pd.x), float(place.pd.y), place.pd.radius or "", seen, "")
        except ValueError:
            return Fix(at, None, None, "", seen, f"a place that is none: {place.pd.x} {place.pd.y}")
    if place.error is not None and (place.error.type or place.error.info):
        return Fix(at, None, None, "", 0.0, f"{place.error.type}: {place.error.info}")
    return None
