"""Credentials that the process was started with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tsui.credentials import CredentialsMissing, find, given
from tsui.settings import Profile

from .cases import (
    ASK,
    CREDENTIALS,
    ENCRYPTED,
    ENVIRON,
    ENVIRONMENT,
    JSON,
    KEYRING,
    PLAINTEXT,
    command_profile,
    pipe_with,
    refusal,
)


def test_the_environment_comes_first_whatever_the_profile_says(tmp_path: Path) -> None:
    for profile in (ASK, ENVIRONMENT, ENCRYPTED, KEYRING, PLAINTEXT, command_profile("false")):
        found = find("lab", profile, tmp_path, environ=ENVIRON)
        assert found.credentials == CREDENTIALS
        assert found.source == (
            "The credentials come from the environment variables TSUI_KEY to TSUI_PASSWORD."
        )
        assert found.warning is None


def test_half_an_environment_is_no_reason_to_look_elsewhere(tmp_path: Path) -> None:
    environ = {**ENVIRON, "TSUI_SECRET": ""}
    error = refusal(find, "lab", ASK, tmp_path, environ=environ)
    assert str(error) == (
        "TSUI_SECRET is not set. "
        "Set all of TSUI_KEY, TSUI_SECRET, TSUI_USERNAME, TSUI_PASSWORD, or none of them."
    )
    del environ["TSUI_KEY"]
    error = refusal(find, "lab", ASK, tmp_path, environ=environ)
    assert error.problem == "TSUI_KEY and TSUI_SECRET are not set."


@pytest.mark.parametrize("value", ["canary\n", "canary\x1b[m", "canary\udcff"])
def test_a_value_that_cannot_be_typed_is_refused(tmp_path: Path, value: str) -> None:
    environ = {**ENVIRON, "TSUI_PASSWORD": value}
    error = refusal(find, "lab", ASK, tmp_path, environ=environ)
    assert error.problem == "The environment gives no usable password."


def test_a_descriptor_is_read_once(tmp_path: Path) -> None:
    descriptor = pipe_with(JSON)
    environ = {"TSUI_CREDENTIALS_FD": str(descriptor)}
    found = find("lab", ASK, tmp_path, environ=environ)
    assert found.credentials == CREDENTIALS
    assert f"file descriptor {descriptor} (TSUI_CREDENTIALS_FD)" in found.source
    error = refusal(find, "lab", ASK, tmp_path, environ=environ)
    assert error.next_step == "It can be read only once."
    os.close(descriptor)
    error = refusal(find, "lab", ASK, tmp_path, environ=environ)
    assert "cannot be read: Bad file descriptor" in str(error)


@pytest.mark.parametrize("number", ["x", "-1", "3.0", "\u0663", "99999999999999999999"])
def test_a_descriptor_is_a_number(tmp_path: Path, number: str) -> None:
    environ = {"TSUI_CREDENTIALS_FD": number}
    assert "is not a number" in str(refusal(find, "lab", ASK, tmp_path, environ=environ))


def test_a_descriptor_that_never_ends_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(given, "PATIENCE", 0.1)
    read_end, write_end = os.pipe()
    os.write(write_end, JSON.encode())
    error = refusal(find, "lab", ASK, tmp_path, environ={"TSUI_CREDENTIALS_FD": str(read_end)})
    assert "did not end within" in str(error)
    os.close(read_end)
    os.close(write_end)


def test_a_descriptor_that_drips_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given, "PATIENCE", 0.2)
    drip = "import time\nwhile True: print(end='.', flush=True); time.sleep(0.02)"
    with subprocess.Popen([sys.executable, "-c", drip], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        environ = {"TSUI_CREDENTIALS_FD": str(child.stdout.fileno())}
        error = refusal(find, "lab", ASK, tmp_path, environ=environ)
        child.kill()
    assert "did not end within" in str(error)


def test_a_descriptor_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    with Path("/dev/zero").open("rb") as zeros:
        environ = {"TSUI_CREDENTIALS_FD": str(zeros.fileno())}
        error = refusal(find, "lab", ASK, tmp_path, environ=environ)
    assert "holds no JSON object" in str(error)


def test_systemd_hands_a_credential_over(tmp_path: Path) -> None:
    path = tmp_path / "tsui.json"
    path.write_text(JSON)
    path.chmod(0o440)  # how the access list of a service's user shows
    found = find("lab", ASK, tmp_path, environ={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert found.credentials == CREDENTIALS
    assert found.source == f"The credentials come from the systemd credential {path}."


def test_a_systemd_credential_open_to_everybody_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tsui.json"
    path.write_text(JSON)
    path.chmod(0o444)
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert "is open to others" in str(refusal(find, "lab", ASK, tmp_path, environ=environ))


def test_systemd_without_our_credential_is_passed_by(tmp_path: Path) -> None:
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    error = refusal(find, "lab", ASK, tmp_path, environ=environ)
    assert isinstance(error, CredentialsMissing)


@pytest.mark.parametrize("profile", [ASK, ENVIRONMENT, ENCRYPTED, PLAINTEXT])
def test_nothing_stored_is_told_from_a_failure(tmp_path: Path, profile: Profile) -> None:
    error = refusal(find, "lab", profile, tmp_path, environ={})
    assert type(error) is CredentialsMissing
    assert error.problem.startswith("The profile lab ")
    assert "tsui login" in error.next_step
