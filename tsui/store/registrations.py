"""Requests of the journal that set or stop reachability monitors."""

import json
from collections.abc import Mapping
from typing import NamedTuple

import apsw

from tsui.store.changes import ChangeState
from tsui.store.database import Database
from tsui.store.moves import OPEN_STATES
from tsui.store.text import storable


class Registration(NamedTuple):
    """A request that set monitors on devices."""

    request: int
    """Its number in the journal."""
    request_id: str
    """The platform's id of it; empty until it answered."""
    operator: str
    created_at: float
    """Unix time."""
    note: str
    devices: int
    watch: str
    """What is watched, as the request says it."""
    expires: str
    """When the monitors end, as the request says it."""
    problem: str
    """Why it did not go well; hostile until sanitised."""
    device: str
    """The name of the first device in the account."""
    states: Mapping[ChangeState, int]
    """How many devices are in which state."""


_NEWEST = (
    "SELECT r.id, r.request_id, r.operator, r.created_at, r.note, r.devices, "
    "coalesce(json_extract(r.fields, '$.requestType'), ''), "
    "coalesce(json_extract(r.fields, '$.monitorExpirationTime'), ''), "
    "coalesce((SELECT max(problem) FROM request_device WHERE request = r.id), ''), "
    "coalesce((SELECT min(device_key) FROM request_device WHERE request = r.id), ''), "
    "(SELECT json_group_object(state, number) FROM (SELECT state, count(*) AS number "
    "FROM request_device WHERE request = r.id GROUP BY state)) "
    "FROM request AS r WHERE r.account = ? AND r.operation = 'MonitorReachability' "
    "ORDER BY r.created_at DESC, r.id DESC LIMIT ?"
)
_STOPPING = (
    "SELECT DISTINCT each.value FROM request AS r "
    "JOIN request_device AS d ON d.request = r.id, json_each(r.fields, '$.monitorIds') AS each "
    f"WHERE r.account = ? AND r.operation = 'StopMonitors' AND d.state IN ({OPEN_STATES})"
)


class Registrations:
    """What the journal knows of monitors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, account: str, limit: int) -> list[Registration]:
        """Return the requests of an account that set monitors, newest first."""

        def fetch(connection: apsw.Connection) -> list[Registration]:
            rows = connection.execute(_NEWEST, (storable(account), limit))
            return [Registration._make((*row[:-1], _states(row[-1]))) for row in rows]

        return await self._database.read(fetch)

    async def stopping(self, account: str) -> set[str]:
        """Return the ids of monitors that are being stopped."""
        return await self._database.read(
            lambda connection: {
                str(row[0]) for row in connection.execute(_STOPPING, (storable(account),))
            }
        )


def _states(text: str) -> dict[ChangeState, int]:
    return {ChangeState(name): number for name, number in json.loads(text).items()}
