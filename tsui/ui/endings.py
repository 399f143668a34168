"""Telling how changes ended: one line for each that was confirmed at once, however many devices."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tsui.service.views import Batch, ChangeState, DeviceChange, OpenPart, StoreError
from tsui.ui import words
from tsui.ui.outcomes import LOOKS, outcome
from tsui.ui.painted import Run

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

_WORST_FIRST = ("bad", "warn", "info", "dim", "good")


class Endings:
    """Looks which changes have come to their end since the last look, and tells of them."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell
        self._whose: tuple[object, str] = (None, "")
        self._parts: Sequence[OpenPart] = ()
        self._failing: set[str] = set()
        self._contradicted: set[int] = set()
        self._looking = False
        self._again = False

    def look(self) -> None:
        """Begin to look what has ended, or was contradicted, since the last look."""
        self._again = True
        if not self._looking:
            self._looking = True
            work = self._look_while_there_is_news()
            self._shell.background(work, name="watch changes", group="watch")

    async def _look_while_there_is_news(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._look()
                self._shell.show_lines()
                # Each device of a batch is news: what comes meanwhile is looked at together.
                await asyncio.sleep(self._shell.catch_up_every)
        except StoreError as error:
            # Whoever leaves, or goes to another account, closes what was being read.
            if not self._shell.is_leaving:
                self._shell.flash(str(error), "bad")
        finally:
            self._looking = False

    async def _look(self) -> None:
        workspace = self._shell.workspace
        await workspace.opened.refresh(workspace.account)
        await workspace.batching.look()
        before, self._parts = self._parts, workspace.opened.parts
        against = {each.id: each for each in await workspace.contradicted()}
        known, self._contradicted = self._contradicted, set(against)
        whose, self._whose = self._whose, (workspace, workspace.account)
        if whose == self._whose:
            ended = _ended(before, self._parts)
            await self._tell(ended, [against[number] for number in against.keys() - known])

    async def _tell(
        self, ended: Mapping[str, frozenset[int]], against: Sequence[DeviceChange]
    ) -> None:
        # What ended and was contradicted before anybody looked is told once, with both words.
        apart = frozenset(change.id for change in against)
        told = [
            await self._ending(batch, changes - apart)
            for batch, changes in ended.items()
            if changes - apart
        ]
        told += [_contradiction(change) for change in against]
        lines = sorted(filter(None, told), key=lambda run: _WORST_FIRST.index(run[1]))
        if lines:
            text, look = lines[0]
            more = f"  (and {words.number(len(lines) - 1, 'other')})" if lines[1:] else ""
            self._shell.flash(f"{text}{more}", look)

    async def _ending(self, batch: str, ended: frozenset[int]) -> Run | None:
        """Say how a batch ended; while it goes on, only that something of it began to fail."""
        workspace = self._shell.workspace
        goes_on = any(
            part.batch == batch and part.state is not ChangeState.UNKNOWN for part in self._parts
        )
        if goes_on and batch in self._failing:
            return None
        whole = None if goes_on else await workspace.batching.get(batch)
        if whole is not None and whole.devices > 1:
            self._failing.discard(batch)
            return _summary(whole)
        last = await (workspace.first_failure(ended) if goes_on else workspace.change(min(ended)))
        if last is None:
            return None
        text, look = outcome(last)
        why = f": {last.problem}" if last.problem else ""
        if goes_on:
            self._failing.add(batch)
            why = f"{why}; the others go on"
        return f"{text}: {last.title} {last.identifier}{why}", look


def _ended(before: Sequence[OpenPart], now: Sequence[OpenPart]) -> dict[str, frozenset[int]]:
    """Return what is over, or has a fate that became unknown and may never change, by batch."""
    unknown = ChangeState.UNKNOWN
    still: frozenset[int] = frozenset().union(*(part.ids for part in now))
    lost: frozenset[int] = frozenset().union(*(part.ids for part in now if part.state is unknown))
    ended: dict[str, frozenset[int]] = {}
    for part in before:
        over = part.ids - still if part.state is unknown else part.ids - (still - lost)
        if over:
            ended[part.batch] = ended.get(part.batch, frozenset()) | over
    return ended


def _summary(batch: Batch) -> Run:
    """Say how many changes of devices ended how, most first; the worst of it gives the look."""
    look = min((LOOKS[state][1] for state in batch.counts), key=_WORST_FIRST.index)
    devices = words.number(batch.devices, "device")
    return f"{words.batch_title(batch)}: {devices}, {words.by_state(batch)}", look


def _contradiction(change: DeviceChange) -> Run:
    what = f"{change.title} {change.identifier}"
    if change.state is ChangeState.DECIDED:
        return f"Told later of {what}: {change.contradiction}", "info"
    return f"Contradictory: {what} is {change.state}, but then {change.contradiction}", "bad"
