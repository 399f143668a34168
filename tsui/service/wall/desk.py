"""The desk of the wall: its picture is made of kept counts and a few short queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tsui.service.shifts import shift_at
from tsui.service.wall.model import Count, Receiving, Share, Shift, Wall
from tsui.store.heartbeats import TOLERANCE, Program
from tsui.store.shifts import Mark
from tsui.store.store import Store
from tsui.store.tally import Tally

if TYPE_CHECKING:
    from tsui.service.workspace import Workspace

NEWEST = 20
"""Notices that are shown at the most."""


class WallDesk:
    """The numbers of the account that is shown."""

    def __init__(self, store: Store, workspace: "Workspace") -> None:
        self._store = store
        self._workspace = workspace

    async def picture(self, shifts: Sequence[str]) -> Wall:
        """Return how things stand now, and how they stood when the shift began."""
        store, workspace = self._store, self._workspace
        account, moment = workspace.account, workspace.clock.now()
        now = moment.timestamp()
        began = shift_at(moment, shifts).begin.timestamp()
        tally = await store.devices.tally_all(account, now)
        mark = await store.shifts.first_mark(account, began)
        online = workspace.online
        return Wall(
            at=now,
            shift=Shift(began, mark.at if mark else None),
            devices=Count(tally.devices, mark.tally.devices if mark else None),
            connected=_connected(tally, mark),
            late=Count(tally.late, mark.tally.late if mark else None),
            states=_shares(_values(tally, "state"), _before(mark, "state")),
            plans=_shares(_values(tally, "plan"), _before(mark, "plan")),
            groups=_shares(members(_values(tally, "groups")), _groups_before(mark)),
            in_flight=workspace.opened.in_flight(),
            bad=await store.shifts.count_bad(account, began),
            alarms=await workspace.desks.notices.alarms(),
            newest=await workspace.desks.notices.newest(NEWEST),
            monitors=await workspace.desks.monitors.summary(),
            lost=await store.watching.count_lost(account, now),
            calls=workspace.desks.calls.summary(),
            standing=online.client.standing if online else None,
            receiving=await self._receiving(now),
        )

    async def _receiving(self, now: float) -> Receiving:
        seen_at = await self._store.heartbeats.newest(Program.RECEIVER, "")
        messages = await self._store.inbox.newest(1)
        is_running = seen_at is not None and now - seen_at < TOLERANCE
        return Receiving(seen_at, is_running, messages[0].last_at if messages else None)


def members(groups: Mapping[str, int]) -> dict[str, int]:
    """Return how many devices are in each group, from how many are in the same ones."""
    found: Counter[str] = Counter()
    for joined, devices in groups.items():
        for name in dict.fromkeys(joined.split(", ")):
            found[name] += devices
    return dict(found)


def _values(tally: Tally, trait: str) -> Mapping[str, int]:
    return tally.traits.get(trait, {})


def _before(mark: Mark | None, trait: str) -> Mapping[str, int] | None:
    return None if mark is None else _values(mark.tally, trait)


def _groups_before(mark: Mark | None) -> Mapping[str, int] | None:
    return None if mark is None else members(_values(mark.tally, "groups"))


def _connected(tally: Tally, mark: Mark | None) -> Count:
    before = _before(mark, "connected")
    return Count(
        _values(tally, "connected").get("yes", 0), None if before is None else before.get("yes", 0)
    )


def _shares(now: Mapping[str, int], before: Mapping[str, int] | None) -> list[Share]:
    """Return every value there is, or was, the most frequent first."""
    shares = [
        Share(value, Count(now.get(value, 0), None if before is None else before.get(value, 0)))
        for value in {**now, **(before or {})}
    ]
    return sorted(shares, key=lambda share: (-share.number.now, share.value))
