"""A tour of the program: every screen there is, and the keys that lead there and back.

It begins and ends at the list of devices.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from tsui.store.inbox import Arrival


class Step(NamedTuple):
    """Keys, and the screen they lead to."""

    screen: str
    """The name of its class."""
    keys: tuple[str, ...]
    """Textual's names of the keys."""


Stop = tuple[Step, ...]
"""Steps from the list of devices to a screen; each waits for the screen of the one before."""


def typed(line: str) -> tuple[str, ...]:
    """Return the keys of a line for the command line."""
    return (":", *line, "enter")


def messages(iccid: str) -> list[Arrival]:
    """Return the messages that a listener received, one of them a text from a device."""
    identifiers = [{"kind": "iccid", "id": iccid}]
    body = json.dumps({"deviceIds": identifiers, "message": "tour"}).encode()
    return [
        Arrival(b"1", 1.0, "CarrierService", "::1", "r", b"{}"),
        Arrival(b"2", 2.0, "EnhancedConnectivityService", "::1", "", body),
    ]


TABLE = "fleet.csv"
"""A file in the working folder that gives two devices a value; see ``table_for``."""


def table_for(iccids: Iterable[str]) -> str:
    """Return a table that gives each device another value."""
    lines = (f"{iccid},tour {number}" for number, iccid in enumerate(iccids))
    return "\n".join(("iccid,cf1", *lines))


HOME = ("escape", "escape", "2", "escape")
"""Leads from any stop back to the whole list of devices; dialogs may be two deep."""

TOUR: tuple[Stop, ...] = (
    (Step("WallScreen", ("1",)),),
    (Step("MonitorsScreen", ("4",)), Step("WakeBoardScreen", ("tab",))),
    (Step("WatchDialog", ("m",)),),
    (Step("MessagesScreen", ("5",)), Step("ConversationScreen", ("enter",))),
    (
        Step("MessagesScreen", ("5",)),
        Step("QueueScreen", ("p",)),
        Step("ConfirmQueue", ("D",)),
    ),
    (Step("AccountScreen", ("7",)),),
    (Step("AccountScreen", ("7", *typed("section groups"))), Step("FormScreen", ("C",))),
    (Step("AccountScreen", ("7", *typed("section access"))), Step("ConfirmReset", ("P",))),
    (Step("RequestsScreen", ("3",)), Step("RequestScreen", ("enter",))),
    (Step("EventsScreen", ("6",)), Step("NoticeScreen", ("enter",))),
    (Step("EventsScreen", ("6",)), Step("Ask", ("K",))),
    (Step("EventsScreen", ("6",)), Step("Choose", ("M",))),
    (Step("AuditScreen", typed("audit")), Step("AnswerScreen", ("enter",))),
    (Step("MutesScreen", typed("mutes")),),
    (Step("TriggersScreen", typed("triggers")), Step("FormScreen", ("n",))),
    (Step("HelpScreen", ("?",)),),
    (Step("CommandPalette", ("ctrl+p",)),),
    (Step("DevicesScreen", (":",)),),
    (Step("DevicesScreen", ("/", "1")),),
    (Step("Choose", ("o",)),),
    (Step("ChooseColumns", ("c",)),),
    (Step("DeviceScreen", ("enter", "tab", "tab")),),
    (Step("DeviceScreen", ("u",)), Step("HelpScreen", ("?",))),
    (Step("DeviceScreen", ("h",)), Step("ConfirmChange", ("S",))),
    (Step("ConfirmChange", ("S",)), Step("Ask", ("tab",))),
    (Step("ComposeScreen", ("s",)),),
    (Step("FormScreen", ("X",)), Step("ConfirmOperation", ("S",))),
    (Step("OperationsScreen", typed("op")), Step("FormScreen", ("enter",))),
    (Step("PasteScreen", ("p",)),),
    (Step("SheetScreen", typed(f"paste {TABLE}")), Step("ConfirmProposal", ("V",))),
    (Step("BatchesScreen", typed("batches")),),
    (Step("InboxScreen", typed("inbox")), Step("AnswerScreen", ("enter",))),
    (Step("ListenersScreen", typed("listeners")),),
    (Step("AgendaScreen", ("8",)),),
    (Step("BlastScreen", ("n",)),),
    (Step("Choose", ("=",)), Step("TwinScreen", ("enter",))),
    (Step("EvidenceDialog", ("e",)),),
    (Step("ManyEvidence", ("0", "space", "space", "e")),),
    (Step("DevicesScreen", ("0", "g")),),
    (Step("CommissionScreen", ("i",)),),
    (Step("CommissionsScreen", typed("commissions")), Step("CommissionScreen", ("enter",))),
    (Step("HandoverScreen", ("9",)),),
    (Step("CallsScreen", ("ctrl+t",)), Step("CallScreen", ("enter",))),
    (Step("LoginScreen", ("ctrl+l",)),),
)
"""Stops that need a fleet, a change made, a message received, a table and keys of a receiver."""
