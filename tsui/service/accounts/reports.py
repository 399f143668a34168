"""Location reports: read page by page once they are complete, and kept to be looked at again."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tsui.service.accounts.desk import REPORT
from tsui.service.accounts.model import Entry, Heading
from tsui.service.located import fix_of
from tsui.service.problems import explain
from tsui.service.replies import raw
from tsui.store.store import Store
from tsui.thingspace import following
from tsui.thingspace.errors import ThingSpaceError

if TYPE_CHECKING:
    from tsui.service.workspace import Workspace

PLACES = (
    Heading("LINE", 12), Heading("LATITUDE", 11), Heading("LONGITUDE", 11), Heading("± M", 7),
    Heading("PROBLEM", 20, grows=True),
)  # fmt: skip
"""Columns of a report."""


async def read_report(
    workspace: "Workspace", store: Store, txid: str, tell: Callable[[int], None]
) -> str:
    """Read all pages of a report; returns why that did not work, or nothing.

    Who waits is told how many places there are so far; a report that breaks off is not kept.
    """
    online = workspace.online
    if online is None:
        return "Nobody is signed in."
    found: list[Any] = []
    try:
        async for page in following.location_report(online.client, workspace.account, txid):
            found += [raw(each) for each in page]
            tell(len(found))
    except ThingSpaceError as error:
        return str(explain(error))
    now = workspace.clock.now().timestamp()
    kind = f"{REPORT}{txid}"
    await store.readings.put(workspace.account, 0, kind, found, now, amount=len(found))
    return ""


def places(body: Any, at: float) -> list[Entry]:
    """Return the places of a report, one a line, or why there is none."""
    records: Iterable[Any] = body if isinstance(body, list) else ()
    return [_place(each, at) for each in records if isinstance(each, Mapping)]


def _place(told: Mapping[str, Any], at: float) -> Entry:
    line, fix = str(told.get("msid", "")), fix_of(told, at)
    if fix is None:
        return Entry(line, (line, "", "", "", "ThingSpace told neither a place nor why."), told,
                     "warn")  # fmt: skip
    if fix.latitude is None or fix.longitude is None:
        return Entry(line, (line, "", "", "", fix.trouble), told, "warn")
    cells = (line, f"{fix.latitude:.5f}", f"{fix.longitude:.5f}", fix.radius, "")
    return Entry(line, cells, told, at=fix.seen_at or None)
