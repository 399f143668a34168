"""Values for each device: from a table to one batch of requests, with nothing guessed."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.service.cases import changes, rows, sim_device, until_over, workspace
from tests.support.waiting import until
from tsui.service.kinds import CHANGE_CUSTOM_FIELDS, CHANGE_PLAN, PUT_IN_GROUP
from tsui.service.proposal import Proposal
from tsui.service.sheet import RowSort, Sheet
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.store.devices import DeviceRow

CUSTOM = "/devices/actions/customFields"
PLAN = "/devices/actions/plan"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=120, delay=0.05)


async def sheet(made: Workspace, text: str) -> Sheet:
    found = await made.batching.read_sheet(text)
    assert found is not None
    return found


async def proposal(made: Workspace, found: Sheet) -> Proposal:
    return await made.batching.propose(found.wanted, Proposal((), "t.csv", left_out=found.same))


async def active(made: Workspace, count: int) -> list[DeviceRow]:
    found = [row for row in await rows(made) if row.state == "active"][:count]
    assert len(found) == count
    return found


def other_plan(row: DeviceRow) -> str:
    return "M2M250MB" if row.plan != "M2M250MB" else "M2M5MB"


def other_group(row: DeviceRow, all_rows: Sequence[DeviceRow]) -> str:
    return next(each.groups for each in all_rows if each.groups not in ("", row.groups))


def sent_to(simulator: Running, path: str) -> list[int]:
    """Return how many devices each request of a kind named."""
    bodies = [json.loads(each.body) for each in simulator.world.log if each.path.endswith(path)]
    return [len(each["devices"]) for each in bodies]


# -- what the rows are ----------------------------------------------------------------------------


async def test_every_row_is_told_what_becomes_of_it(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        one, two, three, four, five = await active(made, 5)
        text = "\n".join(
            [
                "iccid,plan,custom1,colour",
                f"{one.iccid},{other_plan(one)},new,red",
                f"{two.iccid},{two.plan},{two.custom1},",
                f"{three.iccid},,this,",
                f"{three.iccid},,that,",
                "89149999999999999999,,x,",
                f"{four.iccid},,{'x' * 51},",
                f"{four.iccid[:4]},,x,",
                f"{five.imei},,new,",
                f"{five.iccid},,new,",
                f"{one.iccid},{other_plan(one)},new,",
            ]
        )
        found = await sheet(made, text)
        assert [(each.line, each.sort) for each in found.rows] == [
            (1, RowSort.COLUMN),
            (2, RowSort.CHANGE),
            (3, RowSort.SAME),
            (4, RowSort.CONFLICT),
            (5, RowSort.CONFLICT),
            (6, RowSort.STRANGER),
            (7, RowSort.INVALID),
            (8, RowSort.INVALID),
            (9, RowSort.CHANGE),
            (10, RowSort.AGAIN),
            (11, RowSort.AGAIN),
        ]
        assert found.rows[0].text == "colour"
        assert dict(found.same)["plan: already so"] == 1
        assert set(found.devices) == {one.id, five.id}
        assert [(each.kind, len(each.ids)) for each in found.wanted] == [
            (CHANGE_CUSTOM_FIELDS, 2),
            (CHANGE_PLAN, 1),
        ]


async def test_a_rounded_iccid_is_taken_only_where_one_device_begins_so(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        (one,) = await active(made, 1)
        mangled = f"{int(one.iccid):.2E}"
        found = await sheet(made, f"iccid,custom1\n{mangled},x\n")
        assert found.rows[0].sort in (RowSort.AMBIGUOUS, RowSort.STRANGER)
        assert found.wanted == ()


async def test_identifiers_of_a_row_must_not_name_two_devices(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        one, two = await active(made, 2)
        text = f"iccid,imei,custom1\n{one.iccid},{two.imei},x\n{two.iccid},{two.imei},y\n"
        found = await sheet(made, text)
        assert [each.sort for each in found.rows] == [RowSort.CONFLICT, RowSort.CHANGE]


async def test_a_field_is_cleared_only_by_the_word_for_it(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        one = next(row for row in await rows(made) if row.custom1 and row.custom2)
        found = await sheet(made, f"iccid,custom1,custom2\n{one.iccid},<empty>,\n")
        (wanted,) = found.wanted
        assert wanted.values == {"CustomField1": ""}
        await made.submit(await proposal(made, found))
        await until(lambda: sim_device(simulator, one).custom[0] == "", what="the cleared field")
        assert sim_device(simulator, one).custom[1] == one.custom2


@pytest.mark.parametrize("value", ["a\u202eb", "a\x1b[31m", "it's", "<b>", "a\\b", "x" * 51])
async def test_a_value_that_cannot_be_sent_leaves_its_row_out(
    simulator: Running, tmp_path: Path, value: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        (one,) = await active(made, 1)
        found = await sheet(made, f"iccid,custom1\n{one.iccid},{value}\n")
        assert (found.rows[0].sort, found.wanted) == (RowSort.INVALID, ())


# -- what is sent ---------------------------------------------------------------------------------


async def test_equal_values_share_a_request_and_all_kinds_share_a_batch(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        everything = await rows(made)
        some = await active(made, 30)
        plan = "UNL-RTR" if all(row.plan != "UNL-RTR" for row in some) else "M2M250MB"
        some = [row for row in some if row.plan != plan]
        group = other_group(some[0], everything)
        lines = [f"{row.iccid},{plan},{group},site {place % 2}" for place, row in enumerate(some)]
        found = await sheet(made, "\n".join(["iccid,plan,group,custom1", *lines]))
        asked = await proposal(made, found)
        assert asked.devices == len(some)
        assert [each.kind for each in asked.by_kind()] == [
            PUT_IN_GROUP, CHANGE_CUSTOM_FIELDS, CHANGE_PLAN,
        ]  # fmt: skip
        assert asked.requests == 4
        assert await made.submit(asked, "moving day") == len(some)
        done = await until_over(made, limit=60)
        assert {each.state for each in done} <= {ChangeState.SUCCEEDED, ChangeState.INFERRED}
        assert len({each.batch for each in done}) == 1
        assert {each.note for each in done} == {"moving day"}
        assert sorted(sent_to(simulator, CUSTOM)) == [len(some) // 2, -(-len(some) // 2)]
        assert sent_to(simulator, PLAN) == [len(some)]
        for place, row in enumerate(some):
            now = sim_device(simulator, row)
            assert (now.plan, now.group, now.custom[0]) == (plan, group, f"site {place % 2}")
        (batch,) = await made.batching.newest()
        assert batch.devices == len(some)
        assert batch.left == 0
        assert len(batch.operations) == 3
        again = await sheet(made, "\n".join(["iccid,plan,group,custom1", *lines]))
        assert again.wanted == ()


async def test_a_device_takes_its_next_change_only_when_the_one_before_is_over(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 1.0
        (one,) = await active(made, 1)
        found = await sheet(made, f"iccid,plan,custom1\n{one.iccid},{other_plan(one)},new\n")
        await made.submit(await proposal(made, found))
        await until(lambda: len(sent_to(simulator, CUSTOM)) == 1, what="the first request")
        await until(lambda: sim_device(simulator, one).custom[0] == "new", what="its end")
        assert sent_to(simulator, PLAN) == []
        await until_over(made, limit=30)
        assert sim_device(simulator, one).plan == other_plan(one)


async def test_what_was_never_sent_of_several_kinds_is_gone_on_with(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        some = await active(made, 6)
        everything = await rows(made)
        simulator.world.faults.append(Fault("drip", CUSTOM, after=True, seconds=0.02, times=-1))
        lines = [
            f"{row.iccid},{other_plan(row)},{other_group(row, everything)},site {place % 3}"
            for place, row in enumerate(some)
        ]
        found = await sheet(made, "\n".join(["iccid,plan,group,custom1", *lines]))
        await made.submit(await proposal(made, found))
        await until(lambda: len(sent_to(simulator, CUSTOM)) >= 1, what="the second kind")
    simulator.world.faults.clear()
    async with workspace(simulator, tmp_path) as made:
        (batch,) = made.batching.interrupted
        assert 0 < batch.left < batch.changes == 18
        # What was on its way when the program ended is settled by reading before it goes on.
        await until_over(made, limit=30)
        rest = await made.batching.rest(batch.id)
        assert {each.kind for each in rest.by_kind()} >= {CHANGE_PLAN}
        await made.submit(rest)
        await until_over(made, limit=60)
        for place, row in enumerate(some):
            now = sim_device(simulator, row)
            assert (now.plan, now.custom[0]) == (other_plan(row), f"site {place % 3}")
        (batch,) = await made.batching.newest()
        assert (batch.devices, batch.changes, batch.left) == (6, 18, 0)
        assert made.batching.interrupted == []
        sent = [each for each in await changes(made) if each.state is not ChangeState.NOT_SENT]
        assert len({(each.device_key, each.operation) for each in sent}) == len(sent) == 18


async def test_one_undo_brings_back_every_kind_and_value_as_one_batch(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        some = await active(made, 4)
        everything = await rows(made)
        lines = [
            f"{row.iccid},{other_plan(row)},{other_group(row, everything)},new" for row in some
        ]
        found = await sheet(made, "\n".join(["iccid,plan,group,custom1", *lines]))
        await made.submit(await proposal(made, found))
        done = await until_over(made, limit=30)
        whole = (await made.undo_card(done[0])).steps[0]
        assert "4 devices" in whole.title
        await made.submit(await made.batching.propose(whole.wanted))
        await until_over(made, limit=30)
        assert len({each.batch for each in await changes(made)}) == 2
        for row in some:
            now = sim_device(simulator, row)
            assert (now.plan, now.group, now.custom[0]) == (row.plan, row.groups, row.custom1)


async def test_an_unknown_plan_and_a_protected_or_suspended_device_are_told_before(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        (one,) = await active(made, 1)
        still = next(row for row in await rows(made) if row.state == "suspend")
        text = f"iccid,plan\n{one.iccid},NO-SUCH\n{still.iccid},{other_plan(still)}\n"
        asked = await proposal(made, await sheet(made, text))
        assert [each.device.key for each in asked.as_one().excluded] == [still.key]
        assert asked.devices == 1
