"""The dialog before every change: which devices, what happens, who is left out, how to agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tsui.service.environment import Environment
from tsui.service.kinds import CHANGE_PLAN, DEACTIVATE, SUSPEND
from tsui.service.views import Judged, Report
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.dialog import Text
from tsui.ui.screens.noting import NotedDialog

NAMED = 5
"""Devices that are named one by one."""

AROUND = 7
"""Lines that border, input and keys need; the rest of the screen is for the text."""

_OPTIONS = {
    SUSPEND.operation: (
        "billing",
        {
            "": "Billing while suspended: as the contract says",
            "with": "Billing while suspended: goes on (withBilling)",
            "without": "Billing while suspended: stops, the contract may become longer",
        },
    ),
    DEACTIVATE.operation: (
        "waiver",
        {
            "": "Early termination fee: may be billed",
            "spend": "Early termination fee: a waiver is spent (etfWaiver)",
        },
    ),
}
"""What the b key lets choose in the dialog: name of the value, and its choices in words."""


class ConfirmChange(NotedDialog[Report]):
    """Shows what a change would do; ends with the report that was agreed to, or without."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", priority=True),
        Binding("n", "cancel", priority=True),
        Binding("b", "option", priority=True),
        Binding("enter", "enter", priority=True),
    ]

    def __init__(
        self, report: Report, environment: Environment, account: str, *, hidden: int,
        note: str = "",
    ) -> None:  # fmt: skip
        super().__init__(environment, note)
        self._report = report
        self._account = account
        self._hidden = hidden
        option = _OPTIONS.get(report.kind.operation)
        self._option = report.values.get(option[0], "") if option else ""
        self._complaint = ""
        self._text = Text(id="heading")
        self._input = Input(compact=True, id="answer")
        self._input.cursor_blink = False
        self._keys = Text(id="keys")

    @property
    def _word(self) -> str:
        """What has to be typed; empty where one key is enough or nothing can be done."""
        devices = [each.device for each in self._report.eligible]
        if len(devices) > 1:
            return str(len(devices))
        if devices and not self._report.kind.reversible:
            return devices[0].key[-4:]
        return ""

    def content(self) -> Sequence[Widget]:
        """Show the text, the input where something has to be typed, and the keys."""
        return (self._text, self._input, self._keys)

    def on_mount(self) -> None:
        """Show the dialog; the answer that changes nothing has the focus."""
        self._input.display = bool(self._word)
        if self._word:
            self.set_focus(self._input)
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the lines to the box."""
        self.call_after_refresh(self._show)

    def action_agree(self) -> None:
        """Agree with one key, where that is enough."""
        if self._report.eligible and not self._word:
            self._agree()

    def action_enter(self) -> None:
        """Take what was typed; without a word to type, enter is Cancel."""
        if not self._word or not self._input.value.strip():
            self.dismiss(None)
        elif self._input.value.strip() == self._word:
            self._agree()
        else:
            self._complaint = f"That is not {self._word}; nothing was sent."
            self._input.value = ""
            self._show()

    def action_option(self) -> None:
        """Take the next choice of what the dialog lets choose."""
        if option := _OPTIONS.get(self._report.kind.operation):
            choices = list(option[1])
            self._option = choices[(choices.index(self._option) + 1) % len(choices)]
            self._show()

    def _agree(self) -> None:
        report = self._report
        if option := _OPTIONS.get(report.kind.operation):
            report = Report(
                report.kind,
                {**report.values, option[0]: self._option},
                report.eligible,
                report.excluded,
            )
        self.finish(report)

    def note_changed(self) -> None:
        """Show the note."""
        self._show()

    # -- what is shown ------------------------------------------------------------------------

    def _show(self) -> None:
        width = max(20, self._text.size.width)
        lines = [line for each in self._lines() for line in wrap(each, width)]
        if len(lines) > (room := self.size.height - AROUND):
            cut: Line = [("… more than fits; a larger terminal shows all", "warn")]
            lines = [*lines[: room - 1], cut]
        self._text.show(lines)
        self._keys.show(self._answers())

    def _lines(self) -> list[Line]:
        report, kind = self._report, self._report.kind
        lines: list[Line] = [self._question(), self._where(), []]
        if not report.eligible:
            lines.append([("Nothing can be done:", "warn")])
            return [*lines, *self._devices(report.excluded, why=True)]
        lines += self._devices(report.eligible, why=False)
        lines += [[], [(kind.effect, "text")]]
        if kind.lost:
            lines.append([("Cannot come back: ", "bad"), (kind.lost, "text")])
        if option := _OPTIONS.get(kind.operation):
            lines.append([("b ", "key"), (option[1][self._option], "text")])
        lines.append(self.note_line())
        for sentence, devices in report.warnings:
            lines.append([(f"! {sentence} ({words.number(devices, 'device')})", "warn")])
        if self._hidden:
            lines.append([(f"! {words.number(self._hidden, 'marked device')} not in view", "warn")])
        if report.excluded:
            lines += [[], [(f"Left out, {words.number(len(report.excluded), 'device')}:", "warn")]]
            lines += self._devices(report.excluded, why=True)
        return [*lines, []] if self._word else lines

    def _question(self) -> Line:
        count = len(self._report.eligible)
        what = words.number(count, "device") if count else "no device"
        kind = self._report.kind
        verb = f"{kind.title} of" if kind is CHANGE_PLAN else kind.title
        runs: list[Run] = [(f"{verb} {what}", "title")]
        if plan := self._report.values.get("service_plan"):
            runs.append((f" to {sanitize(plan, 40)}", "title"))
        return runs

    def _where(self) -> Line:
        live = self._environment.is_live
        return [
            (self._environment.kind.upper(), "live" if live else "practice"),
            (f" {sanitize(self._environment.host)}  {sanitize(self._account)}", "dim"),
        ]

    def _devices(self, devices: Sequence[Judged], *, why: bool) -> list[Line]:
        shown = devices[: NAMED if not why else NAMED // 2]
        lines: list[Line] = []
        for judged in shown:
            device = judged.device
            runs: list[Run] = [
                (f"{sanitize(device.key.partition(':')[2])}  ", "strong"),
                (f"{words.state(device.state)[0]}  ", "text"),
                (sanitize(device.custom1, 30), "dim"),
            ]
            if why and judged.blocked:
                runs = [*runs[:1], (sanitize(judged.blocked.sentence, 200), "text")]
            lines.append(runs)
        if rest := len(devices) - len(shown):
            lines.append([(f"… and {rest:,} more", "dim")])
        return lines

    def _answers(self) -> list[Line]:
        if not self._report.eligible:
            return [[], [(" esc Close ", "cursor")]]
        if not self._word:
            return [
                [],
                [
                    (" enter Cancel ", "cursor"),
                    ("   ", "text"),
                    ("y", "key"),
                    (f" {self._report.kind.title}", "text"),
                ],
            ]
        what = "the number of devices" if len(self._report.eligible) > 1 else "its last four"
        return [
            [(self._complaint, "bad")],
            [
                ("Type ", "text"),
                (self._word, "strong"),
                (f" ({what}) and ", "dim"),
                ("enter", "key"),
                (f" to {self._report.kind.title.lower()}   ", "text"),
                ("esc", "key"),
                (" cancel", "dim"),
            ],
        ]
