"""Matching: which recorded answer belongs to a request that is asked for now.

A request is the same when method, path and body are. Times in it count only where several recorded
ones differ by nothing else: whoever asks for the last 31 days asks for other days each time.
"""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?"
)


class Wanted(NamedTuple):
    """A request as it is compared."""

    key: str
    """What has to be the same."""
    times: tuple[float, ...]
    """The times in it, Unix, in their order."""


class Answered(Protocol):
    """A request that was recorded."""

    @property
    def at(self) -> float:
        """Unix time at which it was asked."""
        ...

    @property
    def wanted(self) -> Wanted:
        """What was asked."""
        ...


AnsweredT = TypeVar("AnsweredT", bound=Answered)


def wanted(method: str, path: str, body: bytes) -> Wanted:
    """Return a request as it is compared: in one spelling, its times apart."""
    parts = urlsplit(path)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    text = json.dumps([method, parts.path, query, _plain(body)], sort_keys=True)
    times: list[float] = []

    def take(found: re.Match[str]) -> str:
        moment = _moment(found[0])
        if moment is None:
            return found[0]
        times.append(moment)
        return "TIME"

    return Wanted(_TIME.sub(take, text), tuple(times))


def nearest(answers: Sequence[AnsweredT], wish: Wanted, moment: float) -> AnsweredT | None:
    """Return the answer to a wish that fits best of those not later than a moment.

    The closest times count first, then the newest answer.
    """
    told = [each for each in answers if each.at <= moment]
    return min(told, key=lambda each: (_apart(each.wanted, wish), -each.at), default=None)


def _apart(one: Wanted, other: Wanted) -> float:
    return sum(abs(a - b) for a, b in zip(one.times, other.times, strict=True))


def _plain(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _moment(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", ""))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
