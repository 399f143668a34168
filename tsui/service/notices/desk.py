"""The desk of notices: what is new, what alarms, and who took note of it."""

from collections.abc import Sequence
from typing import Protocol

from tsui.clock import Clock
from tsui.service.who import operator_name
from tsui.store.notices import Notice, NoticeQuery, Severity
from tsui.store.store import Store


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock


class NoticeDesk:
    """Notices of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    def query(self) -> NoticeQuery:
        """Return the query that all notices of the account answer."""
        return NoticeQuery(self._shown.account)

    async def window(self, query: NoticeQuery, offset: int, limit: int) -> list[Notice]:
        """Return notices from a place on, newest first."""
        return await self._store.notices.window(query, offset, limit)

    async def newest(self, limit: int) -> list[Notice]:
        """Return the newest notices."""
        return await self.window(self.query(), 0, limit)

    async def count(self, query: NoticeQuery) -> int:
        """Count notices."""
        return await self._store.notices.count(query)

    async def position(self, query: NoticeQuery, notice: int) -> int | None:
        """Return the place of a notice, newest first."""
        return await self._store.notices.position(query, notice)

    async def alarms(self) -> int:
        """Count the alarms that nobody took note of."""
        return await self.count(
            NoticeQuery(self._shown.account, at_least=Severity.ALARM, is_acked=False)
        )

    async def kinds_since(self, at: float) -> dict[str, int]:
        """Count the notices since a Unix time by kind."""
        return await self._store.notices.kinds(NoticeQuery(self._shown.account, since=at))

    async def acknowledge(self, notices: Sequence[int], note: str) -> int:
        """Take note of notices; returns for how many nobody had yet."""
        at = self._shown.clock.now().timestamp()
        return await self._store.notices.acknowledge(notices, at, operator_name(), note)

    async def take_back(self, notices: Sequence[int]) -> int:
        """Let notices be looked at again; returns how many were acknowledged."""
        return await self._store.notices.take_back(notices)
