"""The dialog before every change: which devices, what happens, who is left out, how to agree."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tsui.service.environment import Environment
from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.kinds import CHANGE_PLAN, DEACTIVATE, MESSAGES, SUSPEND, said
from tsui.service.preflight import Report, Verdict
from tsui.service.views import StoreError
from tsui.text import sanitize
from tsui.ui import findings, words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.dialog import Text
from tsui.ui.screens.noting import NotedDialog

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


Look = Callable[[], Awaitable[None]]
"""Reads the devices again; the dialog ends then, and another one asks. Raises ReadFailed."""


class ConfirmChange(NotedDialog[Report]):
    """Shows what a change would do; ends with the report that was agreed to, or without."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "agree", priority=True),
        Binding("n", "decline", priority=True),
        Binding("b", "option", priority=True),
        Binding("f2", "choose", priority=True),
        Binding("f5", "look", priority=True),
        Binding("down", "scroll(1)", priority=True),
        Binding("up", "scroll(-1)", priority=True),
        Binding("pagedown", "scroll(10)", priority=True),
        Binding("pageup", "scroll(-10)", priority=True),
        Binding("enter", "enter", priority=True),
    ]

    def __init__(
        self, report: Report, environment: Environment, account: str, *, look: Look, hidden: int,
        gone: int = 0, note: str = "", together: str = "",
    ) -> None:  # fmt: skip
        super().__init__(environment, note)
        self._report = report
        self._look = look
        self._account = account
        self._hidden = hidden
        self._gone = gone
        self._together = together
        option = _OPTIONS.get(report.kind.operation)
        self._option = report.values.get(option[0], "") if option else ""
        self._complaint = ""
        self._top = 0
        self._each: tuple[int, list[Line]] | None = None
        """What is said of each device, and the width it was made for."""
        self._text = Text(id="heading")
        self._input = Input(compact=True, id="answer")
        self._input.cursor_blink = False
        self._keys = Text(id="keys")

    @property
    def _word(self) -> str:
        """What has to be typed; empty where one key is enough or nothing can be done.

        The name of what is protected, or else the number of devices or the end of the one.
        """
        if names := self._report.names_needed:
            return names[0]
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the letters to the input while a name has to be typed."""
        if action in ("agree", "decline", "option"):
            return not self._report.names_needed
        return super().check_action(action, parameters)

    def action_agree(self) -> None:
        """Agree with one key, where that is enough."""
        if self._report.eligible and not self._word:
            self._agree()

    def action_decline(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)

    def action_enter(self) -> None:
        """Take what was typed; without a word to type, enter is Cancel."""
        typed, word = self._input.value.strip(), self._word
        if not word or not typed:
            self.dismiss(None)
        elif typed.casefold() != word.casefold():
            self._again(f"That is not {sanitize(word, 60)}; nothing was sent.")
        elif not self._report.names_needed:
            self._agree()
        else:
            self._report = replace(self._report, named=self._report.named | {word})
            if self._report.names_needed:
                self._again("")
            else:
                self._agree()

    def action_option(self) -> None:
        """Take the next choice of what the dialog lets choose."""
        if option := _OPTIONS.get(self._report.kind.operation):
            choices = list(option[1])
            self._option = choices[(choices.index(self._option) + 1) % len(choices)]
            self._show()

    def action_choose(self) -> None:
        """Take the next choice, also while a name is typed."""
        self.action_option()

    def action_look(self) -> None:
        """Read the devices again before anything is sent, where that is not done by itself."""
        if self._report.unlooked:
            self._again(f"Reading {words.number(len(self._report.eligible), 'device')} again …")
            self.run_worker(self._look_again(), exclusive=True, group="look")

    async def _look_again(self) -> None:
        try:
            await self._look()
        except (ReadFailed, ChangeFailed, StoreError) as error:
            self._again(sanitize(str(error), 200))
        else:
            self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Show what did not fit."""
        self._top = max(0, self._top + lines)
        self._show()

    def _again(self, complaint: str) -> None:
        self._complaint = complaint
        self._input.value = ""
        self._show()

    def _agree(self) -> None:
        report = self._report
        if option := _OPTIONS.get(report.kind.operation):
            report = replace(report, values={**report.values, option[0]: self._option})
        self.finish(report)

    def note_changed(self) -> None:
        """Show the note."""
        self._show()

    # -- what is shown ------------------------------------------------------------------------

    def _show(self) -> None:
        width = max(20, self._text.size.width)
        lines = [line for each in self._lines() for line in wrap(each, width, 2)]
        lines += self._each_device(width)
        if self._word:
            lines.append([])
        room = self.size.height - AROUND
        if len(lines) > room:
            self._top = min(self._top, len(lines) - room + 1)
            rest = len(lines) - self._top - room + 1
            keys = "↑ pgup" if not rest else f"… {rest:,} more lines: ↓ pgdn"
            lines = [*lines[self._top : self._top + room - 1], [(keys, "warn")]]
        self._text.show(lines)
        self._keys.show([line for each in self._answers() for line in wrap(each, width)])

    def _lines(self) -> list[Line]:
        report, kind = self._report, self._report.kind
        lines: list[Line] = [
            self._question(),
            self._where(),
            *self._age(),
            *self._out_of_sight(),
            [],
        ]
        lines += self._devices()
        if kind.operation in MESSAGES:
            lines += [
                [],
                [("It says: ", "dim"), (sanitize(said(kind, report.values), 2000), "strong")],
            ]
        if report.eligible:
            lines += [[], [(kind.effect, "text")]]
            if kind.lost:
                lines.append([("Cannot come back: ", "bad"), (kind.lost, "text")])
            if option := _OPTIONS.get(kind.operation):
                key = "f2 " if self._word else "b "  # letters go to the input where there is one
                lines.append([(key, "key"), (option[1][self._option], "text")])
            lines.append(self.note_line())
        lines += self._general()
        return lines

    def _out_of_sight(self) -> list[Line]:
        """Say first what nobody sees in the list behind."""
        lines: list[Line] = []
        if self._hidden:
            lines.append([(f"! {words.number(self._hidden, 'marked device')} not in view", "warn")])
        if self._gone:
            lines.append([(f"! {words.number(self._gone, 'device')} left the account", "warn")])
        if self._together:
            lines.append([(f"! {self._together}", "warn")])
        return lines

    def _each_device(self, width: int) -> list[Line]:
        """Return what is said of each device; it is made once a width, for it may be long."""
        if self._each is None or self._each[0] != width:
            told = findings.each_device(self._report) if self._names_each else []
            self._each = width, [line for each in told for line in wrap(each, width, 2)]
        return self._each[1]

    @property
    def _names_each(self) -> bool:
        """Whether devices are told one by one, below what is said of all."""
        return len(self._report.eligible) + len(self._report.excluded) > 1

    def _devices(self) -> list[Line]:
        judged = (*self._report.eligible, *self._report.excluded)
        said: list[Line] = []
        if not self._report.eligible:
            said.append([("Nothing can be done:", "warn")])
        if len(judged) != 1:
            return [*said, *findings.summary(self._report)]
        return [*said, findings.device_line(judged[0]), *findings.reasons_of(judged[0])]

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

    def _general(self) -> list[Line]:
        """Return what is said of the change as a whole, but for the age, which comes first."""
        report = self._report
        told = tuple(each for each in report.general if each is not report.unlooked)
        return findings.of_the_whole(replace(report, general=told))

    def _age(self) -> list[Line]:
        """Say how old the states are where nobody looks again, and offer to look."""
        if (found := self._report.unlooked) is None:
            return []
        warns = found.verdict is Verdict.WARN
        said = f"{'!' if warns else '·'} {found.detail.capitalize()}; not read again by itself: "
        return [[(said, "warn" if warns else "dim"), ("f5", "key"), (" reads them now", "text")]]

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
        return [
            [(self._complaint, "bad")],
            [
                ("Type ", "text"),
                (sanitize(self._word, 60), "strong"),
                (f" ({self._what()}) and ", "dim"),
                ("enter", "key"),
                (f" to {self._report.kind.title.lower()}   ", "text"),
                ("esc", "key"),
                (" cancel", "dim"),
            ],
        ]

    def _what(self) -> str:
        """Say what the word to type is."""
        if names := self._report.names_needed:
            typed = len(self._report.named)
            more = f", name {typed + 1} of {typed + len(names)}" if typed + len(names) > 1 else ""
            return f"protected{more}"
        return "their number" if len(self._report.eligible) > 1 else "its last four"
