"""The list of calls: the newest first, the attempts of a call together."""

from collections.abc import Iterable
from dataclasses import dataclass

from tsui.thingspace.trace import Call

MOST_ATTEMPTS = 1000
"""More than any call makes; keys of attempts leave room for that many."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """An attempt among those of its call."""

    call: Call
    """The attempt."""
    number: int
    """Its place among them, from 1."""
    of: int
    """How many there are."""

    @property
    def key(self) -> int:
        """A number that no other attempt has."""
        return self.call.call * MOST_ATTEMPTS + self.number

    @property
    def is_last(self) -> bool:
        """Whether the call ended with it, as far as anybody knows."""
        return self.number == self.of

    @property
    def has_failed(self) -> bool:
        """Whether it brought nothing, or a refusal."""
        return bool(self.call.error) or self.call.status is None or self.call.status >= 400


def attempts(calls: Iterable[Call]) -> list[Attempted]:
    """Return the attempts, newest call first, and the newest attempt of each call first."""
    by_call: dict[int, list[Call]] = {}
    for each in calls:
        # A call that was attempted again moves to the front with its newest attempt.
        by_call[each.call] = [*by_call.pop(each.call, ()), each]
    return [
        Attempted(each, number, len(group))
        for group in reversed(by_call.values())
        for number, each in reversed(list(enumerate(group, 1)))
    ]
