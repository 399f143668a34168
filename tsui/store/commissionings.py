"""Commissioning runs: how far each device is on its way to its first bytes, kept for good."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.audit import Actor
from tsui.store.database import Database
from tsui.store.text import storable


class StepName(StrEnum):
    """The steps of a run, in their order."""

    LINE = "line"
    ACTIVATION = "activation"
    APN = "apn"
    CONNECTION = "connection"
    BYTES = "bytes"
    ECHO = "echo"


class StepState(StrEnum):
    """What is known of a step."""

    TO_COME = "to come"
    """The one before it is not over."""
    WAITING = "waiting"
    LATE = "late"
    """It takes longer than usual; it may still come."""
    FAILED = "failed"
    """The platform said no; it may still be done by another try."""
    SEEN = "seen"
    SKIPPED = "skipped"
    NOT_KNOWABLE = "not knowable"


PASSED = frozenset({StepState.SEEN, StepState.SKIPPED, StepState.NOT_KNOWABLE})
"""States after which the next step begins."""


class RunOutcome(StrEnum):
    """How a run ended."""

    OPEN = ""
    GREEN = "green"
    GIVEN_UP = "given up"


class End(NamedTuple):
    """How and when a run ends."""

    outcome: RunOutcome
    at: float | None
    """Unix time."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run."""

    name: StepName
    state: StepState = StepState.TO_COME
    began_at: float | None = None
    """Unix time at which it became the one to wait for."""
    ended_at: float | None = None
    """Unix time at which what it waits for happened; None while it did not."""
    due_at: float | None = None
    """Unix time by which that is usual; None where nothing is."""
    said: str = ""
    """What was seen, or is awaited; hostile until sanitised."""
    evidence: str = ""
    """What that rests on."""

    @property
    def is_passed(self) -> bool:
        """Whether the next step has begun."""
        return self.state in PASSED

    def took(self, now: float) -> float | None:
        """Return the seconds it took, or takes so far; None before it began."""
        if self.began_at is None:
            return None
        return max(0.0, (now if self.ended_at is None else self.ended_at) - self.began_at)


@dataclass(frozen=True, slots=True)
class Run:
    """A commissioning run of a device."""

    id: int
    environment: str
    account: str
    device_key: str
    identifiers: Mapping[str, str]
    """Kinds and values, as the device list told them last."""
    operator: str
    profile: str
    began_at: float
    ended_at: float | None
    outcome: RunOutcome
    note: str
    """What the operator wrote of the site; hostile until sanitised."""
    baseline: int | None
    """Bytes that were used before it began, as far as the usage history goes back."""
    steps: Sequence[Step]

    def step(self, name: StepName) -> Step:
        """Return one of its steps."""
        return next(each for each in self.steps if each.name is name)

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None

    @property
    def current(self) -> Step | None:
        """The first step that is not passed; None where all are."""
        return next((each for each in self.steps if not each.is_passed), None)

    @property
    def is_green(self) -> bool:
        """Whether the device moved its first bytes."""
        return all(each.is_passed for each in self.steps if each.name is not StepName.ECHO)


_COLUMNS = (
    "id, environment, account, device_key, identifiers, operator, profile, began_at, ended_at, "
    "outcome, note, baseline"
)


class Commissionings:
    """The runs of an environment."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def begin(
        self, account: str, device_key: str, identifiers: Mapping[str, str], at: float,
        *, environment: str, by: Actor,
    ) -> int:  # fmt: skip
        """Begin a run, or go on with the one that is open; returns its number."""

        def write(connection: apsw.Connection) -> int:
            named = (storable(account), storable(device_key))
            connection.execute(
                "INSERT OR IGNORE INTO commissioning (account, device_key, identifiers, "
                "began_at, environment, operator, profile) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *named, json.dumps(dict(identifiers)), at, storable(environment),
                    storable(by.operator), storable(by.profile),
                ),
            )  # fmt: skip
            sql = (
                "SELECT id FROM commissioning "
                "WHERE account = ? AND device_key = ? AND ended_at IS NULL"
            )
            run = int(connection.execute(sql, named).get)
            connection.executemany(
                "INSERT OR IGNORE INTO commissioning_step (run, name, state, said, evidence) "
                "VALUES (?, ?, ?, '', '')",
                [(run, name, StepState.TO_COME) for name in StepName],
            )
            return run

        return await self._database.write(write, self._told)

    async def write(
        self, run: int, steps: Sequence[Step], *, baseline: int | None = None,
        identifiers: Mapping[str, str] | None = None, end: End | None = None,
    ) -> bool:  # fmt: skip
        """Write down what is known of steps, and the end if this is it.

        A run that is over stays as it is: False then.
        """

        def write(connection: apsw.Connection) -> int:
            open_one = "SELECT 1 FROM commissioning WHERE id = ? AND ended_at IS NULL"
            if not connection.execute(open_one, (run,)).get:
                return 0
            connection.executemany(
                "UPDATE commissioning_step SET state = ?, began_at = ?, ended_at = ?, due_at = ?, "
                "said = ?, evidence = ? WHERE run = ? AND name = ?",
                [
                    (
                        each.state, each.began_at, each.ended_at, each.due_at,
                        storable(each.said), storable(each.evidence), run, each.name,
                    )
                    for each in steps
                ],
            )  # fmt: skip
            known = json.dumps(dict(identifiers)) if identifiers else None
            outcome, at = end or End(RunOutcome.OPEN, None)
            connection.execute(
                "UPDATE commissioning SET baseline = coalesce(baseline, ?), "
                "identifiers = coalesce(?, identifiers), outcome = ?, ended_at = ? WHERE id = ?",
                (baseline, known, outcome, at, run),
            )
            return run

        return await self._database.write(write, self._told) != 0

    async def note(self, run: int, text: str) -> None:
        """Write down what the operator says of the site, also after the end."""

        def write(connection: apsw.Connection) -> int:
            connection.execute(
                "UPDATE commissioning SET note = ? WHERE id = ?", (storable(text), run)
            )
            return run

        await self._database.write(write, self._told)

    async def get(self, run: int) -> Run | None:
        """Return a run."""
        found = await self._runs("id = ?", (run,))
        return found[0] if found else None

    async def of_device(self, account: str, device_key: str) -> Run | None:
        """Return the newest run of a device, open or not."""
        where = "account = ? AND device_key = ? ORDER BY id DESC LIMIT 1"
        found = await self._runs(where, (storable(account), storable(device_key)))
        return found[0] if found else None

    async def newest(self, account: str, limit: int) -> list[Run]:
        """Return runs of an account: those that are open, then the others, newest first."""
        where = "account = ? ORDER BY ended_at IS NULL DESC, id DESC LIMIT ?"
        return await self._runs(where, (storable(account), limit))

    async def count_open(self, account: str) -> int:
        """Count the runs of an account that are open."""
        sql = "SELECT count(*) FROM commissioning WHERE account = ? AND ended_at IS NULL"
        return await self._database.read(
            lambda connection: int(connection.execute(sql, (storable(account),)).get)
        )

    async def _runs(self, where: str, values: tuple[Any, ...]) -> list[Run]:
        def read(connection: apsw.Connection) -> list[Run]:
            sql = f"SELECT {_COLUMNS} FROM commissioning WHERE {where}"
            rows = list(connection.execute(sql, values))
            return [_run(row, _steps(connection, row[0])) for row in rows]

        return await self._database.read(read)

    def _told(self, run: int) -> None:
        if run:
            self._announcer.publish(Topic.COMMISSIONING, {run})


def _steps(connection: apsw.Connection, run: int) -> list[Step]:
    sql = (
        "SELECT name, state, began_at, ended_at, due_at, said, evidence FROM commissioning_step "
        "WHERE run = ?"
    )
    found = {
        row[0]: Step(StepName(row[0]), StepState(row[1]), *row[2:])
        for row in connection.execute(sql, (run,))
    }
    return [found.get(name) or Step(name) for name in StepName]


def _run(row: tuple[Any, ...], steps: Sequence[Step]) -> Run:
    fields = dict(zip(_COLUMNS.split(", "), row, strict=True))
    fields["identifiers"] = json.loads(fields["identifiers"])
    fields["outcome"] = RunOutcome(fields["outcome"])
    return Run(**fields, steps=tuple(steps))
