"""The dialog before a text that leaves later: what it sends, and what agreeing to it means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tsui.service.environment import Environment
from tsui.service.monitors.model import Window
from tsui.service.operations import OperationInfo
from tsui.service.preflight import Report
from tsui.service.views import DeviceRow
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.monitor_text import NOT_HEARD
from tsui.ui.painted import Line
from tsui.ui.screens.confirm import ConfirmOperation


class ConfirmLater(ConfirmOperation):
    """Shows what would be sent and when; ends with True when somebody agreed to it."""

    def __init__(
        self, info: OperationInfo, environment: Environment, account: str, body: Mapping[str, Any],
        device: DeviceRow, report: Report, *, until: datetime, window: Window | None,
        hears: bool | None,
    ) -> None:  # fmt: skip
        kind, _, number = device.key.partition(":")
        super().__init__(info, environment, account, body, [(kind, number)], report)
        self._sent = body
        self._until = until
        self._window = window
        self._hears = hears

    act = "to queue it"

    @property
    def report(self) -> Report:
        """What the rules said, with the names that were typed."""
        return self._report

    def _lines(self) -> list[Line]:
        lines = super()._lines()
        # What is done and when stands where other dialogs explain the operation.
        lines[3:4] = [
            [("Text: ", "dim"), (sanitize(str(self._sent["smsMessage"]), 200), "strong")],
            *self._later(),
        ]
        return lines

    def _later(self) -> list[Line]:
        utc = self.shell.use_utc
        until = words.moment(self._until.timestamp(), utc=utc)
        if self._window is not None:
            end = words.moment(self._window.end, utc=utc)
            when: Line = [
                (f"The device is awake until {end}: it leaves at once, ", "warn"),
                ("or else by itself in its next window, once, valid until ", "text"),
            ]
        else:
            when = [
                ("Not sent now: ", "warn"),
                ("tsui sends it by itself, once, when the device wakes, valid until ", "text"),
            ]
        back: Line = [("Until it has left ", "text"), ("X", "key"),
                      (" on the wake board takes it back.", "text")]  # fmt: skip
        lines: list[Line] = [[*when, (until, "strong"), (".", "text")], back]
        if self._hears is False:
            lines.append([(f"{NOT_HEARD} It would wait in vain.", "warn")])
        return lines
