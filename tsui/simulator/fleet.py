"""The fleet of an account: any device can be made at any time, only changed ones are kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tsui.simulator import identity
from tsui.simulator.catalogue import (
    HOSTILE_TEXTS,
    INSTALLERS,
    MODELS,
    OTHERS,
    SITES,
    Model,
)
from tsui.simulator.draw import Draw, mix
from tsui.simulator.patterns import DAY, FOREVER, Session, Span, last_session, sessions

ACTIVE, SUSPEND, DEACTIVE, PRE_ACTIVE = "active", "suspend", "deactive", "pre-active"
PENDING_ACTIVATION = "pending activation"

FIRST_PLATFORM_ID = 70_000_001
PLATFORM_ID_STEP = 3
SAME_SECOND = 3
"""Devices added in the same second, so that paging by time repeats records."""

ADDING_STEP = 600.0
"""Seconds from one such batch to the next."""

_SCATTER = 7_919
"""Moves the order of addition away from the order of numeric ids; prime."""

_BY_HUNDRED: tuple[Model, ...] = tuple(model for model in MODELS for _ in range(model.share))


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """A change of a line that was tried."""

    at: float
    what: str
    status: str
    by: str
    plan: str
    mdn: str


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
    served: list[Span]
    """Spans in which it can connect."""
    history: list[HistoryEvent]
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

    def newest_session(self, seed: int, now: float) -> Session | None:
        """Return the newest session that has begun."""
        found = last_session(self.model.rhythm, self._seed(seed), self.served, now)
        if found is not None and self.half_open and now >= found.start:
            return found._replace(end=FOREVER, size=0)
        return found

    def sessions(self, seed: int, window: Span, now: float) -> Iterator[Session]:
        """Yield the sessions that touch a window, as far as they have begun."""
        newest = self.newest_session(seed, now) if self.half_open else None
        for session in sessions(self.model.rhythm, self._seed(seed), self.served, window):
            if session.start > now:
                return
            is_newest = newest is not None and session.start == newest.start
            yield newest if is_newest and newest else session

    def connected(self, seed: int, now: float) -> bool:
        """Tell whether a data session is open."""
        newest = self.newest_session(seed, now)
        return newest is not None and newest.start <= now < newest.end

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

    def _seed(self, seed: int) -> int:
        return mix(seed, self.account, self.number)


class Fleet:
    """The devices of one account."""

    def __init__(self, account: int, size: int, seed: int, now: float, *, hostile: bool) -> None:
        self.account = account
        """Index of the account."""
        self.size = size
        """Devices it began with."""
        self._seed = seed
        self._epoch = now
        self._hostile = hostile
        self._touched: dict[int, SimDevice] = {}
        self._added: list[SimDevice] = []
        self._deleted: set[int] = set()
        self._by_mdn: dict[str, int] = {}
        self._fresh_mdns = 0

    def __len__(self) -> int:
        return self.size + len(self._added) - len(self._deleted)

    def get(self, number: int) -> SimDevice:
        """Return a device to look at; changes of it are lost unless it was touched before."""
        if number >= self.size:
            return self._added[number - self.size]
        return self._touched.get(number) or self._make(number)

    def touch(self, device: SimDevice) -> SimDevice:
        """Return the device that is kept from now on; change that one."""
        if device.number >= self.size:
            return device
        return self._touched.setdefault(device.number, device)

    def numbers(self, start: int = 0) -> Iterator[int]:
        """Yield the numbers of all devices in the order of their numeric ids."""
        for number in range(start, self.size + len(self._added)):
            if number not in self._deleted:
                yield number

    def number_after(self, platform_id: int) -> int:
        """Return the number of the first device whose numeric id is larger."""
        past = platform_id - FIRST_PLATFORM_ID
        return 0 if past < 0 else past // PLATFORM_ID_STEP + 1

    def numbers_by_addition(self, earliest: float) -> Iterator[int]:
        """Yield the numbers of devices added at a time or later, in the order of addition."""
        place = 0
        if earliest > self._first_addition():
            place = int(-((self._first_addition() - earliest) // ADDING_STEP)) * SAME_SECOND
        for rank in range(max(0, place), self.size):
            number = rank * self._unscatter % self.size
            if number not in self._deleted:
                yield number
        for device in self._added:
            if device.created >= earliest and device.number not in self._deleted:
                yield device.number

    def find(self, kind: str, value: str) -> SimDevice | None:
        """Return the device with an identifier; kinds are compared without regard to case."""
        kind = kind.lower()
        bare = value[1:] if kind == "msisdn" else value
        if kind in ("mdn", "msisdn", "min") and bare in self._by_mdn:
            return self.get(self._by_mdn[bare])
        number = identity.number_of(kind, value, self.account)
        if number is not None and number < self.size and number not in self._deleted:
            device = self.get(number)
            if _has(device, kind, value):
                return device
        return next((each for each in self._added if _has(each, kind, value)), None)

    def add(self, kind_values: dict[str, str], now: float) -> SimDevice:
        """Add a device that was not known."""
        number = self.size + len(self._added)
        model = MODELS[0]
        born = identity.make(self.account, number % identity.SPACE, model.tac, embedded=False)
        device = replace(
            self._make(number),
            model=model,
            created=now,
            iccid=kind_values.get("iccid", born.iccid),
            imei=kind_values.get("imei", born.imei),
            eid=kind_values.get("eid", ""),
            mdn="",
            ip="",
            plan="",
            state=DEACTIVE,
            activated=0.0,
            activated_by="",
            served=[],
            history=[],
            custom=["", "", "", "", ""],
            suspended_at=0.0,
            half_open=False,
        )
        self._added.append(device)
        return device

    def delete(self, device: SimDevice) -> None:
        """Forget a device with all its history."""
        self._deleted.add(device.number)

    def give_mdn(self, device: SimDevice) -> None:
        """Give a device a number that was never used."""
        self._fresh_mdns += 1
        device.mdn = identity.fresh_mdn(self._fresh_mdns * 10 + self.account)
        self._by_mdn[device.mdn] = device.number

    # -- making -------------------------------------------------------------------------------

    def _first_addition(self) -> float:
        batches = self.size // SAME_SECOND + 1
        return float(int(self._epoch - 60 * DAY - batches * ADDING_STEP))

    @property
    def _scatter(self) -> int:
        """A factor without a common divisor with the size, so that it reaches every place."""
        factor = _SCATTER
        while self.size % factor == 0:
            factor += 2
        return factor if self.size > 1 and _coprime(factor, self.size) else 1

    @property
    def _unscatter(self) -> int:
        return pow(self._scatter, -1, self.size) if self.size > 1 else 1

    def _created(self, number: int) -> float:
        if number >= self.size:
            return self._epoch
        rank = number * self._scatter % self.size
        return self._first_addition() + rank // SAME_SECOND * ADDING_STEP

    def _make(self, number: int) -> SimDevice:
        draw = Draw(self._seed, self.account, number)
        model = _BY_HUNDRED[draw.below(100)]
        born = identity.make(self.account, number, model.tac, embedded=model.embedded)
        site = draw.pick(SITES)
        created = self._created(number)
        device = SimDevice(
            account=self.account,
            number=number,
            model=model,
            platform_id=FIRST_PLATFORM_ID + number * PLATFORM_ID_STEP,
            created=created,
            iccid=born.iccid,
            imei=born.imei,
            mdn=born.mdn,
            imsi=born.imsi,
            eid=born.eid,
            state=ACTIVE,
            plan=draw.pick(model.plans),
            ip=f"10.{20 + self.account}.{number // 250 % 256}.{number % 250 + 2}",
            group=draw.pick(model.groups),
            custom=[
                f"{site[0]} {model.purpose} {draw.below(900) + 100}",
                f"AST-{number:07d}",
                draw.pick(INSTALLERS),
                model.purpose,
                "",
            ],
            site=site,
            activated=created + draw.between(0.1, 20) * DAY,
            activated_by=draw.pick(("ops_api_user", *OTHERS)),
            served=[],
            history=[],
        )
        if self._hostile and draw.below(5) == 0:
            device.custom[draw.below(2)] = HOSTILE_TEXTS[number % len(HOSTILE_TEXTS)]
        self._live_through(device, draw)
        return device

    def _live_through(self, device: SimDevice, draw: Draw) -> None:
        """Give the device the past that its state asks for."""
        now, born = self._epoch, device.activated
        fate = draw.below(1000)
        end = FOREVER
        self._note(device, born, "Activation Confirmed", device.activated_by)
        if fate < 60:
            end = device.suspended_at = now - draw.between(0.5, 80) * DAY
            device.state = SUSPEND
            self._note(device, end, "Suspension Confirmed", draw.pick(OTHERS))
        elif fate < 110:
            end = max(born, now - draw.between(1, 120) * DAY)
            self._note(device, end, "Deactivation Confirmed", draw.pick(OTHERS))
            device.state = DEACTIVE
            device.plan = device.mdn = device.ip = ""
        elif fate < 150:
            device.state = PRE_ACTIVE
            device.plan = device.mdn = device.ip = device.activated_by = ""
            device.activated, device.history = 0.0, []
            return
        elif fate < 158:
            device.state = PENDING_ACTIVATION
            device.activated, device.history = 0.0, []
            return
        elif fate < 178:
            end = now - draw.between(4, 25) * DAY
        elif fate < 186:
            end = now - draw.between(0.3, 3) * DAY
            device.half_open = True
        device.served = [Span(born, end)]

    def _note(self, device: SimDevice, at: float, what: str, by: str) -> None:
        device.history.append(HistoryEvent(at, what, "Success", by, device.plan, device.mdn))


def _has(device: SimDevice, kind: str, value: str) -> bool:
    return any(known.lower() == kind and value == mine for known, mine in device.identifiers())


def _coprime(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one == 1
