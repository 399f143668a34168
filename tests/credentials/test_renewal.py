"""A new password is kept before anything else, in whatever place; it is never lost in between."""

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from tsui.credentials import (
    CredentialsError,
    PassphraseNeeded,
    WrongPassphrase,
    find,
    renewal,
    ring,
    save,
)
from tsui.credentials.renewal import Keeper, keeper
from tsui.credentials.rescue import noted, rescue_file, waiting
from tsui.settings import Profile

from .cases import (
    ASK,
    CREDENTIALS,
    ENCRYPTED,
    ENVIRON,
    ENVIRONMENT,
    KEYRING,
    PASSPHRASE,
    PLAINTEXT,
    refusal,
)

NEW = "canary-new"
RENEWED = replace(CREDENTIALS, password=NEW)


def made(profile: Profile, folder: Path, passphrase: str | None = None) -> Keeper:
    return keeper("lab", profile, folder, CREDENTIALS, passphrase, {})


def found(profile: Profile, folder: Path, passphrase: str | None = None) -> str:
    return find("lab", profile, folder, passphrase, {}).credentials.password


@pytest.fixture(name="keyring")
def keyring_in_memory(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring in memory."""
    held: dict[str, str] = {}
    monkeypatch.setattr(ring, "backend", lambda: "test ring")
    monkeypatch.setattr(ring, "read", held.get)
    monkeypatch.setattr(ring, "write", held.__setitem__)
    return held


def test_files_of_credentials_get_the_new_password_in_one_step(tmp_path: Path) -> None:
    save("lab", CREDENTIALS, "plaintext", tmp_path, allow_plaintext=True)
    kept = made(PLAINTEXT, tmp_path).keep(NEW)
    assert kept.place == "store"
    assert "canary" not in repr(kept)
    assert found(PLAINTEXT, tmp_path) == NEW
    assert [each.name for each in tmp_path.iterdir()] == ["lab.credentials.json"]


def test_the_encrypted_file_gets_it_encrypted_without_the_passphrase_being_asked_again(
    tmp_path: Path,
) -> None:
    save("lab", CREDENTIALS, "encrypted", tmp_path, PASSPHRASE)
    ready = made(ENCRYPTED, tmp_path, PASSPHRASE)
    assert "canary" not in repr(ready)
    assert ready.keep(NEW).place == "store"
    assert found(ENCRYPTED, tmp_path, PASSPHRASE) == NEW
    assert [each.name for each in tmp_path.iterdir()] == ["lab.credentials"]
    assert b"canary" not in (tmp_path / "lab.credentials").read_bytes()


def test_without_the_right_passphrase_nothing_is_begun(tmp_path: Path) -> None:
    save("lab", CREDENTIALS, "encrypted", tmp_path, PASSPHRASE)
    assert isinstance(refusal(made, ENCRYPTED, tmp_path), PassphraseNeeded)
    assert isinstance(refusal(made, ENCRYPTED, tmp_path, "another"), WrongPassphrase)


def test_a_keyring_gets_it_and_no_file_stays(tmp_path: Path, keyring: dict[str, str]) -> None:
    save("lab", CREDENTIALS, "keyring", tmp_path)
    assert made(KEYRING, tmp_path).keep(NEW).place == "store"
    assert NEW in keyring["lab"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("keyring")
def test_it_lies_in_a_file_for_its_owner_while_a_keyring_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save("lab", CREDENTIALS, "keyring", tmp_path)
    ready = made(KEYRING, tmp_path)

    def locked(*_: str) -> None:
        raise CredentialsError("The keyring is locked.")

    monkeypatch.setattr(ring, "write", locked)
    kept = ready.keep(NEW)
    assert kept.place == "file"
    assert "locked" in kept.sentence
    path = rescue_file("lab", tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert found(KEYRING, tmp_path) == NEW


@pytest.mark.parametrize("profile", [ASK, ENVIRONMENT])
def test_where_nothing_keeps_it_it_waits_until_it_is_noted(
    tmp_path: Path, profile: Profile
) -> None:
    kept = made(profile, tmp_path).keep(NEW)
    assert kept.place == "file"
    assert waiting("lab", tmp_path) == RENEWED
    told = find("lab", profile, tmp_path, environ={})
    assert told.credentials == RENEWED
    assert told.warning
    noted("lab", tmp_path)
    assert waiting("lab", tmp_path) is None


def test_variables_of_the_same_user_give_way_to_what_waits(tmp_path: Path) -> None:
    ready = keeper("lab", PLAINTEXT, tmp_path, CREDENTIALS, None, ENVIRON)
    assert ready.where == ""
    ready.keep(NEW)
    assert find("lab", ENVIRONMENT, tmp_path, environ=ENVIRON).credentials == RENEWED
    others = {**ENVIRON, "TSUI_USERNAME": "other"}
    assert find("lab", ENVIRONMENT, tmp_path, environ=others).credentials.username == "other"
    updated = {**ENVIRON, "TSUI_PASSWORD": NEW}
    assert find("lab", ENVIRONMENT, tmp_path, environ=updated).credentials == RENEWED
    assert waiting("lab", tmp_path) is None


def test_credentials_of_another_user_are_not_overwritten(tmp_path: Path) -> None:
    other = replace(CREDENTIALS, username="other")
    save("lab", other, "plaintext", tmp_path, allow_plaintext=True)
    assert made(PLAINTEXT, tmp_path).keep(NEW).place == "file"
    assert find("lab", PLAINTEXT, tmp_path, environ={}).credentials == other


def test_saving_credentials_ends_the_waiting(tmp_path: Path) -> None:
    made(ASK, tmp_path).keep(NEW)
    save("lab", CREDENTIALS, "plaintext", tmp_path, allow_plaintext=True)
    assert waiting("lab", tmp_path) is None


def test_a_place_that_cannot_be_written_is_found_out_before(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("in the way")
    error = refusal(made, ASK, folder)
    assert "stays as it is" in str(error)


def test_a_disk_that_is_full_at_the_last_moment_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = made(ASK, tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(renewal, "write_private", full)
    kept = ready.keep(NEW)
    assert kept.place == "nowhere"
    assert "No space left" in kept.sentence
