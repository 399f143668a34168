"""The desk of the account: everything that belongs to it as a whole, section by section.

Like all that screens read from, it stays clear of the network's own modules until it asks.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from tsui.service.accounts import asked, catalogue, paged
from tsui.service.accounts.access import Ages, access, ages_of
from tsui.service.accounts.model import (
    ACCESS,
    ACCOUNT,
    BILLING,
    GROUPS,
    LEADS,
    LISTENERS,
    PLANS,
    REPORTS,
    SERVICES,
    SKUS,
    USAGE,
    Entry,
    Listing,
    Paged,
)
from tsui.service.parts import LAST_ANSWER, Part
from tsui.store.readings import Reading
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.workspace import Workspace

ITSELF = 0
"""Stands for the account where a reading is of no device."""

MOST = 1000
"""Questions and reports that are listed, newest first."""

GROUP_CHANGES = ("CreateGroup", "UpdateGroup", "DeleteGroup")
"""Operations after which the groups are others."""

ANSWERS: Mapping[str, tuple[str, Callable[[Any], list[Entry]]]] = {
    SERVICES.name: ("ListServicesAndStates", catalogue.services),
    LEADS.name: ("ListLeads", catalogue.leads),
    SKUS.name: ("ListSkus", catalogue.skus),
    LISTENERS.name: ("ListListeners", catalogue.listeners),
}
"""Sections that show the last answer of one read, and how it becomes records."""


class AccountDesk:
    """What the account that is shown has and may."""

    def __init__(self, store: Store, workspace: "Workspace") -> None:
        self._store = store
        self._workspace = workspace
        self._listings: dict[str, Callable[[], Awaitable[Listing]]] = {
            ACCOUNT.name: self._about,
            PLANS.name: self._plans,
            GROUPS.name: self._groups,
            BILLING.name: self._billing,
            USAGE.name: self._usage,
            REPORTS.name: self._reports,
            ACCESS.name: self._access,
        }

    async def listing(self, section: str) -> Listing:
        """Return what is remembered of a section."""
        if made := self._listings.get(section):
            return await made()
        operation, understand = ANSWERS[section]
        reading = await self._reading(f"{LAST_ANSWER}{operation}")
        return _listing(reading, understand(reading.body) if reading else [])

    async def read(self, section: str) -> str:
        """Read a section again; returns why that did not work, or nothing."""
        online = self._workspace.online
        if online is None:
            return "Nobody is signed in."
        from tsui.service.accounts.reading import read_section

        return await read_section(section, online, self._store, self._workspace)

    async def ages(self) -> Ages:
        """Return how long the tokens live, and since when the password is known."""
        return await ages_of(self._workspace)

    async def _access(self) -> Listing:
        online = self._workspace.online
        if online is None:
            return Listing()
        now = self._workspace.clock.now().timestamp()
        entries = access(await self.ages(), online.client.keys.username, now)
        return Listing(entries, read_at=now, tried_at=now)

    async def _billing(self) -> Listing:
        account = self._workspace.account
        found = await self._store.questions.asked(account, asked.BILLED, MOST)
        labelled = await self._store.jobs.made(account, asked.LABELLING, MOST)
        told = await self._reading(f"{LAST_ANSWER}GetBilledUsage")
        return Listing(asked.billing(found, labelled, told), is_ours=True)

    async def _usage(self) -> Listing:
        found = await self._store.questions.asked(self._workspace.account, asked.USAGE_IN_SUM, MOST)
        return Listing(asked.usage_in_sum(found), is_ours=True)

    async def _reports(self) -> Listing:
        account = self._workspace.account
        made = await self._store.jobs.made(account, (asked.REPORTING,), MOST)
        cancelled = await self._store.jobs.made(account, (asked.CANCELLING,), MOST)
        read = {each.request_id: len(await self._places(each.request_id) or ()) for each in made}
        return Listing(asked.reports(made, cancelled, read), is_ours=True)

    async def _places(self, txid: str) -> Any:
        reading = await self._reading(f"{paged.REPORT}{txid}") if txid else None
        return reading.body if reading else None

    def report(self, txid: str) -> Paged:
        """Return a location report."""
        return paged.location_report(self._store, self._workspace, txid)

    def members(self, group: str) -> Paged:
        """Return the devices of a group as the platform tells them."""
        return paged.group_members(self._store, self._workspace, group)

    async def answers(self, request_id: str) -> list[dict[str, Any]]:
        """Return what came by callback for a question, oldest first."""
        from tsui.service.callbacks import as_answer
        from tsui.service.inbox import read
        from tsui.service.replies import without_secrets

        messages = await self._store.inbox.of_request(request_id)
        told = [as_answer(callback) for each in messages if (callback := read(each)) is not None]
        return [without_secrets(each) for each in told]

    async def group_change(self) -> tuple[int, str] | None:
        """Return the newest change of a group as a whole, by number and state; None if none."""
        made = await self._store.jobs.made(self._workspace.account, GROUP_CHANGES, 1)
        return (made[0].request, made[0].state) if made else None

    async def _about(self) -> Listing:
        reading = await self._reading(Part.ACCOUNT)
        facts = catalogue.about(reading.body, reading.read_at) if reading else []
        asked = {name: await self._reading(f"{LAST_ANSWER}{name}") for name in catalogue.RIGHTS}
        return _listing(reading, [*facts, *catalogue.rights(asked)])

    async def _plans(self) -> Listing:
        reading = await self._reading(Part.PLANS)
        counts = await self._workspace.tally("plan")
        return _listing(reading, catalogue.plans(reading.body if reading else None, counts))

    async def _groups(self) -> Listing:
        reading = await self._reading(Part.GROUPS)
        counts = await self._workspace.tally("groups")
        return _listing(reading, catalogue.groups(reading.body if reading else None, counts))

    async def _reading(self, kind: str) -> Reading | None:
        return await self._workspace.reading(ITSELF, kind)


def _listing(reading: Reading | None, entries: list[Entry]) -> Listing:
    if reading is None:
        return Listing(entries)
    return Listing(entries, reading.read_at, reading.tried_at, reading.trouble)
