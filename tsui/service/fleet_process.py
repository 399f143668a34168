"""The process that writes a large fleet: pages come in by its input, what became of them goes out.

Reading 2,000 devices holds Python's lock for a tenth of a second, which here no key waits for.
Each message to it is a line of JSON, followed by as many bytes of a page as the line says.
"""

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

import apsw

from tsui.service.fleet_page import NotAPage, flatten, split
from tsui.store.bulk import FleetRun
from tsui.store.connection import in_transaction, no_room_is_no_room, open_for_bulk
from tsui.store.errors import StoreError, translated
from tsui.store.schema import create_indexes
from tsui.store.sync import SyncState
from tsui.store.trigrams import index_texts

OPTIMIZE = 0x10002
"""Look at all tables that may have grown, a few hundred rows of each."""

POLITE = 10
"""By how much it stands back behind the dashboard when both want to work."""


def main() -> None:
    """Write the pages that come in until there are no more."""
    os.nice(POLITE)
    # Nothing here goes round in circles, and looking for that would double the time.
    gc.disable()
    path, account, state = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    run = FleetRun(account, SyncState(*json.loads(state)), flatten)
    try:
        with (
            translated(path),
            open_for_bulk(path) as connection,
            no_room_is_no_room(connection, path),
        ):
            in_transaction(connection, run.begin)
            while line := sys.stdin.buffer.readline():
                _obey(connection, run, json.loads(line))
    except StoreError as error:
        _tell(trouble=str(error))


def _obey(connection: apsw.Connection, run: FleetRun, order: dict[str, Any]) -> None:
    if "page" in order:
        _page(connection, run, sys.stdin.buffer.read(order["page"]), order["at"])
        return
    gone = 0
    if order["complete"]:
        gone = len(in_transaction(connection, lambda each: run.finish(each, order["at"])))
    in_transaction(connection, create_indexes)
    while in_transaction(connection, index_texts):
        pass
    # SQLite takes an account for a handful of rows until it has looked.
    connection.pragma("optimize", OPTIMIZE)
    _tell(gone=gone)


def _page(connection: apsw.Connection, run: FleetRun, body: bytes, at: float) -> None:
    try:
        page = split(body)
    except NotAPage:
        _tell(unreadable=True)
        return
    _tell(count=len(page.devices), listed=page.listed, more=page.more, largest=page.largest)
    changed = in_transaction(connection, lambda each: run.put(each, page.devices, page.largest, at))
    _tell(changed=changed, seen=run.state.seen)


def _tell(**news: Any) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
