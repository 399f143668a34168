"""The desk of handovers: puts together what the next shift has to know; asks nobody."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Protocol

from tsui.clock import Clock
from tsui.service.environment import Environment
from tsui.service.handover.model import Handover
from tsui.service.handover.telling import text
from tsui.service.moments import moment_of
from tsui.service.shifts import newest_at, shift_at
from tsui.service.who import operator_name
from tsui.store.changes import ChangeState
from tsui.store.heartbeats import Program
from tsui.store.notice import Severity, Way
from tsui.store.notice_query import NoticeQuery
from tsui.store.store import Store
from tsui.thingspace.redact import Redactor

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.desks import Desks

AROUND = timedelta(hours=1)
"""Around the change of a shift: one that began within it is told of together with the one before,
and of one that ends within it the next one's obligations are told as well."""

MOST = 500
"""Records of a kind that are looked at."""

INCIDENTS = timedelta(days=7)
"""How long before a shift an incident may have ended of which something was said in it."""

OTHERS = ("elsewhere", "hardware", "appeared", "gone")
"""Kinds of notices of what others changed."""


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    environment: Environment
    online: "AccountService | None"

    @property
    def read_at(self) -> float | None:
        """Unix time at which the fleet was last read as a whole."""
        ...

    @property
    def desks(self) -> "Desks":
        """What can be asked about beyond lists."""
        ...


def since_of(
    text: str, now: datetime, shifts: Sequence[str], zone: tzinfo | None = None
) -> datetime:
    """Return since when is to be told: a time of day, a moment, or nothing for the shift.

    Raises ValueError with a sentence.
    """
    if not text.strip():
        return shift_at(now - AROUND, shifts, zone).begin
    try:
        return newest_at(now, text, zone)
    except ValueError:
        found = moment_of(text, now)
    if found > now:
        raise ValueError("A handover tells of the past; that time is yet to come.")
    return found


class HandoverDesk:
    """Handovers of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    async def handover(
        self, since: datetime, shifts: Sequence[str], zone: tzinfo | None = None
    ) -> Handover:
        """Put together what happened since a time and what comes."""
        shown, store, account = self._shown, self._store, self._shown.account
        now = shown.clock.now()
        begin, at = since.timestamp(), now.timestamp()
        until = shift_at(now + AROUND, shifts, zone).end.timestamp()
        alarms = NoticeQuery(
            account, at_least=Severity.ALARM, is_acked=False, since=begin, now=at,
            muted=(Way.NOT, Way.MARK),
        )  # fmt: skip
        agenda = await shown.desks.agenda.agenda((), zone)
        said = await store.incidents.since(account, (since - INCIDENTS).timestamp())
        late = await store.rhythms.coverage(account, at)
        return Handover(
            account,
            f"{shown.environment.kind} {shown.environment.host}",
            operator_name(),
            begin,
            at,
            until,
            await store.heartbeats.gaps(Program.READER, account, begin, at),
            await store.heartbeats.gaps(Program.RECEIVER, "", begin, at),
            shown.read_at,
            await store.deeds.sums(account, begin),
            await store.deeds.bad(account, begin, MOST),
            await self._open(),
            await store.notices.window(NoticeQuery(account, kinds=OTHERS, since=begin), 0, MOST),
            await store.notices.window(alarms, 0, MOST),
            await store.notices.kinds(NoticeQuery(account, since=begin)),
            await store.deeds.noted(account, begin, MOST),
            [each for each in said if each.at >= begin],
            late.late,
            await store.lines.newly_late(account, begin, at, MOST),
            await shown.desks.monitors.summary(),
            [*agenda.overdue(), *agenda.until(until)],
            agenda.gaps,
        )

    def clean(self, text: str) -> str:
        """Return a text without what is a secret, or looks like one."""
        online = self._shown.online
        return (online.client.redactor if online else Redactor()).fragment(text)

    def text(self, handover: Handover, zone: tzinfo | None = None) -> str:
        """Return a handover as plain text of 72 columns."""
        return text(handover, self.clean, zone)

    async def _open(self) -> dict[ChangeState, int]:
        counts = Counter[ChangeState]()
        for part in await self._store.journal.open_parts(self._shown.account):
            counts[part.state] += len(part.ids)
        return dict(counts)
