"""The wall's numbers: from what is kept, with what they were when the shift began."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.service.cases import row_in, submit, until_over, workspace
from tests.support.waiting import until
from tsui.clock import SystemClock
from tsui.service.wall.desk import members
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.store.heartbeats import Program
from tsui.store.notice import Draft, Severity

DAWN = ("00:00",)


class OwnClock(SystemClock):
    """The machine's clock, that far ahead."""

    ahead = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.ahead)


async def _kept(made: Workspace) -> None:
    async def there() -> bool:
        return (await made.desks.wall.picture(DAWN)).shift.known_since is not None

    await until(there, what="the beginning of the shift")


async def test_it_counts_what_there_is(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        wall = await made.desks.wall.picture(DAWN)
        assert wall.devices.now == 60
        assert sum(share.number.now for share in wall.states) == 60
        assert sum(share.number.now for share in wall.plans) == 60
        assert sum(share.number.now for share in wall.groups) >= 60
        assert 0 < wall.connected.now < 60
        assert wall.calls.attempts > 0
        assert wall.standing is not None


async def test_a_change_shows_against_the_beginning_of_the_shift(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        await _kept(made)
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_over(made)

        async def counted() -> bool:
            wall = await made.desks.wall.picture(DAWN)
            changes = {share.value: share.number.change for share in wall.states}
            return changes["active"] == -1 and changes["suspend"] == 1

        await until(counted, what="one suspended line more")


async def test_nothing_is_compared_with_a_picture_of_another_day(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        await _kept(made)
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        # Nobody was signed in at the next midnight: what is remembered is no beginning.
        clock = OwnClock()
        clock.ahead = 86_400.0
        made.clock = clock
        wall = await made.desks.wall.picture(DAWN)
        assert wall.shift.known_since is None
        assert wall.devices.before is None
        assert wall.devices.change is None
        assert wall.standing is None


async def test_a_receiver_is_alive_while_its_heart_beats(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        assert (await made.desks.wall.picture(DAWN)).receiving.seen_at is None
        now = datetime.now(UTC).timestamp()
        beat = made._store.heartbeats.beat
        await beat(Program.RECEIVER, "", "me", now - 4000.0)
        told = (await made.desks.wall.picture(DAWN)).receiving
        assert (told.seen_at, told.is_running) == (now - 4000.0, False)
        await beat(Program.RECEIVER, "", "me", now)
        assert (await made.desks.wall.picture(DAWN)).receiving.is_running


async def test_alarms_and_the_newest_notices_are_told(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        now = datetime.now(UTC).timestamp()
        drafts = [
            Draft(f"test:{each}", now, Severity(each % 3), "lost", f"number {each}", "test")
            for each in range(6)
        ]
        await made._store.notices.keep(drafts)
        wall = await made.desks.wall.picture(DAWN)
        assert wall.alarms == 2
        assert len(wall.newest) == 6
        alarm = next(each for each in wall.newest if each.severity is Severity.ALARM)
        await made.desks.notices.acknowledge([alarm.id], "seen")
        assert (await made.desks.wall.picture(DAWN)).alarms == 1


def test_a_device_counts_in_each_of_its_groups() -> None:
    assert members({"North, South": 2, "North": 3, "": 1}) == {"North": 5, "South": 2, "": 1}
