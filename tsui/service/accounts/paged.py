"""Long answers of the account, read page by page: location reports and the members of a group."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from tsui.service.accounts.model import Entry, Heading, Listing, Paged
from tsui.service.located import fix_of
from tsui.store.readings import Reading
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.workspace import Workspace

REPORT, GROUP = "report:", "group:"
"""Begin the kinds of readings that are a location report, or members; an id or a name follows."""

KINDS = ("iccid", "imei", "mdn", "eid")
"""Identifiers of a member that have columns."""

_PLACES = (
    Heading("LINE", 12), Heading("LATITUDE", 11), Heading("LONGITUDE", 11), Heading("± M", 7),
    Heading("PROBLEM", 20, grows=True),
)  # fmt: skip

_MEMBERS = (
    Heading("ICCID", 20), Heading("IMEI", 16), Heading("MDN", 12), Heading("EID", 32),
    Heading("ADDRESS", 15, grows=True),
)  # fmt: skip

Pages = Callable[[Any, str], AsyncGenerator[Sequence[Any], None]]
"""Yields the pages of an account by a client."""


def location_report(store: Store, workspace: "Workspace", txid: str) -> Paged:
    """Return a location report."""

    def pages(client: Any, account: str) -> AsyncGenerator[Sequence[Any], None]:
        from tsui.thingspace import following

        return following.location_report(client, account, txid)

    kind = f"{REPORT}{txid}"
    return Paged(
        f"Locations {txid}", _PLACES, "SEEN", "place", "The report names no device.",
        partial(_shown, workspace, kind, _place), partial(_read, store, workspace, kind, pages),
    )  # fmt: skip


def group_members(store: Store, workspace: "Workspace", group: str) -> Paged:
    """Return the devices of a group as the platform tells them."""

    def pages(client: Any, account: str) -> AsyncGenerator[Sequence[Any], None]:
        from tsui.thingspace import following

        return following.group_members(client, account, group)

    kind = f"{GROUP}{group}"
    return Paged(
        f"Members of {group}", _MEMBERS, "", "device", "The group has no device.",
        partial(_shown, workspace, kind, _member), partial(_read, store, workspace, kind, pages),
    )  # fmt: skip


async def _shown(
    workspace: "Workspace", kind: str, understand: Callable[[Mapping[str, Any], float], Entry]
) -> Listing:
    reading: Reading | None = await workspace.reading(0, kind)
    if reading is None:
        return Listing()
    body = reading.body if isinstance(reading.body, list) else ()
    entries = [understand(each, reading.tried_at) for each in body if isinstance(each, Mapping)]
    return Listing(entries, reading.read_at, reading.tried_at, reading.trouble)


async def _read(
    store: Store, workspace: "Workspace", kind: str, pages: Pages, tell: Callable[[int], None]
) -> str:
    """Read all pages; what breaks off is not kept."""
    from tsui.service.problems import explain
    from tsui.service.replies import raw
    from tsui.thingspace.errors import ThingSpaceError

    online = workspace.online
    if online is None:
        return "Nobody is signed in."
    account, found = workspace.account, list[Any]()
    try:
        async for page in pages(online.client, account):
            found += [raw(each) for each in page]
            tell(len(found))
    except ThingSpaceError as error:
        return str(explain(error))
    now = workspace.clock.now().timestamp()
    await store.readings.put(account, 0, kind, found, now, amount=len(found))
    return ""


def _place(told: Mapping[str, Any], at: float) -> Entry:
    line, fix = str(told.get("msid", "")), fix_of(told, at)
    if fix is None or fix.latitude is None or fix.longitude is None:
        why = fix.trouble if fix else "ThingSpace told neither a place nor why."
        return Entry(line, (line, "", "", "", why), told, "warn")
    cells = (line, f"{fix.latitude:.5f}", f"{fix.longitude:.5f}", fix.radius, "")
    return Entry(line, cells, told, at=fix.seen_at or None)


def _member(told: Mapping[str, Any], _: float) -> Entry:
    ids = told.get("deviceIds")
    named = [each for each in ids if isinstance(each, Mapping)] if isinstance(ids, list) else []
    by_kind = {str(each.get("kind", "")).lower(): str(each.get("id", "")) for each in named}
    cells = (*(by_kind.get(kind, "") for kind in KINDS), str(told.get("ipAddress") or ""))
    return Entry(next(filter(None, by_kind.values()), ""), cells, told)
