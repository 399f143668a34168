"""Profiles: what is on the device's embedded SIM, as far as ThingSpace tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tsui.service import replies
from tsui.service.device_profiles import SERVICE, global_records, profile_changes
from tsui.service.views import DeviceChange, DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui.device_parts.asking import AskingPart
from tsui.ui.outcomes import outcome
from tsui.ui.painted import Line
from tsui.ui.screens.device_text import View, facts

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen

_TELLING = re.compile("status|fallback|carrier|plan", re.IGNORECASE)
"""Names of fields that tell most; the others come behind them."""


class Profiles(AskingPart):
    """What is on the device's embedded SIM, as far as ThingSpace tells."""

    name = "profiles"
    title = "Profiles"
    TOPICS = AskingPart.TOPICS | {Topic.REQUESTS}
    question = "ListGlobalDevices"
    what = "its profile"
    service = SERVICE

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._records: Sequence[Mapping[str, Any]] = ()
        self._changes: Sequence[DeviceChange] = ()

    @property
    def no_ask_reason(self) -> str:
        """Need an embedded SIM."""
        if self.device is not None and not self.device.eid:
            return "This device has no eUICC."
        return super().no_ask_reason

    async def load(self, device: DeviceRow) -> None:
        """Take up what was told of the profile and done to it."""
        await super().load(device)
        self._records = global_records(self.asked.answers if self.asked else (), device)
        self._changes = profile_changes(await self.shell.workspace.changes_of(device.key))

    def lines(self) -> list[Line]:
        """Return what is known."""
        device = self.device
        if device is None:
            return []
        if not device.eid:
            return [
                [(" No eUICC.", "strong")],
                [
                    (
                        " ThingSpace tells no EID of this device: its SIM holds one fixed profile.",
                        "text",
                    )
                ],
            ]
        return [
            *facts(
                [
                    ("EID", device.eid, "strong"),
                    ("ICCID", device.iccid, "strong"),
                    ("Line", device.state, "text"),
                ]
            ),
            [],
            [(" Profile", "head")],
            *self.state(),
            *record_lines(self._records),
            [],
            [
                (" Changes of profiles from here", "head"),
                ("  :op profile", "key"),
                (" finds them all", "dim"),
            ],
            *change_lines(self._changes, self.view),
        ]


def record_lines(records: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """Say what the global list tells of the device; its form is not documented."""
    for record in records:
        told = sorted(record.items(), key=lambda pair: not _TELLING.search(pair[0]))
        branches = (branch for name, value in told for branch in replies.tree({name: value}))
        yield from facts(
            (
                "  " * branch.depth + branch.name,
                branch.value,
                "strong" if _TELLING.search(branch.name) else "text",
            )
            for branch in branches
            if branch.value
        )
        yield []


def change_lines(changes: Sequence[DeviceChange], view: View) -> Iterator[Line]:
    """Say what was done to profiles from here."""
    if not changes:
        yield [("   none", "dim")]
    for each in changes:
        text, look = outcome(each)
        yield [
            (f"   {view.at(each.created_at)}  ", "dim"),
            (f"{sanitize(each.title, 44)}  ", "text"),
            (f"{text}  ", look),
            (sanitize(each.problem or each.evidence, 160), "dim"),
        ]
