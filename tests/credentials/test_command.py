"""Credentials that a command prints."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tsui.credentials import command, find

from .cases import CREDENTIALS, JSON, command_profile, python, refusal


def test_a_command_prints_the_credentials(tmp_path: Path) -> None:
    found = find("lab", python(f"print({JSON!r})"), tmp_path, environ=dict(os.environ))
    assert found.credentials == CREDENTIALS
    assert found.source == (
        f"The credentials are printed by {sys.executable} (credential_command)."
    )


def test_a_command_cannot_read_what_is_typed_into_tsui(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tsui.credentials import find; from tsui.settings import Profile\n"
        "profile = Profile(secrets='command', credential_command=('cat',))\n"
        "find('lab', profile, Path(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        input=JSON,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert "CredentialsError: credential_command cat holds no JSON object." in done.stderr
    assert "canary" not in done.stderr


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    profile = command_profile("echo", f"{{}}; touch {witness}")
    refusal(find, "lab", profile, tmp_path, environ=dict(os.environ))
    assert not witness.exists()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            "import sys; print('canary'); sys.exit('vault \\x1b[2J is sealed\\ncanary')",
            r"failed with exit code 1: vault \x1b[2J is sealed.",
        ),
        ("import sys; print('canary'); sys.exit(3)", "failed with exit code 3."),
        ("import os; os.kill(os.getpid(), 9)", "failed with exit code -9."),
        ("print('canary')", "holds no JSON object."),
        ("print('[\"canary\"]')", "holds no JSON object."),
        ("print('[' * 100000)", "holds no JSON object."),
        ('print(\'{"key": "canary", "secret": 7}\')', "no usable secret and no username and"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfecanary')", "holds no JSON object."),
    ],
)
def test_a_command_that_fails_is_told_without_its_output(
    tmp_path: Path, code: str, says: str
) -> None:
    error = refusal(find, "lab", python(code), tmp_path, environ=dict(os.environ))
    assert says in str(error)


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("no-such-program-anywhere",), "cannot be started: No such file or directory."),
        (("/",), "cannot be started: Permission denied."),
        (("echo", "a\0b"), "cannot be started: it holds a null character."),
        ((), "There is no credential_command to run."),
    ],
)
def test_a_command_that_cannot_start(tmp_path: Path, argv: tuple[str, ...], says: str) -> None:
    profile = command_profile(*argv)
    error = refusal(find, "lab", profile, tmp_path, environ=dict(os.environ))
    assert says in str(error)


def test_a_command_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PATIENCE", 0.5)
    os.mkfifo(tmp_path / "alive")
    alive = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(alive, True)
    profile = command_profile("sh", "-c", f"sleep 60 > {tmp_path}/alive & echo canary; wait")
    before = time.monotonic()
    error = refusal(find, "lab", profile, tmp_path, environ=dict(os.environ))
    assert "did not end within" in str(error)
    assert os.read(alive, 1) == b""  # which waits for the last one that could write
    assert time.monotonic() - before < 10
    os.close(alive)
