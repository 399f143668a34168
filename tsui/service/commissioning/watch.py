"""The watch: reads what a run waits for, seldom, and writes down what has come.

One process of a host watches a run; the others learn from the journal. A link that drops spoils
nothing: what could not be read is read the next time.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from tsui.clock import Clock
from tsui.service.commissioning.looks import used_since
from tsui.service.commissioning.model import Case, Run, RunOutcome, Step, StepName, StepState
from tsui.service.commissioning.steps import judged
from tsui.service.problems import explain
from tsui.service.reader import DeviceReader
from tsui.service.verdict.archive import Archive
from tsui.service.verdict.evidence import Evidence, Line, Missing, Piece, Source, Standing
from tsui.service.verdict.gathering import Gatherer
from tsui.store.announce import News, Topic
from tsui.store.commissionings import End
from tsui.store.devices import DeviceRow
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.errors import ThingSpaceError

FIRST, GROWTH, SLOWEST = 4.0, 1.5, 60.0
"""Seconds between two readings after something has come, by how much they grow, and the most."""

ALL_EVERY = 600.0
"""Seconds between two readings of everything that may say why a step is late."""

GATHER = 0.2
"""Seconds in which news gathers before it is looked at."""

WAIT_FOR_OTHERS = 5.0
"""Seconds until it is looked again whether another process has ended, or the disk has room."""

_TOPICS = frozenset({Topic.REQUESTS, Topic.INBOX, Topic.DEVICES})

_OF_THE_LINE = frozenset({StepName.LINE, StepName.ACTIVATION})
"""Steps for which the line alone is read."""


class Reads(NamedTuple):
    """What reads devices of an account."""

    reader: DeviceReader
    gatherer: Gatherer


class Watch:
    """Watches one run until it is over."""

    def __init__(self, store: Store, reads: Reads, account: str, clock: Clock, run: int) -> None:
        self._store = store
        self._reads = reads
        self._account = account
        self._clock = clock
        self._run = run
        self._wake = asyncio.Event()
        self._interval = FIRST
        self._due = 0.0
        self._read_all_at = float("-inf")

    async def run(self) -> None:
        """Watch until the run is over, or until cancelled."""
        lease = self._store.lease(f"commissioning-{self._run}")
        unsubscribe = self._store.announcer.subscribe(self._on_news)
        try:
            while not await asyncio.to_thread(lease.take):
                await self._clock.sleep(WAIT_FOR_OTHERS)
            while await self._round_or_wait():
                pass
        finally:
            unsubscribe()
            lease.release()

    def _on_news(self, news: News) -> None:
        if news.topic in _TOPICS:
            self._wake.set()

    async def _round_or_wait(self) -> bool:
        try:
            return await self._round()
        except StoreError:
            # A full disk may have room again later, and nothing may be forgotten until then.
            await self._clock.sleep(WAIT_FOR_OTHERS)
            return True

    async def _round(self) -> bool:
        """Read, look, and look again at each news until it is time to read; False at the end."""
        run = await self._open_run()
        if run is None:
            return False
        device, missing = await self._device(run)
        if device is not None:
            await self._read(run, device)
        self._due = self._clock.monotonic() + self._interval
        self._interval = min(SLOWEST, self._interval * GROWTH)
        while await self._look(missing):
            if not await self._news_until_due():
                return True
        return False

    async def _open_run(self) -> Run | None:
        run = await self._store.commissionings.get(self._run)
        return run if run is not None and run.is_open else None

    # -- reading ------------------------------------------------------------------------------

    async def _device(self, run: Run) -> tuple[DeviceRow | None, Piece | None]:
        """Return the device; where nothing is remembered of it, what ThingSpace says instead."""
        if device := await self._remembered(run):
            return device, None
        now = self._clock.now().timestamp()
        try:
            if await self._reads.reader.read_line(run.device_key):
                return await self._remembered(run), None
        except ThingSpaceError as error:
            return None, Piece(Source.LINE, Standing.FAILED, trouble=str(explain(error)))
        return None, Piece(Source.LINE, Standing.KNOWN, Line(is_listed=False), {}, now)

    async def _remembered(self, run: Run) -> DeviceRow | None:
        rows = await self._store.devices.by_key(self._account, [run.device_key])
        return rows.get(run.device_key)

    async def _read(self, run: Run, device: DeviceRow) -> None:
        step = run.current
        is_late = step is not None and step.state in (StepState.LATE, StepState.FAILED)
        if is_late and self._clock.monotonic() - self._read_all_at >= ALL_EVERY:
            self._read_all_at = self._clock.monotonic()
            await self._reads.gatherer.gather(device)
        elif run.baseline is not None and step is not None and step.name in _OF_THE_LINE:
            await self._reads.reader.refresh_line(device)
        else:
            await self._reads.gatherer.gather_signs(device)

    # -- looking ------------------------------------------------------------------------------

    async def _look(self, missing: Piece | None) -> bool:
        """Judge the steps anew and write down what is new; False where the run is over."""
        run = await self._open_run()
        if run is None:
            return False
        device = await self._remembered(run)
        now = self._clock.now().timestamp()
        if device is not None:
            evidence = await Archive(self._store, self._account).evidence(device, now)
        else:
            evidence = Evidence(now, {Source.LINE: missing} if missing else {})
        steps = judged(run, evidence)
        is_over = all(step.is_passed for step in steps)
        await self._write(
            run, steps, _baseline(run, evidence), device,
            End(RunOutcome.GREEN, now) if is_over else None,
        )  # fmt: skip
        return not is_over

    async def _write(
        self,
        run: Run,
        steps: tuple[Step, ...],
        baseline: int | None,
        device: DeviceRow | None,
        end: End | None,
    ) -> None:
        named = identifiers_of(device) if device is not None else run.identifiers
        if _progress(steps) != _progress(run.steps):
            self._interval = FIRST
            self._due = min(self._due, self._clock.monotonic() + FIRST)
        known = (tuple(run.steps), run.baseline, run.identifiers)
        if end is not None or known != (steps, baseline, named):
            await self._store.commissionings.write(
                run.id, steps, baseline=baseline, identifiers=named, end=end
            )

    async def _news_until_due(self) -> bool:
        """Wait until something is new, or until it is time to read; False for the latter."""
        left = self._due - self._clock.monotonic()
        timer = asyncio.ensure_future(self._clock.sleep(max(0.0, left)))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait((timer, woken), return_when=asyncio.FIRST_COMPLETED)
            if timer.done():
                return False
            await self._clock.sleep(GATHER)
            self._wake.clear()
            return True
        finally:
            timer.cancel()
            woken.cancel()


def identifiers_of(device: DeviceRow) -> dict[str, str]:
    """Return the numbers a slip names a device by."""
    told = {"iccid": device.iccid, "imei": device.imei, "mdn": device.mdn, "eid": device.eid}
    return {kind: number for kind, number in told.items() if number}


def _baseline(run: Run, evidence: Evidence) -> int | None:
    """Return the bytes that were used before, which the first reading of the usage tells."""
    if run.baseline is not None:
        return run.baseline
    try:
        return used_since(Case(run, evidence, run.began_at))
    except Missing:
        return None


def _progress(steps: Sequence[Step]) -> list[tuple[StepName, StepState]]:
    return [(step.name, step.state) for step in steps]
