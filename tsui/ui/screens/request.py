"""One change: all that is known of it."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from textual.app import ComposeResult

from tsui.service import undo
from tsui.service.deadlines import USUALLY, deadline
from tsui.service.kinds import ACCOUNT, is_read_back
from tsui.service.views import ChangeState, DeviceChange, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.bundle import RequestEvidence
from tsui.ui.commands.device import REQUEST
from tsui.ui.commands.lists import MOVES, Copy
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.place import Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.undoing import offer_undo
from tsui.ui.widgets.pane import Pane

INDENT = 22
"""Cells before a value."""

MOST_LINES = 400
"""Lines that are shown of what was sent or answered."""

MEANINGS = {
    ChangeState.INTENDED: "Confirmed, not yet on its way.",
    ChangeState.SENDING: "On its way.",
    ChangeState.ACCEPTED: "ThingSpace took it; the outcome is awaited.",
    ChangeState.REFUSED: "ThingSpace refused it; nothing was done.",
    ChangeState.NOT_SENT: "It never left; nothing was done.",
    ChangeState.UNKNOWN: "It may have been done. The device is read until it shows; O closes it "
    "by your own judgement, and the device is free again. Nothing is sent again by itself.",
    ChangeState.SUCCEEDED: "ThingSpace confirmed this request.",
    ChangeState.FAILED: "ThingSpace reported failure.",
    ChangeState.INFERRED: "The device shows it; ThingSpace did not confirm this very request.",
    ChangeState.DECIDED: "Closed by the operator's own judgement.",
}
"""What each state means, in a sentence."""

NOT_SHOWN = (
    "It may have been done, and nothing that can be read from here shows it. Look elsewhere, "
    "then O closes it by your own judgement. Until then the same is not sent again."
)
"""What an unknown fate means where no device shows it."""


class RequestScreen(Place):
    """All that is known of a change of one device."""

    AREA = "requests"
    TOPICS = frozenset({Topic.REQUESTS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (*MOVES, Copy, *REQUEST, RequestEvidence)

    def __init__(self, change: DeviceChange) -> None:
        super().__init__()
        self._change = change
        self._pane = Pane(id="request")

    def compose_body(self) -> ComposeResult:
        """Lay out the text."""
        yield self._pane

    async def on_mount(self) -> None:
        """Show the text."""
        self.set_focus(self._pane)
        self.call_after_refresh(self._show)

    @property
    def focus_target(self) -> Any:
        """The text."""
        return self._pane

    @property
    def scrolled(self) -> Scrolled | None:
        """The text."""
        return self._pane

    def title_text(self) -> Line:
        """Name the change."""
        change = self._change
        runs: list[Run] = [
            (f" Request {change.request} ", "title"),
            (f" {sanitize(change.title, 40)} of {sanitize(change.identifier)}", "strong"),
        ]
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return runs

    @property
    def change_in_view(self) -> DeviceChange | None:
        """This change."""
        return self._change

    def refresh_now(self) -> None:
        """Say that nobody needs to ask for news of a change."""
        self.shell.flash("Changes that are not over are looked after by themselves.", "info")

    def on_resize(self) -> None:
        """Fit the lines to the screen."""
        self.call_after_refresh(self._show)

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the change again."""
        self._change = await self.shell.workspace.change(self._change.id) or self._change
        self._show()

    @property
    def no_decision_reason(self) -> str:
        """Need a change that waits for something."""
        if self._change.state not in (ChangeState.UNKNOWN, ChangeState.ACCEPTED):
            return f"This change is {self._change.state}; there is nothing to decide."
        return ""

    async def ask_decision(self) -> None:
        """Ask how the change is to be closed."""
        await self.shell.changes.ask_decision(self._change)

    @property
    def no_undo_reason(self) -> str:
        """Need a change that has an undo."""
        return undo.never(self._change)

    async def offer_undo(self) -> None:
        """Show what can be brought back of the change."""
        await offer_undo(self.shell, self._change)

    async def open_its_device(self) -> None:
        """Open the device of the change."""
        await self.shell.open_device_by_identifier(self._change.identifier)

    def copy_identifier(self) -> None:
        """Copy the platform's request id."""
        self.shell.copy(sanitize(self._change.request_id or self._change.identifier))

    def _awaited(self) -> str:
        """Say how long an outcome was awaited, and until when it is; empty where none is."""
        change = self._change
        if change.state is not ChangeState.ACCEPTED:
            return ""
        waited = self.shell.workspace.clock.now().timestamp() - change.created_at
        end = words.moment(change.created_at + deadline(change.operation), utc=self.shell.use_utc)
        usual = "longer than the usual hour" if waited > USUALLY else "usually less than an hour"
        return f"for {words.age(waited)}, {usual}; unknown from {end} on"

    def _show(self) -> None:
        change, utc = self._change, self.shell.use_utc
        fields = json.dumps(dict(change.fields), indent=2, ensure_ascii=False)
        is_account = change.kind == ACCOUNT
        kept = ("state", "plan", "groups", "mdn", "ip", "cost_center")
        before = {name: change.before[name] for name in kept if name in change.before}
        facts = [
            ("Outcome", f"{change.state}: {_meaning(change)}"),
            ("Awaited", self._awaited()),
            ("Why", change.problem),
            ("Evidence", change.evidence),
            (_against(change), change.contradiction),
            ("Since", words.moment(change.changed_at, utc=utc, seconds=True)),
            ("", ""),
            ("Device", "" if is_account else f"{change.kind} {change.identifier}"),
            (
                "Before",
                ", ".join(
                    f"{name.replace('_', ' ')} {value or 'none'}" for name, value in before.items()
                ),
            ),
            ("Account", change.account),
            ("Operator", f"{change.operator} {change.profile}".strip()),
            ("Note", change.note),
            ("Request id", change.request_id or "none was given"),
            ("In the same request", "" if is_account else words.number(change.devices, "device")),
            ("Confirmed", words.moment(change.created_at, utc=utc, seconds=True)),
            ("Sent", words.moment(change.sending_at, utc=utc, seconds=True)),
            ("Answered", words.moment(change.answered_at, utc=utc, seconds=True)),
            ("", ""),
        ]
        lines: list[Line] = [
            [(f" {name:<{INDENT - 1}}", "dim"), (sanitize(value, 400), "text")]
            for name, value in facts
            if value or not name
        ]
        lines += _block("What was sent", fields)
        if change.answer:
            answer = json.dumps(json.loads(change.answer), indent=2, ensure_ascii=False)
            lines += [[], *_block("What ThingSpace answered", answer)]
        width = max(INDENT + 20, self._pane.size.width)
        self._pane.show([part for line in lines for part in wrap(line, width, INDENT)])


def _meaning(change: DeviceChange) -> str:
    unknown = change.state is ChangeState.UNKNOWN
    if unknown and not is_read_back(change.operation, change.kind):
        return NOT_SHOWN
    return MEANINGS[change.state]


def _against(change: DeviceChange) -> str:
    """Say what a word that came later is; to an operator's judgement it is only news."""
    return "Told later" if change.state is ChangeState.DECIDED else "Contradicted by"


def _block(title: str, text: str) -> list[Line]:
    lines = text.splitlines()[:MOST_LINES]
    return [[(f" {title}", "dim")], *([("   " + sanitize(line, 300), "text")] for line in lines)]
