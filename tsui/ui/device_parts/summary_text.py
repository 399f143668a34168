"""The summary as lines: what a device is and where it stands, down to the last field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tsui.service.line_history import state_since
from tsui.service.states import is_pending
from tsui.service.views import DeviceRow, Reading
from tsui.ui import words
from tsui.ui.painted import Line
from tsui.ui.rhythm_text import rhythm
from tsui.ui.screens.device_text import View, facts

Pair = tuple[str, str, str]
"""A name, a value and its look."""

_SHOWN = frozenset(
    {
        "accountName", "billingCycleEndDate", "carrierInformation", "carrierInformations",
        "connected", "createdAt", "customFields", "deviceIds", "extendedAttributes", "groupNames",
        "ipAddress", "lastActivationBy", "lastActivationDate", "lastConnectionDate",
    }
)  # fmt: skip
"""Fields of the list that have a place of their own in the summary."""


def summary(
    row: DeviceRow, raw: Mapping[str, Any], history: Reading | None, view: View
) -> list[Line]:
    """Say what is known of a device, the most telling first."""
    text, look = words.state(row.state)
    parts: tuple[list[Pair], ...] = (
        [
            ("State", text, look),
            *_since(row, history, view),
            ("Connected", _connected(row), "good" if row.connected else "text"),
            ("Last seen", view.at(row.last_connection), "text"),
            *rhythm(row, view.now, view.at),
            ("Plan", row.plan, "text"),
            ("IP address", row.ip, "text"),
            ("Groups", row.groups, "text"),
        ],
        [(kind.upper(), value, "strong") for kind, value in _pairs(raw, "deviceIds", "kind", "id")],
        [
            (f"Custom field {number}", str(getattr(row, f"custom{number}")), "text")
            for number in range(1, 6)
        ],
        [
            ("Carrier", _carrier(raw), "text"),
            ("Added", view.at(row.created), "text"),
            ("Activated", view.when(raw.get("lastActivationDate")), "text"),
            ("Activated by", str(raw.get("lastActivationBy") or ""), "text"),
            ("Billing cycle ends", view.when(raw.get("billingCycleEndDate")), "text"),
            ("Account", str(raw.get("accountName") or ""), "text"),
            *_others(raw),
        ],
        [(key, value, "text") for key, value in _pairs(raw, "extendedAttributes", "key", "value")],
    )
    lines: list[Line] = []
    for pairs in parts:
        lines += [*facts(pairs), []]
    return lines


def _since(row: DeviceRow, history: Reading | None, view: View) -> Iterator[Pair]:
    """Yield since when the line is in its state and who brought it there, or why nobody knows."""
    if history is None or history.body is None:
        trouble = history.trouble if history is not None else ""
        yield "Since", trouble or "the provisioning history was not read yet", "dim"
    elif is_pending(row.state):
        yield "Since", "under way", "info"
    elif since := state_since(history.body, row.state):
        yield "Since", view.at(since.at), "text"
        yield "By", f"{since.by or 'nobody named'}, {since.event}", "text"
    else:
        yield "Since", "not told by the last year's provisioning history", "dim"


def _others(raw: Mapping[str, Any]) -> Iterator[Pair]:
    """Yield what the list tells beyond what has a place of its own."""
    for name, value in raw.items():
        if name not in _SHOWN and isinstance(value, str | int | float) and value != "":
            yield name, str(value), "text"


def _pairs(raw: Mapping[str, Any], name: str, key: str, value: str) -> list[tuple[str, str]]:
    listed = raw.get(name)
    return [
        (str(each.get(key) or ""), str(each.get(value) or ""))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict)
    ]


def _carrier(raw: Mapping[str, Any]) -> str:
    carriers = raw.get("carrierInformations")
    first = carriers[0] if isinstance(carriers, list) and carriers else {}
    return str(first.get("carrierName", "")) if isinstance(first, dict) else ""


def _connected(row: DeviceRow) -> str:
    if row.connected is None:
        return "not told"
    return "yes" if row.connected else "no"
