"""An exchange: what leaves, what comes back, and whoever carries it there and back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it leaves."""

    method: str
    """The HTTP method."""
    path: str
    """Path below the host, quoted."""
    query: Mapping[str, str]
    """Query parameters."""
    headers: Mapping[str, str] = field(repr=False)
    """Headers, secrets included."""
    body: bytes | None = field(repr=False)
    """The body, secrets included; None for none."""
    read_timeout: float
    """Seconds of silence granted to the answer."""
    total_timeout: float
    """Seconds granted to the whole exchange; a body that drips never trips a read time-out."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as it came."""

    status: int
    """The HTTP status."""
    headers: Mapping[str, str] = field(repr=False)
    """Headers, names in lower case."""
    body: bytes = field(repr=False)
    """The body, still encoded as the headers say."""


class Transport(Protocol):
    """Carries requests: connections to a host, or something that stands for one."""

    async def exchange(self, request: HttpRequest) -> HttpAnswer:
        """Send a request and return the whole answer; raises a ThingSpaceError."""
        ...

    async def aclose(self) -> None:
        """Let go of everything that is held for it."""
        ...


@dataclass(slots=True)
class Attempt:
    """One attempt of a call, filled in as it goes on."""

    title: str
    """The operation's name in the reference."""
    number: int
    """Which attempt of the call it is, from 1."""
    request: HttpRequest
    """What is sent."""
    at: datetime
    """When it began, UTC."""
    began: float
    """When it began, monotonic."""
    name: str = ""
    """The operation's class name."""
    call: int = 0
    """Which call of the program it belongs to."""
    status: int | None = None
    """The HTTP status, as soon as one came."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Headers of the answer."""
    received: bytes = field(default=b"", repr=False)
    """The decoded body."""
    trouble: str = ""
    """What went wrong, in a sentence."""
