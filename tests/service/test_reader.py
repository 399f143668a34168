"""Reading one device: every part with its own age and its own failure."""

from pathlib import Path

from tests.service.cases import row_in, rows, workspace
from tests.support.waiting import until
from tsui.service.parts import DEVICE_PARTS, Part
from tsui.service.workspace import ACCOUNT, Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.readings import Reading


async def reading(made: Workspace, device: int, kind: str) -> Reading:
    """Wait for a reading."""
    found: list[Reading] = []

    async def there() -> bool:
        one = await made.reading(device, kind)
        found[:] = [one] if one else []
        return bool(found)

    await until(there, what=f"the reading {kind}")
    return found[0]


async def test_every_part_of_a_device_is_read(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        made.refresh_device(device)
        for part in DEVICE_PARTS:
            got = await reading(made, device.id, part)
            assert got.trouble == ""
            assert got.read_at is not None
            assert got.body


async def test_a_part_that_fails_tells_why_and_the_others_come(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        simulator.world.faults.append(Fault("html", "/usage/", times=-1))
        made.refresh_device(device)
        assert "web page" in (await reading(made, device.id, Part.USAGE)).trouble
        assert (await reading(made, device.id, Part.SESSIONS)).trouble == ""


async def test_a_failed_second_read_keeps_the_first_answer_with_its_age(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        made.refresh_device(device, [Part.DIAGNOSTICS])
        first = await reading(made, device.id, Part.DIAGNOSTICS)
        simulator.world.faults.append(Fault("html", "extendeddiagnostics", times=-1))
        made.refresh_device(device, [Part.DIAGNOSTICS])

        async def failed() -> bool:
            return bool((await reading(made, device.id, Part.DIAGNOSTICS)).trouble)

        await until(failed, what="the failure")
        second = await reading(made, device.id, Part.DIAGNOSTICS)
        assert second.body == first.body
        assert second.read_at == first.read_at
        assert second.tried_at > first.tried_at


async def test_a_device_that_is_gone_is_told(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        fleet = simulator.world.fleets[made.account]
        found = fleet.find("iccid", device.iccid)
        assert found is not None
        fleet.delete(found)
        made.refresh_device(device, [])
        assert "not on this account" in (await reading(made, device.id, "line")).trouble


async def test_long_histories_are_read_over_all_their_pages_without_repeats(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.history_page = 7
    async with workspace(simulator, tmp_path) as made:
        for device in [row for row in await rows(made) if row.state == "active"][:2]:
            made.refresh_device(device, [Part.SESSIONS])
            body = (await reading(made, device.id, Part.SESSIONS)).body
            keys = [(event["at"], event["event"]) for event in body]
            assert len(keys) == len(set(keys))
            assert [at for at, _ in keys] == sorted(at for at, _ in keys)


async def test_plans_and_groups_of_the_account_are_known(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        plans = (await reading(made, ACCOUNT, Part.PLANS)).body
        groups = (await reading(made, ACCOUNT, Part.GROUPS)).body
        assert {"code": "M2M5MB", "name": "M2M 5MB", "size_kb": 5120} in plans
        assert "Unassigned Devices" in {group["name"] for group in groups}
