"""A handover as plain text for a mail, and as JSON."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from tsui.service.handover.model import Handover
from tsui.store.changes import ChangeState
from tsui.store.deeds import Bad, Noted, Sum
from tsui.store.heartbeats import Stretch
from tsui.store.notice import Notice
from tsui.text import cells, sanitize

WIDTH = 72
"""Columns of a mail."""

SHOWN = 12
"""Lines of a section that are told; how many more there are is said."""

VERSION = 1
"""Version of the JSON."""

_TIMES = frozenset(
    {"at", "since", "until", "read_at", "begin", "end", "first_at", "last_at", "due", "acked_at",
     "silent_since", "expected_at", "began", "ended"}
)  # fmt: skip

Clean = Callable[[str], str]
"""Takes secrets out of a text."""


def text(handover: Handover, clean: Clean, zone: tzinfo | None = None) -> str:
    """Return it as plain text of at most 72 columns; the zone is the machine's own without one."""
    say = _Saying(handover, clean, zone)
    lines = [*say.head(), *say.sections()]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def as_data(handover: Handover, clean: Clean) -> dict[str, Any]:
    """Return it as JSON has it: times in UTC, and no secrets."""
    made: dict[str, Any] = {"version": VERSION}
    for name in handover.__dataclass_fields__:
        made[name] = _plain(name, getattr(handover, name), clean)
    return made


class _Saying:
    """Says the parts of a handover."""

    def __init__(self, handover: Handover, clean: Clean, zone: tzinfo | None) -> None:
        self._it = handover
        self._clean = clean
        self._zone = zone

    def head(self) -> Iterator[str]:
        it = self._it
        zone = datetime.fromtimestamp(it.at, UTC).astimezone(self._zone).tzname()
        yield from self._wrapped("HANDOVER ", f"since {self._day(it.since)} {zone}")
        about = f"{sanitize(it.account, 40)}, {sanitize(it.environment, 60)}"
        yield from self._wrapped("", f"{about}; put together {self._day(it.at)} by "
                                     f"{sanitize(it.operator, 30)}")  # fmt: skip
        read = f"The fleet was last read as a whole {self._day(it.read_at)}."
        yield from self._wrapped("", read if it.read_at else "The fleet was never read as a whole.")

    def sections(self) -> Iterator[str]:
        """Say what there is, section by section, then in one go what there is nothing of."""
        nothing = []
        for title, said in self._titled():
            lines = list(said)
            if not lines:
                nothing.append(title)
                continue
            yield from ("", title.upper())
            for line in lines[:SHOWN]:
                yield from self._wrapped("- ", line)
            if len(lines) > SHOWN:
                yield f"  and {len(lines) - SHOWN:,} more"
        if nothing:
            yield from ("", *self._wrapped("", f"NOTHING of: {'; '.join(nothing)}."))

    def _titled(self) -> Iterator[tuple[str, Iterable[str]]]:
        it = self._it
        yield "not seen", self._unseen()
        yield "went wrong, or nobody knows", map(self._bad, it.bad)
        yield "alarms nobody took note of", map(self._notice, it.alarms)
        yield f"due until {self._day(it.until)}", self._due()
        yield "not over", self._open()
        yield "done from here", map(self._sum, it.ours)
        yield "changed by others", map(self._notice, it.theirs)
        yield "taken note of", self._noted()
        yield "overdue devices", self._late()
        yield "monitors", self._monitors()
        yield "notices by kind", self._kinds()
        yield "not known of what is due", (f"{gap.sentence}." for gap in it.gaps)

    def _unseen(self) -> Iterator[str]:
        for gap in self._it.unread:
            yield f"ThingSpace was not read {self._span(gap)}"
        for gap in self._it.unheard:
            yield f"no callback could come {self._span(gap)}"

    def _sum(self, each: Sum) -> str:
        span = self._day(each.first_at)
        if each.last_at - each.first_at >= 60:
            span = f"{span} to {self._day(each.last_at)}"
        note = f"; {self._safe(each.note, 200)}" if each.note else ""
        devices = f"{each.devices:,} device" + ("" if each.devices == 1 else "s")
        who = sanitize(each.operator, 30)
        return f"{span} {who}: {self._safe(each.title, 60)}, {devices} {each.state}{note}"

    def _bad(self, each: Bad) -> str:
        what = f"{self._safe(each.identifier, 40)}: {self._safe(each.title, 60)} {each.state}"
        why = f", {self._safe(each.problem, 200)}" if each.problem else ""
        return f"{self._day(each.at)} request {each.request}, {what}{why}"

    def _open(self) -> Iterator[str]:
        for state in (ChangeState.INTENDED, ChangeState.SENDING, ChangeState.ACCEPTED):
            if count := self._it.open.get(state, 0):
                yield f"{count:,} {state}, the outcome is awaited"
        if count := self._it.open.get(ChangeState.UNKNOWN, 0):
            yield f"{count:,} of unknown fate: look at each, never send it again blindly"

    def _notice(self, each: Notice) -> str:
        about = self._safe(each.subject, 40) or self._safe(each.device.partition(":")[2], 40)
        about = f"{about}: " if about else ""
        said, source = self._safe(each.sentence, 200), self._safe(each.source, 40)
        return f"{self._day(each.at)} {about}{said} ({source})"

    def _kinds(self) -> Iterator[str]:
        if self._it.kinds:
            yield ", ".join(f"{count:,} {self._safe(kind, 30)}"
                            for kind, count in self._it.kinds.items())  # fmt: skip

    def _noted(self) -> Iterator[str]:
        yield from map(self._one_noted, self._it.noted)
        for each in self._it.incidents:
            what = f"{each.devices:,} devices lost together"
            if each.named.value:
                what += f", {self._safe(each.named.trait, 20)} {self._safe(each.named.value, 40)}"
            who = sanitize(each.operator, 30)
            yield f"{self._day(each.at)} {who}: {self._safe(each.note, 200)} [{what}]"

    def _one_noted(self, each: Noted) -> str:
        what = f"{each.kind} {self._safe(each.subject, 40)}: {self._safe(each.sentence, 120)}"
        note = self._safe(each.note, 200) or "seen"
        return f"{self._day(each.at)} {sanitize(each.by, 30)}: {note} [{what}]"

    def _late(self) -> Iterator[str]:
        if not self._it.overdue:
            return
        newly = len(self._it.newly)
        yield f"{self._it.overdue:,} silent for longer than usual, {newly:,} of them since then"
        for each in self._it.newly:
            group = f" ({self._safe(each.groups, 30)})" if each.groups else ""
            name = self._safe(each.iccid or each.key, 40)
            yield f"{name}{group}, silent since {self._day(each.silent_since)}"

    def _monitors(self) -> Iterator[str]:
        sum_of = self._it.monitors
        if any(sum_of):
            yield (
                f"{sum_of.active:,} active, {sum_of.asked:,} asked for, {sum_of.troubled:,} in "
                f"trouble; {sum_of.windows:,} devices awake now, {sum_of.waiting:,} messages wait"
            )

    def _due(self) -> Iterator[str]:
        for each in self._it.due:
            late = "OVERDUE " if each.due <= self._it.at else ""
            about, said = self._safe(each.subject, 40), self._safe(each.sentence, 200)
            yield f"{late}{self._day(each.due)} {each.kind} {about}: {said} ({each.certainty})"

    def _span(self, gap: Stretch) -> str:
        return f"between {self._day(gap.begin)} and {self._day(gap.end)}"

    def _day(self, at: float | None) -> str:
        """Say a time; the day only where it is another one than today."""
        if not at:
            return "never"
        zoned = datetime.fromtimestamp(at, UTC).astimezone(self._zone)
        today = datetime.fromtimestamp(self._it.at, UTC).astimezone(self._zone)
        same = zoned.date() == today.date()
        clock = f"{zoned:%H:%M}" if zoned.tzname() == today.tzname() else f"{zoned:%H:%M %Z}"
        return clock if same else f"{zoned:%Y-%m-%d} {clock}"

    def _safe(self, told: str, limit: int) -> str:
        return sanitize(self._clean(told), limit)

    def _wrapped(self, sign: str, line: str) -> Iterator[str]:
        yield from wrapped(line, WIDTH, sign)


def wrapped(line: str, width: int, sign: str = "") -> Iterator[str]:
    """Break a line between words, and a word that is too long within; the sign stands first."""
    indent = " " * len(sign)
    made, empty = sign, True
    for word in line.split():
        for piece in _pieces(word, width - len(sign)):
            if not empty and cells(made) + 1 + cells(piece) > width:
                yield made
                made, empty = indent, True
            made, empty = (made if empty else f"{made} ") + piece, False
    yield made


def _pieces(word: str, width: int) -> Iterator[str]:
    piece = ""
    for character in word:
        if piece and cells(piece + character) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


def _plain(name: str, value: Any, clean: Clean) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, int | float):
        is_time = name in _TIMES
        return (
            datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds") if is_time else value
        )
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(str(key), each, clean) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(name, asdict(value), clean)
    if hasattr(value, "_asdict"):
        return _plain(name, value._asdict(), clean)
    return [_plain("", each, clean) for each in value]
