"""The dialog that sets a monitor: which identifier, what to watch, for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tsui.ident import Kind
from tsui.service.monitors.asking import DATA, KINDS, LONGEST, LOSS, SMS, having
from tsui.service.views import DeviceRow
from tsui.ui import words
from tsui.ui.monitor_text import NOT_HEARD
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.dialog import Dialog, Text

WATCHES = {
    DATA: "it can be reached for data",
    SMS: "it can be reached for SMS (not IMS LTE devices)",
    LOSS: "the network loses it",
}
"""What can be watched, in words."""

SPANS = {
    "1 hour": timedelta(hours=1),
    "24 hours": timedelta(hours=24),
    "7 days": timedelta(days=7),
    "30 days": timedelta(days=30),
}
"""How long a monitor may last, as it is usually wanted."""

OTHER = "another time"
"""The choice that asks how long."""


class Wish(NamedTuple):
    """What is to be watched."""

    kind: Kind
    """The kind of identifier that names the devices."""
    watches: frozenset[str]
    lasts: timedelta

    def lasting(self) -> dict[str, Any]:
        """Return what is remembered for the next time."""
        return {"watches": sorted(self.watches), "seconds": self.lasts.total_seconds()}


class WatchDialog(Dialog[Wish]):
    """Lets choose with the arrow keys and space; enter goes on to the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", priority=True),
        Binding("up,k", "move(-1)", priority=True),
        Binding("space", "choose", priority=True),
        Binding("enter", "go_on", priority=True),
    ]

    def __init__(
        self, devices: Sequence[DeviceRow], last: Mapping[str, Any], *, mixed: str,
        hears: bool | None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._count = len(devices)
        self._having = having(devices)
        self._mixed = mixed
        self._hears = hears
        self._kind = next((each for each in KINDS if self._having[each] == self._count), KINDS[0])
        self._watches = frozenset(last.get("watches", ())) & WATCHES.keys() or frozenset({DATA})
        self._lasts = timedelta(seconds=float(last.get("seconds", 86400.0)))
        self._complaint = ""
        self._cursor = 0
        self._text = Text(id="heading")
        self._keys = Text(id="keys")

    def content(self) -> Sequence[Widget]:
        """Show the choices and the keys."""
        return (self._text, self._keys)

    def on_mount(self) -> None:
        """Show the dialog."""
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the lines to the box."""
        self.call_after_refresh(self._show)

    async def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._cursor = max(0, min(len(self._choices) - 1, self._cursor + rows))
        self._show()

    def action_choose(self) -> None:
        """Take what the cursor is on, or let go of it."""
        value = self._choices[self._cursor]
        self._complaint = ""
        if isinstance(value, Kind):
            self._kind = value
        elif value in WATCHES:
            self._watches ^= {value}
        elif value in SPANS:
            self._lasts = SPANS[value]
        else:
            self._ask_span()
        self._show()

    def action_go_on(self) -> None:
        """End with the choice, unless it makes no request."""
        if self._choices[self._cursor] == OTHER and self._is_preset:
            self._ask_span()
        elif self._having[self._kind] < self._count:
            without = words.number(self._count - self._having[self._kind], "device")
            self._complaint = (
                f"A list takes one kind of identifier: {without} here without "
                f"{self._kind.upper()}. Choose another kind."
            )
        elif not self._watches:
            self._complaint = "Choose what to watch with space."
        else:
            self.dismiss(Wish(self._kind, self._watches, self._lasts))
            return
        self._show()

    @property
    def _choices(self) -> list[str]:
        return [*KINDS, *WATCHES, *SPANS, OTHER]

    @property
    def _is_preset(self) -> bool:
        return self._lasts in SPANS.values()

    def _ask_span(self) -> None:
        from tsui.ui.screens.choose import Ask

        def answered(text: str | None) -> None:
            if text is not None:
                self._take_span(text)
                self._show()

        question: list[Line] = [
            [(f"How long? e.g. 12h, 90d or 52w; up to {LONGEST.days:,} days.", "text")]
        ]
        ask = Ask("New monitor", question, r"\d{1,5} ?[hdw]", "Write a number and h, d or w.")
        self.app.push_screen(ask, answered)

    def _take_span(self, text: str) -> None:
        unit = {"h": "hours", "d": "days", "w": "weeks"}[text[-1]]
        lasts = timedelta(**{unit: int(text[:-1])})
        if not timedelta(0) < lasts <= LONGEST:
            self._complaint = f"A monitor lasts up to {LONGEST.days:,} days."
        else:
            self._lasts, self._complaint = lasts, ""

    def _show(self) -> None:
        width = max(20, self._text.size.width)
        lines = [part for line in self._lines() for part in wrap(line, width)]
        self._text.show(lines)
        keys: Line = [
            ("space", "key"), (" choose   ", "dim"), ("enter", "key"),
            (" shows the request and asks   ", "dim"), ("esc", "key"), (" cancel", "dim"),
        ]  # fmt: skip
        self._keys.show([*wrap([(self._complaint, "bad")], width), *wrap(keys, width)])

    def _lines(self) -> list[Line]:
        lines: list[Line] = [
            [("New monitor", "title"), (f"  {words.number(self._count, 'device')}", "strong")]
        ]
        if self._mixed:
            said = f"You named {self._mixed}, and a monitor takes one kind: all are named by"
            lines.append([(f"{said} the kind chosen here.", "warn")])
        if self._hears is False:
            lines.append([(NOT_HEARD, "warn")])
        lines.append([])
        return lines + [self._choice(at, value) for at, value in enumerate(self._choices)]

    def _choice(self, at: int, value: str) -> Line:
        head, sign, text = self._parts(value)
        look = "cursor" if at == self._cursor else "text"
        runs: list[Run] = [(f"{head:<10}", "dim"), (f" {sign} {text} ", look)]
        return runs

    def _parts(self, value: str) -> tuple[str, str, str]:
        if isinstance(value, Kind):
            known = f"{value.upper():<6} {self._having[value]:,} of {self._count:,} have one"
            return "Named by" * (value is KINDS[0]), _one(value is self._kind), known
        if value in WATCHES:
            mark = "[x]" if value in self._watches else "[ ]"
            return "Tell when" * (value == DATA), mark, WATCHES[value]
        if value in SPANS:
            first = value == next(iter(SPANS))
            return "For" * first, _one(SPANS[value] == self._lasts), value
        other = f"{OTHER} …" if self._is_preset else f"{words.age(self._lasts.total_seconds())}"
        return "", _one(not self._is_preset), other


def _one(chosen: bool) -> str:
    return "(*)" if chosen else "( )"
