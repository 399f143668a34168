"""Preflight: what speaks for and against a change, per device, before anything is sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tsui.service.kinds import CHANGE_PLAN, ChangeKind
from tsui.service.states import is_pending, say
from tsui.store.changes import DeviceChange
from tsui.store.devices import DeviceRow

STALE_AFTER = 24 * 3600.0
"""Seconds after which a cached state is no good ground for a change."""


class Verdict(StrEnum):
    """What a rule says of a device."""

    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's objection."""

    verdict: Verdict
    """Whether the device may take part."""
    sentence: str
    """Why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What rules may look at beside the device itself."""

    kind: ChangeKind
    """The change."""
    values: Mapping[str, str]
    """What the operator gave, e.g. the new plan."""
    open_changes: Mapping[str, DeviceChange]
    """Changes that are not over, by device key."""
    now: float
    """Unix time."""


Rule = Callable[[DeviceRow, Circumstances], Finding | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A device with everything the rules said of it."""

    device: DeviceRow
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> Finding | None:
        """The first reason that keeps the device out."""
        return next((each for each in self.findings if each.verdict is Verdict.BLOCK), None)


@dataclass(frozen=True, slots=True)
class Report:
    """Who takes part in a change and who is left out, with reasons."""

    kind: ChangeKind
    """The change."""
    values: Mapping[str, str]
    """What the operator gave."""
    eligible: tuple[Judged, ...]
    """Devices that will be changed."""
    excluded: tuple[Judged, ...]
    """Devices that are left out; each has a blocking finding."""

    @property
    def warnings(self) -> list[tuple[str, int]]:
        """Return each warning with the number of eligible devices it concerns."""
        counts: dict[str, int] = {}
        for judged in self.eligible:
            for finding in judged.findings:
                counts[finding.sentence] = counts.get(finding.sentence, 0) + 1
        return sorted(counts.items(), key=lambda item: -item[1])


def examine(devices: Sequence[DeviceRow], circumstances: Circumstances) -> Report:
    """Judge every device by every rule."""
    judged = [
        Judged(
            device,
            tuple(finding for rule in RULES if (finding := rule(device, circumstances))),
        )
        for device in devices
    ]
    return Report(
        circumstances.kind,
        circumstances.values,
        tuple(each for each in judged if not each.blocked),
        tuple(each for each in judged if each.blocked),
    )


def no_open_change(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep out a device with a change that is not over: nothing must be done twice."""
    change = circumstances.open_changes.get(device.key)
    if change is None:
        return None
    return Finding(
        Verdict.BLOCK, f"{change.title} of request {change.request} is {change.state}, not over."
    )


def not_pending(device: DeviceRow, _: Circumstances) -> Finding | None:
    """Keep out a line that is in the middle of a change, ours or somebody else's."""
    if is_pending(device.state):
        return Finding(Verdict.BLOCK, f"It is in the middle of another change: {device.state}.")
    return None


def state_allows(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep out a line whose state has no such exit in the documented table."""
    if device.state in circumstances.kind.allowed or is_pending(device.state):
        return None
    if circumstances.kind is CHANGE_PLAN and device.state == "suspend":
        return Finding(Verdict.BLOCK, "The plan of a suspended line cannot be changed.")
    return Finding(Verdict.BLOCK, f"It is {say(device.state)}.")


def plan_differs(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep out a line that is on the wanted plan already: a month has only four changes."""
    wanted = circumstances.values.get("service_plan")
    if circumstances.kind is CHANGE_PLAN and device.plan == wanted:
        return Finding(Verdict.BLOCK, "It is on this plan already.")
    return None


def known_recently(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Warn when the state on screen is old."""
    if circumstances.now - device.read_at > STALE_AFTER:
        return Finding(Verdict.WARN, "Its state was read more than a day ago.")
    return None


RULES: tuple[Rule, ...] = (no_open_change, not_pending, state_allows, plan_differs, known_recently)
"""All rules, in the order their findings are told."""
