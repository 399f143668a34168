"""Preflight: what speaks for and against a change, per device, before anything is sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from tsui.service.kinds import ChangeKind
from tsui.service.rules import (
    CHANGE_RULES,
    DEVICE_RULES,
    FRESH_LOOK,
    UNCONDITIONAL,
    ChangeRule,
    Circumstances,
    DeviceRule,
    Finding,
    Verdict,
)
from tsui.store.devices import DeviceRow

__all__ = ["Circumstances", "Finding", "Judged", "Report", "Verdict", "examine"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A device with everything the rules said of it."""

    device: DeviceRow
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> Finding | None:
        """The first reason that keeps the device out."""
        return next(self.saying(Verdict.BLOCK), None)

    @property
    def warned(self) -> bool:
        """Whether something speaks against it without keeping it out."""
        return not self.blocked and next(self.saying(Verdict.WARN), None) is not None

    def saying(self, verdict: Verdict) -> Iterator[Finding]:
        """Return the findings of a verdict."""
        return (each for each in self.findings if each.verdict is verdict)


@dataclass(frozen=True)
class Report:
    """Who takes part in a change and who is left out, with reasons.

    What is counted is counted once: a dialog asks for it with every key.
    """

    kind: ChangeKind
    """The change."""
    values: Mapping[str, str]
    """What the operator gave."""
    eligible: tuple[Judged, ...]
    """Devices that will be changed, those with warnings among them."""
    excluded: tuple[Judged, ...]
    """Devices that are left out; each has a blocking finding."""
    general: tuple[Finding, ...] = ()
    """What is said of the change as a whole."""
    named: frozenset[str] = frozenset()
    """Names of protected devices and groups that the operator has typed."""

    @cached_property
    def clear(self) -> list[Judged]:
        """Devices that will be changed and that no rule warns of."""
        return [each for each in self.eligible if not each.warned]

    @cached_property
    def warned(self) -> list[Judged]:
        """Devices that will be changed although a rule warns."""
        return [each for each in self.eligible if each.warned]

    @property
    def refused(self) -> Finding | None:
        """The first reason that forbids the change as a whole."""
        return next((each for each in self.general if each.verdict is Verdict.BLOCK), None)

    @property
    def unlooked(self) -> Finding | None:
        """What is said where the devices are not read again before it is sent."""
        return next((each for each in self.general if each.rule == FRESH_LOOK), None)

    @cached_property
    def warnings(self) -> list[tuple[str, int]]:
        """Return each warning with the number of eligible devices it concerns."""
        return _counted(self.eligible, Verdict.WARN)

    @cached_property
    def notes(self) -> list[tuple[str, int]]:
        """Return what is worth knowing with the number of eligible devices it concerns."""
        return _counted(self.eligible, Verdict.OK)

    @cached_property
    def reasons(self) -> list[tuple[str, int]]:
        """Return why devices are left out, with the number of those it keeps out first."""
        counts: dict[str, int] = {}
        for judged in self.excluded:
            if finding := judged.blocked:
                counts[finding.sentence] = counts.get(finding.sentence, 0) + 1
        return _most_first(counts)

    @property
    def names_needed(self) -> list[str]:
        """Names of protected devices and groups that have to be typed and were not."""
        return [name for name in self._names if name not in self.named]

    @cached_property
    def _names(self) -> list[str]:
        said = [*self.general, *(found for each in self.eligible for found in each.findings)]
        return list(dict.fromkeys(name for each in said for name in each.names))

    def counted(self) -> Self:
        """Count now, where no screen waits for it."""
        _ = self.clear, self.warned, self.warnings, self.notes, self.reasons, self._names
        return self


def examine(devices: Sequence[DeviceRow], circumstances: Circumstances) -> Report:
    """Judge every device, and the change as a whole, by every rule that is not off."""
    rules = [rule for rule in DEVICE_RULES if _applies(rule, circumstances)]
    general = tuple(
        replace(finding, rule=rule.id)
        for rule in CHANGE_RULES
        if _applies(rule, circumstances) and (finding := rule.judge(circumstances))
    )
    refusals = tuple(each for each in general if each.verdict is Verdict.BLOCK)
    judged = [
        Judged(
            device,
            refusals
            + tuple(
                replace(finding, rule=rule.id)
                for rule in rules
                if (finding := rule.judge(device, circumstances))
            ),
        )
        for device in devices
    ]
    return Report(
        circumstances.kind,
        circumstances.values,
        tuple(each for each in judged if not each.blocked),
        tuple(each for each in judged if each.blocked),
        general,
    ).counted()


def _applies(rule: DeviceRule | ChangeRule, circumstances: Circumstances) -> bool:
    if rule.operations and circumstances.kind.operation not in rule.operations:
        return False
    return rule.id in UNCONDITIONAL or rule.id not in circumstances.guards.rules_off


def _counted(judged: Iterable[Judged], verdict: Verdict) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for each in judged:
        for finding in each.saying(verdict):
            counts[finding.sentence] = counts.get(finding.sentence, 0) + 1
    return _most_first(counts)


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: -item[1])
