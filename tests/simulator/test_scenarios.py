"""Scenarios: any device can be put into any situation, from the command line and while it runs."""

import json
import subprocess

import pytest

from tests.simulator.cases import Api, named
from tests.support.terminal import command
from tsui.simulator.device import SUSPEND
from tsui.simulator.scenarios import EVERY_SCENARIO, SCENARIOS
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=40, delay=0.02)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("simulator", "--json", "--until-eof", "--devices", "40", *arguments),
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_a_device_is_put_into_a_situation_while_it_runs(api: Api) -> None:
    device = api.fleet.get(7)
    assert set(await api.control("GET", "scenarios")) == set(EVERY_SCENARIO)
    body = {"scenario": "suspended", "deviceId": named(device)}
    await api.control("POST", "scenarios", body)
    assert await api.state(device) == SUSPEND
    wrong = await api.http.post("/simulator/scenarios", json={**body, "scenario": "sick"})
    assert wrong.status_code == 400


async def test_any_device_can_come_into_every_situation_after_another(api: Api) -> None:
    names = [name for name in SCENARIOS if name not in ("not-listed", "blind", "stale")]
    for number in range(10):
        for name in names:
            device = api.fleet.get(number)
            body = {"scenario": name, "deviceId": named(device)}
            await api.control("POST", "scenarios", body)
        assert (await api.view(device))["deviceIds"]


def test_the_command_line_plays_scenarios_and_tells_their_devices() -> None:
    done = run("--scenario", "suspended", "--scenario", "lost")
    assert done.returncode == 0, done.stderr
    played = json.loads(done.stdout)["scenarios"]
    assert [each["scenario"] for each in played] == ["suspended", "lost"]
    assert played[0]["iccid"] != played[1]["iccid"]
    again = run("--scenario", f"lost:{played[0]['iccid']}")
    assert json.loads(again.stdout)["scenarios"][0]["iccid"] == played[0]["iccid"]


@pytest.mark.parametrize("scenario", ["sick", "lost:123"])
def test_what_there_is_not_is_told(scenario: str) -> None:
    done = run("--scenario", scenario)
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no" in done.stderr
