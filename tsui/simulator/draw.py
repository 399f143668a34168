"""Draws that depend on nothing but their seeds, cheap enough to make devices on demand."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1


def mix(*seeds: int) -> int:
    """Return 64 well-mixed bits of the seeds (splitmix64)."""
    state = 0
    for seed in seeds:
        state = (state + seed + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state


class Draw:
    """A sequence of draws from one seed."""

    __slots__ = ("_count", "_seed")

    def __init__(self, *seeds: int) -> None:
        self._seed = mix(*seeds)
        self._count = 0

    def bits(self) -> int:
        """Return 64 random bits."""
        self._count += 1
        return mix(self._seed, self._count)

    def unit(self) -> float:
        """Return a number from 0 to below 1."""
        return self.bits() / 2**64

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to below the limit."""
        return self.bits() % limit

    def between(self, low: float, high: float) -> float:
        """Return a number between two others."""
        return low + (high - low) * self.unit()

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]
