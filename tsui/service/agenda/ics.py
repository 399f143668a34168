"""The agenda as an iCalendar file (RFC 5545), for calendars that remind of it."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b

from tsui.service.agenda.model import Agenda, Certainty, Obligation
from tsui.text import sanitize

OCTETS = 75
"""Bytes that a line has at most, its end left out (RFC 5545, 3.1)."""

LONGEST = 400
"""Characters of a text from outside."""

_SPECIAL = re.compile(r"([\\;,])")


def calendar(agenda: Agenda, account: str) -> str:
    """Return all that becomes due as a calendar; what is overdue is in it at its own time."""
    stamp = _moment(agenda.at)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tsui//agenda//EN", "CALSCALE:GREGORIAN"]
    for each in agenda.due:
        lines += _event(each, account, stamp)
    return "".join(f"{line}\r\n" for line in _folded([*lines, "END:VCALENDAR"]))


def _event(obligation: Obligation, account: str, stamp: str) -> Iterator[str]:
    is_sure = obligation.certainty is not Certainty.GUESS
    said = f"{obligation.kind} {sanitize(obligation.subject, 60)}"
    about = (
        f"{sanitize(obligation.sentence, LONGEST)}\n{obligation.certainty}: "
        f"{sanitize(obligation.source, LONGEST)}\nAccount {sanitize(account, 60)}"
    )
    yield "BEGIN:VEVENT"
    yield f"UID:{_name(obligation, account)}@tsui"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART:{_moment(obligation.due)}"
    yield f"SUMMARY:{_escaped(said)}"
    yield f"DESCRIPTION:{_escaped(about)}"
    yield f"CATEGORIES:{_escaped(obligation.kind)}"
    yield f"STATUS:{'CONFIRMED' if is_sure else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _name(obligation: Obligation, account: str) -> str:
    """Return a name that stays when only the time or the words change."""
    about = (
        account, obligation.kind, str(obligation.request), obligation.subject,
        _moment(obligation.due)[:8] if len(obligation.devices) > 1 else "",
    )  # fmt: skip
    return blake2b("\0".join(about).encode(errors="replace"), digest_size=16).hexdigest()


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Break lines that are too long, never within a character."""
    for line in lines:
        piece, size = "", 0
        for character in line:
            length = len(character.encode())
            if size + length > OCTETS:
                yield piece
                piece, size = " ", 1
            piece, size = piece + character, size + length
        yield piece
