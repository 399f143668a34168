"""The desk of evidence bundles: made of what is remembered, so that they can be made offline."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tsui.clock import Clock
from tsui.service.bundle.collecting import Collector, Material
from tsui.service.bundle.files import kept, stem
from tsui.service.bundle.making import Circumstances, make
from tsui.service.bundle.markdown import markdown
from tsui.service.bundle.shape import Bundle
from tsui.service.environment import Environment
from tsui.service.verdict.desk import Verdicts
from tsui.store.changes import DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.store import Store
from tsui.thingspace.redact import Redactor

if TYPE_CHECKING:
    from tsui.service.account import AccountService

SPANS: Mapping[str, float] = {"24h": 86400.0, "7d": 7 * 86400.0, "31d": 31 * 86400.0}
"""Spans that may be chosen, in seconds; histories are not read any further back."""

USUAL = "7d"
"""The span that is told unless another one is chosen."""


def next_span(name: str) -> str:
    """Return the span that is offered after another one."""
    names = list(SPANS)
    return names[(names.index(name) + 1) % len(names)]


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants a bundle."""

    span: str = USUAL
    """One of ``SPANS``."""
    masked: bool = True
    """Whether personal data is masked."""


@dataclass(frozen=True, slots=True)
class Made:
    """A bundle, and how it is written."""

    bundle: Bundle
    json: str
    markdown: str

    @property
    def stem(self) -> str:
        """The name of its files without their ending."""
        return stem(self.bundle)

    @property
    def texts(self) -> Mapping[str, str]:
        """What goes into files, by the ending of their names."""
        return {".md": self.markdown, ".json": self.json}


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    environment: Environment
    online: "AccountService | None"


class Bundles:
    """Makes bundles in the account that is shown, and keeps them in files."""

    def __init__(self, store: Store, shown: Shown, verdicts: Verdicts) -> None:
        self._store = store
        self._shown = shown
        self._verdicts = verdicts

    async def of_device(
        self, device: DeviceRow, wish: Wish, change: DeviceChange | None = None
    ) -> Made:
        """Make the bundle of a device, or of a change of it."""
        verdict = await self._verdicts.on(device)
        material = await self._collector().of_device(device, verdict, change)
        return await asyncio.to_thread(_made, material, self._circumstances(wish))

    async def of_change(self, change: DeviceChange, wish: Wish) -> Made:
        """Make the bundle of a change, with all about its device where that is known here."""
        account = self._shown.account
        found = await self._store.devices.by_key(account, [change.device_key])
        if (device := found.get(change.device_key)) is not None:
            return await self.of_device(device, wish, change)
        material = await self._collector().of_change(change)
        return await asyncio.to_thread(_made, material, self._circumstances(wish))

    async def keep(
        self, made: Made, folder: Path, endings: Sequence[str] = (".md", ".json")
    ) -> list[Path]:
        """Write a bundle into files of a folder; raises OSError."""
        return [
            await asyncio.to_thread(kept, folder / f"{made.stem}{ending}", made.texts[ending])
            for ending in endings
        ]

    def _collector(self) -> Collector:
        online = self._shown.online
        calls = tuple(online.client.trace) if online else ()
        return Collector(self._store, self._shown.account, calls)

    def _circumstances(self, wish: Wish) -> Circumstances:
        shown, online = self._shown, self._shown.online
        return Circumstances(
            shown.clock.now(),
            SPANS[wish.span],
            wish.masked,
            shown.environment,
            shown.account,
            online.client.health.clock_ahead if online else None,
            online.client.redactor if online else Redactor(),
        )


def _made(material: Material, at: Circumstances) -> Made:
    bundle = make(material, at)
    # ASCII only, so that nothing from outside acts on a terminal that shows the file.
    return Made(bundle, f"{json.dumps(bundle.model_dump(), indent=2)}\n", markdown(bundle))
