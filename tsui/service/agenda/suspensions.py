"""When suspensions end by themselves: as told, or worked out from when they began."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tsui.service.agenda.model import Certainty, Kind, Obligation
from tsui.service.device_record import unix_time
from tsui.service.line_history import state_since
from tsui.service.parts import Part
from tsui.service.rules.allowance import DAY, ENDS, IN_A_ROW, IN_A_YEAR, YEAR
from tsui.service.states import LineState
from tsui.store.lines import Line, Read
from tsui.store.sendings import Sending

TELLING = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y")
"""Forms of the date in the text of a resume notice; the documents give the first as a sample."""

SUSPENDS = "SuspendDevices"


class Since(NamedTuple):
    """When a suspension began, as one source has it."""

    at: float
    source: str


class Told(NamedTuple):
    """When a suspension ends, as one source tells."""

    ends: float
    at: float
    """Unix time at which it was told."""
    source: str


@dataclass(slots=True)
class Clues:
    """What is known of one suspension."""

    since: list[Since] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    history: Sequence[Mapping[str, Any]] = ()
    """Its provisioning history, as far as that was read."""

    @property
    def began(self) -> Since | None:
        """The newest beginning that is known: this suspension and no former one."""
        return max(self.since, default=None)

    @property
    def ending(self) -> Told | None:
        """The newest word on its end that is about this suspension and no former one."""
        began = self.began
        after = began.at if began else 0.0
        fitting = [each for each in self.told if each.ends > max(after, each.at - DAY)]
        return max((each for each in fitting if each.at >= after), key=lambda e: e.at, default=None)


class Clueing:
    """Puts together what is known of suspensions, by device."""

    def __init__(self) -> None:
        self.clues: dict[str, Clues] = {}
        """What is known, by the device's name in the account."""

    def sent(self, sendings: Iterable[Sending]) -> None:
        """Take the last changes of lines that were sent from here."""
        for each in sendings:
            if each.operation == SUSPENDS:
                since = Since(each.at, f"request {each.request}")
                self._of(each.device).since.append(since)

    def read(self, readings: Iterable[Read]) -> None:
        """Take what was read of suspended lines."""
        for each in readings:
            clues = self._of(each.device)
            if each.kind == Part.PROVISIONING:
                clues.history = each.body
                if found := state_since(each.body, LineState.SUSPEND):
                    clues.since.append(Since(found.at, Part.PROVISIONING + " history"))
            elif each.kind == Part.DIAGNOSTICS:
                self._diagnosed(clues, each)

    def noticed(self, device: str, at: float, text: str) -> None:
        """Take the text of a notice of a suspension that ends."""
        if device and (ends := told_end(text)):
            self._of(device).told.append(Told(ends, at, "resume notice"))

    def _diagnosed(self, clues: Clues, read: Read) -> None:
        values = {
            str(name).lower(): value for part in read.body for name, value in part["values"].items()
        }
        source = "extended diagnostics"
        if began := unix_time(values.get("lastdatesuspended")):
            clues.since.append(Since(began, source))
        if ends := unix_time(values.get("resumedate")):
            clues.told.append(Told(ends, read.at, source))

    def _of(self, device: str) -> Clues:
        return self.clues.setdefault(device, Clues())


def suspensions(clues: Mapping[str, Clues], lines: Mapping[str, Line]) -> list[Obligation]:
    """Return when the suspensions end of which something is known."""
    found = []
    for key, each in clues.items():
        line = lines.get(key)
        if line is None or line.state != LineState.SUSPEND:
            continue
        if obligation := _ending(key, line, each):
            found.append(obligation)
    return found


def told_end(text: str) -> float:
    """Return the date in the text of a resume notice, in UTC; 0 where none can be read."""
    words = text.split()
    for form in TELLING:
        length = len(form.split())
        for start in range(len(words) - length + 1):
            try:
                said = datetime.strptime(
                    f"{' '.join(words[start : start + length])} +0000", f"{form} %z"
                )
            except ValueError:
                continue
            return said.timestamp()
    return 0.0


def used_up_at(history: Sequence[Mapping[str, Any]], began: float) -> float:
    """Return when a line that stays suspended since a time has been so for all days of a year.

    Which year counts is not documented; it is taken for the one before each moment.
    """
    spans = _spans(history, began)
    at, most = began, IN_A_YEAR * DAY
    while (left := most - _within(spans, at - YEAR, at)) > 1.0:
        at += left
    return at


def _ending(key: str, line: Line, clues: Clues) -> Obligation | None:
    subject = line.iccid or key
    if told := clues.ending:
        sentence = "Its suspension ends by itself, and billing is in full again."
        return Obligation(
            told.ends, Kind.RESUME, subject, sentence, Certainty.TOLD, told.source, (key,)
        )
    began = clues.began
    if began is None:
        return None
    source = f"suspended {datetime.fromtimestamp(began.at, UTC):%Y-%m-%d} by {began.source}"
    in_a_row = began.at + IN_A_ROW * DAY
    used_up = used_up_at(clues.history, began.at) if clues.history else in_a_row
    if used_up < in_a_row:
        sentence = f"Its {IN_A_YEAR} suspended days of a year are used; it ends by itself."
        return Obligation(used_up, Kind.RESUME, subject, sentence, Certainty.GUESS, source, (key,))
    sentence = f"Its suspension ends by itself after {IN_A_ROW} days."
    return Obligation(
        in_a_row, Kind.RESUME, subject, sentence, Certainty.WORKED_OUT, source, (key,)
    )


def _spans(history: Sequence[Mapping[str, Any]], began: float) -> list[tuple[float, float]]:
    """Return when a line was suspended, the last time with an open end."""
    spans, start = [], None
    for event in sorted(history, key=lambda each: each.get("at") or 0.0):
        at, what = event.get("at") or 0.0, str(event.get("event", "")).lower()
        if not at or at >= began or str(event.get("status", "")).lower() != "success":
            continue
        if what.startswith("suspen"):
            start = at if start is None else start
        elif start is not None and what.startswith(ENDS):
            spans.append((start, at))
            start = None
    return [*spans, (began, float("inf"))]


def _within(spans: Sequence[tuple[float, float]], since: float, until: float) -> float:
    return sum(max(0.0, min(end, until) - max(begin, since)) for begin, end in spans)
