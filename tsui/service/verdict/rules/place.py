"""Rules about where the device is: abroad, on a network that is gone, or not where it should be."""

from math import asin, cos, radians, sin, sqrt

from tsui.service.states import LineState
from tsui.service.verdict.evidence import Evidence, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status

WEEK = 7 * 86_400.0

FAR = 25_000.0
"""Metres from its site beyond which a device has moved; coarse places are off by some of that."""

EARTH = 6_371_000.0
"""Mean radius in metres."""

_HOME = frozenset({"", "false", "no", "home", "none", "0", "not roaming"})

_RETIRED = ("cdma", "1x", "evdo", "ev-do", "2g", "3g", "umts", "hspa")
"""Beginnings of names of networks that are switched off."""


def roaming(evidence: Evidence) -> Sign | None:
    """The device is on somebody else's network."""
    if evidence.line.state != LineState.ACTIVE:
        return None
    for name, value in evidence.diagnostics.items():
        if "roaming" in name and value.strip().lower() not in _HOME:
            return Sign("It is roaming.", [Fact(name, value, Source.DIAGNOSTICS)])
    if any(each.abroad for each in evidence.usage if each.at >= evidence.now - WEEK):
        return Sign(
            "It was used abroad within a week.",
            [Fact("internationalUsage", "some", Source.USAGE)],
        )
    return None


def retired(evidence: Evidence) -> Sign | None:
    """The device is made for a network that is gone."""
    if not evidence.line.is_listed:
        return None
    for name, value in evidence.diagnostics.items():
        if "technology" in name and value.strip().lower().startswith(_RETIRED):
            return Sign(
                f"It is made for {value}, which is switched off; its roaming list is as old.",
                [Fact(name, value, Source.DIAGNOSTICS)],
            )
    return None


def moved(evidence: Evidence) -> Sign | None:
    """The network sees the device far from where it should be."""
    expected = evidence.site.place
    if expected is None:
        raise evidence.unknowable(Source.SITE, "nobody said where it should be")
    place = evidence.place
    away = _metres(expected, (place.latitude, place.longitude))
    if away <= FAR + place.radius:
        return None
    return Sign(
        f"The network saw it {away / 1000:.0f} km from where it should be.",
        [
            Fact("x, y", f"{place.latitude:.3f}, {place.longitude:.3f}", Source.LOCATION),
            Fact("expected", f"{expected[0]:.3f}, {expected[1]:.3f}", Source.SITE),
        ],
    )


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance between two places on the ground (haversine)."""
    (a, b), (c, d) = (tuple(map(radians, each)) for each in (one, other))
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))


ROAMING = Rule(
    "7.1", "roaming", Layer.PLACE, Status.WARN, Confidence.MEDIUM,
    "away from home, with a plan that may not roam", roaming,
    "Look at the plan and at where it is.", "l",
    (Rival("it lives near a border", "where it was located before"),),
)  # fmt: skip

RETIRED = Rule(
    "7.2", "retired-network", Layer.PLACE, Status.WARN, Confidence.HIGH,
    "its network is switched off", retired, "Plan other hardware: 4G has no roaming list.", "",
)  # fmt: skip

MOVED_AWAY = Rule(
    "7.3", "away-from-site", Layer.PLACE, Status.WARN, Confidence.MEDIUM,
    "moved, or stolen", moved, "Suspend it with a note that says why.", "S",
    (Rival("the site in the records is old", "whoever installed it"),),
)  # fmt: skip
