"""The file that is not encrypted, and what every file has to be."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tsui.credentials import CredentialsError, find, forget, save
from tsui.credentials.files import read_private

from .cases import CREDENTIALS, ENCRYPTED, JSON, PASSPHRASE, PLAINTEXT, SECRETS, refusal


def test_a_plaintext_file_needs_an_explicit_yes(tmp_path: Path) -> None:
    error = refusal(save, "lab", CREDENTIALS, "plaintext", tmp_path)
    assert "unless you insist" in str(error)
    assert list(tmp_path.iterdir()) == []


def test_a_plaintext_file_keeps_finds_warns_and_forgets(tmp_path: Path) -> None:
    path = tmp_path / "lab.credentials.json"
    kept = save("lab", CREDENTIALS, "plaintext", tmp_path, allow_plaintext=True)
    found = find("lab", PLAINTEXT, tmp_path, environ={})
    assert json.loads(path.read_text()) == SECRETS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert found.credentials == CREDENTIALS
    assert found.warning == kept.warning
    assert found.warning is not None
    assert "is not encrypted" in found.warning
    assert forget("lab", "plaintext", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o777])
@pytest.mark.parametrize("store", ["plaintext", "encrypted"])
def test_a_file_that_others_may_open_is_refused(tmp_path: Path, mode: int, store: str) -> None:
    profile = PLAINTEXT if store == "plaintext" else ENCRYPTED
    path = tmp_path / f"lab.credentials{'.json' if store == 'plaintext' else ''}"
    path.write_text(JSON)
    path.chmod(mode)
    error = refusal(find, "lab", profile, tmp_path, PASSPHRASE, environ={})
    assert error.next_step == f"Run: chmod 600 {path}"
    assert f"mode bits {mode & 0o077:03o}" in error.problem


def test_the_file_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    path.chmod(0o600)
    assert read_private(path) == b""
    with pytest.raises(CredentialsError, match="belongs to another user"):
        read_private(path, owners={os.geteuid() + 1})


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lab.credentials.json", 0o600)
    (tmp_path / "live.credentials.json").mkdir()
    for name in ("lab", "live"):
        error = refusal(find, name, PLAINTEXT, tmp_path, environ={})
        assert "is not a file" in str(error)


def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    for name in ("../lab", "a/b", "", "."):
        error = refusal(find, name, PLAINTEXT, tmp_path, environ={})
        assert "is no name for a profile" in str(error)
        refusal(forget, name, "plaintext", tmp_path)
        refusal(save, name, CREDENTIALS, "encrypted", tmp_path, PASSPHRASE)
    assert list(tmp_path.iterdir()) == []


def test_a_removal_that_fails_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "lab.credentials").mkdir()
    error = refusal(forget, "lab", "encrypted", tmp_path)
    assert "cannot be removed: Is a directory" in str(error)


def test_a_kill_in_the_middle_of_saving_leaves_a_whole_file(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from tsui.credentials import Credentials, save\n"
        "for turn in range(100000):\n"
        "    save('lab', Credentials(*[f'{turn:099}'] * 4), 'plaintext', Path(sys.argv[1]),\n"
        "         allow_plaintext=True)\n"
        "    print(turn, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(20):
            child.stdout.readline()
        child.kill()
    found = find("lab", PLAINTEXT, tmp_path, environ={})
    assert len(found.credentials.password) == 99
