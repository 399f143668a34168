"""The encrypted file."""

import os
import stat
import threading
from pathlib import Path

import pytest

from tsui.credentials import (
    Credentials,
    Found,
    PassphraseNeeded,
    WrongPassphrase,
    find,
    forget,
    save,
    sealed,
)

from .cases import CREDENTIALS, ENCRYPTED, JSON, PASSPHRASE, SECRETS, pipe_with, refusal


@pytest.fixture(scope="module")
def sealed_file() -> bytes:
    return sealed.seal("lab", JSON.encode(), PASSPHRASE)


@pytest.fixture
def stored(tmp_path: Path, sealed_file: bytes) -> Path:
    path = tmp_path / "lab.credentials"
    path.write_bytes(sealed_file)
    path.chmod(0o600)
    return path


def test_an_encrypted_file_keeps_finds_and_forgets(tmp_path: Path) -> None:
    folder = tmp_path / "tsui"
    path = folder / "lab.credentials"
    kept = save("lab", CREDENTIALS, "encrypted", folder, PASSPHRASE)
    assert kept == (f"The credentials are kept encrypted in {path}.", None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"canary" not in path.read_bytes()
    found = find("lab", ENCRYPTED, folder, PASSPHRASE, environ={})
    assert found == Found(CREDENTIALS, f"The credentials come from the encrypted file {path}.")
    assert forget("lab", "encrypted", folder)
    assert not forget("lab", "encrypted", folder)
    assert list(folder.iterdir()) == []


def test_the_same_credentials_are_never_encrypted_alike() -> None:
    one, other = (sealed.seal("lab", b"same", PASSPHRASE).split() for _ in range(2))
    assert one[:3] == other[:3]
    assert not set(one[3:]) & set(other[3:])


def test_the_passphrase_may_come_from_outside(stored: Path) -> None:
    environ = {"TSUI_PASSPHRASE": PASSPHRASE}
    assert find("lab", ENCRYPTED, stored.parent, environ=environ).credentials == CREDENTIALS
    descriptor = pipe_with(PASSPHRASE + "\n")
    environ = {"TSUI_PASSPHRASE_FD": str(descriptor)}
    assert find("lab", ENCRYPTED, stored.parent, environ=environ).credentials == CREDENTIALS
    os.close(descriptor)


def test_a_missing_passphrase_is_asked_for(stored: Path) -> None:
    error = refusal(find, "lab", ENCRYPTED, stored.parent, environ={})
    assert type(error) is PassphraseNeeded
    assert "TSUI_PASSPHRASE" in error.next_step
    for passphrase in (None, ""):
        error = refusal(save, "lab", CREDENTIALS, "encrypted", stored.parent, passphrase)
        assert type(error) is PassphraseNeeded


def test_a_wrong_passphrase_is_told_from_a_damaged_file(stored: Path, sealed_file: bytes) -> None:
    error = refusal(find, "lab", ENCRYPTED, stored.parent, "canary wrong", environ={})
    assert type(error) is WrongPassphrase
    assert str(stored) in str(error)
    assert stored.read_bytes() == sealed_file


def test_damage_anywhere_is_found_and_the_file_is_kept(stored: Path, sealed_file: bytes) -> None:
    version = len(sealed.MAGIC) + 1
    for place in range(len(sealed_file)):
        if place in {version, version + 1}:
            continue  # that damage reads as another version
        damaged = bytearray(sealed_file)
        damaged[place] ^= 0x01
        stored.write_bytes(damaged)
        error = refusal(find, "lab", ENCRYPTED, stored.parent, PASSPHRASE, environ={})
        assert error.problem == f"{stored} is damaged."
        assert stored.read_bytes() == damaged


@pytest.mark.parametrize("length", [0, 1, 16, 60, 200, -40, -2])
def test_a_cut_file_is_damaged(stored: Path, sealed_file: bytes, length: int) -> None:
    stored.write_bytes(sealed_file[:length])
    error = refusal(find, "lab", ENCRYPTED, stored.parent, PASSPHRASE, environ={})
    assert error.problem == f"{stored} is damaged."


def test_a_later_version_is_not_taken_for_damage(stored: Path, sealed_file: bytes) -> None:
    stored.write_bytes(sealed_file.replace(b"tsui-credentials 1 ", b"tsui-credentials 2 "))
    error = refusal(find, "lab", ENCRYPTED, stored.parent, PASSPHRASE, environ={})
    assert "another version of tsui" in str(error)


def test_a_file_cannot_be_passed_off_as_that_of_another_profile(stored: Path) -> None:
    stored.rename(stored.with_name("live.credentials"))
    error = refusal(find, "live", ENCRYPTED, stored.parent, PASSPHRASE, environ={})
    assert "was made for another profile" in str(error)


def test_the_header_is_authenticated(stored: Path, sealed_file: bytes) -> None:
    header, ciphertext, _ = sealed_file.splitlines()
    body = header.replace(b" lab ", b" live ") + b"\n" + ciphertext + b"\n"
    forged = stored.with_name("live.credentials")
    forged.write_bytes(body + sealed._checksum(body))
    forged.chmod(0o600)
    error = refusal(find, "live", ENCRYPTED, stored.parent, PASSPHRASE, environ={})
    assert type(error) is WrongPassphrase


def test_a_passphrase_is_the_same_however_its_letters_are_composed() -> None:
    content = sealed.seal("lab", b"content", "na\u00efve")
    assert sealed.unseal("lab", content, "nai\u0308ve", "the file") == b"content"


def test_a_write_that_fails_loses_neither_the_old_nor_the_new(
    tmp_path: Path, stored: Path, sealed_file: bytes
) -> None:
    (tmp_path / "file").write_text("")
    error = refusal(save, "lab", CREDENTIALS, "encrypted", tmp_path / "file" / "x", PASSPHRASE)
    assert "cannot be written: Not a directory" in str(error)
    assert "Nothing is lost" in error.next_step
    assert stored.read_bytes() == sealed_file
    assert Credentials(**SECRETS) == CREDENTIALS


def test_many_threads_may_ask_at_once(stored: Path) -> None:
    found: list[Found] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(find("lab", ENCRYPTED, stored.parent, PASSPHRASE, {}))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [item.credentials for item in found] == [CREDENTIALS] * 4
