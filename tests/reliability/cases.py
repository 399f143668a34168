"""What tests of reliability share: how much is tried, and what proves that nothing was done twice.

The gate tries a part; with ``TSUI_FULL=1`` in the environment everything is tried.
"""

import os
from collections import Counter
from contextlib import closing
from pathlib import Path

import apsw

from tsui.simulator.server import Running

FULL = os.environ.get("TSUI_FULL", "") not in ("", "0")
"""Whether everything is tried; the gate has no time for that."""


def being_sent(folder: Path) -> list[str]:
    """Return the devices that the journal on disk holds as being sent, as another process sees."""
    file = next(folder.glob("**/journal.db"))
    with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        sql = "SELECT identifier FROM request_device WHERE state = 'sending'"
        return [str(row[0]) for row in connection.execute(sql)]


def taken(simulator: Running, action: str) -> Counter[str]:
    """Count the requests that the platform accepted, by the ICCID of each device."""
    return Counter(
        task.target.device.iccid
        for request in simulator.world.jobs.requests.values()
        for task in request.tasks
        if request.name == action and task.target is not None
    )


def executed(simulator: Running, action: str) -> Counter[str]:
    """Count what the platform really did, by the ICCID of each device."""
    done = simulator.world.jobs.executions
    return Counter(each.iccid for each in done if each.action == action and each.success)
