"""Scripts see what became of their changes, and close what nobody can find out."""

import csv
import io
import json

import pytest

from tests.journeys.scripts import Done, Script
from tsui.listing import Exit
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

SUSPEND = "/actions/suspend"
UNKNOWN = 4
WIDE = ("op", "SuspendDevices", "-f", "groupName=Pumps", "--account-wide", "--yes")


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=3600.0)


def active(simulator: Running, count: int) -> list[str]:
    """Return the ICCIDs of some active devices."""
    fleet = simulator.world.fleets[simulator.accounts[0]]
    devices = (fleet.get(number) for number in fleet.numbers())
    return [each.iccid for each in devices if each.state == "active"][:count]


async def suspend(tsui: Script, *iccids: str) -> Done:
    devices = " ".join(f"iccid:{iccid}" for iccid in iccids)
    return await tsui("op", "SuspendDevices", "-f", f"devices={devices}", "--yes")


def lose_answers(simulator: Running) -> None:
    simulator.world.faults.append(Fault("drop", SUSPEND, times=-1, after=True))


async def test_a_script_finds_a_lost_change_and_closes_it_by_a_decision(
    simulator: Running, tsui: Script
) -> None:
    lose_answers(simulator)
    lost = await suspend(tsui, *(iccids := active(simulator, 1)))
    assert lost.code == UNKNOWN
    assert "tsui decide 1 --note" in lost.err
    (told,) = (await tsui("requests", "--open", "--json")).data
    assert (told["request"], told["state"], told["id"]) == (1, "unknown", iccids[0])
    calls = len(simulator.world.log)
    assert (await tsui("decide", "1")).code == Exit.USAGE
    assert (await tsui("decide", "1", "--note", " ")).code == Exit.USAGE
    done = await tsui("decide", "1", "--note", "the portal shows nothing")
    assert (done.code, done.out) == (Exit.DONE, "")
    none = await tsui("requests", "--open", "--json")
    assert (none.code, none.data, "Nothing is open." in none.err) == (Exit.DONE, [], True)
    (over,) = (await tsui("requests", "--json")).data
    assert (over["state"], over["problem"]) == ("decided", "the portal shows nothing")
    rows = (await tsui("audit", "export")).out.splitlines()
    last = json.loads(rows[-1])
    assert (last["event"], last["request"], last["problem"]) == (
        "decided", 1, "the portal shows nothing",
    )  # fmt: skip
    assert last["operator"]
    assert len(simulator.world.log) == calls


async def test_what_is_over_or_awaited_or_not_there_is_not_decided(
    simulator: Running, tsui: Script
) -> None:
    accepted = await suspend(tsui, *active(simulator, 1))
    assert accepted.code == Exit.DONE
    awaited = await tsui("decide", "1", "--note", "x")
    assert (awaited.code, "it is accepted" in awaited.err) == (Exit.NOTHING, True)
    strange = await tsui("decide", "7", "--note", "x")
    assert (strange.code, "no request 7" in strange.err) == (Exit.NOTHING, True)
    (told,) = (await tsui("requests", "--json")).data
    assert told["state"] == "accepted"


async def test_an_account_wide_change_can_be_made_again_once_somebody_has_decided(
    simulator: Running, tsui: Script
) -> None:
    lose_answers(simulator)
    assert (await tsui(*WIDE)).code == UNKNOWN
    simulator.world.faults.clear()
    twin = await tsui(*WIDE)
    assert (twin.code, "request 1, which is unknown" in twin.err) == (Exit.NOTHING, True)
    (told,) = (await tsui("requests", "--open", "--json")).data
    assert (told["kind"], told["id"]) == ("account", simulator.accounts[0])
    assert (await tsui("decide", "1", "--note", "nothing was done")).code == Exit.DONE
    assert (await tsui(*WIDE)).code == Exit.DONE


async def test_devices_of_one_request_are_decided_one_by_one_or_all_on_purpose(
    simulator: Running, tsui: Script
) -> None:
    lose_answers(simulator)
    iccids = active(simulator, 3)
    assert (await suspend(tsui, *iccids)).code == UNKNOWN
    unclear = await tsui("decide", "1", "--note", "x")
    assert (unclear.code, "--all" in unclear.err) == (Exit.USAGE, True)
    both = await tsui("decide", "1", "--note", "x", "--all", "--device", iccids[0])
    assert both.code == Exit.USAGE
    stranger = await tsui("decide", "1", "--note", "x", "--device", "891")
    assert stranger.code == Exit.NOTHING
    assert (await tsui("decide", "1", "--note", "x", "--device", iccids[0])).code == Exit.DONE
    left = (await tsui("requests", "--open", "--jsonl")).out.splitlines()
    assert {json.loads(each)["id"] for each in left} == set(iccids[1:])
    rest = await tsui("decide", "1", "--note", "x", "--all")
    assert (rest.code, "2 changes" in rest.err) == (Exit.DONE, True)


async def test_changes_are_printed_newest_first_as_a_pipe_or_a_program_wants_them(
    simulator: Running, tsui: Script
) -> None:
    iccids = active(simulator, 3)
    for iccid in iccids:
        assert (await suspend(tsui, iccid)).code == Exit.DONE
    table = list(csv.DictReader(io.StringIO((await tsui("requests")).out, newline="")))
    assert [each["id"] for each in table] == iccids[::-1]
    assert {each["open"] for each in table} == {"yes"}
    limited = await tsui("requests", "--limit", "2", "--jsonl")
    assert [json.loads(line)["request"] for line in limited.out.splitlines()] == [3, 2]
    other = await tsui("--account", "somebody else", "requests", "--json")
    assert (other.data, "Nothing was changed from here" in other.err) == ([], True)
    assert (await tsui("--account", "", "requests")).code == Exit.USAGE
