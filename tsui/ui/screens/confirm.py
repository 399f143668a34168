"""The dialog before an operation that changes something: the exact request, and a word to type."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tsui.service.environment import Environment
from tsui.service.operations import OperationInfo
from tsui.service.preflight import Report
from tsui.text import sanitize
from tsui.ui import findings
from tsui.ui.painted import Line, wrap
from tsui.ui.screens.dialog import Text
from tsui.ui.screens.noting import NotedDialog

AROUND = 7
"""Lines that border, input and keys need; the rest of the screen is for the text."""


class ConfirmOperation(NotedDialog[bool]):
    """Shows what would be sent; ends with True when somebody agreed to it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "enter", priority=True)]
    act: ClassVar[str] = "to send"
    """What agreeing does."""

    def __init__(
        self, info: OperationInfo, environment: Environment, account: str, body: object,
        devices: Sequence[tuple[str, str]], report: Report, *, at_large: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(environment)
        self._info = info
        self._account = account
        self._body = body
        self._devices = devices
        self._at_large = at_large
        self._report = report
        self._complaint = ""
        self._text = Text(id="heading")
        self._input = Input(compact=True, id="answer")
        self._input.cursor_blink = False
        self._keys = Text(id="keys")

    @property
    def word(self) -> str:
        """What has to be typed; empty where nothing may be sent.

        The names of what is protected, or else the number of devices, the end of the one, the
        account where the platform chooses the devices, or yes where there are none.
        """
        if self._report.refused or self._report.excluded:
            return ""
        if names := self._report.names_needed:
            return names[0]
        if self._at_large:
            return self._account
        if len(self._devices) > 1:
            return str(len(self._devices))
        return self._devices[0][1][-4:] if self._devices else "yes"

    @property
    def names(self) -> frozenset[str]:
        """The names of protected devices and groups that were typed."""
        return self._report.named

    def content(self) -> Sequence[Widget]:
        """Show the text, the input and the keys."""
        return (self._text, self._input, self._keys)

    def on_mount(self) -> None:
        """Show the dialog and take the keys."""
        self._input.display = bool(self.word)
        if self.word:
            self.set_focus(self._input)
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the lines to the box."""
        self.call_after_refresh(self._show)

    def action_enter(self) -> None:
        """Take what was typed; nothing typed is Cancel."""
        typed, word = self._input.value.strip(), self.word
        if not typed or not word:
            self.dismiss(None)
        elif typed.casefold() != word.casefold():
            self._again(f"That is not {sanitize(word, 60)}; nothing was sent.")
        elif not self._report.names_needed:
            self.finish(True)
        else:
            self._report = replace(self._report, named=self._report.named | {word})
            if self._report.names_needed:
                self._again("")
            else:
                self.finish(True)

    def _again(self, complaint: str) -> None:
        self._complaint = complaint
        self._input.value = ""
        self._show()

    def note_changed(self) -> None:
        """Show the note."""
        self._show()

    def _show(self) -> None:
        width = max(20, self._text.size.width)
        lines = [line for each in self._lines() for line in wrap(each, width)]
        if len(lines) > (room := self.size.height - AROUND):
            cut: Line = [("… more than fits; p in the form shows all of it", "warn")]
            lines = [*lines[: room - 2], cut]
        self._text.show([*lines, []])
        if not self.word:
            self._keys.show([[], [(" esc Close ", "cursor")]])
            return
        protected = " (protected)" if self._report.names_needed else ""
        answer: Line = [
            ("Type ", "text"), (sanitize(self.word, 60), "strong"),
            (f"{protected} and ", "dim"), ("enter", "key"),
            (f" {self.act}   ", "text"), ("esc", "key"), (" cancel", "dim"),
        ]  # fmt: skip
        self._keys.show([[(self._complaint, "bad")], *wrap(answer, width)])

    def _lines(self) -> list[Line]:
        live = self._environment.is_live
        lines: list[Line] = [
            [(self._info.title, "title")],
            [
                (self._environment.kind.upper(), "live" if live else "practice"),
                (f" {sanitize(self._environment.host)}  {sanitize(self._account)}", "dim"),
            ],
            [],
            [(self._info.help, "text")],
        ]
        if self._devices:
            count = len(self._devices)
            named = ", ".join(f"{kind} {number}" for kind, number in self._devices[:3])
            more = f" and {count - 3:,} more" if count > 3 else ""
            lines.append(
                [(f"{count:,} device{'s' * (count > 1)}: ", "strong"), (named + more, "text")]
            )
        if self._at_large:
            lines.append(
                [
                    ("No device is named: ThingSpace takes EVERY device of ", "bad"),
                    (sanitize(self._account), "strong"),
                    (" that fits.", "bad"),
                ]
            )
        lines += self._judgement()
        if self.word:
            lines.append(self.note_line())
        lines += [[], [(self._info.request, "dim")]]
        shown = json.dumps(self._body or {}, indent=1, ensure_ascii=False)
        lines += [[(sanitize(line, 200), "text")] for line in shown.splitlines()[:200]]
        return lines

    def _judgement(self) -> list[Line]:
        """Say what the rules say; one device that is left out keeps all from being sent."""
        report = self._report
        judged = (*report.eligible, *report.excluded)
        lines: list[Line] = []
        if not self.word:
            lines.append([("Nothing can be sent as it is:", "bad")])
        if len(judged) == 1:
            lines += findings.reasons_of(judged[0])
        else:
            lines += findings.summary(report)
        return [*lines, *findings.of_the_whole(report)]
