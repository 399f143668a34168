"""Evidence: what was read of a device, each piece with its age, its source and its own failure.

A rule asks for what it needs; what is not known raises Missing, so that no rule can guess.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple, cast

from tsui.service.verdict.connections import Connections
from tsui.service.verdict.rhythm import Rhythm, rhythm_of
from tsui.store.changes import DeviceChange

NEARBY = 20 * 60.0
"""Seconds between two devices falling silent within which that may have one cause."""


class Source(StrEnum):
    """Where a piece of evidence comes from, as a screen says it."""

    ACCESS = "our session"
    LINE = "device list"
    DIAGNOSTICS = "extended diagnostics"
    PROVISIONING = "provisioning history"
    CONNECTIONS = "connection history"
    USAGE = "usage history"
    MISMATCHES = "mismatch list"
    PLANS = "service plans"
    REQUESTS = "our requests"
    LISTENERS = "callback listeners"
    MESSAGES = "callback messages"
    FLEET = "the other devices"
    ADDRESSES = "former addresses"
    SITE = "what was read on site"
    LOCATION = "last location"


class Standing(StrEnum):
    """What is the matter with a piece of evidence."""

    KNOWN = "known"
    AWAITED = "asked, waiting for an answer"
    UNREAD = "not read yet"
    UNKNOWABLE = "not knowable from here"
    NOT_ENTITLED = "not entitled"
    FAILED = "could not be read"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one source told."""

    source: Source
    """Where it comes from."""
    standing: Standing = Standing.UNREAD
    """Whether it is known, and why not."""
    body: Any = None
    """What it told, in the form the rules read; None unless it is known."""
    raw: Any = None
    """The same as it came, to be looked at."""
    read_at: float | None = None
    """Unix time of that answer."""
    trouble: str = ""
    """Why the last try brought nothing; hostile until sanitised."""


class Missing(Exception):
    """A rule needs a piece of evidence that is not known."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(f"{piece.source}: {piece.standing}")
        self.piece = piece
        """The piece."""


class Access(NamedTuple):
    """Whether our own calls are let in."""

    is_refused: bool
    """Whether the last reading of the device failed for want of a session or token."""
    code: str
    """The platform's code of that."""


class Line(NamedTuple):
    """A device as the list tells it."""

    is_listed: bool
    """Whether the account has such a device."""
    state: str = ""
    plan: str = ""
    connected: bool | None = None
    last_connection: float = 0.0
    """Unix time at which its last session began; 0 when there is none."""
    activated: float = 0.0
    """Unix time of its last activation; 0 when not told."""
    cycle_end: float = 0.0
    """Unix time at which its billing cycle ends; 0 when not told."""
    imei: str = ""
    eid: str = ""
    group: str = ""


class Provisioned(NamedTuple):
    """A change of the line that was tried."""

    at: float
    what: str
    status: str
    by: str
    plan: str

    @property
    def succeeded(self) -> bool:
        """Whether it was done."""
        return self.status.strip().lower() == "success"


class Day(NamedTuple):
    """A day of usage."""

    at: float
    """Unix time of its midnight, UTC."""
    bytes: int
    sms: int = 0
    abroad: bool = False
    """Whether some of it was used outside the country."""


class Swap(NamedTuple):
    """A SIM that was found in other hardware."""

    at: float
    before: str
    after: str


class Told(NamedTuple):
    """A callback message that names the device."""

    at: float
    service: str
    request_id: str
    body: Mapping[str, Any]


class Neighbour(NamedTuple):
    """Another device that began its last session about when this one did, and is not connected."""

    group: str
    plan: str
    model: str
    """The first eight digits of its IMEI, which tell its model."""


class Site(NamedTuple):
    """What somebody read on the device, or knows of where it should be."""

    imei: str = ""
    place: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""


class Place(NamedTuple):
    """Where the network saw the device."""

    latitude: float
    longitude: float
    radius: float
    """Metres around."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a device at a moment."""

    now: float
    """Unix time."""
    pieces: Mapping[Source, Piece] = field(default_factory=dict)
    """What each source told."""

    def piece(self, source: Source) -> Piece:
        """Return what a source told, or that it told nothing yet."""
        return self.pieces.get(source) or Piece(source)

    def known(self, source: Source) -> Any:
        """Return what a source told; raises Missing."""
        piece = self.piece(source)
        if piece.standing is not Standing.KNOWN:
            raise Missing(piece)
        return piece.body

    def glimpse(self, source: Source) -> Any:
        """Return what a source told, or None: for details, never to decide anything."""
        return self.piece(source).body

    @property
    def access(self) -> Access:
        """Whether our calls are let in; raises Missing, like all that follow."""
        return cast("Access", self.known(Source.ACCESS))

    @property
    def line(self) -> Line:
        """The device as listed."""
        return cast("Line", self.known(Source.LINE))

    @property
    def diagnostics(self) -> Mapping[str, str]:
        """Values of the extended diagnostics by their name in lower case."""
        return cast("Mapping[str, str]", self.known(Source.DIAGNOSTICS))

    @property
    def provisioning(self) -> Sequence[Provisioned]:
        """Changes of the line, oldest first."""
        return cast("Sequence[Provisioned]", self.known(Source.PROVISIONING))

    @property
    def windows(self) -> Connections:
        """The connection history with what is missing of it."""
        return cast("Connections", self.known(Source.CONNECTIONS))

    @property
    def connections(self) -> Connections:
        """The connection history, whose newest part is known."""
        windows = self.windows
        if not windows.is_current:
            piece = self.piece(Source.CONNECTIONS)
            raise Missing(replace(piece, standing=Standing.FAILED, trouble=windows.trouble))
        return windows

    @property
    def rhythm(self) -> Rhythm:
        """How the device usually connects."""
        return rhythm_of(self.connections)

    @property
    def usage(self) -> Sequence[Day]:
        """Usage by day, oldest first."""
        return cast("Sequence[Day]", self.known(Source.USAGE))

    @property
    def swaps(self) -> Sequence[Swap]:
        """Times the SIM was found in other hardware, oldest first."""
        return cast("Sequence[Swap]", self.known(Source.MISMATCHES))

    @property
    def plans(self) -> Mapping[str, int]:
        """Bytes that each plan of the account includes, by its code; 0 where not told."""
        return cast("Mapping[str, int]", self.known(Source.PLANS))

    @property
    def requests(self) -> Sequence[DeviceChange]:
        """What was changed from here, newest first."""
        return cast("Sequence[DeviceChange]", self.known(Source.REQUESTS))

    @property
    def listeners(self) -> frozenset[str]:
        """Callback services that somebody listens to."""
        return cast("frozenset[str]", self.known(Source.LISTENERS))

    @property
    def neighbours(self) -> Sequence[Neighbour]:
        """Devices that fell silent about when this one did."""
        return cast("Sequence[Neighbour]", self.known(Source.FLEET))

    @property
    def addresses(self) -> Sequence[tuple[float, str]]:
        """When an address was first seen, and the address, oldest first."""
        return cast("Sequence[tuple[float, str]]", self.known(Source.ADDRESSES))

    @property
    def site(self) -> Site:
        """What was read on site."""
        return cast("Site", self.known(Source.SITE))

    @property
    def place(self) -> Place:
        """Where the network saw the device last."""
        return cast("Place", self.known(Source.LOCATION))

    @property
    def messages(self) -> Sequence[Told]:
        """Callback messages about the device, newest first."""
        return cast("Sequence[Told]", self.known(Source.MESSAGES))

    def told(self, service: str) -> Sequence[Told]:
        """Return the messages of a callback service about the device, newest first.

        Where none has come nothing can be known: raises Missing.
        """
        found = [each for each in self.messages if each.service == service]
        if not found:
            raise self.unknowable(Source.MESSAGES, f"no message of {service} has come")
        return found

    def unknowable(self, source: Source, why: str) -> Missing:
        """Return that something cannot be known from here, to be raised."""
        return Missing(Piece(source, Standing.UNKNOWABLE, trouble=why))
