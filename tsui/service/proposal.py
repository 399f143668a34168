"""Proposals: changes of several kinds or values that are looked at and confirmed together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tsui.service.kinds import (
    CHANGE_COST_CENTER,
    CHANGE_CUSTOM_FIELDS,
    PUT_IN_GROUP,
    TAKE_OUT_OF_GROUP,
    ChangeKind,
)
from tsui.service.preflight import Judged, Report

_QUICK = tuple(
    kind.title
    for kind in (TAKE_OUT_OF_GROUP, PUT_IN_GROUP, CHANGE_CUSTOM_FIELDS, CHANGE_COST_CENTER)
)
"""What is over soon goes first: a line that is in the middle of one change takes no other."""


class Wanted(NamedTuple):
    """The same change of the same values for some devices."""

    kind: ChangeKind
    """The change."""
    values: Mapping[str, str]
    """What it needs."""
    ids: Sequence[int]
    """The devices."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that are confirmed at once and make one batch."""

    reports: tuple[Report, ...]
    """Who takes part in each of them, in the order in which they are sent."""
    title: str = ""
    """What is done as a whole; the kinds of the changes where it is empty."""
    batch: str = ""
    """The batch that this goes on with; empty for a new one."""
    requests: int = 0
    """How many requests it takes."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Why some were never asked about, and how many."""

    @property
    def name(self) -> str:
        """What is done, in words."""
        return self.title or ", ".join(each.kind.title for each in self.by_kind())

    @property
    def devices(self) -> int:
        """Count the devices that will be changed."""
        return len({each.device.key for report in self.reports for each in report.eligible})

    @property
    def names_needed(self) -> list[str]:
        """Names of protected devices and groups that have to be typed and were not."""
        return list(dict.fromkeys(name for each in self.reports for name in each.names_needed))

    @property
    def is_clear(self) -> bool:
        """Whether nobody is left out and no name has to be typed."""
        return not self.names_needed and not any(each.excluded for each in self.reports)

    def naming(self, names: frozenset[str]) -> "Proposal":
        """Return it with names of what is protected typed."""
        return replace(self, reports=tuple(replace(each, named=names) for each in self.reports))

    def agreed(self, report: Report) -> "Proposal":
        """Return it as a dialog agreed to it: with names typed, and with choices for one change."""
        if len(self.reports) == 1 and report.kind is self.reports[0].kind:
            return replace(self, reports=(report,))
        return self.naming(report.named)

    def by_kind(self) -> list[Report]:
        """Return one report for each kind of change, whatever its values."""
        kinds: dict[str, list[Report]] = {}
        for each in self.reports:
            kinds.setdefault(each.kind.title, []).append(each)
        return [merged(each, each[0].kind) for each in kinds.values()]

    def as_one(self) -> Report:
        """Return one report for all of it: a device takes part that takes part in anything."""
        titles = {each.kind.title for each in self.reports}
        kind = ChangeKind(
            "", titles.pop() if len(titles) == 1 else "Change them", done="", effect="",
            lost=" ".join(dict.fromkeys(each.kind.lost for each in self.reports if each.kind.lost)),
        )  # fmt: skip
        return merged(self.reports, kind)


def merged(reports: Iterable[Report], kind: ChangeKind) -> Report:
    """Return several reports as one of a kind; each device is in it once."""
    reports = tuple(reports)
    eligible = _merged(each for report in reports for each in report.eligible)
    excluded = _merged(each for report in reports for each in report.excluded)
    return Report(
        kind,
        {},
        tuple(eligible.values()),
        tuple(each for key, each in excluded.items() if key not in eligible),
        tuple(dict.fromkeys(each for report in reports for each in report.general)),
        frozenset[str]().union(*(report.named for report in reports)),
    )


def in_order(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Return changes in the order in which they are best sent."""
    ranks = {title: rank for rank, title in enumerate(_QUICK)}
    return sorted(wanted, key=lambda each: ranks.get(each.kind.title, len(ranks)))


def _merged(judged: Iterable[Judged]) -> dict[str, Judged]:
    found: dict[str, Judged] = {}
    for each in judged:
        before = found.get(each.device.key)
        findings = (*before.findings, *each.findings) if before else each.findings
        found[each.device.key] = Judged(each.device, tuple(dict.fromkeys(findings)))
    return found
