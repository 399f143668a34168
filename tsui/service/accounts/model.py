"""Sections of the account: what each shows, how its columns are called, and what reads it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Heading(NamedTuple):
    """A column."""

    name: str
    """Its name."""
    width: int
    """Cells it needs."""
    grows: bool = False
    """Whether it takes the room that is left."""


class Entry(NamedTuple):
    """A record; all its texts are hostile until sanitised."""

    name: str
    """What it goes by: a code, a name, an id."""
    cells: tuple[str, ...]
    """Its values, one for each column."""
    body: Any = None
    """All that is known of it."""
    look: str = "text"
    """The look of its cells."""
    at: float | None = None
    """Unix time at which it was so, or was asked; None where its section has one age."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Records of one kind, their age, and why they could not be read again."""

    entries: Sequence[Entry] = ()
    """The records."""
    read_at: float | None = None
    """Unix time at which they were read; None where that never worked."""
    tried_at: float | None = None
    """Unix time of the last try; None where nobody ever tried."""
    trouble: str = ""
    """Why the last try brought nothing; hostile until sanitised."""
    is_ours: bool = False
    """Whether it is what was asked from here, which is known without being read."""


@dataclass(frozen=True, slots=True)
class Paged:
    """A long list that is read page by page to its end, and kept to be looked at again."""

    title: str
    """What it is; hostile until sanitised."""
    headings: tuple[Heading, ...]
    """Its columns; the last one tells what is wrong with a record."""
    when: str
    """The column with times; empty where there is none."""
    record: str
    """What one record is."""
    empty: str
    """What to say when it has none."""
    shown: Callable[[], Awaitable[Listing]]
    """Returns what was read of it."""
    read: Callable[[Callable[[int], None]], Awaitable[str]]
    """Reads it, telling how many there are so far; returns why that did not work, or nothing."""


class Section(NamedTuple):
    """A part of the account."""

    name: str
    """Its name on the command line."""
    title: str
    """Its title."""
    record: str
    """What one record is."""
    headings: tuple[Heading, ...]
    """Its columns; the leftmost stay longest on a narrow screen."""
    empty: str
    """What to say when the platform told that there is nothing."""
    unread: str = "It was not read yet."
    """What to say before anything was read or asked."""
    operations: tuple[str, ...] = ()
    """Operations that belong to it."""
    when: str = ""
    """The column with the time of each record; empty where there is none."""


ACCOUNT = Section(
    "about", "Account", "value",
    (Heading("WHAT", 26), Heading("IS", 30, grows=True)),
    "ThingSpace told nothing of the account.", operations=("GetAccount",), when="AS OF",
)  # fmt: skip
PLANS = Section(
    "plans", "Plans", "plan",
    (Heading("CODE", 18), Heading("DEVICES", 9), Heading("NAME", 20, grows=True),
     Heading("SIZE", 10)),
    "The account has no plans.", operations=("ListPlans",),
)  # fmt: skip
GROUPS = Section(
    "groups", "Groups", "group",
    (Heading("NAME", 24), Heading("DEVICES", 9), Heading("DESCRIPTION", 20, grows=True),
     Heading("", 9)),
    "The account has no groups.",
    operations=("CreateGroup", "UpdateGroup", "DeleteGroup", "GetGroup", "ListGroups"),
)  # fmt: skip
SERVICES = Section(
    "services", "Services", "state",
    (Heading("SERVICE", 22), Heading("STATE", 20), Heading("STEP", 6),
     Heading("PLANS", 20, grows=True), Heading("AGREEMENT", 14)),
    "The customer defined no services of its own.",
    operations=("ListServicesAndStates", "GoToState"),
)  # fmt: skip
LEADS = Section(
    "leads", "Leads", "lead",
    (Heading("LEAD", 14), Heading("STATE", 16), Heading("WHERE", 24, grows=True)),
    "The account has no leads.", operations=("ListLeads",),
)  # fmt: skip
SKUS = Section(
    "skus", "SKUs", "SKU",
    (Heading("SKU", 24), Heading("STATUS", 20, grows=True)),
    "No SKU is registered.", operations=("ListSkus",),
)  # fmt: skip
LISTENERS = Section(
    "listeners", "Listeners", "listener",
    (Heading("SERVICE", 29), Heading("URL", 30, grows=True)),
    "Nobody listens: what is told by callback is lost. enter opens the board.",
    operations=("RegisterListener", "DeregisterListener", "RegisterLocationListener",
                "DeregisterLocationListener"),
)  # fmt: skip
BILLING = Section(
    "billing", "Billing", "line",
    (Heading("WHAT", 14), Heading("FOR", 24, grows=True), Heading("IS", 28)),
    "No label was set and no billed usage was asked for from here.",
    operations=("GetBilledUsage", "ListBilledUsage", "SetLabels", "RemoveLabels"), when="WHEN",
)  # fmt: skip
USAGE = Section(
    "usage", "Usage in sum", "question",
    (Heading("FOR", 24, grows=True), Heading("SPAN", 24), Heading("IS", 28)),
    "Usage in sum was not asked for from here; a asks, the answer comes by callback.",
    operations=("GetAggregateUsage",), when="ASKED",
)  # fmt: skip
REPORTS = Section(
    "reports", "Locations", "report",
    (Heading("REPORT", 36), Heading("DEVICES", 9), Heading("IS", 24, grows=True)),
    "No location report was asked for from here; l locates the marked devices.",
    operations=("CreateLocationReport", "FindLocations", "RequestLocations"), when="ASKED",
)  # fmt: skip
ACCESS = Section(
    "access", "Access", "value",
    (Heading("WHAT", 18), Heading("IS", 30, grows=True)),
    "Nobody is signed in.", unread="Nobody is signed in.", operations=("ResetPassword",),
)  # fmt: skip

SECTIONS: tuple[Section, ...] = (
    ACCOUNT, PLANS, GROUPS, SERVICES, LEADS, SKUS, LISTENERS, BILLING, USAGE, REPORTS, ACCESS,
)  # fmt: skip
"""All sections, in the order they are shown."""

BY_NAME = {each.name: each for each in SECTIONS}
"""Sections by name."""
