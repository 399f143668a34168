"""The keyring: the package is optional, so a small one with its interface stands in."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tsui.credentials import CredentialsMissing, Found, available, find, forget, ring, save

from .cases import CREDENTIALS, KEYRING, SECRETS, refusal

FAKE_ERRORS = """\
class KeyringError(Exception): pass
class NoKeyringError(KeyringError, RuntimeError): pass
"""

FAKE_KEYRING = """\
import time
from types import SimpleNamespace
from keyring import errors
class Strange(Exception): pass
kept = {}
mode = "works"
def get_keyring():
    return SimpleNamespace(name="Fake\\x1b[2J", priority=0 if mode == "none" else 5)
def act():
    if mode == "none":
        raise errors.NoKeyringError("no backend")
    if mode == "fails":
        raise errors.KeyringError("canary in the text of a backend")
    if mode == "breaks":
        raise Strange("canary in the text of a backend")
    if mode == "misses":
        import canary_of_a_backend
    if mode == "hangs":
        time.sleep(30)
def get_password(service, name):
    act()
    return kept.get((service, name))
def set_password(service, name, text):
    act()
    if mode != "forgets":
        kept[service, name] = text
def delete_password(service, name):
    act()
    del kept[service, name]
"""


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    package = tmp_path / "site" / "keyring"
    package.mkdir(parents=True)
    (package / "errors.py").write_text(FAKE_ERRORS)
    (package / "__init__.py").write_text(FAKE_KEYRING)
    real = {name: sys.modules.pop(name) for name in list(sys.modules) if name[:7] == "keyring"}
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setattr(ring, "PATIENCE", 0.5)

    def behave(mode: str) -> None:
        __import__("keyring")
        monkeypatch.setattr("keyring.mode", mode)

    yield behave
    for name in ("keyring", "keyring.errors"):
        sys.modules.pop(name, None)
    sys.modules.update(real)


def test_a_keyring_keeps_finds_and_forgets(tmp_path: Path, keyring: Callable[[str], None]) -> None:
    keyring("works")
    assert save("lab", CREDENTIALS, "keyring", tmp_path).sentence == (
        r"The credentials are kept in the keyring Fake\x1b[2J."
    )
    found = find("lab", KEYRING, tmp_path, environ={})
    assert found == Found(CREDENTIALS, "The credentials come from the keyring.")
    assert forget("lab", "keyring", tmp_path)
    assert not forget("lab", "keyring", tmp_path)
    error = refusal(find, "lab", KEYRING, tmp_path, environ={})
    assert type(error) is CredentialsMissing


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("none", "This machine offers no keyring."),
        ("fails", "The keyring failed (KeyringError)."),
        ("misses", "The keyring failed (ModuleNotFoundError)."),
        ("hangs", "The keyring did not answer within"),
    ],
)
def test_a_keyring_that_does_not_work_is_a_sentence(
    tmp_path: Path, keyring: Callable[[str], None], mode: str, says: str
) -> None:
    keyring(mode)
    assert says in str(refusal(find, "lab", KEYRING, tmp_path, environ={}))
    assert says in str(refusal(save, "lab", CREDENTIALS, "keyring", tmp_path))
    assert says in str(refusal(forget, "lab", "keyring", tmp_path))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_keyring_that_breaks_down_is_a_sentence_too(
    tmp_path: Path, keyring: Callable[[str], None]
) -> None:
    keyring("breaks")
    error = refusal(find, "lab", KEYRING, tmp_path, environ={})
    assert error.problem == "The keyring broke down."


def test_a_keyring_that_hangs_does_not_keep_the_program_from_ending(
    tmp_path: Path, keyring: Callable[[str], None]
) -> None:
    keyring("hangs")
    code = (
        "import keyring; keyring.mode = 'hangs'\n"
        "from tsui.credentials import available, ring\n"
        "ring.PATIENCE = 0.1\n"
        "try: ring.read('lab')\n"
        "except ring.CredentialsError as error: print(error.problem)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
    )
    assert done.stdout == "The keyring did not answer within 0 s.\n"


def test_a_keyring_that_keeps_nothing_is_found_out(
    tmp_path: Path, keyring: Callable[[str], None]
) -> None:
    keyring("forgets")
    error = refusal(save, "lab", CREDENTIALS, "keyring", tmp_path)
    assert "does not keep what it is given" in str(error)
    assert CREDENTIALS.password == SECRETS["password"]


def test_without_the_package_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    error = refusal(find, "lab", KEYRING, tmp_path, environ={})
    assert error.next_step == "Run: pip install 'tsui[keyring]'"


def test_the_stores_that_work_are_offered_best_first(keyring: Callable[[str], None]) -> None:
    keyring("works")
    assert [place.store for place in available()] == ["keyring", "encrypted", "plaintext"]
    assert all(place.sentence.isprintable() for place in available())
    keyring("none")
    assert [place.store for place in available()] == ["encrypted", "plaintext"]
