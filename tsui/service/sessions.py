"""Sessions: the events of a connection history put together, from a start to its stop."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Events = Sequence[Mapping[str, Any]]
"""Records of the history as they are remembered, oldest first."""


class Session(NamedTuple):
    """A session, or as much as is told of it; the texts are hostile until sanitised."""

    began: float
    """Unix time; 0 where its start is not in the history."""
    ended: float
    """Unix time; 0 where no stop was told: it lasts, or its stop was lost."""
    bytes: int | None
    """Bytes it used; None while that is not told or cannot be read."""
    told: str
    """Bytes as they were told, where they are no number."""
    is_newest: bool
    """Whether nothing was told after it."""
    silent: float | None
    """Seconds from the end of the one before; None where that is not told."""
    more: Mapping[str, str]
    """What else was told, by name."""

    @property
    def lasted(self) -> float | None:
        """Seconds from start to stop; None where one of them is not told."""
        return self.ended - self.began if self.began and self.ended else None


def sessions(events: Events) -> list[Session]:
    """Return the sessions of a history, oldest first; what is neither start nor stop is left."""
    runs = list(_runs([each for each in events if each.get("at") and _kind(each)]))
    found: list[Session] = []
    for place, (start, stop) in enumerate(runs):
        began, ended = _at(start), _at(stop)
        before = found[-1].ended if found else 0.0
        used, told = _bytes(stop)
        found.append(
            Session(
                began, ended, used, told,
                is_newest=place == len(runs) - 1,
                silent=max(0.0, began - before) if began and before else None,
                more={**_more(start), **_more(stop)},
            )
        )  # fmt: skip
    return found


def others(events: Events) -> list[Mapping[str, Any]]:
    """Return the events that are neither start nor stop, or that have no time."""
    return [each for each in events if not each.get("at") or not _kind(each)]


_Pair = tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]


def _runs(events: Events) -> Iterator[_Pair]:
    """Yield a start and a stop that belong together; either may be missing."""
    start: Mapping[str, Any] | None = None
    for event in sorted(events, key=lambda each: float(each["at"])):
        if _kind(event) == "stop":
            yield start, event
            start = None
        else:
            if start is not None:
                yield start, None
            start = event
    if start is not None:
        yield start, None


def _kind(event: Mapping[str, Any]) -> str:
    word = str(event.get("event", "")).strip().lower()
    return word if word in ("start", "stop") else ""


def _at(event: Mapping[str, Any] | None) -> float:
    return float(event["at"]) if event else 0.0


def _bytes(stop: Mapping[str, Any] | None) -> tuple[int | None, str]:
    told = str(stop.get("bytes", "")) if stop else ""
    return (int(told), "") if told.isascii() and told.isdecimal() else (None, told)


def _more(event: Mapping[str, Any] | None) -> dict[str, str]:
    told = event.get("more") if event else None
    return {str(k): str(v) for k, v in told.items()} if isinstance(told, Mapping) else {}
