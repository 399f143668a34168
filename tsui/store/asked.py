"""What was asked and answered later: reads with a callback, and jobs that are fetched when done."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import apsw

from tsui.store.database import Database
from tsui.store.text import storable

_QUESTIONS = """
    SELECT q.request_id, q.operation, q.asked_at, q.fields, count(m.id), max(m.received_at)
    FROM question AS q LEFT JOIN message AS m ON m.request_id = q.request_id
    WHERE q.account = ? AND q.operation IN (SELECT value FROM json_each(?))
    GROUP BY q.request_id ORDER BY q.asked_at DESC LIMIT ?
"""

_JOBS = """
    SELECT r.id, r.operation, r.created_at, r.fields, r.request_id, r.devices, r.answer,
        (SELECT d.state FROM request_device AS d WHERE d.request = r.id ORDER BY d.id LIMIT 1),
        (SELECT d.problem FROM request_device AS d WHERE d.request = r.id ORDER BY d.id LIMIT 1)
    FROM request AS r WHERE r.account = ? AND r.operation IN (SELECT value FROM json_each(?))
    ORDER BY r.created_at DESC, r.id DESC LIMIT ?
"""


class AskedQuestion(NamedTuple):
    """A read whose answer comes by callback, and how much of it came."""

    request_id: str
    """The id under which the answer was promised."""
    operation: str
    """Class name of the operation."""
    asked_at: float
    """Unix time."""
    fields: Mapping[str, Any]
    """What was asked, under wire names; empty where that was not kept yet."""
    answers: int
    """Callback messages that came."""
    answered_at: float | None
    """Unix time of the newest of them."""


class Job(NamedTuple):
    """A request of the journal as a whole, whatever devices it names."""

    request: int
    """Its number."""
    operation: str
    """Class name of the operation."""
    created_at: float
    """Unix time."""
    fields: Mapping[str, Any]
    """What was sent, under wire names."""
    request_id: str
    """The platform's id; empty where it gave none."""
    devices: int
    """Devices it names."""
    answer: str
    """The answer as JSON; empty where it had nothing but the id."""
    state: str
    """What is known of its first device, which is that of the whole where devices are alike."""
    problem: str
    """Why it did not go well; hostile until sanitised."""


class Questions:
    """Reads whose answer comes by callback, in the file of callback messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def asked(
        self, account: str, operations: Iterable[str], most: int
    ) -> list[AskedQuestion]:
        """Return what an account asked, newest first."""
        values = (storable(account), json.dumps(list(operations)), most)

        def fetch(connection: apsw.Connection) -> list[AskedQuestion]:
            return [
                AskedQuestion(row[0], row[1], row[2], json.loads(row[3] or "{}"), row[4], row[5])
                for row in connection.execute(_QUESTIONS, values)
            ]

        return await self._database.read(fetch)


class Jobs:
    """Requests of the journal as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def made(self, account: str, operations: Iterable[str], most: int) -> list[Job]:
        """Return requests of an account, newest first."""
        values = (storable(account), json.dumps(list(operations)), most)

        def fetch(connection: apsw.Connection) -> list[Job]:
            return [
                Job(row[0], row[1], row[2], json.loads(row[3]), *row[4:])
                for row in connection.execute(_JOBS, values)
            ]

        return await self._database.read(fetch)
