"""The command line: quick, clear about mistakes, and useful without a terminal."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.terminal import command, environment
from tsui import __version__
from tsui.simulator.server import Running

HEAVY = (
    "textual", "rich", "httpx", "pydantic", "starlette", "uvicorn", "apsw", "msgspec", "zstandard",
    "tsui.service.commissioning", "tsui.service.rules", "tsui.service.verdict",
    "tsui.service.bundle", "tsui.service.twin", "tsui.service.wall", "tsui.simulator",
    "tsui.service.monitors",
    "tsui.service.calls", "tsui.service.recording", "tsui.thingspace",
)  # fmt: skip


def run(
    home: Path, *arguments: str, stdin: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment(home, **variables)},
        cwd=home,
    )


def loaded(code: str) -> set[str]:
    """Return which heavy packages a piece of code loads in a fresh interpreter."""
    probe = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    modules = json.loads(done.stdout.splitlines()[-1])
    return {name for name in HEAVY if name in modules}


def settings(home: Path, text: str) -> Path:
    path = home / "XDG_CONFIG_HOME" / "tsui" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_the_version_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, f"tsui {__version__}\n")


def test_the_help_names_every_command(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    for name in ("demo", "simulator", "login", "logout", "--read-only", "--profile"):
        assert name in done.stdout


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(argument: str) -> None:
    code = (
        f"import sys\nsys.argv = ['tsui', '{argument}']\n"
        "from tsui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert loaded(code) == set()


def test_the_first_frame_needs_neither_the_http_client_nor_the_models() -> None:
    assert loaded("import tsui.ui.app, tsui.ui.screens.devices") <= {"textual", "rich", "apsw"}


def test_the_simulator_loads_none_of_the_other_rooms() -> None:
    code = (
        "import tsui.simulator.server, sys\n"
        "bad = [m for m in sys.modules if m.startswith('tsui.') and 'simulator' not in m]\n"
        "assert not bad, bad"
    )
    assert "pydantic" not in loaded(code)


def test_without_a_terminal_the_demo_prints_an_overview(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--devices", "40")
    assert done.returncode == 0
    assert "account 0742000123-00001: 40 devices" in done.stdout
    assert "By state" in done.stdout
    assert "By plan" in done.stdout
    assert done.stdout.count("8914800") == 10
    assert done.stderr == ""


def test_the_overview_shows_hostile_texts_harmlessly(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--devices", "60", "--hostile")
    assert done.returncode == 0
    assert not set(done.stdout) & {"\x1b", "\x07", "\u202e", "\x9b"}


def test_the_dashboard_says_that_it_needs_a_terminal(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 1
    assert "needs a terminal" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["demo", "devices", "requests"])
def test_a_recording_that_nobody_would_make_is_refused(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, "--record", "seen", name)
    assert done.returncode == 2
    assert "--record is for the dashboard" in done.stderr
    assert not (tmp_path / "seen").exists()


def test_a_typo_in_the_settings_is_told_with_file_line_and_key(tmp_path: Path) -> None:
    path = settings(tmp_path, '[profiles.north]\nenvironment = "production"\nacount = "1"\n')
    done = run(tmp_path)
    assert done.returncode == 1
    for part in (str(path), "line 3", "acount", "account"):
        assert part in done.stderr


def test_an_unknown_profile_is_told_with_those_there_are(tmp_path: Path) -> None:
    settings(tmp_path, '[profiles.north]\nenvironment = "production"\n')
    done = run(tmp_path, "--profile", "nroth")
    assert done.returncode == 1
    assert "nroth" in done.stderr
    assert "north" in done.stderr


async def test_a_login_is_tried_kept_and_forgotten(simulator: Running, tmp_path: Path) -> None:
    mine = simulator.world.access.credentials
    answers = "\n".join((mine.key, mine.secret, mine.username, mine.password, "pass phrase")) + "\n"
    arguments = (
        "login", "field", "--url", simulator.base_url, "--account", simulator.accounts[0],
    )  # fmt: skip
    done = await asyncio.to_thread(
        run, tmp_path, *arguments, "--store", "plaintext", "--insecure-storage", stdin=answers
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" in done.stderr
    kept = tmp_path / "XDG_CONFIG_HOME" / "tsui"
    assert mine.password not in (kept / "settings.toml").read_text()
    assert mine.password not in done.stdout + done.stderr
    files = list((kept / "credentials").iterdir())
    assert [oct(each.stat().st_mode & 0o777) for each in files] == ["0o600"]
    again = await asyncio.to_thread(run, tmp_path, "logout", "field")
    assert again.returncode == 0
    assert not list((kept / "credentials").iterdir())


async def test_a_login_that_is_refused_keeps_nothing(simulator: Running, tmp_path: Path) -> None:
    mine = simulator.world.access.credentials
    answers = "\n".join((mine.key, mine.secret, mine.username, "wrong-password")) + "\n"
    done = await asyncio.to_thread(
        run, tmp_path, "login", "field", "--url", simulator.base_url, stdin=answers
    )
    assert done.returncode == 1
    assert "user name or password" in done.stderr
    assert "wrong-password" not in done.stdout + done.stderr
    assert not (tmp_path / "XDG_CONFIG_HOME" / "tsui" / "settings.toml").exists()


def test_plaintext_needs_an_explicit_flag(tmp_path: Path) -> None:
    done = run(tmp_path, "login", "field", "--store", "plaintext", "--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "--insecure-storage" in done.stderr


def test_an_unknown_view_is_told_before_the_terminal_is_taken(tmp_path: Path) -> None:
    settings(tmp_path, "[views.trucks]\n[views.meters]\n")
    done = run(tmp_path, "--view", "truks")
    assert done.returncode == 1
    assert "There is no view truks. Known: trucks, meters." in done.stderr
    assert "\x1b" not in done.stdout
