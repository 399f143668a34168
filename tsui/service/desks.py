"""Desks: what an operator can ask about beyond lists of devices and changes, one object a subject.

Each is made when it is first asked for, so that a start pays for none of them.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from tsui.store.rhythms import Coverage
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.accounts.desk import AccountDesk
    from tsui.service.agenda.desk import AgendaDesk
    from tsui.service.blast.desk import BlastRadius
    from tsui.service.bundle.desk import Bundles
    from tsui.service.calls.desk import Calls
    from tsui.service.commissioning.desk import Commissionings
    from tsui.service.device_answers import DeviceAnswers
    from tsui.service.handover.desk import HandoverDesk
    from tsui.service.learner import Learning
    from tsui.service.messages.desk import MessageDesk
    from tsui.service.messages.queue import SmsQueue
    from tsui.service.monitors.desk import MonitorDesk
    from tsui.service.notices.desk import NoticeDesk
    from tsui.service.practice import Practice
    from tsui.service.recording.writer import RecordingWriter
    from tsui.service.timeline.desk import Timelines
    from tsui.service.triggers import TriggerDesk
    from tsui.service.twin.desk import Twins
    from tsui.service.usage.desk import UsageDesk
    from tsui.service.verdict.desk import Verdicts
    from tsui.service.wall.desk import WallDesk
    from tsui.service.workspace import Workspace


class Desks:
    """The desks of a workspace."""

    def __init__(self, store: Store, workspace: "Workspace") -> None:
        self._store = store
        self._workspace = workspace

    @cached_property
    def account(self) -> "AccountDesk":
        """What belongs to the account as a whole."""
        from tsui.service.accounts.desk import AccountDesk

        return AccountDesk(self._store, self._workspace)

    @cached_property
    def notices(self) -> "NoticeDesk":
        """What was told or noticed."""
        from tsui.service.notices.desk import NoticeDesk

        return NoticeDesk(self._store, self._workspace)

    @cached_property
    def monitors(self) -> "MonitorDesk":
        """Who is watched, who can be reached now, and what waits for that."""
        from tsui.service.monitors.desk import MonitorDesk

        return MonitorDesk(self._store, self._workspace)

    @cached_property
    def wall(self) -> "WallDesk":
        """The numbers that are watched all day."""
        from tsui.service.wall.desk import WallDesk

        return WallDesk(self._store, self._workspace)

    @cached_property
    def triggers(self) -> "TriggerDesk":
        """What ThingSpace watches by itself."""
        from tsui.service.triggers import TriggerDesk

        return TriggerDesk(self._workspace)

    @cached_property
    def blast_radius(self) -> "BlastRadius":
        """Devices that were lost together."""
        from tsui.service.blast.desk import BlastRadius

        return BlastRadius(self._store, self._workspace)

    async def rhythms(self) -> tuple[Coverage, "Learning | None"]:
        """Return how many rhythms are known, and where the learning stands while it does."""
        workspace = self._workspace
        now = workspace.clock.now().timestamp()
        known = await self._store.rhythms.coverage(workspace.account, now)
        return known, workspace.online.learner.progress if workspace.online else None

    @cached_property
    def verdicts(self) -> "Verdicts":
        """Why devices are offline."""
        from tsui.service.verdict.desk import Verdicts

        return Verdicts(self._store, self._workspace)

    @cached_property
    def bundles(self) -> "Bundles":
        """Evidence for a carrier's ticket."""
        from tsui.service.bundle.desk import Bundles

        return Bundles(self._store, self._workspace, self.verdicts)

    async def count_open_runs(self) -> int:
        """Count the commissioning runs that are open, without a desk for them."""
        return await self._store.commissionings.count_open(self._workspace.account)

    @cached_property
    def commissionings(self) -> "Commissionings":
        """Devices on their way to their first bytes."""
        from tsui.service.commissioning.desk import Commissionings

        return Commissionings(self._store, self._workspace)

    @cached_property
    def agenda(self) -> "AgendaDesk":
        """What becomes due."""
        from tsui.service.agenda.desk import AgendaDesk

        return AgendaDesk(self._store, self._workspace)

    @cached_property
    def handover(self) -> "HandoverDesk":
        """What the next shift has to know."""
        from tsui.service.handover.desk import HandoverDesk

        return HandoverDesk(self._store, self._workspace)

    @cached_property
    def usage(self) -> "UsageDesk":
        """What devices use."""
        from tsui.service.usage.desk import UsageDesk

        return UsageDesk(self._store, self._workspace)

    @cached_property
    def answers(self) -> "DeviceAnswers":
        """What was asked about one device, and what came of it."""
        from tsui.service.device_answers import DeviceAnswers

        return DeviceAnswers(self._store, self._workspace)

    @cached_property
    def messages(self) -> "MessageDesk":
        """Conversations with devices."""
        from tsui.service.messages.desk import MessageDesk

        return MessageDesk(self._store, self._workspace, self.answers)

    @cached_property
    def sms_queue(self) -> "SmsQueue":
        """Messages of devices that no listener was given."""
        from tsui.service.messages.queue import SmsQueue

        return SmsQueue(self._store, self._workspace)

    @cached_property
    def timelines(self) -> "Timelines":
        """What happened to devices, in one line of time."""
        from tsui.service.timeline.desk import Timelines

        return Timelines(self._store, self._workspace)

    @cached_property
    def practice(self) -> "Practice":
        """Situations that a simulator puts devices into."""
        from tsui.service.practice import Practice

        return Practice(self._workspace)

    @cached_property
    def twins(self) -> "Twins":
        """One device against another."""
        from tsui.service.twin.desk import Twins

        return Twins(self._store, self._workspace, self.verdicts)

    @cached_property
    def calls(self) -> "Calls":
        """What went over HTTP."""
        from tsui.service.calls.desk import Calls

        return Calls(self._workspace.clock)

    @property
    def recording(self) -> "RecordingWriter | None":
        """The recording of calls; None where there is none."""
        return self.calls.recording if "calls" in vars(self) else None

    def go_on_from(self, former: "Desks") -> None:
        """Go on with what belongs to the program and not to a workspace."""
        self.calls = former.calls

    async def close(self) -> None:
        """Finish what is being written."""
        if "calls" in vars(self):
            await self.calls.end_recording()
