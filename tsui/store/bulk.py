"""Writing a whole fleet page by page, each page together with how far the run is."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import apsw

from tsui.store.device import DeviceRecord
from tsui.store.fleet import drop_unseen, fingerprint, touch_devices, write_devices
from tsui.store.schema import KNOWING, create_indexes, drop_indexes
from tsui.store.sync import SyncState, put_state


class Told(NamedTuple):
    """A device as it came."""

    body: bytes
    """Its JSON."""
    number: int | None
    """Its platform id, where that was seen without decoding it."""


Flatten = Callable[[Told], DeviceRecord | None]
"""Makes the record of a device; None for one without any identifier."""


class FleetRun:
    """A run that reads an account's fleet; what it does to a connection is one transaction each."""

    def __init__(self, account: str, state: SyncState, flatten: Flatten) -> None:
        self._account = account
        self._flatten = flatten
        self._nothing_known = False
        self.state = state
        """How far it is, as the file has it too."""

    def begin(self, connection: apsw.Connection) -> None:
        """Make ready for many pages: the first fleet of all is written without most indexes."""
        self._nothing_known = not connection.execute("SELECT EXISTS (SELECT 1 FROM device)").get
        if self._nothing_known:
            drop_indexes(connection)
        else:
            create_indexes(connection, KNOWING)

    def put(
        self,
        connection: apsw.Connection,
        devices: Sequence[Told],
        largest: int | None,
        read_at: float,
    ) -> list[int]:
        """Write a page; returns the ids of those devices that differ from what was there."""
        run = self.state.run
        prints = [fingerprint(each.body) for each in devices]
        known: set[int] = set()
        if not self._nothing_known:
            known = touch_devices(connection, self._account, prints, read_at, run)
        fresh = [
            (record, each)
            for told, each in zip(devices, prints, strict=True)
            if each not in known and (record := self._flatten(told))
        ]
        changed = write_devices(connection, self._account, fresh, read_at, run)
        after, seen = max(self.state.after, largest or 0), self.state.seen + len(devices)
        total = self.state.total if self.state.finished_at is None else seen
        self._save(connection, replace(self.state, after=after, seen=seen, total=total))
        return changed

    def finish(self, connection: apsw.Connection, at: float) -> list[int]:
        """Forget devices that the run has not met, for it has met all; returns their ids."""
        gone = drop_unseen(connection, self._account, self.state.run, at)
        self._save(connection, replace(self.state, finished_at=at, total=self.state.seen))
        return gone

    def _save(self, connection: apsw.Connection, state: SyncState) -> None:
        put_state(connection, self._account, state)
        self.state = state
