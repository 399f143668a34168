"""Reading the sections of an account again; what fails is remembered with its section."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tsui.service.accounts.model import (
    ACCESS,
    ACCOUNT,
    BILLING,
    BY_NAME,
    GROUPS,
    LEADS,
    LISTENERS,
    PLANS,
    REPORTS,
    USAGE,
)
from tsui.service.failures import ReadFailed
from tsui.service.forms import from_json
from tsui.service.parts import LAST_ANSWER, Part
from tsui.service.problems import explain
from tsui.service.replies import raw
from tsui.store.store import Store
from tsui.thingspace import following
from tsui.thingspace.errors import ThingSpaceError

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.workspace import Workspace

_PARTS = {ACCOUNT.name: Part.ACCOUNT, PLANS.name: Part.PLANS, GROUPS.name: Part.GROUPS}
"""Sections that the reader of the catalogue reads."""

_RIGHTS = ("ListListeners", "ListLocationListeners", "ListServicesAndStates", "ListSkus")
"""Reads that need nothing but the account and show what it may."""


async def read_section(
    section: str, online: "AccountService", store: Store, workspace: "Workspace"
) -> str:
    """Read a section; returns why that did not work, or nothing."""
    if section in (ACCESS.name, BILLING.name, USAGE.name, REPORTS.name):
        return ""  # it is known here, and follows by itself
    if section in _PARTS:
        await online.reader.refresh_catalogue()
        if section == ACCOUNT.name:
            await asyncio.gather(*(_ask(workspace, name) for name in _RIGHTS))
        reading = await workspace.reading(0, _PARTS[section])
        return reading.trouble if reading else ""
    if section == LEADS.name:
        return await _read_leads(online, store, workspace)
    names: Sequence[str] = BY_NAME[section].operations[:1]
    if section == LISTENERS.name:
        names = ("ListListeners", "ListLocationListeners")
    return next(filter(None, [await _ask(workspace, name) for name in names]), "")


async def _ask(workspace: "Workspace", name: str) -> str:
    try:
        await workspace.ask(from_json(name, {"accountName": workspace.account}))
    except ReadFailed as error:
        return str(error)
    return ""


async def _read_leads(online: "AccountService", store: Store, workspace: "Workspace") -> str:
    """Read all blocks of the leads; an answer that breaks off is none."""
    account, kind = workspace.account, f"{LAST_ANSWER}ListLeads"
    found: list[object] = []
    try:
        async for block in following.leads(online.client, account):
            found += [raw(each) for each in block]
    except ThingSpaceError as error:
        trouble = str(explain(error))
        now = workspace.clock.now().timestamp()
        await store.readings.put_trouble(account, 0, kind, trouble, now)
        return trouble
    now = workspace.clock.now().timestamp()
    await store.readings.put(account, 0, kind, {"leads": found}, now)
    return ""
