"""A device as the platform knows it: its identity, its state, and its past."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tsui.simulator.catalogue import Model
from tsui.simulator.draw import mix
from tsui.simulator.patterns import DAY, FOREVER, Session, Span, last_session, sessions

ACTIVE, SUSPEND, DEACTIVE, PRE_ACTIVE = "active", "suspend", "deactive", "pre-active"
PENDING_ACTIVATION = "pending activation"


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """A change of a line that was tried."""

    at: float
    what: str
    status: str
    by: str
    plan: str
    mdn: str


@dataclass(frozen=True, slots=True)
class HardwareSwap:
    """A SIM that was found in other hardware."""

    at: float
    before: str
    """IMEI of the hardware it was in."""
    after: str


@dataclass(slots=True)
class SimDevice:
    """A device as the platform knows it."""

    account: int
    """Index of its account."""
    number: int
    """Its number in the account."""
    model: Model
    platform_id: int
    """The numeric DeviceId that paging goes by."""
    created: float
    """Unix time it was added."""
    iccid: str
    imei: str
    mdn: str
    imsi: str
    eid: str
    state: str
    plan: str
    ip: str
    group: str
    custom: list[str]
    """CustomField1 to CustomField5."""
    site: tuple[str, str, str]
    activated: float
    """Unix time of the last activation; 0 for never."""
    activated_by: str
    served: list[Span] = field(default_factory=list)
    """Spans in which it can connect, in order."""
    history: list[HistoryEvent] = field(default_factory=list)
    suspended_at: float = 0.0
    """Unix time of the last suspension; 0 for never."""
    half_open: bool = False
    """Whether its last session was never closed."""
    actions: list[float] = field(default_factory=list)
    """Times of provisioning actions, for the daily limit."""
    plan_changes: list[float] = field(default_factory=list)
    """Times of plan changes, for the monthly limit."""
    pending: str = ""
    """The action under way."""
    origin: tuple[int, int] | None = None
    """Account and number it was born with, where they are others now."""
    cost_center: str = ""
    contact: dict[str, Any] = field(default_factory=dict)
    """Primary place of use, as it was last set."""
    labels: dict[str, str] = field(default_factory=dict)
    """Usage segmentation labels by name."""
    service_name: str = ""
    """Customer-defined service it was moved to."""
    stage: str = ""
    """Customer-defined state it was moved to."""
    profile: str = ""
    """Status of its eUICC profile, once that was changed."""
    fallback: bool = False
    """Whether its eUICC falls back to this profile instead of the boot profile."""
    swaps: list[HardwareSwap] = field(default_factory=list)
    """Times its SIM was found in other hardware."""

    is_roaming: bool = False
    """Whether it uses somebody else's network."""
    carried_to: tuple[float, float] | None = None
    """Latitude and longitude of where it is, where that is not its site."""
    is_staged: bool = False
    """Whether a scenario decides its past; nothing else is drawn for it then."""
    attaches_after: float | None = None
    """Seconds from its activation until it can attach, where that is not the usual hour."""
    refusal: str = ""
    """Why the network refuses to change its line; empty where it does not."""
    echoes: bool = False
    """Whether it sends back the text messages that reach it."""

    def newest_session(self, seed: int, now: float) -> Session | None:
        """Return the newest session that has begun."""
        found = last_session(self.model.rhythm, self._seed(seed), self.served, now)
        return found._replace(end=FOREVER, size=0) if found and self.half_open else found

    def sessions(self, seed: int, window: Span, now: float) -> Iterator[Session]:
        """Yield the sessions that touch a window, as far as they have begun."""
        newest = self.newest_session(seed, now) if self.half_open else None
        for session in sessions(self.model.rhythm, self._seed(seed), self.served, window):
            if session.start > now:
                return
            yield newest if newest and newest.start == session.start else session

    def next_session(self, seed: int, now: float) -> Session | None:
        """Return the first session that is still to begin; None while it cannot connect."""
        if self.half_open:
            return None
        # Two periods and a day: a rhythm with hours of its own may skip a night.
        window = Span(now, now + 2 * self.model.rhythm.period + DAY)
        found = sessions(self.model.rhythm, self._seed(seed), self.served, window)
        return next((session for session in found if session.start > now), None)

    def identifiers(self) -> list[tuple[str, str]]:
        """Return kinds and values as the list spells them."""
        known = [
            ("mdn", self.mdn),
            ("imei", self.imei),
            ("iccId", self.iccid),
            ("msisdn", f"1{self.mdn}" if self.mdn else ""),
            ("min", self.mdn),
            ("imsi", self.imsi),
            ("eid", self.eid),
        ]
        return [(kind, value) for kind, value in known if value]

    def ids(self) -> list[dict[str, str]]:
        """Return its identifiers as DeviceId objects."""
        return [{"id": value, "kind": kind} for kind, value in self.identifiers()]

    def has(self, kind: str, value: str) -> bool:
        """Tell whether an identifier, its kind in lower case, is this device's."""
        return any(name.lower() == kind and value == mine for name, mine in self.identifiers())

    def note(self, at: float, what: str, by: str, status: str = "Success") -> None:
        """Add to the provisioning history."""
        self.history.append(HistoryEvent(at, what, status, by, self.plan, self.mdn))

    def leave_service(self, at: float) -> None:
        """Connect no more from a time on; an open session ends with it."""
        self.half_open = False
        self.served = [
            Span(span.start, min(span.end, at)) for span in self.served if span.start < at
        ]

    def enter_service(self, at: float) -> None:
        """Connect again from a time on."""
        self.served.append(Span(at, FOREVER))

    def _seed(self, seed: int) -> int:
        return mix(seed, *(self.origin or (self.account, self.number)))
