"""The filter of notices: words, and ``field:value`` for what a notice is.

``severity:warning`` means that or worse. A minus before a word, a kind or a state negates it.
"""

import re
import shlex
from dataclasses import dataclass, field, replace

from tsui.store.notice import Severity, Way
from tsui.store.notice_query import NoticeQuery

SEVERITIES = {each.name.lower(): each for each in Severity}
"""The severities by their names."""

STATES = ("new", "acked", "muted")
"""What ``is:`` knows."""

FIELDS = ("severity", "kind", "device", "source", "is", "since")
"""The fields there are."""

_SPAN = re.compile(r"(\d{1,6})([mhdw])")
_SECONDS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}


class BadFilter(Exception):
    """A filter cannot be understood; says why."""


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """What was typed, as a question that can be asked at any moment."""

    query: NoticeQuery = field(default_factory=lambda: NoticeQuery(""))
    """What is wanted, but for the account and the moment."""
    back: float = 0.0
    """Seconds before the moment that count; 0 for all."""

    def at(self, account: str, now: float) -> NoticeQuery:
        """Return the question of an account at a moment."""
        since = now - self.back if self.back else 0.0
        return replace(self.query, account=account, now=now, since=since)


def read(text: str) -> NoticeFilter:
    """Understand a filter; raises BadFilter."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise BadFilter("a quotation mark is not closed") from None
    made = NoticeFilter()
    for word in words:
        negated = word.startswith("-") and len(word) > 1
        made = _with(made, word[negated:], negated=negated)
    return made


def _with(made: NoticeFilter, word: str, *, negated: bool) -> NoticeFilter:
    name, colon, value = word.partition(":")
    if not colon or name.lower() not in FIELDS:
        return _holding(made, word, negated=negated)
    if not value:
        raise BadFilter(f"{name}: needs a value")
    name = name.lower()
    if negated and name not in ("kind", "is"):
        raise BadFilter(f"{name}: cannot be negated")
    query = made.query
    if name == "severity":
        return replace(made, query=replace(query, at_least=_severity(value)))
    if name == "kind" and negated:
        return replace(made, query=replace(query, without_kinds=(*query.without_kinds, value)))
    if name == "kind":
        return replace(made, query=replace(query, kinds=(*query.kinds, value)))
    if name == "device":
        return replace(made, query=replace(query, named=value))
    if name == "source":
        return replace(made, query=replace(query, source=value))
    if name == "since":
        return replace(made, back=_span(value))
    return replace(made, query=_in_state(query, value.lower(), negated=negated))


def _holding(made: NoticeFilter, word: str, *, negated: bool) -> NoticeFilter:
    query = made.query
    if negated:
        return replace(made, query=replace(query, without=(*query.without, word)))
    return replace(made, query=replace(query, words=(*query.words, word)))


def _severity(value: str) -> Severity:
    found = [each for name, each in SEVERITIES.items() if name.startswith(value.lower())]
    if len(found) != 1:
        raise BadFilter(f"severity: knows {', '.join(SEVERITIES)}, not {value}")
    return found[0]


def _span(value: str) -> float:
    found = _SPAN.fullmatch(value.lower())
    if found is None:
        raise BadFilter(f"since: takes 30m, 2h, 3d or 1w, not {value}")
    return int(found[1]) * _SECONDS[found[2]]


def _in_state(query: NoticeQuery, value: str, *, negated: bool) -> NoticeQuery:
    if value not in STATES:
        raise BadFilter(f"is: knows {', '.join(STATES)}, not {value}")
    if value == "muted":
        return replace(query, muted=(Way.NOT, Way.NOT) if negated else (Way.MARK, Way.HIDE))
    return replace(query, is_acked=(value == "acked") is not negated)
