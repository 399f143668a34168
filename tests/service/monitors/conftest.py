"""A store for tests of monitors."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.service.monitors.telling import ACCOUNT, FIRST, SECOND
from tests.store.cases import record
from tsui.store.store import Store
from tsui.store.sync import SyncState


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "store")
    await made.open()
    devices = [
        record(number, key=f"iccid:{iccid}", iccid=iccid)
        for number, iccid in enumerate((FIRST, SECOND), 1)
    ]
    await made.devices.put(ACCOUNT, devices, read_at=1.0)
    await made.syncs.put(ACCOUNT, SyncState(1, 1.0, 0, 0, None, None))
    yield made
    await made.close()
