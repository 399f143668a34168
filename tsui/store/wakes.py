"""What waits until a device wakes: text messages that somebody agreed to, and reminders."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.audit import Actor, AuditRow, append
from tsui.store.database import Database
from tsui.store.text import storable


class WakeKind(StrEnum):
    """What is done when a device wakes."""

    SMS = "sms"
    REMINDER = "reminder"


class WakeState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    """For a window."""
    SENDING = "sending"
    """A window is open and it is on its way."""
    SENT = "sent"
    """It left, once; its request tells what became of it."""
    REMINDED = "reminded"
    REFUSED = "refused"
    """The platform said no; nothing was done."""
    UNKNOWN = "unknown"
    """It may have left; it is never sent again."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """No window came while it was valid."""


OPEN = (WakeState.WAITING, WakeState.SENDING)
"""States in which it still waits or is on its way."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Something that waits until a device wakes."""

    id: int
    environment: str
    account: str
    device: str
    """The device's name in the account."""
    kind: WakeKind
    text: str
    """What is sent, or what is to be remembered; hostile until sanitised."""
    operation: str
    """Class name of the operation that is sent; empty for a reminder."""
    fields: Mapping[str, Any]
    """Its fields, as they were agreed to."""
    names: Sequence[str]
    """Names of what is protected that were typed."""
    note: str
    """Why it is done."""
    operator: str
    profile: str
    queued_at: float
    """Unix time."""
    valid_until: float
    """Unix time from which on it is not done any more."""
    state: WakeState
    changed_at: float
    """Unix time."""
    said: str
    """What became of it, in words that may come from outside."""
    owner: str
    """The process that sends it."""
    batch: str
    """The batch under which the journal has its request."""
    tries: int
    """How often a process began to send it."""
    request: int | None
    """Number of its request in the journal."""
    missed: int
    """The newest message about a window that was over before it could be sent."""

    @property
    def is_open(self) -> bool:
        """Whether it still waits or is on its way."""
        return self.state in OPEN


class NewWake(NamedTuple):
    """Something that is to wait until a device wakes."""

    environment: str
    account: str
    device: str
    kind: WakeKind
    text: str
    operation: str
    fields: Mapping[str, Any]
    names: Sequence[str]
    note: str
    by: Actor
    valid_until: float


_COLUMNS = ", ".join(Wake.__dataclass_fields__)
_TITLES = {WakeKind.SMS: "SMS when it wakes", WakeKind.REMINDER: "Reminder when it wakes"}


class Wakes:
    """What waits until devices wake, in one environment."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def queue(self, new: Sequence[NewWake], at: float) -> list[int]:
        """Write down what is to wait; returns the numbers."""

        def write(connection: apsw.Connection) -> list[int]:
            return [_queue(connection, each, at) for each in new]

        return await self._database.write(write, self._tell)

    async def get(self, wake: int) -> Wake | None:
        """Return one of them."""
        found = await self._wakes("WHERE id = ?", (wake,))
        return found[0] if found else None

    async def open_ones(self, account: str, devices: Iterable[str] | None = None) -> list[Wake]:
        """Return what waits or is on its way, oldest first; of some devices where any are given."""
        wanted = None if devices is None else json.dumps([storable(each) for each in devices])
        only = "" if wanted is None else "AND device IN (SELECT value FROM json_each(?)) "
        values = (storable(account), *([] if wanted is None else [wanted]))
        sql = f"WHERE account = ? AND state IN ('waiting', 'sending') {only}ORDER BY id"
        return await self._wakes(sql, values)

    async def newest(self, account: str, limit: int, device: str = "") -> list[Wake]:
        """Return all there ever were, newest first; of one device where it is named."""
        only = "AND device = ? " if device else ""
        values = (storable(account), *([storable(device)] if device else []), limit)
        return await self._wakes(f"WHERE account = ? {only}ORDER BY id DESC LIMIT ?", values)

    async def claim(self, wake: int, owner: str, at: float) -> Wake | None:
        """Begin to send one that waits; None where it waits no more.

        The batch is on the disk before the journal may know it, so that whoever finds this one
        after a kill can tell whether anything left.
        """
        sql = (
            "UPDATE wake SET state = 'sending', owner = ?, changed_at = ?, tries = tries + 1, "
            "batch = 'wake-' || lower(hex(randomblob(12))) "
            "WHERE id = ? AND state = 'waiting' AND valid_until > ? RETURNING id"
        )

        def write(connection: apsw.Connection) -> bool:
            row = connection.execute(sql, (storable(owner), at, wake, at)).fetchone()
            return row is not None

        claimed = await self._database.write(write, self._tell)
        return await self.get(wake) if claimed else None

    async def move(
        self, wake: int, was: WakeState, state: WakeState, at: float, said: str = "",
        *, request: int | None = None, missed: int | None = None, by: Actor | None = None,
    ) -> bool:  # fmt: skip
        """Move one of them to another state, or say more of it; False where it was not there."""
        sql = (
            "UPDATE wake SET state = ?, changed_at = ?, said = ?, request = coalesce(?, request), "
            "missed = coalesce(?, missed) WHERE id = ? AND state = ? RETURNING id"
        )

        def write(connection: apsw.Connection) -> bool:
            values = (state, at, storable(said), request, missed, wake, was)
            moved = connection.execute(sql, values).fetchone() is not None
            if moved and state is not was:
                _audit(connection, wake, at, by)
            return moved

        return await self._database.write(write, self._tell)

    async def expire(self, account: str, now: float) -> list[Wake]:
        """End what waited until its time was over, and return it."""
        sql = (
            "UPDATE wake SET state = 'expired', changed_at = ?, said = iif(said = '', "
            "'No window came while it was valid.', said) "
            "WHERE account = ? AND state = 'waiting' AND valid_until <= ? RETURNING id"
        )

        def write(connection: apsw.Connection) -> list[int]:
            ended = [int(row[0]) for row in connection.execute(sql, (now, storable(account), now))]
            for each in ended:
                _audit(connection, each, now, None)
            return ended

        ended = await self._database.write(write, self._tell)
        if not ended:
            return []
        values = (json.dumps(ended),)
        return await self._wakes("WHERE id IN (SELECT value FROM json_each(?))", values)

    async def _wakes(self, rest: str, values: tuple[Any, ...]) -> list[Wake]:
        sql = f"SELECT {_COLUMNS} FROM wake {rest}"
        return await self._database.read(
            lambda connection: [_wake(row) for row in connection.execute(sql, values)]
        )

    def _tell(self, changed: object) -> None:
        if changed:
            self._announcer.publish(Topic.MONITORS)


def _queue(connection: apsw.Connection, new: NewWake, at: float) -> int:
    words = (
        new.environment, new.account, new.device, new.kind, new.text, new.operation,
        json.dumps(dict(new.fields)), json.dumps(list(new.names)), new.note, *new.by,
    )  # fmt: skip
    number = int(
        connection.execute(
            "INSERT INTO wake (environment, account, device, kind, text, operation, fields, names, "
            "note, operator, profile, queued_at, valid_until, state, changed_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?) RETURNING id",
            (*map(storable, words), at, new.valid_until, at),
        ).get
    )
    _audit(connection, number, at, None)
    return number


def _audit(connection: apsw.Connection, wake: int, at: float, by: Actor | None) -> None:
    """Add a row to the audit, in the name of whoever queued it unless somebody else did this."""
    sql = f"SELECT {_COLUMNS} FROM wake WHERE id = ?"
    found = _wake(next(connection.execute(sql, (wake,))))
    event = "queued" if found.state is WakeState.WAITING and not found.tries else found.state
    who = by or Actor(found.operator, found.profile)
    fields = json.dumps(dict(found.fields) or {"reminder": found.text})
    append(
        connection,
        AuditRow(
            0, at, *who, found.environment, found.account, event, found.operation,
            _TITLES[found.kind], fields if event == "queued" else "", found.request, "", 1,
            found.device, found.note, found.said, f"wake {found.id}", "",
        ),
    )  # fmt: skip


def _wake(row: tuple[Any, ...]) -> Wake:
    values = dict(zip(Wake.__dataclass_fields__, row, strict=True))
    values["kind"], values["state"] = WakeKind(values["kind"]), WakeState(values["state"])
    values["fields"], values["names"] = json.loads(values["fields"]), json.loads(values["names"])
    return Wake(**values)
