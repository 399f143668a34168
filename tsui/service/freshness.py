"""Whether what is known of devices is fresh enough to change them, and how it becomes so."""

import asyncio
from collections.abc import Callable, Sequence

from tsui.clock import Clock
from tsui.service.examiner import Examiner
from tsui.service.failures import ReadFailed
from tsui.service.preflight import Judged, Report
from tsui.service.problems import explain
from tsui.service.proposal import Proposal, Wanted
from tsui.service.proposing import propose
from tsui.service.reader import DeviceReader
from tsui.service.rules.request import FRESH
from tsui.service.sync import FleetSync
from tsui.store.devices import DeviceRow
from tsui.store.query import DeviceQuery
from tsui.store.store import Store
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.paging import DEVICES_PER_PAGE

Who = Callable[[Report], Sequence[Judged]]
"""Which devices of a report are meant."""


def is_old(device: DeviceRow | None, now: float) -> bool:
    """Tell whether a device has to be read again before its state is good ground for a change."""
    return device is None or now - device.read_at > FRESH


class FreshLook:
    """Reads the devices of a proposal again and judges them anew."""

    def __init__(
        self, reader: DeviceReader, sync: FleetSync, store: Store, examiner: Examiner,
        clock: Clock, account: str,
    ) -> None:  # fmt: skip
        self._reader = reader
        self._sync = sync
        self._store = store
        self._examiner = examiner
        self._clock = clock
        self._account = account

    async def at_each(self, proposal: Proposal) -> Proposal:
        """Read one by one the devices of which we know nothing fresh; raises ThingSpaceError."""
        now = self._clock.now().timestamp()
        devices = _devices(proposal, lambda report: report.eligible)
        old = [each.key for each in devices if is_old(each, now)]
        if not old:
            return proposal
        await self._read_each(old)
        return await self._judged(proposal, devices, lambda report: report.eligible)

    async def at_all(self, proposal: Proposal) -> Proposal:
        """Read however many devices in as few requests as possible; raises ReadFailed.

        The platform lists single devices or all of them, so it is one or the other.
        """
        devices = _devices(proposal, _everybody)
        pages = -(-await self._store.devices.count(DeviceQuery(self._account)) // DEVICES_PER_PAGE)
        try:
            if len(devices) <= pages:
                await self._read_each([each.key for each in devices])
            else:
                await self._sync.run()
                await self._sync.finish()
        except ThingSpaceError as error:
            raise ReadFailed(str(explain(error)), error.fate) from error
        if trouble := self._sync.progress.trouble:
            raise ReadFailed(trouble, "unknown")
        return await self._judged(proposal, devices, _everybody)

    async def _read_each(self, keys: Sequence[str]) -> None:
        await asyncio.gather(*(self._reader.read_line(key) for key in keys))

    async def _judged(self, proposal: Proposal, devices: Sequence[DeviceRow], who: Who) -> Proposal:
        known = {each.key: each for each in devices}
        found = await self._store.devices.by_key(self._account, known)
        rows = {row.id: row for row in (known | found).values()}
        wanted = [
            Wanted(each.kind, each.values, [judged.device.id for judged in who(each)])
            for each in proposal.reports
        ]
        again = await propose(self._examiner, rows, wanted, proposal)
        return again.naming(proposal.as_one().named)


def _everybody(report: Report) -> Sequence[Judged]:
    return (*report.eligible, *report.excluded)


def _devices(proposal: Proposal, who: Who) -> list[DeviceRow]:
    """Return devices of a proposal, each once."""
    found = (each.device for report in proposal.reports for each in who(report))
    return list({each.key: each for each in found}.values())
