"""Sets of the store's ids that stay small however many they are: a bit for each."""

from collections.abc import Iterable, Iterator, MutableSet
from typing import Self

_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))
"""The bits that are set in each byte."""


class IdSet(MutableSet[int]):
    """A set of whole numbers from 0 on; a million ids of one store take 125 kB."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self.bits: bytearray = bytearray(ids.bits) if isinstance(ids, IdSet) else bytearray()
        """The bits, the lowest first."""
        if not isinstance(ids, IdSet):
            for each in ids:
                self.add(each)

    @classmethod
    def of_words(cls, words: Iterable[tuple[int, int]]) -> Self:
        """Make a set from the numbers of groups of 32 ids and the bits that are set in each."""
        made = cls()
        for place, bits in words:
            made._make_room(4 * place + 4)
            made.bits[4 * place : 4 * place + 4] = bits.to_bytes(4, "little")
        return made

    @classmethod
    def of_number(cls, number: int) -> Self:
        """Make a set from the bits of a number."""
        made = cls()
        made.bits[:] = number.to_bytes((number.bit_length() + 7) // 8, "little")
        return made

    def number(self) -> int:
        """Return the bits as a number."""
        return int.from_bytes(self.bits, "little")

    def add(self, value: int) -> None:
        """Put an id in."""
        place = value >> 3
        self._make_room(place + 1)
        self.bits[place] |= 1 << (value & 7)

    def discard(self, value: int) -> None:
        """Take an id out, if it is in."""
        if value in self:
            self.bits[value >> 3] &= ~(1 << (value & 7))

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int) or not 0 <= value >> 3 < len(self.bits):
            return False
        return bool(self.bits[value >> 3] >> (value & 7) & 1)

    def __iter__(self) -> Iterator[int]:
        for place, byte in enumerate(self.bits):
            if byte:
                for bit in _BITS[byte]:
                    yield (place << 3) + bit

    def __len__(self) -> int:
        return self.number().bit_count()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)})"

    def union(self, other: "IdSet") -> "IdSet":
        """Return the ids that are in one of both."""
        return IdSet.of_number(self.number() | other.number())

    def common(self, other: "IdSet") -> "IdSet":
        """Return the ids that are in both."""
        return IdSet.of_number(self.number() & other.number())

    def without(self, other: "IdSet") -> "IdSet":
        """Return the ids that are not in the other one."""
        return IdSet.of_number(self.number() & ~other.number())

    def _make_room(self, size: int) -> None:
        if (missing := size - len(self.bits)) > 0:
            self.bits.extend(bytes(missing))
