"""The desk of the agenda: what becomes due in the account that is shown; asks nobody."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

from tsui.clock import Clock
from tsui.service.agenda import sent as due_of
from tsui.service.agenda.model import Agenda, Certainty, Gap, Kind, Obligation, in_order
from tsui.service.agenda.suspensions import SUSPENDS, Clueing, suspensions
from tsui.service.device_record import unix_time
from tsui.service.environment import Environment
from tsui.service.messages.delivery import LIFETIME, SMS
from tsui.service.parts import Part
from tsui.service.rules.allowance import DAY, YEAR
from tsui.service.states import LineState, is_pending
from tsui.service.usage.cycle import Basis, cycle_of
from tsui.store.changes import ChangeState
from tsui.store.lines import Line, Read
from tsui.store.notices import Notice, NoticeQuery
from tsui.store.sendings import Sending
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.desks import Desks

NOTICES = 5000
"""The newest notices of resumes that are looked at."""

NOTICED = 30 * DAY
"""Seconds for which a resume notice matters: it comes seven days ahead (documented)."""

MOST_CYCLES = 200
"""Devices whose billing cycle is looked up."""

_LINE = (SUSPENDS, "RestoreDevices", due_of.ACTIVATES, due_of.DEACTIVATES)


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    environment: Environment

    @property
    def desks(self) -> "Desks":
        """What can be asked about beyond lists."""
        ...


class AgendaDesk:
    """What becomes due, from what is remembered."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    async def agenda(self, marked: Iterable[str] = (), zone: tzinfo | None = None) -> Agenda:
        """Put together what becomes due.

        The billing cycles are those of marked devices, by their names in the account, and of those
        that are watched.
        """
        now = self._shown.clock.now().timestamp()
        found: list[Obligation] = []
        gaps: list[Gap] = []
        counts = dict(await self._store.devices.tally(self._shown.account, "state"))
        for work in (self._lines, self._sent, self._reach, self._account, self._mutes):
            due, unknown = await work(now, counts)
            found += due
            gaps += unknown
        due, unknown = await self._cycles(now, [*self._shown.environment.watch, *marked])
        ordered = await asyncio.to_thread(in_order, [*found, *due], now, zone)
        return Agenda(now, ordered, [*gaps, *unknown])

    async def devices_of(self, obligation: Obligation) -> list[int]:
        """Return the devices of an obligation that the list still has."""
        found = await self._store.lines.by_key(self._shown.account, obligation.devices)
        return [line.id for line in found.values()]

    async def is_known(self) -> bool:
        """Tell whether anything is remembered of the account at all."""
        account = self._shown.account
        return bool(
            await self._store.syncs.get(account) or await self._store.journal.count(account)
        )

    async def _lines(self, now: float, counts: dict[str, int]) -> "_Found":
        account = self._shown.account
        last = await self._store.sendings.newest(account, _LINE, now - YEAR)
        kinds = (Part.PROVISIONING, Part.DIAGNOSTICS)
        read = await self._store.lines.read_of(account, LineState.SUSPEND, kinds)
        query = NoticeQuery(account, kinds=("resume",), since=now - NOTICED)
        noticed = await self._store.notices.window(query, 0, NOTICES)
        gone = await self._store.lines.read_of(account, LineState.DEACTIVE, kinds[:1])
        known = (last, read, noticed, gone)
        keys = {each.device for source in known for each in source}
        lines = await self._store.lines.by_key(account, keys)
        # There may be as many of them as the fleet has devices.
        resumes = await asyncio.to_thread(_resumes, last, read, noticed, lines)
        numbers = await asyncio.to_thread(due_of.numbers, last, gone, lines)
        gaps = []
        if unknown := counts.get(LineState.SUSPEND, 0) - len(resumes):
            gaps.append(_suspended_unknown(unknown))
        dated = {key for each in numbers for key in each.devices if key in lines}
        if unknown := counts.get(LineState.DEACTIVE, 0) - len(dated):
            gaps.append(_deactive_unknown(unknown))
        return [*resumes, *numbers], gaps

    async def _sent(self, now: float, counts: dict[str, int]) -> "_Found":
        account, store = self._shown.account, self._store
        texts = await store.sendings.since(account, (SMS,), now - LIFETIME)
        receipts = await store.texts.receipts(each.change for each in texts)
        over = {change for change, receipt in receipts.items() if receipt.is_final}
        changes = await store.sendings.waiting(
            account, _LINE, now - 2 * due_of.HOLD, due_of.ON_HOLD
        )
        open_ones = [each for each in changes if each.operation == due_of.ACTIVATES]
        due = [
            *due_of.texts(texts, over),
            *due_of.activations(open_ones),
            *due_of.credit_holds(changes, now),
        ]
        pending = sum(count for state, count in counts.items() if is_pending(state))
        ours = sum(1 for each in open_ones if each.state is ChangeState.ACCEPTED)
        return due, [_pending_unknown(pending - ours)] if pending > ours else []

    async def _reach(self, now: float, counts: dict[str, int]) -> "_Found":
        from tsui.service.monitors.model import ALIVE

        monitors = [each for each in await self._shown.desks.monitors.newest()
                    if each.state in ALIVE]  # fmt: skip
        due = [
            Obligation(
                each.ends, Kind.MONITOR, each.device.partition(":")[2] or each.name,
                f"The monitor of {each.devices:,} ends; it tells nothing from then on.",
                Certainty.TOLD, f"set by request {each.request}", (each.device,), each.request,
            )
            for each in monitors
            if each.ends
        ]  # fmt: skip
        endless = sum(1 for each in monitors if not each.ends)
        due += [
            Obligation(
                wake.valid_until, Kind.WAKE, wake.device.partition(":")[2],
                f"What waits for it to wake is not done any more: {wake.kind}.",
                Certainty.TOLD, f"queued by {wake.operator}", (wake.device,), wake.request,
            )
            for wake in await self._store.wakes.open_ones(self._shown.account)
        ]  # fmt: skip
        return due, [_endless_unknown(endless)] if endless else []

    async def _account(self, now: float, counts: dict[str, int]) -> "_Found":
        resets = await self._store.journal.by_operation((due_of.RESETS,), 20)
        mine = [each for each in resets if each.account == self._shown.account]
        done = next((each for each in mine if each.state is ChangeState.SUCCEEDED), None)
        if done is None:
            return [], [_password_unknown()]
        return [due_of.password(done.sending_at or done.created_at, done.request)], []

    async def _mutes(self, now: float, counts: dict[str, int]) -> "_Found":
        from tsui.service.notices.desk import told

        return [
            Obligation(
                mute.until, Kind.MUTE, told(mute), "A mute ends; its notices are loud again.",
                Certainty.TOLD, f"muted by {mute.by}", (mute.device,) if mute.device else (),
            )
            for mute in await self._shown.desks.notices.mutes()
        ], []  # fmt: skip

    async def _cycles(self, now: float, keys: Sequence[str]) -> "_Found":
        lines = await self._store.lines.by_key(self._shown.account, keys[:MOST_CYCLES])
        due, unknown = [], 0
        for line in lines.values():
            raw = await self._store.devices.raw(line.id) or {}
            cycle = cycle_of(unix_time(raw.get("billingCycleEndDate")), now)
            if cycle.basis is Basis.CALENDAR:
                unknown += 1
                continue
            is_told = cycle.basis is Basis.TOLD
            certainty = Certainty.TOLD if is_told else Certainty.WORKED_OUT
            due.append(
                Obligation(
                    cycle.end, Kind.CYCLE, line.iccid or line.key, "Its billing cycle ends.",
                    certainty, "device list", (line.key,),
                )
            )  # fmt: skip
        return due, [_cycle_unknown(unknown)] if unknown else []


def _resumes(
    sent: Sequence[Sending], read: Sequence[Read], noticed: Sequence[Notice],
    lines: Mapping[str, Line],
) -> list[Obligation]:  # fmt: skip
    clueing = Clueing()
    clueing.sent(each for each in sent if _is_suspended(lines.get(each.device)))
    clueing.read(read)
    for each in noticed:
        clueing.noticed(each.device, each.at, each.sentence)
    return suspensions(clueing.clues, lines)


def _is_suspended(line: Line | None) -> bool:
    return line is not None and line.state == LineState.SUSPEND


_Found = tuple[Sequence[Obligation], Sequence[Gap]]


def _suspended_unknown(count: int) -> Gap:
    each = "it" if count == 1 else "each"
    return Gap(
        Kind.RESUME, count,
        f"since when {_are(count)} suspended, so {each} may resume any day; h on a device reads it",
        is_blind=True,
    )  # fmt: skip


def _deactive_unknown(count: int) -> Gap:
    what = "its number is" if count == 1 else "their numbers are"
    return Gap(
        Kind.NUMBER, count, f"since when {_are(count)} deactive, so whether {what} held any more"
    )


def _pending_unknown(count: int) -> Gap:
    said = f"since when {_are(count)} in a change that was not made here"
    return Gap(Kind.ACTIVATION, count, said)


def _endless_unknown(count: int) -> Gap:
    what = "a monitor ends that was" if count == 1 else f"{count:,} monitors end that were"
    return Gap(Kind.MONITOR, count, f"when {what} set elsewhere")


def _password_unknown() -> Gap:
    return Gap(Kind.LOGIN, 1, "how old the password is; it was never reset from here")


def _cycle_unknown(count: int) -> Gap:
    what = "1 device" if count == 1 else f"{count:,} devices"
    return Gap(Kind.CYCLE, count, f"when the billing cycle of {what} ends; nobody tells")


def _are(count: int) -> str:
    return "1 line is" if count == 1 else f"{count:,} lines are"
