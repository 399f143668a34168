"""The desk of twins: what a device may be held against, and the comparison with it."""

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tsui.clock import Clock
from tsui.service.bundle.files import kept
from tsui.service.export import moment_text
from tsui.service.twin.candidates import Candidate, candidates, how_it_is, shared_by
from tsui.service.twin.compare import compare
from tsui.service.twin.export import as_data, as_markdown
from tsui.service.twin.fields import fields_of
from tsui.service.twin.model import Comparison, Side
from tsui.service.verdict.desk import Verdicts
from tsui.store.devices import DeviceRow
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"


class Twins:
    """Compares devices of the account that is shown."""

    def __init__(self, store: Store, shown: Shown, verdicts: Verdicts) -> None:
        self._store = store
        self._shown = shown
        self._verdicts = verdicts

    async def candidates(self, device: DeviceRow) -> list[Candidate]:
        """Return devices that a device may be held against, the most alike first."""
        return await candidates(self._store, self._shown.account, device, self._now())

    async def compare(self, a: DeviceRow, b: DeviceRow) -> Comparison:
        """Hold a device against another one, by what is remembered of both."""
        rows = {row.id: row for row in await self._store.devices.rows([a.id, b.id])}
        one = await self._side(rows.get(a.id, a))
        other = await self._side(rows.get(b.id, b))
        basis = f"{shared_by(one.device, other.device)}; {how_it_is(other.device, self._now())}"
        return compare(one, other, basis, self._now())

    def refresh(self, a: DeviceRow, b: DeviceRow) -> None:
        """Begin to read all of both again; what comes is announced."""
        if (online := self._shown.online) is not None:
            online.spawn(self._read(a, b), name="read two devices")

    async def keep(self, told: Comparison, folder: Path) -> list[Path]:
        """Write a comparison into two files of a folder; raises OSError."""
        name = f"tsui-twin-{_safe(told.a.name)}-{_safe(told.b.name)}-{_safe(moment_text(told.now))}"
        texts = {".md": as_markdown(told), ".json": f"{json.dumps(as_data(told), indent=2)}\n"}
        return [
            await asyncio.to_thread(kept, folder / f"{name}{ending}", text)
            for ending, text in texts.items()
        ]

    async def _read(self, a: DeviceRow, b: DeviceRow) -> None:
        await asyncio.gather(self._verdicts.read(a), self._verdicts.read(b))

    def _now(self) -> float:
        return self._shown.clock.now().timestamp()

    async def _side(self, device: DeviceRow) -> Side:
        verdict = await self._verdicts.on(device)
        return Side(device, verdict, fields_of(device, verdict))


def _safe(text: str | None) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "", text or "")[:32] or "device"
