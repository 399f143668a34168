"""The way of a change through the screens: questions, dialog, sending."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from tsui.service.failures import ChangeFailed, ReportChanged
from tsui.service.kinds import ChangeKind
from tsui.service.parts import Part
from tsui.service.views import DeviceChange
from tsui.service.workspace import ACCOUNT
from tsui.text import sanitize
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.service.preflight import Report
    from tsui.service.proposal import Proposal, Wanted
    from tsui.ui.app import TsuiApp

Answered = Callable[[str | None], Awaitable[None]]
Sent = Callable[[], Awaitable[None]]

JUDGEMENTS = {
    "It was done; checked outside of tsui.": "It was done; I checked elsewhere",
    "It was not done; checked outside of tsui.": "It was not done; I checked elsewhere",
    "Closed without knowing.": "Close it without knowing",
}
"""How an operator can close a change of unknown fate: what is written down, and the choice."""


class ChangeFlow:
    """Asks and confirms changes."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell

    async def ask_value(self, kind: ChangeKind, name: str, then: Answered) -> None:
        """Ask for a value that a change needs."""
        if name == "service_plan":
            await self._ask_plan(kind, then)
            return
        from tsui.ui.screens.choose import Ask

        await self._shell.push_screen(
            Ask(
                kind.title,
                [[("ZIP code of the place of use; it decides the area of the number.", "text")]],
                r"\d{5}",
                "A ZIP code has five digits.",
            ),
            then,
        )

    async def propose(
        self, kind: ChangeKind, ids: Collection[int], values: Mapping[str, str], *, hidden: int
    ) -> None:
        """Show what a change would do and let agree."""
        from tsui.service.proposal import Proposal

        report = await self._shell.workspace.preflight(kind, ids, values)
        gone = len(ids) - len(report.eligible) - len(report.excluded)
        await self._confirm(Proposal((report,)), hidden, gone=gone)

    async def propose_all(
        self, wanted: Sequence[Wanted], title: str,
        left_out: tuple[tuple[str, int], ...] = (), then: Sent | None = None,
    ) -> None:  # fmt: skip
        """Show what changes of several kinds or values would do and let agree to all of them.

        What is left out already is said; ``then`` is told when it is on its way.
        """
        from tsui.service.proposal import Proposal

        workspace = self._shell.workspace
        empty = Proposal((), title, left_out=left_out)
        await self._confirm(await workspace.batching.propose(wanted, empty), 0, then=then)

    async def propose_rest(self, batch: str) -> None:
        """Show what going on with a batch would do and let agree."""
        workspace = self._shell.workspace
        proposal = await workspace.batching.rest(batch)
        if not proposal.reports:
            self._shell.flash("Nothing of this batch is left to be sent.", "info")
            return
        await self._confirm(proposal, 0)

    async def ask_decision(self, change: DeviceChange) -> None:
        """Ask how a change of unknown fate is to be closed, and write it down."""

        async def decided(note: str | None) -> None:
            if note is not None:
                await self._shell.place.told(self._decide(change, note))

        from tsui.ui.screens.choose import Choice, Choose

        choices = [Choice(note, words) for note, words in JUDGEMENTS.items()]
        await self._shell.push_screen(Choose("What became of it?", choices), decided)

    async def _decide(self, change: DeviceChange, note: str) -> None:
        if await self._shell.workspace.decide(change, note):
            self._shell.flash("Written down.", "info")
            return
        now = await self._shell.workspace.change(change.id) or change
        self._shell.flash(f"Not written down: by now the change is {now.state}.", "warn")

    async def _ask_plan(self, kind: ChangeKind, then: Answered) -> None:
        reading = await self._shell.workspace.reading(ACCOUNT, Part.PLANS)
        plans = reading.body if reading and reading.body else []
        if not plans:
            trouble = reading.trouble if reading else ""
            self._shell.flash(f"The account's plans are not known yet. {trouble}", "warn")
            return
        from tsui.ui.screens.choose import Choice, Choose

        choices = [Choice(plan["code"], _plan_words(plan)) for plan in plans]
        await self._shell.push_screen(Choose(f"{kind.title}: which plan?", choices), then)

    async def _confirm(
        self,
        proposal: Proposal,
        hidden: int,
        note: str = "",
        then: Sent | None = None,
        *,
        gone: int = 0,
    ) -> None:
        from tsui.ui.screens.change import ConfirmChange
        from tsui.ui.screens.proposal import ConfirmProposal

        workspace = self._shell.workspace
        where = workspace.environment, workspace.account
        again: Proposal | None = None

        async def look() -> None:
            nonlocal again
            if workspace.online is None:
                raise ChangeFailed("Nobody is signed in, so nothing can be read.")
            again = await workspace.online.changes.look(proposal)

        if len(proposal.reports) == 1 and not proposal.left_out:
            dialog = ConfirmChange(
                proposal.reports[0], *where, look=look, hidden=hidden, gone=gone, note=note,
                together=self._lost_together(proposal.reports[0]),
            )  # fmt: skip
        else:
            dialog = ConfirmProposal(proposal, *where, look=look, note=note)

        async def confirmed(report: Report | None) -> None:
            if again is not None:
                await self._confirm(again, hidden, dialog.note, then, gone=gone)
            elif report is None:
                self._shell.flash("Nothing was sent.", "dim")
            else:
                work = self._submit(proposal.agreed(report), dialog.note, then)
                self._shell.background(work, name="submit a change")

        await self._shell.push_screen(dialog, confirmed)

    def _lost_together(self, report: Report) -> str:
        """Say that the one device of a change was lost with others, if that is known."""
        if len(report.eligible) != 1:
            return ""
        from tsui.ui.screens.blast_text import with_others

        incident = self._shell.workspace.desks.blast_radius.known(report.eligible[0].device.id)
        return with_others(incident) if incident else ""

    async def _submit(self, proposal: Proposal, note: str, then: Sent | None) -> None:
        try:
            devices = await self._shell.workspace.submit(proposal, note)
        except ReportChanged as changed:
            self._shell.flash("The device changed since it was shown; look again.", "warn")
            await self._shell.attention.free()
            await self._confirm(changed.proposal, 0, note, then)
        except ChangeFailed as error:
            self._shell.flash(str(error), "bad")
        else:
            if then is not None:
                await then()
            self._shell.flash(
                f"{sanitize(proposal.name, 60)}: {words.number(devices, 'device')}, on its way. "
                "3 shows what becomes of it.",
                "info",
            )


def _plan_words(plan: Mapping[str, object]) -> str:
    size = plan.get("size_kb")
    allowance = f", {words.size(int(size) * 1000)}" if isinstance(size, int) and size else ""
    code, name = sanitize(str(plan["code"]), 30), sanitize(str(plan.get("name", "")), 50)
    return f"{code:<16} {name}{allowance}"
