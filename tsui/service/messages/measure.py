"""How long a text message is, in the encoding that its characters ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tsui.service.messages.alphabet import septets

SEPTETS = 160
"""What a message in 7 bits holds (documented)."""

OCTETS = 140
"""What a message in 8 bits holds (documented); that UTF-8 counts in bytes is not, but safe."""

FORBIDDEN = "'<\\"
"""Characters that the platform refuses in every request (documented)."""


class Encoding(StrEnum):
    """How a text travels, as the API names it."""

    SEVEN_BIT = "7-bit"
    ASCII = "8-bit-ASCII"
    UTF_8 = "8-bit-UTF-8"


class Obstacle(NamedTuple):
    """A character that stands in the way of something."""

    place: int
    """Characters before it."""
    character: str


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a text is."""

    encoding: Encoding
    """The one with most room that has all of its characters."""
    used: int
    """Septets in 7 bits, otherwise bytes."""
    room: int
    """How many there may be."""
    beyond: Obstacle | None
    """The first character that 7 bits have not; None where they have all."""
    refused: Sequence[Obstacle]
    """Characters that the platform does not take."""

    @property
    def left(self) -> int:
        """What may be added; negative where it is too long: a message is never split."""
        return self.room - self.used

    @property
    def unit(self) -> str:
        """What is counted."""
        return "septets" if self.encoding is Encoding.SEVEN_BIT else "bytes"

    @property
    def may_be_sent(self) -> bool:
        """Whether the platform would take it."""
        return 0 < self.used <= self.room and not self.refused


def measure(text: str) -> Measure:
    """Measure a text."""
    refused = tuple(Obstacle(at, each) for at, each in enumerate(text) if each in FORBIDDEN)
    beyond = next((Obstacle(at, each) for at, each in enumerate(text) if not septets(each)), None)
    if beyond is None:
        used = sum(map(septets, text))
        return Measure(Encoding.SEVEN_BIT, used, SEPTETS, None, refused)
    encoding = Encoding.ASCII if text.isascii() else Encoding.UTF_8
    # A lone surrogate is no character; it counts as what replaces it.
    return Measure(encoding, len(text.encode("utf-8", "replace")), OCTETS, beyond, refused)
