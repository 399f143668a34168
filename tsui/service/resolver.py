"""The resolver: which devices of the account a text names, and what in it cannot be used.

Takes anything: mail, CSV, a scanner's output, cells of a spreadsheet. Nothing is guessed silently:
what is not found exactly is told apart, and what could mean several devices is none.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from tsui.ident import Kind, warnings
from tsui.service.scan import PRECISE, Candidate, bounds, scan
from tsui.store.lookup import Hit, Span, Where

AT_ONCE = 2000
"""Identifiers of one look-up, so that the rows on screen need not wait long behind it."""

_LAST = "\U0010ffff"
"""Sorts behind every digit."""


class Sort(StrEnum):
    """What a mention in the text turned out to be."""

    FOUND = "found"
    """A device of the account."""
    AGAIN = "again"
    """A device that another line names, too."""
    AMBIGUOUS = "ambiguous"
    """It fits several devices, so it stands for none."""
    STRANGER = "not here"
    """No device of the account, as far as it was read."""


class Mention(NamedTuple):
    """An identifier in the text, and what it is."""

    line: int
    """Its line, from 1."""
    text: str
    """As it stands there; hostile until sanitised."""
    sort: Sort
    """What it turned out to be."""
    device: int | None
    """The device, where it is one."""
    note: str = ""
    """What there is to say of it, in a sentence."""
    doubtful: bool = False
    """Whether it is usable but unusual: check digits, repaired."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """All that a text names."""

    lines: int
    """Lines of the text."""
    mentions: tuple[Mention, ...]
    """Every identifier in the order of the text."""

    @property
    def devices(self) -> tuple[int, ...]:
        """Return the devices found, each once, in the order of the text."""
        return tuple(
            dict.fromkeys(
                each.device
                for each in self.mentions
                if each.sort is Sort.FOUND and each.device is not None
            )
        )

    @property
    def counts(self) -> Mapping[Sort, int]:
        """Count the mentions by what they are; found devices count once each."""
        counts = Counter(each.sort for each in self.mentions)
        counts[Sort.FOUND] = len(self.devices)
        return counts

    @property
    def doubts(self) -> int:
        """Count mentions that are usable but unusual."""
        return sum(each.doubtful for each in self.mentions)


class LookUp(Protocol):
    """Where identifiers are looked up."""

    async def look_up(self, account: str, values: Sequence[str]) -> list[Hit]:
        """Return which devices of an account have these identifiers."""
        ...

    async def look_elsewhere(self, account: str, values: Sequence[str]) -> list[Hit]:
        """Return which devices of other accounts have them."""
        ...

    async def look_between(self, account: str, spans: Sequence[Span]) -> list[list[int]]:
        """Return for each span the first few devices with an identifier in it."""
        ...


class _Index(NamedTuple):
    exact: Mapping[str, Sequence[Hit]]
    nearly: Mapping[Candidate, tuple[list[int], str]]
    """Devices that fit what was not found exactly, and how they were found."""
    elsewhere: Mapping[str, str]
    """Other accounts by identifier."""


async def resolve(store: LookUp, account: str, text: str) -> Resolution:
    """Find the devices that a text names; the event loop goes on meanwhile."""
    candidates = await asyncio.to_thread(scan, text)
    return await resolve_candidates(store, account, candidates, len(text.splitlines()))


async def resolve_candidates(
    store: LookUp, account: str, candidates: Sequence[Candidate], lines: int
) -> Resolution:
    """Find the devices that candidates name."""
    values = list(dict.fromkeys(value for each in candidates for _, value in each.guesses))
    exact: dict[str, list[Hit]] = {}
    for start in range(0, len(values), AT_ONCE):
        for hit in await store.look_up(account, values[start : start + AT_ONCE]):
            exact.setdefault(hit.value, []).append(hit)
    missing = [each for each in dict.fromkeys(candidates) if not _hits(each, exact)]
    nearly = await _look_nearly(store, account, missing)
    strange = [value for each in missing if each not in nearly for _, value in each.guesses]
    elsewhere: dict[str, str] = {}
    for start in range(0, len(strange), AT_ONCE):
        for hit in await store.look_elsewhere(account, strange[start : start + AT_ONCE]):
            elsewhere[hit.value] = hit.account
    index = _Index(exact, nearly, elsewhere)
    return Resolution(lines, await asyncio.to_thread(_mentions, candidates, index))


async def _look_nearly(
    store: LookUp, account: str, missing: Sequence[Candidate]
) -> dict[Candidate, tuple[list[int], str]]:
    asked = [(each, span, how) for each in missing for span, how in _spans(each)]
    found: dict[Candidate, tuple[list[int], str]] = {}
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        answers = await store.look_between(account, [span for _, span, _ in part])
        for (each, _, how), devices in zip(part, answers, strict=True):
            if devices:
                before, _ = found.get(each, ([], how))
                found[each] = ([*before, *(new for new in devices if new not in before)], how)
    return found


def _spans(candidate: Candidate) -> Iterable[tuple[Span, str]]:
    """Say where else to look for what is not there exactly."""
    if candidate.mangled:
        low, high = bounds(candidate.text)
        where: tuple[Where, ...] = ("iccid", "imei")
        for column in where:
            if (digits := len(str(high))) >= (19 if column == "iccid" else 15):
                yield Span(column, str(low).zfill(digits), str(high), digits), "rounded by"
        return
    if candidate.ends:
        ends: tuple[Where, ...] = ("iccid_reversed", "imei_reversed", "mdn_reversed")
        for column in ends:
            yield _beginning(column, candidate.ends[::-1]), "ends"
        return
    kind, value = candidate.guesses[0]
    if kind is Kind.ICCID and len(value) in (19, 20):
        if set(value[PRECISE:]) == {"0"}:
            yield _beginning("iccid", value[:PRECISE], len(value)), "rounded by"
        elif len(value) == 20:
            yield Span("iccid", value[:-1], value[:-1] + _LAST, 19), "digit"
        else:
            yield _beginning("iccid", value, 20), "digit"
    elif kind is Kind.IMEI and len(value) >= 14:
        yield _beginning("imei", value[:14]), "version"


_HOW = {
    "rounded by": "A spreadsheet rounded it; only one device begins like this.",
    "ends": "Only one device ends like this.",
    "digit": "Found without its check digit.",
    "version": "Found by its first 14 digits.",
}
"""How a device was found that was not found exactly."""


def _beginning(where: Where, text: str, length: int = 0) -> Span:
    return Span(where, text, text + _LAST, length)


def _hits(candidate: Candidate, exact: Mapping[str, Sequence[Hit]]) -> list[Hit]:
    return [
        hit for kind, value in candidate.guesses for hit in exact.get(value, ()) if hit.kind is kind
    ]


def _mentions(candidates: Sequence[Candidate], index: _Index) -> tuple[Mention, ...]:
    first: dict[int, int] = {}
    found: list[Mention] = []
    for candidate in candidates:
        mention = _judge(candidate, index)
        if mention.device is not None:
            line = first.setdefault(mention.device, candidate.line)
            if line != candidate.line:
                said = f"Line {line} names this device already."
                mention = mention._replace(sort=Sort.AGAIN, note=said)
        found.append(mention)
    return tuple(found)


def _judge(candidate: Candidate, index: _Index) -> Mention:
    line, text = candidate.line, candidate.text
    hits = _hits(candidate, index.exact)
    devices = list(dict.fromkeys(hit.device for hit in hits))
    note, doubtful = "", False
    if hits:
        note = " ".join(warnings(hits[0].kind, hits[0].value))
        doubtful = bool(note)
    elif candidate in index.nearly:
        devices, how = index.nearly[candidate]
        note, doubtful = _HOW[how], True
    if len(devices) == 1:
        return Mention(line, text, Sort.FOUND, devices[0], note, doubtful)
    if devices:
        return Mention(line, text, Sort.AMBIGUOUS, None, "It fits several devices.")
    return Mention(line, text, Sort.STRANGER, None, _why_strange(candidate, index))


def _why_strange(candidate: Candidate, index: _Index) -> str:
    if candidate.mangled:
        return "A spreadsheet rounded it, and no device begins like this."
    for _, value in candidate.guesses:
        if account := index.elsewhere.get(value):
            return f"It belongs to account {account}."
    said = [f"Read as {candidate.guesses[0][0].upper()}."] if candidate.guesses else []
    return " ".join([*said, *(warnings(*candidate.guesses[0]) if candidate.guesses else ())])
