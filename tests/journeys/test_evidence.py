"""The evidence bundle for scripts: offline, masked, printed or in files of their owner."""

import json
import stat
from pathlib import Path

import pytest

from tests.journeys.test_devices import Script
from tests.support.terminal import command
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20)


@pytest.fixture
def script(simulator: Running, tmp_path: Path) -> Script:
    made = Script(simulator, tmp_path)
    made.argv = command("--url", simulator.base_url, "--account", simulator.accounts[0], "evidence")
    return made


async def test_it_is_read_once_and_then_made_of_what_is_remembered(
    simulator: Running, script: Script, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    nothing = await script.run(iccid)
    assert (nothing.code, nothing.out) == (1, "")
    assert "Nothing is remembered" in nothing.err
    fresh = await script.run(iccid, "--fresh")
    assert (fresh.code, fresh.lines[0]) == (0, f"# Evidence: ICCID {iccid}"), fresh.err
    asked = len(simulator.world.log)
    told = json.loads((await script.run(iccid[-6:], "--json", "--span", "24h")).out)
    assert (told["version"], told["verdict"]["verdict"], told["masked"]) == (1, "STOP", True)
    folder = tmp_path / "tickets"
    kept = await script.run(iccid, "--output", str(folder), "--unmasked")
    assert kept.code == 0
    assert [Path(line).suffix for line in kept.lines] == [".md", ".json"]
    assert sorted(folder.iterdir()) == sorted(map(Path, kept.lines))
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    assert len(simulator.world.log) == asked, "only --fresh asks"
    for name in ("key", "secret", "password"):
        secret = getattr(simulator.world.access.credentials, name)
        assert secret not in fresh.out
        assert not [each for each in folder.iterdir() if secret in each.read_text()]


async def test_a_wrong_call_makes_nothing(script: Script, tmp_path: Path) -> None:
    assert (await script.run("1", "--span", "2y")).code == 2
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert (await script.run("1", "--output", str(blocked))).code == 2
    stranger = await script.run("89148000000000000004", "--fresh")
    assert (stranger.code, stranger.out) == (1, "")
