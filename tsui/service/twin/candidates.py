"""Candidates: devices that should be like another one, each with why it is offered."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tsui.service.states import LineState
from tsui.service.twin.fields import MODEL
from tsui.service.verdict.say import span
from tsui.store.devices import DeviceRow
from tsui.store.filtering import FIELDS, Filter
from tsui.store.filtering.tree import Flag, Match, Wild, all_of, pattern
from tsui.store.query import DeviceQuery, Order
from tsui.store.store import Store

MOST = 8
"""Candidates that are offered."""

_FIELDS = {field.name: field for field in FIELDS}


class Candidate(NamedTuple):
    """A device that another one may be held against."""

    device: DeviceRow
    basis: str
    """What they share, and what is known of how it is; says nothing of its health beyond that."""


async def candidates(store: Store, account: str, device: DeviceRow, now: float) -> list[Candidate]:
    """Return other active devices that share much, the most alike first.

    Among those that share the same, connected ones come first, then those seen last.
    """
    found: dict[int, Candidate] = {}
    for alike in _alike(device):
        for connected in (True, None):
            parts = [*alike, _match("state", LineState.ACTIVE)]
            if connected:
                parts.append(Flag(_FIELDS["connected"], value=True))
            query = DeviceQuery(account, all_of(parts), Order.LAST_CONNECTION, descending=True)
            for row in await store.devices.window(query, 0, MOST + 1):
                if row.id != device.id and row.id not in found:
                    found[row.id] = Candidate(
                        row, f"{shared_by(device, row)}; {how_it_is(row, now)}"
                    )
            if len(found) >= MOST:
                return list(found.values())[:MOST]
    return list(found.values())


def shared_by(a: DeviceRow, b: DeviceRow) -> str:
    """Say what two devices have in common."""
    same = [
        name
        for name, is_same in (
            ("group", bool(a.groups) and a.groups == b.groups),
            ("plan", bool(a.plan) and a.plan == b.plan),
            ("model", bool(a.imei) and a.imei[:MODEL] == b.imei[:MODEL]),
        )
        if is_same
    ]
    return f"same {'+'.join(same)}" if same else "nothing in common but the account"


def how_it_is(row: DeviceRow, now: float) -> str:
    """Say by what a device may be taken for a healthy one."""
    if row.connected:
        return f"connected {span(now - row.read_at)} ago"
    if row.last_connection:
        return f"last session {span(now - row.last_connection)} ago"
    return "no session known"


def _alike(device: DeviceRow) -> Iterator[Sequence[Filter]]:
    """Yield what another device may share, most first."""
    group = [_match("group", device.groups)] if device.groups and "," not in device.groups else []
    plan = [_match("plan", device.plan)] if device.plan else []
    model = []
    if len(device.imei) > MODEL:
        model = [Match(_FIELDS["imei"], pattern([device.imei[:MODEL], Wild.RUN]))]
    if group and plan and model:
        yield [*group, *plan, *model]
    if plan and model:
        yield [*plan, *model]
    if group and plan:
        yield [*group, *plan]
    if model:
        yield model


def _match(name: str, text: str) -> Filter:
    return Match(_FIELDS[name], pattern([text]))
