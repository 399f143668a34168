"""Incidents: who has seen that devices were lost together, and what was said of it."""

from typing import NamedTuple

import apsw

from tsui.store.announce import Announcer, Topic
from tsui.store.database import Database
from tsui.store.text import storable


class Named(NamedTuple):
    """What an incident is known by: it is worked out anew each time."""

    trait: str
    """What its devices share; empty where that is nothing."""
    value: str
    began: float
    """Unix time at which the first was lost."""
    ended: float
    """Unix time at which the last was lost."""


class Acknowledged(NamedTuple):
    """What somebody said of an incident."""

    named: Named
    devices: int
    """Devices it had then."""
    at: float
    """Unix time."""
    operator: str
    note: str
    """Hostile until sanitised."""


class IncidentNotes:
    """The table of what was said; nothing in it is ever changed."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def add(self, account: str, said: Acknowledged) -> None:
        """Keep what somebody said of an incident."""
        trait, value, began, ended = said.named
        values = (
            storable(account), storable(trait), storable(value), began, ended, said.devices,
            said.at, storable(said.operator), storable(said.note),
        )  # fmt: skip

        def write(connection: apsw.Connection) -> None:
            connection.execute(
                "INSERT INTO incident_note (account, trait, value, began, ended, devices, at, "
                "operator, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )

        await self._database.write(write, lambda _: self._announcer.publish(Topic.REQUESTS))

    async def since(self, account: str, at: float) -> list[Acknowledged]:
        """Return what was said of incidents that went on after a time, the newest word first."""
        sql = (
            "SELECT trait, value, began, ended, devices, at, operator, note FROM incident_note "
            "WHERE account = ? AND ended >= ? ORDER BY id DESC"
        )

        def fetch(connection: apsw.Connection) -> list[Acknowledged]:
            rows = connection.execute(sql, (storable(account), at))
            return [Acknowledged(Named(*row[:4]), *row[4:]) for row in rows]

        return await self._database.read(fetch)
