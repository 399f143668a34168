"""The dialog before changes of several kinds or values: what each kind does, and to whom."""

from __future__ import annotations

from dataclasses import replace

from tsui.service.environment import Environment
from tsui.service.kinds import said
from tsui.service.preflight import Report
from tsui.service.proposal import Proposal
from tsui.text import sanitize
from tsui.ui import findings, words
from tsui.ui.painted import Line, Run
from tsui.ui.screens.change import ConfirmChange, Look

MOST_VALUES = 5
"""Values of a kind of change that are named, those for most devices first."""


class ConfirmProposal(ConfirmChange):
    """Shows all changes of a proposal; ends with one report for all of it, or without."""

    def __init__(
        self, proposal: Proposal, environment: Environment, account: str, *, look: Look,
        note: str = "",
    ) -> None:  # fmt: skip
        super().__init__(proposal.as_one(), environment, account, look=look, hidden=0, note=note)
        self._proposal = proposal

    def _lines(self) -> list[Line]:
        count = len(self._report.eligible)
        what = words.number(count, "device") if count else "no device"
        lines: list[Line] = [
            [(f"{sanitize(self._proposal.name, 60)}: {what}", "title")],
            self._where(),
            *self._age(),
        ]
        kinds = self._proposal.by_kind()
        if self._report.eligible:
            requests = words.number(self._proposal.requests, "request")
            lines += [[], [(f"One batch of {requests}, one after the other:", "text")]]
            lines += [_in_short(each) for each in kinds]
        else:
            lines += [[], [("Nothing can be done:", "warn")]]
        for each in kinds:
            lines += [[], *self._kind_lines(each)]
        for why, number in self._proposal.left_out:
            lines.append([(f"   {number:,} x ", "strong"), (sanitize(why, 200), "dim")])
        if self._report.kind.lost:
            lines.append([("Cannot come back: ", "bad"), (self._report.kind.lost, "text")])
        if self._report.eligible:
            lines += [[], self.note_line()]
        return [*lines, *self._general()]

    @property
    def _names_each(self) -> bool:
        """Whether devices are told one by one; here one may have several changes."""
        return True

    def _kind_lines(self, merged: Report) -> list[Line]:
        kind = merged.kind
        several = words.number(len(merged.eligible), "device")
        lines: list[Line] = [[(f"{kind.title}: {several}. ", "head"), (kind.effect, "dim")]]
        mine = [
            each
            for each in self._proposal.reports
            if each.kind.title == kind.title and each.eligible
        ]
        mine.sort(key=lambda each: -len(each.eligible))
        for each in mine[:MOST_VALUES]:
            lines.append(
                [
                    (f"   {len(each.eligible):,} x ", "strong"),
                    (sanitize(said(kind, each.values), 200), "text"),
                ]
            )
        if (rest := len(mine) - MOST_VALUES) > 0:
            lines.append([(f"   … and {words.number(rest, 'other value')}", "dim")])
        return [*lines, *findings.summary(replace(merged, general=()))]


def _in_short(merged: Report) -> Line:
    runs: list[Run] = [
        (f"   {len(merged.eligible):,} x ", "strong"),
        (merged.kind.title, "text"),
    ]
    if warned := merged.warned:
        runs.append((f", {len(warned):,} with a warning", "warn"))
    if merged.excluded:
        runs.append((f", {len(merged.excluded):,} left out", "bad"))
    return runs
