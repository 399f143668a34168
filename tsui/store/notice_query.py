"""Which notices are wanted, as SQL."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tsui.store.notice import Severity, Way
from tsui.store.text import storable

MUTED = (
    "(SELECT coalesce(max(m.way), 0) FROM mute AS m WHERE m.until > :now AND :now > 0 "
    "AND m.account IN (notice.account, '') AND m.kind IN (notice.kind, '') "
    "AND m.device IN (notice.device, '') AND (m.members = '' OR instr(',' || "
    "replace(notice.groups, ', ', ',') || ',', ',' || m.members || ',')))"
)
"""How a notice is muted at ``:now``, the strongest way where there are several."""

_SEARCHED = "lower(kind || ' ' || subject || ' ' || sentence || ' ' || source || ' ' || ack_note)"
_NAMED = "lower(device || ' ' || subject)"


@dataclass(frozen=True, slots=True)
class NoticeQuery:
    """Which notices are wanted; what is left empty does not matter."""

    account: str
    """The account; notices of no account are always among them."""
    words: Sequence[str] = ()
    """Words that a notice has to hold, all of them."""
    at_least: Severity = Severity.INFO
    """The lowest severity."""
    kinds: Sequence[str] = ()
    """Kinds of which it has to be one."""
    device: str = ""
    """The device's name in the account."""
    is_acked: bool | None = None
    """Whether somebody took note of it."""
    since: float = 0.0
    """Unix time before which it must not have happened."""
    without: Sequence[str] = ()
    """Words of which it must not hold any."""
    without_kinds: Sequence[str] = ()
    """Kinds of which it must not be one."""
    named: str = ""
    """A part of the device's name, or of what the source called it."""
    source: str = ""
    """A part of who says so."""
    muted: tuple[Way, Way] = (Way.NOT, Way.SILENCE)
    """The weakest and the strongest way in which it may be muted."""
    now: float = 0.0
    """Unix time by which mutes are looked at; 0 where they are not."""

    def condition(self) -> tuple[str, dict[str, Any]]:
        """Return it as SQL, with the values."""
        parts = ["account IN (:account, '')", "severity >= :severity", "at >= :since"]
        if self.words:
            parts.append(_none("words", "NOT "))
        if self.without:
            parts.append(_none("without", ""))
        if self.kinds:
            parts.append("kind IN (SELECT value FROM json_each(:kinds))")
        if self.without_kinds:
            parts.append("kind NOT IN (SELECT value FROM json_each(:without_kinds))")
        if self.device:
            parts.append("device = :device")
        if self.named:
            parts.append(f"instr({_NAMED}, lower(:named))")
        if self.source:
            parts.append("instr(lower(source), lower(:source))")
        if self.is_acked is not None:
            parts.append("acked_at IS NOT NULL" if self.is_acked else "acked_at IS NULL")
        if self.now and self.muted != (Way.NOT, Way.HIDE):
            parts.append(f"{MUTED} BETWEEN :weakest AND :strongest")
        return " AND ".join(parts), self._values()

    def _values(self) -> dict[str, Any]:
        weakest, strongest = self.muted
        return {
            "account": storable(self.account),
            "severity": int(self.at_least),
            "since": self.since,
            "words": _texts(self.words),
            "without": _texts(self.without),
            "kinds": _texts(self.kinds),
            "without_kinds": _texts(self.without_kinds),
            "device": storable(self.device),
            "named": storable(self.named),
            "source": storable(self.source),
            "weakest": int(weakest),
            "strongest": int(strongest),
            "now": self.now,
        }


def _none(name: str, negation: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM json_each(:{name}) AS word "
        f"WHERE {negation}instr({_SEARCHED}, lower(word.value)))"
    )


def _texts(values: Sequence[str]) -> str:
    return json.dumps([storable(each) for each in values])
