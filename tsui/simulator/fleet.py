"""The fleet of an account: any device can be made at any time, only changed ones are kept."""

from collections.abc import Iterator
from dataclasses import replace

from tsui.simulator import identity
from tsui.simulator.catalogue import DEFAULT_GROUP
from tsui.simulator.clock import SimClock
from tsui.simulator.device import SUSPEND, SimDevice
from tsui.simulator.groups import Groups
from tsui.simulator.making import Maker
from tsui.simulator.patterns import DAY
from tsui.simulator.rules import RESTORE
from tsui.simulator.settings import SimulatorSettings


class Fleet:
    """The devices of one account."""

    def __init__(
        self, account: int, size: int, settings: SimulatorSettings, clock: SimClock
    ) -> None:
        self.account = account
        """Index of the account."""
        self.size = size
        """Devices it began with."""
        self._settings = settings
        self._clock = clock
        self._maker = Maker(account, size, settings, clock.timestamp())
        self._touched: dict[int, SimDevice] = {}
        self._added: list[SimDevice] = []
        self._deleted: set[int] = set()
        self._given: dict[tuple[str, str], int] = {}
        """Numbers of devices by identifiers that say nothing about the number themselves."""
        self._fresh_mdns = 0
        self.groups = Groups()
        """Groups of its devices."""

    def __len__(self) -> int:
        return self.size + len(self._added) - len(self._deleted)

    def get(self, number: int) -> SimDevice:
        """Return a device to look at; changes of it are lost unless it was touched before."""
        if number >= self.size:
            device = self._added[number - self.size]
        else:
            device = self._touched.get(number) or self._make(number)
        self._resume_by_itself(device)
        return device

    def touch(self, device: SimDevice) -> SimDevice:
        """Return the device that is kept from now on; change that one."""
        if device.number >= self.size:
            return device
        return self._touched.setdefault(device.number, device)

    def changed(self) -> Iterator[SimDevice]:
        """Yield the devices that were changed or added since the simulation began."""
        for device in (*self._touched.values(), *self._added):
            if device.number not in self._deleted:
                yield device

    def numbers(self, start: int = 0) -> Iterator[int]:
        """Yield the numbers of all devices in the order of their numeric ids."""
        for number in range(start, self.size + len(self._added)):
            if number not in self._deleted:
                yield number

    def numbers_after(self, platform_id: int) -> Iterator[int]:
        """Yield the numbers of devices with a larger numeric id, in the order of their ids."""
        return self.numbers(self._maker.number_after(platform_id))

    def numbers_by_addition(self, earliest: float) -> Iterator[int]:
        """Yield the numbers of devices added at a time or later, in the order of addition."""
        for rank in range(self._maker.rank_added_at(earliest), self.size):
            number = self._maker.number_of_rank(rank)
            if number not in self._deleted:
                yield number
        for device in self._added:
            if device.created >= earliest and device.number not in self._deleted:
                yield device.number

    def find(self, kind: str, value: str) -> SimDevice | None:
        """Return the device with an identifier; kinds are compared without regard to case."""
        kind = kind.lower()
        for number in (
            self._given.get((kind, value)),
            identity.number_of(kind, value, self.account),
        ):
            if number is None or number in self._deleted or number >= self.size + len(self._added):
                continue
            device = self.get(number)
            if device.has(kind, value):
                return device
        return None

    def add(self, identifiers: dict[str, str]) -> SimDevice:
        """Add a device that was not known, named by values by kind."""
        number = self.size + len(self._added)
        device = self._maker.make_unknown(number, identifiers, self._clock.timestamp())
        self._added.append(device)
        self._remember(device)
        return device

    def adopt(self, device: SimDevice) -> SimDevice:
        """Take a device over from another account; returns what it is here."""
        number = self.size + len(self._added)
        here = replace(
            device,
            account=self.account,
            number=number,
            platform_id=self._maker.platform_id(number),
            origin=device.origin or (device.account, device.number),
        )
        self._added.append(here)
        self._remember(here)
        return here

    def rename_group(self, old: str, new: str) -> None:
        """Give a group another name, for its devices too."""
        self.groups.rename(old, new)
        self._regroup(old, new)

    def delete_group(self, name: str) -> None:
        """Delete a group; its devices go to the default one."""
        self.groups.delete(name)
        self._regroup(name, DEFAULT_GROUP)

    def delete(self, device: SimDevice) -> None:
        """Forget a device with all its history."""
        self._deleted.add(device.number)

    def give_mdn(self, device: SimDevice) -> None:
        """Give a device a number that was never used."""
        self._fresh_mdns += 1
        device.mdn = identity.fresh_mdn(self._fresh_mdns * 10 + self.account)
        self._remember(device)

    def identify(self, device: SimDevice, identifiers: dict[str, str]) -> None:
        """Give a device other identifiers, by kind; it is not found by the old ones any more."""
        device.iccid = identifiers.get("iccid", device.iccid)
        device.imei = identifiers.get("imei", device.imei)
        device.eid = identifiers.get("eid", device.eid)
        self._remember(device)

    def _make(self, number: int) -> SimDevice:
        device = self._maker.make(number)
        device.group = self.groups.present(device.group)
        return device

    def _regroup(self, old: str, new: str) -> None:
        """Move the devices that are kept; the others are moved when they are made."""
        for device in (*self._touched.values(), *self._added):
            if device.group == old:
                device.group = new

    def _remember(self, device: SimDevice) -> None:
        for kind, value in device.identifiers():
            self._given[kind.lower(), value] = device.number

    def _resume_by_itself(self, device: SimDevice) -> None:
        """Let a suspension end that has lasted as long as it may, whenever that is noticed."""
        due = device.suspended_at + self._settings.suspend_days_in_a_row * DAY
        if device.state == SUSPEND and due <= self._clock.timestamp():
            device.state = RESTORE.becomes
            device.enter_service(due)
            device.note(due, RESTORE.event, "automatic resume")
