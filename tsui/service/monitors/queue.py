"""The queue for wake windows: texts that were agreed to now and leave later, and reminders."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from tsui.clock import Clock
from tsui.service.environment import Environment
from tsui.service.failures import ChangeFailed
from tsui.service.who import operator_name
from tsui.store.audit import Actor
from tsui.store.devices import DeviceRow
from tsui.store.store import Store
from tsui.store.wakes import NewWake, Wake, WakeKind, WakeState

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.preflight import Report
    from tsui.thingspace.operation import Operation

LONGEST = timedelta(days=30)
"""Longest time for which a message may wait: whoever agreed to it should still know of it."""

MOST_LISTED = 200
"""Entries that are listed, those that are over among them."""


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    environment: Environment
    online: "AccountService | None"


class WakeQueue:
    """What waits until devices of the account that is shown wake."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    async def newest(self, device: str = "") -> list[Wake]:
        """Return all there ever was, newest first; of one device where it is named."""
        return await self._store.wakes.newest(self._shown.account, MOST_LISTED, device)

    async def waiting(self) -> list[Wake]:
        """Return what waits or is on its way, oldest first."""
        return await self._store.wakes.open_ones(self._shown.account)

    async def text(
        self, device: DeviceRow, operation: "Operation[Any]", report: "Report", note: str,
        lasts: timedelta,
    ) -> int:  # fmt: skip
        """Keep a text that was agreed to for the device's next window; returns its number.

        Raises ChangeFailed where it must not be sent, or would wait too long.
        """
        environment = self._shown.environment
        if environment.read_only:
            raise ChangeFailed("Nothing was queued: this session is read-only.")
        if environment.note_required and not note.strip():
            raise ChangeFailed("Nothing was queued: a note that says why is needed here.")
        if report.refused or report.excluded or report.names_needed:
            raise ChangeFailed("Nothing was queued: a rule forbids it.")
        fields = operation.fields()
        return await self._queue(
            device, WakeKind.SMS, str(fields.get("smsMessage", "")), lasts,
            operation=type(operation).__name__, fields=fields, names=report.named, note=note,
        )  # fmt: skip

    async def remind(self, device: DeviceRow, text: str, lasts: timedelta) -> int:
        """Have somebody reminded when a device wakes; returns its number.

        Raises ChangeFailed where it would wait too long.
        """
        return await self._queue(device, WakeKind.REMINDER, text, lasts)

    async def cancel(self, wake: Wake) -> bool:
        """Take back what still waits; False where it is on its way or over."""
        by = Actor(operator_name(), self._shown.environment.profile)
        return await self._store.wakes.move(
            wake.id, WakeState.WAITING, WakeState.CANCELLED, self._now(), "Taken back.", by=by
        )

    async def _queue(
        self, device: DeviceRow, kind: WakeKind, text: str, lasts: timedelta, *,
        operation: str = "", fields: dict[str, Any] | None = None, names: Collection[str] = (),
        note: str = "",
    ) -> int:  # fmt: skip
        if not timedelta(0) < lasts <= LONGEST:
            raise ChangeFailed(f"Nothing was queued: it may wait for {LONGEST.days} days at most.")
        environment, now = self._shown.environment, self._now()
        by = Actor(operator_name(), environment.profile)
        wanted: Sequence[NewWake] = [
            NewWake(
                environment.host, self._shown.account, device.key, kind, text, operation,
                fields or {}, sorted(names), note.strip(), by, now + lasts.total_seconds(),
            )
        ]  # fmt: skip
        (number,) = await self._store.wakes.queue(wanted, now)
        return number

    def _now(self) -> float:
        return self._shown.clock.now().timestamp()
