"""The desk of notices: what is new, what alarms, who took note of it, and what is to be quiet."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Protocol

from tsui.clock import Clock
from tsui.service.environment import Environment
from tsui.service.who import operator_name
from tsui.store.audit import AuditRow
from tsui.store.inbox import Message
from tsui.store.mutes import Mute
from tsui.store.notice import Notice, Severity, Way
from tsui.store.notice_query import NoticeQuery
from tsui.store.store import Store

AT_ONCE = 2000
"""Notices that are read and exported together."""


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    environment: Environment


class NoticeDesk:
    """Notices of the account that is shown.

    A query that names no moment is asked for this one: what is muted so that it is hidden is not
    among its notices then.
    """

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    def query(self) -> NoticeQuery:
        """Return the query that all notices of the account answer but those that are hidden."""
        return NoticeQuery(self._shown.account, now=self._now())

    async def window(self, query: NoticeQuery, offset: int, limit: int) -> list[Notice]:
        """Return notices from a place on, newest first."""
        return await self._store.notices.window(self._timely(query), offset, limit)

    async def newest(self, limit: int) -> list[Notice]:
        """Return the newest notices."""
        return await self.window(self.query(), 0, limit)

    async def pages(self, query: NoticeQuery) -> AsyncGenerator[list[Notice], None]:
        """Yield notices a few at a time, newest first."""
        last: int | None = None
        while notices := await self._store.notices.before(self._timely(query), last, AT_ONCE):
            yield notices
            last = notices[-1].id

    async def get(self, notice: int) -> Notice | None:
        """Return a notice."""
        return await self._store.notices.get(notice, self._now())

    async def message(self, notice: Notice) -> Message | None:
        """Return the callback message that a notice was read from, while that is kept."""
        return None if notice.message is None else await self._store.inbox.get(notice.message)

    async def count(self, query: NoticeQuery) -> int:
        """Count notices."""
        return await self._store.notices.count(self._timely(query))

    async def ids(self, query: NoticeQuery) -> list[int]:
        """Return the numbers of notices, newest first."""
        return await self._store.notices.ids(self._timely(query))

    async def position(self, query: NoticeQuery, notice: int) -> int | None:
        """Return the place of a notice, newest first."""
        return await self._store.notices.position(self._timely(query), notice)

    async def alarms(self) -> int:
        """Count the alarms that nobody took note of and nobody silenced."""
        return await self.count(self._alarming())

    async def newest_alarm(self) -> int:
        """Return the number of the newest such alarm; 0 where there is none."""
        return await self._store.notices.newest_id(self._alarming())

    async def severities(self, query: NoticeQuery) -> dict[Severity, int]:
        """Count notices by severity."""
        return await self._store.notices.severities(self._timely(query))

    async def kinds_since(self, at: float) -> dict[str, int]:
        """Count the notices since a Unix time by kind."""
        return await self._store.notices.kinds(replace(self.query(), since=at))

    async def kinds(self) -> list[str]:
        """Return the kinds of which there are notices, the most frequent first."""
        return list(await self._store.notices.kinds(self.query()))

    async def acknowledge(self, notices: Sequence[int], note: str) -> int:
        """Take note of notices; returns for how many nobody had yet."""
        await self._audit("acknowledged", notices, note)
        return await self._store.notices.acknowledge(notices, self._now(), operator_name(), note)

    async def take_back(self, notices: Sequence[int]) -> int:
        """Let notices be looked at again; returns how many were acknowledged."""
        await self._audit("taken back", notices, "")
        return await self._store.notices.take_back(notices)

    async def mutes(self) -> list[Mute]:
        """Return what is to be quiet, what ends first first."""
        return await self._store.notices.mutes.all(self._shown.account, self._now())

    async def mute(self, mute: Mute) -> int:
        """Let notices be quieter for a while; returns the number of the mute."""
        what = told(mute)
        await self._write("muted", what, mute.note, device=mute.device)
        made = mute._replace(account=self._shown.account, at=self._now(), by=operator_name())
        return await self._store.notices.mutes.add(made)

    async def end_mute(self, mute: Mute) -> bool:
        """Let notices be heard again; False where somebody did before."""
        await self._write("mute ended", told(mute), "", device=mute.device)
        return await self._store.notices.mutes.end(mute.id)

    async def _audit(self, event: str, notices: Sequence[int], note: str) -> None:
        first = await self.get(notices[0]) if notices else None
        if first is None:
            return
        more = f" and {len(notices) - 1:,} more" if notices[1:] else ""
        what = f"{first.kind}: {first.sentence}{more}"
        await self._write(event, what, note, device=first.device, devices=len(notices))

    async def _write(
        self, event: str, what: str, note: str, *, device: str, devices: int = 1
    ) -> None:
        """Write down what is about to be done, so that nothing is done that is not in the audit."""
        environment = self._shown.environment
        await self._store.audit.write(
            AuditRow(
                0, self._now(), operator_name(), environment.profile, environment.base_url,
                self._shown.account, event, "", what, "", None, "", devices,
                device.partition(":")[2], note, "", "", "",
            )
        )  # fmt: skip

    def _alarming(self) -> NoticeQuery:
        return replace(
            self.query(), at_least=Severity.ALARM, is_acked=False, muted=(Way.NOT, Way.MARK)
        )

    def _timely(self, query: NoticeQuery) -> NoticeQuery:
        return query if query.now else replace(query, now=self._now())

    def _now(self) -> float:
        return self._shown.clock.now().timestamp()


def told(mute: Mute) -> str:
    """Say in a few words what a mute is about; hostile until sanitised."""
    what = f"{mute.kind} notices" if mute.kind else "all notices"
    if mute.device:
        return f"{what} of {mute.device.partition(':')[2]}"
    return f"{what} of the group {mute.members}" if mute.members else what
