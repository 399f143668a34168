"""Making devices: any of them at any time, from nothing but the seed and its number."""

from math import gcd

from tsui.simulator import identity
from tsui.simulator.catalogue import HOSTILE_TEXTS, INSTALLERS, MODELS, OTHERS, SITES, Model
from tsui.simulator.device import (
    ACTIVE,
    DEACTIVE,
    PENDING_ACTIVATION,
    PRE_ACTIVE,
    SUSPEND,
    SimDevice,
)
from tsui.simulator.draw import Draw
from tsui.simulator.patterns import DAY, FOREVER, Span
from tsui.simulator.settings import SimulatorSettings

FIRST_PLATFORM_ID = 70_000_001
PLATFORM_ID_STEP = 3
SAME_SECOND = 3
"""Devices added in the same second, so that paging by time repeats records."""

ADDING_STEP = 600.0
"""Seconds from one such batch to the next."""

_SCATTER = 7_919
"""Moves the order of addition away from the order of numeric ids."""

_BY_HUNDRED: tuple[Model, ...] = tuple(model for model in MODELS for _ in range(model.share))


class Maker:
    """Makes the devices an account began with."""

    def __init__(self, account: int, size: int, settings: SimulatorSettings, now: float) -> None:
        self._account = account
        self._size = size
        self._seed = settings.seed
        self._hostile = settings.hostile
        self._epoch = now
        self._first_id = FIRST_PLATFORM_ID + account * identity.SPACE * PLATFORM_ID_STEP
        self._first_addition = float(int(now - 60 * DAY - (size // SAME_SECOND + 1) * ADDING_STEP))
        self._scatter = next(
            factor for factor in range(_SCATTER, _SCATTER + size + 2) if gcd(factor, size or 1) == 1
        )
        self._unscatter = pow(self._scatter, -1, size) if size > 1 else 0

    def platform_id(self, number: int) -> int:
        """Return the numeric id of a device; ids of different accounts never meet."""
        return self._first_id + number * PLATFORM_ID_STEP

    def number_after(self, platform_id: int) -> int:
        """Return the number of the first device whose numeric id is larger."""
        return max(0, (platform_id - self._first_id) // PLATFORM_ID_STEP + 1)

    def rank_added_at(self, earliest: float) -> int:
        """Return the rank, in the order of addition, of the first device added then or later."""
        batches = -((self._first_addition - earliest) // ADDING_STEP)
        return max(0, int(batches)) * SAME_SECOND

    def number_of_rank(self, rank: int) -> int:
        """Return the number of a device by its place in the order of addition."""
        return rank * self._unscatter % self._size

    def make(self, number: int) -> SimDevice:
        """Make a device as it is when the simulation begins."""
        draw = Draw(self._seed, self._account, number)
        model = _BY_HUNDRED[draw.below(100)]
        born = identity.make(self._account, number, model.tac, embedded=model.embedded)
        site = draw.pick(SITES)
        created = self._created(number)
        device = SimDevice(
            account=self._account,
            number=number,
            model=model,
            platform_id=self.platform_id(number),
            created=created,
            iccid=born.iccid,
            imei=born.imei,
            mdn=born.mdn,
            imsi=born.imsi,
            eid=born.eid,
            state=ACTIVE,
            plan=draw.pick(model.plans),
            ip=f"10.{20 + self._account}.{number // 250 % 256}.{number % 250 + 2}",
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
        )
        if self._hostile and draw.below(5) == 0:
            device.custom[draw.below(2)] = HOSTILE_TEXTS[number % len(HOSTILE_TEXTS)]
        self._live_through(device, draw)
        return device

    def make_unknown(self, number: int, identifiers: dict[str, str], now: float) -> SimDevice:
        """Make a device that somebody brings, with the identifiers it is named by."""
        model = MODELS[0]
        born = identity.make(self._account, number % identity.SPACE, model.tac, embedded=False)
        draw = Draw(self._seed, self._account, number)
        return SimDevice(
            account=self._account,
            number=number,
            model=model,
            platform_id=self.platform_id(number),
            created=now,
            iccid=identifiers.get("iccid", born.iccid),
            imei=identifiers.get("imei", born.imei),
            mdn="",
            imsi=born.imsi,
            eid=identifiers.get("eid", ""),
            state=DEACTIVE,
            plan="",
            ip="",
            group=model.groups[0],
            custom=["", "", "", "", ""],
            site=draw.pick(SITES),
            activated=0.0,
            activated_by="",
        )

    def _created(self, number: int) -> float:
        rank = number * self._scatter % self._size
        return self._first_addition + rank // SAME_SECOND * ADDING_STEP

    def _live_through(self, device: SimDevice, draw: Draw) -> None:
        """Give the device the past that its state asks for."""
        now, born = self._epoch, device.activated
        fate = draw.below(1000)
        end = FOREVER
        device.note(born, "Activation Confirmed", device.activated_by)
        if fate < 60:
            end = device.suspended_at = now - draw.between(0.5, 80) * DAY
            device.state = SUSPEND
            device.note(end, "Suspension Confirmed", draw.pick(OTHERS))
        elif fate < 110:
            end = max(born, now - draw.between(1, 120) * DAY)
            device.note(end, "Deactivation Confirmed", draw.pick(OTHERS))
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
