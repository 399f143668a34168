"""Firmware: what the device runs, as software management tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tsui.service import replies
from tsui.service.device_answers import Asked
from tsui.service.device_record import unix_time
from tsui.service.views import DeviceRow
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.device_parts.base import PanePart
from tsui.ui.list_state import TRY_AGAIN, Nothing
from tsui.ui.painted import Line
from tsui.ui.screens.device_text import View, facts

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen

QUESTION = "ListSoftwareDevicesByImei"
"""The operation that asks."""

KNOWN = (
    ("Make", "make"),
    ("Model", "model"),
    ("Firmware", "firmware"),
    ("Managed by", "protocol"),
    ("Status", "status"),
    ("Last result", "requestStatus"),
    ("Reason", "resultReason"),
)
"""What is told in words, and its field."""

TIMES = (
    ("Upgraded", "upgradeTime"),
    ("Connected last", "lastConnectionTime"),
    ("Status changed", "statusTime"),
    ("Record changed", "updateTime"),
    ("Known since", "createTime"),
)
"""Times, and their fields."""


class Firmware(PanePart):
    """What the device runs, as software management tells it."""

    name = "firmware"
    title = "Firmware"

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._asked: Asked | None = None
        self._imei = ""

    async def load(self, device: DeviceRow) -> None:
        """Take up what was told last."""
        self._imei = device.imei
        self._asked = await self.shell.workspace.desks.answers.of(device, QUESTION)

    def lines(self) -> list[Line]:
        """Return what is known."""
        if not self._imei:
            return [[(" Not knowable from here: software management needs an IMEI.", "info")]]
        return [
            [(" Firmware", "title"), *_age(self._asked, self.view)],
            [],
            *self._body(),
        ]

    def _body(self) -> list[Line]:
        asked, offline = self._asked, self.shell.connection.offline_reason
        if asked is None or asked.body is None:
            return Nothing(
                "Software management told nothing.", TRY_AGAIN,
                reading="" if asked or offline else "what it runs",
                trouble=asked.trouble if asked else "", offline=offline,
            ).lines()  # fmt: skip
        found = next(_of(asked.body, self._imei), None)
        if found is None:
            return [
                [(" Software management does not know this device: it is not enrolled.", "text")]
            ]
        return software_lines(found, self.view)

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read it."""
        if device.imei:
            self.shell.workspace.desks.answers.ask(device, QUESTION)


def software_lines(found: Mapping[str, Any], view: View) -> list[Line]:
    """Say what a device runs and how it is managed."""
    eligible, licensed = found.get("fotaEligible"), found.get("licenseAssigned")
    lines = facts(
        [
            *(
                (title, replies.text(found[name]), "strong" if name == "firmware" else "text")
                for title, name in KNOWN
                if found.get(name)
            ),
            ("Upgradable over the air", _said(eligible), "good" if eligible else "text"),
            ("Licence for that", _said(licensed), "good" if licensed else "text"),
            *((title, _time(found.get(name), view), "text") for title, name in TIMES),
        ]
    )
    lines += [[], [(" Software on it", "head")], *_software(found, view)]
    lines += [
        [],
        [(" Campaigns: not knowable from here; this API tells only the last upgrade.", "info")],
    ]
    return lines


def _software(found: Mapping[str, Any], view: View) -> Iterator[Line]:
    listed = found.get("softwareList")
    known = (
        [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    )
    if not known:
        yield [("   none is told", "dim")]
    yield from facts(
        (
            str(each.get("name") or "?"),
            f"{replies.text(each.get('version'))}, since {_time(each.get('upgradeTime'), view)}",
            "text",
        )
        for each in known
    )


def _of(body: Any, imei: str) -> Iterator[Mapping[str, Any]]:
    listed = body.get("deviceList") if isinstance(body, Mapping) else None
    for each in listed if isinstance(listed, list) else ():
        # One of 16 digits has two for the software's version instead of the check digit.
        if isinstance(each, Mapping) and str(each.get("deviceId"))[:14] == imei[:14]:
            yield each


def _age(asked: Asked | None, view: View) -> Line:
    if asked is None or asked.asked_at is None:
        return []
    age: Line = [(f" read {words.age(view.now - asked.asked_at)} ago", "dim")]
    return [*age, (f"  {sanitize(asked.trouble, 300)}", "bad")] if asked.trouble else age


def _said(value: Any) -> str:
    return "not told" if value is None else replies.text(value)


def _time(value: Any, view: View) -> str:
    at = unix_time(value)
    return view.at(at) if at else str(value or "")
