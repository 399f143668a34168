"""Operations from a script: data on standard output, words on standard error, an honest end."""

import json
from pathlib import Path

import apsw
import pytest

from tests.journeys.scripts import Script
from tsui.clock import SystemClock
from tsui.op import Exit
from tsui.service.environment import Environment
from tsui.service.operations import operations
from tsui.service.views import ChangeState
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

SUSPEND = "/actions/suspend"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.2)


def active(simulator: Running) -> str:
    """Return the ICCID of an active device."""
    fleet = simulator.world.fleets[simulator.accounts[0]]
    devices = (fleet.get(number) for number in fleet.numbers())
    return next(each.iccid for each in devices if each.state == "active")


def executed(simulator: Running) -> int:
    """Count the changes of devices that were really done."""
    return len(simulator.world.jobs.executions)


async def journal(simulator: Running, home: Path) -> list[tuple[str, ChangeState]]:
    """Return operation and state of every change in the journal, as the dashboard reads it."""
    place = Environment("custom", simulator.base_url)
    folder = home / "XDG_DATA_HOME" / "tsui"
    workspace = Workspace(
        folder, place, simulator.accounts[0], SystemClock(), refresh_seconds=float("inf")
    )
    await workspace.open()
    try:
        return [(each.operation, each.state) for each in await workspace.change_window(0, 100)]
    finally:
        await workspace.close()


async def test_a_read_prints_what_was_answered(tsui: Script) -> None:
    done = await tsui("op", "listplans")
    assert (done.code, done.err) == (Exit.DONE, "")
    assert "M2M5MB" in {each["code"] for each in done.data}


async def test_fields_are_given_one_by_one_or_as_json(simulator: Running, tsui: Script) -> None:
    iccid = active(simulator)
    one = await tsui("op", "ListDevices", "-f", f"deviceId=iccid:{iccid}")
    body = json.dumps({"deviceId": {"id": iccid, "kind": "iccid"}})
    other = await tsui("op", "ListDevices", "--json", "-", stdin=body)
    assert one.code == other.code == Exit.DONE
    assert one.data == other.data
    assert iccid in one.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("frobnicate",), "no operation"),
        (("SendSm",), "SendSms"),
        (("ListDevices", "-f", "nonsense"), "PATH=VALUE"),
        (("ListDevices", "-f", "colour=red"), "colour"),
        (("ListDevices", "--json", "{"), "not JSON"),
        (("ListDevices", "--json", "[]"), "object"),
        (("ListDevices", "--json", "{}", "-f", "a=b"), "not both"),
        (("SendSms", "--yes"), "smsMessage"),
        (("SuspendDevices", "-f", "devices=iccid:89148000000000000001"), "--yes"),
        (("SuspendDevices", "--yes"), "--account-wide"),
    ],
)
async def test_a_wrong_call_says_what_is_wrong_and_sends_nothing(
    simulator: Running, tsui: Script, arguments: tuple[str, ...], said: str
) -> None:
    done = await tsui("op", *arguments)
    assert done.code == Exit.USAGE
    assert said in done.err
    assert done.out == ""
    assert simulator.world.log == []


async def test_a_change_is_waited_for_and_is_in_the_journal(
    simulator: Running, tsui: Script, tmp_path: Path
) -> None:
    field = f"devices=iccid:{active(simulator)}"
    done = await tsui("op", "SuspendDevices", "-f", field, "--yes", "--wait", "30")
    assert done.code == Exit.DONE, done
    (device,) = done.data["devices"]
    assert (device["state"], device["evidence"]) == ("succeeded", "request status: Success")
    assert executed(simulator) == 1
    assert await journal(simulator, tmp_path) == [("SuspendDevices", ChangeState.SUCCEEDED)]


async def test_a_change_that_is_not_waited_for_is_accepted(
    simulator: Running, tsui: Script, tmp_path: Path
) -> None:
    done = await tsui("op", "SuspendDevices", "-f", f"devices=iccid:{active(simulator)}", "--yes")
    assert done.code == Exit.DONE
    assert done.data["requestId"] in done.err
    assert await journal(simulator, tmp_path) == [("SuspendDevices", ChangeState.ACCEPTED)]


async def test_waiting_ends_and_says_that_it_is_not_over(simulator: Running, tsui: Script) -> None:
    simulator.world.settings.delay = 3600.0
    field = f"devices=iccid:{active(simulator)}"
    done = await tsui("op", "SuspendDevices", "-f", field, "--yes", "--wait", "0.5")
    assert done.code == Exit.UNDER_WAY
    assert done.data["devices"][0]["state"] == "accepted"


async def test_a_change_that_was_accepted_and_failed_is_no_success(
    simulator: Running, tsui: Script
) -> None:
    simulator.world.settings.failure_rate = 1.0
    field = f"devices=iccid:{active(simulator)}"
    done = await tsui("op", "SuspendDevices", "-f", field, "--yes", "--wait", "30")
    assert done.code == Exit.REFUSED
    assert done.data["devices"][0]["problem"]


async def test_a_lost_answer_is_unknown_and_not_sent_again(
    simulator: Running, tsui: Script, tmp_path: Path
) -> None:
    simulator.world.faults.append(Fault("drop", SUSPEND, times=-1, after=True))
    done = await tsui("op", "SuspendDevices", "-f", f"devices=iccid:{active(simulator)}", "--yes")
    assert done.code == Exit.UNKNOWN
    assert sum(SUSPEND in each.path for each in simulator.world.log) == 1
    assert await journal(simulator, tmp_path) == [("SuspendDevices", ChangeState.UNKNOWN)]


async def test_a_refusal_is_told_with_its_code(tsui: Script) -> None:
    done = await tsui("op", "GetRequestStatus", "-f", "requestId=nonsense")
    assert done.code == Exit.REFUSED
    assert "REQUEST_FAILED" in done.err
    assert done.out == ""


async def test_read_only_sends_no_change(simulator: Running, tsui: Script) -> None:
    field = f"devices=iccid:{active(simulator)}"
    done = await tsui("--read-only", "op", "SuspendDevices", "-f", field, "--yes")
    assert done.code == Exit.NOT_SENT
    assert "ead-only" in done.err
    assert not any(SUSPEND in each.path for each in simulator.world.log)


async def test_a_wrong_password_is_tried_once(simulator: Running, tsui: Script) -> None:
    done = await tsui("op", "ListPlans", password="wrong-wrong")
    assert done.code == Exit.NOT_SENT
    assert sum("session/login" in each.path for each in simulator.world.log) == 1


async def test_a_dry_run_prints_the_request_and_asks_nobody(
    simulator: Running, tsui: Script
) -> None:
    field = f"devices=iccid:{active(simulator)}"
    done = await tsui("op", "SuspendDevices", "-f", field, "--dry-run")
    assert done.code == Exit.DONE
    assert done.out.startswith("curl -X POST ")
    assert "$TOKEN" in done.out
    assert simulator.world.log == []


async def test_what_an_operation_takes_is_told(tsui: Script) -> None:
    every = await tsui("ops")
    assert all(each.name in every.out for each in operations())
    assert f"{len(operations())} operations" in every.out
    one = await tsui("ops", "SendSms")
    assert "* smsMessage" in one.out
    data = (await tsui("ops", "--json")).data
    assert {each["name"] for each in data} == {each.name for each in operations()}
    nothing = await tsui("ops", "qqqq")
    assert (nothing.code, nothing.out) == (Exit.USAGE, "")


# -- the audit ----------------------------------------------------------------------------------


def settings(home: Path, text: str) -> None:
    path = home / "XDG_CONFIG_HOME" / "tsui" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)


async def test_the_audit_keeps_the_note_and_is_checked_and_printed_without_signing_in(
    simulator: Running, tsui: Script, tmp_path: Path
) -> None:
    nothing = await tsui("audit", "verify")
    assert (nothing.code, nothing.out) == (1, "")
    assert "no journal" in nothing.err
    field = f"devices=iccid:{active(simulator)}"
    await tsui("op", "SuspendDevices", "-f", field, "--yes", "--note", "ticket 12")
    calls = len(simulator.world.log)
    printed = await tsui("audit", "export")
    rows = [json.loads(line) for line in printed.out.splitlines()]
    assert [row["event"] for row in rows] == ["intended", "sending", "accepted"]
    assert {row["note"] for row in rows} == {"ticket 12"}
    assert rows[2]["request_id"]
    assert (await tsui("audit", "export", "--since", "2999-01-01T06:00")).out == ""
    assert (await tsui("audit", "export", "--since", "2020-01-01")).out == printed.out
    assert (await tsui("audit", "export", "--since", "soon")).code == 2
    good = await tsui("audit", "verify", "--head", rows[1]["hash"])
    assert (good.code, good.err) == (0, "")
    assert rows[2]["hash"] in good.out
    assert (await tsui("audit", "verify", "--head", "0" * 64)).code == 1
    (file,) = tmp_path.rglob("journal.db")
    touched = apsw.Connection(str(file))
    touched.execute("DROP TRIGGER audit_is_never_changed")
    touched.execute("UPDATE audit SET note = 'ticket 13' WHERE id = 2")
    touched.close()
    bad = await tsui("audit", "verify")
    assert (bad.code, bad.out) == (1, "")
    assert "Row 2 " in bad.err
    assert len(simulator.world.log) == calls


async def test_where_a_note_is_demanded_nothing_is_sent_without_one(
    simulator: Running, tsui: Script, tmp_path: Path
) -> None:
    settings(tmp_path, "note_required = true\n")
    field = f"devices=iccid:{active(simulator)}"
    refused = await tsui("op", "SuspendDevices", "-f", field, "--yes", "--note", " ")
    assert refused.code == Exit.NOT_SENT
    assert "note" in refused.err
    assert not any(SUSPEND in each.path for each in simulator.world.log)
    sent = await tsui("op", "SuspendDevices", "-f", field, "--yes", "--note", "ticket 12")
    assert sent.code == Exit.DONE


# -- the rules ----------------------------------------------------------------------------------


def named(simulator: Running, state: str) -> str:
    fleet = simulator.world.fleets[simulator.accounts[0]]
    devices = (fleet.get(number) for number in fleet.numbers())
    return next(each.iccid for each in devices if each.state == state)


async def test_what_a_rule_forbids_is_not_sent_and_said(simulator: Running, tsui: Script) -> None:
    iccid = named(simulator, "suspend")
    done = await tsui("op", "SuspendDevices", "-f", f"devices=iccid:{iccid}", "--yes")
    assert (done.code, done.out) == (Exit.NOT_SENT, "")
    assert f"because of {iccid}. It is suspended." in done.err
    assert not any(SUSPEND in each.path for each in simulator.world.log)


async def test_warnings_go_to_standard_error_and_the_change_goes_on(
    simulator: Running, tsui: Script
) -> None:
    message = ("op", "SendSms", "-f", f"deviceIds=iccid:{active(simulator)}", "-f", "smsMessage=x")
    first = await tsui(*message, "--yes")
    assert "within the last hour" not in first.err
    second = await tsui(*message, "--yes")
    assert second.code == Exit.DONE
    assert "The same request was sent within the last hour." in second.err
    assert second.data


async def test_what_is_protected_has_to_be_named(
    simulator: Running, tsui: Script, tmp_path: Path
) -> None:
    iccid = active(simulator)
    settings(
        tmp_path,
        f'default_profile = "lab"\n[profiles.lab]\nenvironment = "simulator"\n'
        f'url = "{simulator.base_url}"\nsecrets = "environment"\nprotect = ["iccid:{iccid}"]\n',
    )
    change = ("--profile", "lab", "op", "SuspendDevices", "-f", f"devices=iccid:{iccid}", "--yes")
    refused = await tsui(*change)
    assert refused.code == Exit.NOT_SENT
    assert f"--protected '{iccid}'" in refused.err
    other = await tsui(*change, "--protected", "iccid")
    assert other.code == Exit.NOT_SENT
    assert not any(SUSPEND in each.path for each in simulator.world.log)
    sent = await tsui(*change, "--protected", iccid)
    assert sent.code == Exit.DONE
