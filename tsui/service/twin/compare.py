"""Comparing: which fields of two devices differ, which are alike, and of which nobody can say."""

import re
from collections.abc import Collection, Sequence

from tsui.service.twin.model import Comparison, Field, Group, Key, Likeness, Side, Told
from tsui.service.verdict.evidence import Standing

ALIKE = 1.5
"""Times that a number may be as large as another one and still count as like it.

No two devices have the same median gap; half as much again is what weather and chance do.
"""

_OWN = re.compile(
    r"iccid|imei|imsi|meid|mdn|msisdn|^min$|^esn$|^eid$|deviceid|device_?id$|ip_?address"
    r"|custom_?field|firstname|^platform",
    re.IGNORECASE,
)
"""Fields whose values have to differ, or are names that people gave."""

_WHEN = re.compile(r"date$|^createdat$|^occurred", re.IGNORECASE)
"""Fields that tell a time, in which no two lines are alike; what counts of them is named apart."""

_SAID_ALREADY = frozenset(
    {
        "carrierinformations.state", "carrierinformations.serviceplan", "connected", "groupnames",
        "deviceids", "devicestate", "serviceplan", "groupname",
    }
)  # fmt: skip
"""Fields of the details that are among the line's own, under plainer names."""

_ORDER = list(Group)


def compare(a: Side, b: Side, basis: str, now: float) -> Comparison:
    """Hold one device against another."""
    keys = sorted({**a.fields, **b.fields}, key=lambda key: _ORDER.index(key.group))
    told = {key.name.lower() for key in keys if key.group is Group.DIAGNOSTICS}
    fields = [
        _field(key, a.fields.get(key, _missing(a, key)), b.fields.get(key, _missing(b, key)))
        for key in keys
        if not _is_said_already(key, told)
    ]
    return Comparison(a, b, basis, now, fields)


def _field(key: Key, a: Told, b: Told) -> Field:
    return Field(key, a, b, _likeness(key, a, b))


def _likeness(key: Key, a: Told, b: Told) -> Likeness:
    if key.group in (Group.DIAGNOSTICS, Group.DETAILS) and (
        _OWN.search(key.name) or _WHEN.search(key.name)
    ):
        return Likeness.OWN
    if not (a.standing is b.standing is Standing.KNOWN):
        return Likeness.UNKNOWN
    if not a.text and not b.text:
        return Likeness.UNKNOWN
    if a.amount is not None and b.amount is not None:
        return Likeness.SAME if _are_near(a.amount, b.amount) else Likeness.DIFFERENT
    is_same = " ".join(a.text.split()).casefold() == " ".join(b.text.split()).casefold()
    return Likeness.SAME if is_same else Likeness.DIFFERENT


def _are_near(a: float, b: float) -> bool:
    low, high = sorted((a, b))
    return high <= ALIKE * low


def _missing(side: Side, key: Key) -> Told:
    """Return what is known of a field that a side was not told: as much as of its neighbours."""
    beside = next((told for other, told in side.fields.items() if other.group is key.group), None)
    return Told() if beside is None else beside._replace(text="", amount=None)


def _is_said_already(key: Key, diagnostics: Collection[str]) -> bool:
    name = key.name.lower()
    is_detail = key.group in (Group.DIAGNOSTICS, Group.DETAILS)
    is_twice = key.group is Group.DETAILS and name in diagnostics
    return is_twice or (is_detail and name in _SAID_ALREADY)


def ages(fields: Sequence[Field], now: float) -> tuple[float | None, float | None]:
    """Return how many seconds ago the oldest of some fields was read on each side."""
    found = []
    for side in ([each.a for each in fields], [each.b for each in fields]):
        read = [told.read_at for told in side if told.read_at]
        found.append(max(0.0, now - min(read)) if read else None)
    return found[0], found[1]
