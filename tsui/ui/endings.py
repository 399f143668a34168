"""Telling how changes ended: one line for each that was confirmed at once, however many devices."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tsui.service.views import ChangeState, DeviceChange
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
        self._open: dict[int, DeviceChange] = {}
        self._failing: set[str] = set()
        self._contradicted: set[int] = set()
        self._looking = asyncio.Lock()
        self._will_look = False

    async def look(self) -> None:
        """Tell of what has ended, or was contradicted, since the last look."""
        if self._will_look:
            return  # whoever waits will see this news, too
        self._will_look = True
        async with self._looking:
            self._will_look = False
            workspace = self._shell.workspace
            await workspace.refresh_open_changes()
            now_open = {change.id: change for change in workspace.open_changes}
            against = {each.id: each for each in await workspace.contradicted()}
            before, self._open = self._open, now_open
            known, self._contradicted = self._contradicted, set(against)
            whose, self._whose = self._whose, (workspace, workspace.account)
            if whose == self._whose:
                ended = [each for each in before.values() if _ended(each, now_open.get(each.id))]
                await self._tell(ended, [against[number] for number in against.keys() - known])

    async def _tell(self, ended: Sequence[DeviceChange], against: Sequence[DeviceChange]) -> None:
        batches: dict[str, list[DeviceChange]] = {}
        for change in ended:
            batches.setdefault(change.batch, []).append(change)
        told = [await self._ending(batch, changes) for batch, changes in batches.items()]
        told += [_contradiction(change) for change in against]
        lines = sorted(filter(None, told), key=lambda run: _WORST_FIRST.index(run[1]))
        if lines:
            text, look = lines[0]
            more = f"  (and {words.number(len(lines) - 1, 'other')})" if lines[1:] else ""
            self._shell.flash(f"{text}{more}", look)

    async def _ending(self, batch: str, ended: Iterable[DeviceChange]) -> Run | None:
        """Say how a batch ended; while it goes on, only that something of it began to fail."""
        workspace = self._shell.workspace
        goes_on = any(
            each.batch == batch and each.state is not ChangeState.UNKNOWN
            for each in self._open.values()
        )
        if goes_on and batch in self._failing:
            return None
        whole = None if goes_on else await workspace.batch(batch)
        if whole is not None and whole.devices > 1:
            self._failing.discard(batch)
            return _summary(whole.title, whole.counts)
        for change in ended:
            last = await workspace.change(change.id)
            if last is None or (goes_on and not _failed(last)):
                continue
            text, look = outcome(last)
            why = f": {last.problem}" if last.problem else ""
            if goes_on:
                self._failing.add(batch)
                why = f"{why}; the others go on"
            return f"{text}: {last.title} {last.identifier}{why}", look
        return None


def _ended(before: DeviceChange, now: DeviceChange | None) -> bool:
    """Tell whether a change is over, or its fate has become unknown, which may never change."""
    unknown = ChangeState.UNKNOWN
    return now is None or (now.state is unknown and before.state is not unknown)


def _failed(change: DeviceChange) -> bool:
    """Tell whether a device's change failed for good; a large request may come again in parts."""
    refused = change.state is ChangeState.REFUSED and change.devices == 1
    return refused or change.state is ChangeState.FAILED


def _summary(title: str, counts: dict[ChangeState, int]) -> Run:
    """Say how many devices ended how, most first; the worst of it gives the look."""
    states = sorted(counts, key=lambda state: -counts[state])
    said = ", ".join(f"{counts[state]:,} {state}" for state in states)
    look = min((LOOKS[state][1] for state in states), key=_WORST_FIRST.index)
    return f"{title}: {words.number(sum(counts.values()), 'device')}, {said}", look


def _contradiction(change: DeviceChange) -> Run:
    what = f"{change.title} {change.identifier}"
    if change.state is ChangeState.DECIDED:
        return f"Told later of {what}: {change.contradiction}", "info"
    return f"Contradictory: {what} is {change.state}, but then {change.contradiction}", "bad"
