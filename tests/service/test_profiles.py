"""Profiles and environments: what is kept, what is careful, and what is never mixed up."""

from pathlib import Path

import pytest

from tests.support.clock import FakeClock
from tsui.credentials import Credentials, CredentialsError
from tsui.service.environment import Environment
from tsui.service.guards import Guards
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles, attempt_of, kind_of_url
from tsui.settings import HOSTS, Profile, Settings, load

KEYS = Credentials("canary-key", "canary-secret", "canary-user", "canary-password")


def profiles(folder: Path, settings: Settings | None = None) -> Profiles:
    return Profiles(settings or Settings(), folder / "settings.toml", folder / "credentials")


def launch(folder: Path, *, read_only: bool = False, settings: Settings | None = None) -> Launch:
    return Launch(
        profiles(folder, settings), "lab", Profile(), folder, FakeClock(), folder / "log",
        read_only=read_only,
    )  # fmt: skip


async def test_a_profile_that_is_kept_signs_in_again_by_itself(tmp_path: Path) -> None:
    made = profiles(tmp_path)
    profile = Profile(account="0742000123-00001", secrets="plaintext", trust_env=True)
    kept = await made.keep("lab", profile, KEYS, allow_plaintext=True)
    assert kept is not None
    assert load(tmp_path / "settings.toml").profiles == {"lab": profile}
    again = profiles(tmp_path, load(tmp_path / "settings.toml"))
    attempt = await again.attempt("lab", again.known["lab"])
    assert attempt.keys == KEYS
    assert attempt.account == profile.account
    assert attempt.use_environment_proxy
    assert not attempt.by_operator
    assert "canary" not in (tmp_path / "settings.toml").read_text()


async def test_a_profile_that_asks_keeps_no_secret(tmp_path: Path) -> None:
    made = profiles(tmp_path)
    assert await made.keep("lab", Profile(secrets="ask"), KEYS) is None
    assert "lab" in made.known
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"canary" not in stored
    assert not made.forget("lab")


async def test_a_profile_whose_secrets_cannot_be_kept_is_not_remembered(tmp_path: Path) -> None:
    made = profiles(tmp_path)
    with pytest.raises(CredentialsError):
        await made.keep("lab", Profile(secrets="plaintext"), KEYS)
    assert "lab" not in made.known
    assert not (tmp_path / "settings.toml").exists()


async def test_what_is_forgotten_is_gone_and_known_to_be_missing(tmp_path: Path) -> None:
    made = profiles(tmp_path)
    profile = Profile(secrets="encrypted")
    await made.keep("lab", profile, KEYS, "a long phrase")
    assert (await made.attempt("lab", profile, "a long phrase")).keys == KEYS
    assert made.forget("lab")
    assert not made.forget("lab")
    assert not made.forget("never heard of")
    with pytest.raises(CredentialsError):
        await made.attempt("lab", profile, "a long phrase")


async def test_what_was_typed_counts_as_confirmed() -> None:
    attempt = await attempt_of(Profile(ca_file="ca.pem"), KEYS, by_operator=True, warning="odd")
    assert attempt.by_operator
    assert (attempt.ca_file, attempt.warning) == ("ca.pem", "odd")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (HOSTS["production"], "production"),
        (f"{HOSTS['production']}/", "production"),
        ("https://thingspace.example.com", "custom"),
        (HOSTS["production"].replace("https", "http"), "custom"),
        ("", "custom"),
    ],
)
def test_an_address_nobody_knows_is_custom(url: str, kind: str) -> None:
    assert kind_of_url(url) == kind


@pytest.mark.parametrize(
    ("kind", "live"),
    [("production", True), ("custom", True), ("staging", False), ("simulator", False)],
)
def test_only_staging_and_simulator_are_not_live(kind: str, live: bool) -> None:
    assert Environment(kind, "https://x").is_live is live


def test_what_is_remembered_of_two_hosts_never_shares_a_folder() -> None:
    hosts = ["https://a.example.com", "https://b.example.com", "http://127.0.0.1:8080",
             "http://127.0.0.1:8081", "http://[::1]:80"]  # fmt: skip
    names = [Environment("custom", each).folder_name for each in hosts]
    assert len(set(names)) == len(hosts)
    assert all("/" not in name and name.strip(".") for name in names)
    assert Environment("custom", "").folder_name == "unknown"
    assert Environment("custom", "https://..").folder_name == "unknown"


@pytest.mark.parametrize("where", ["launch", "profile", "settings", "nowhere"])
def test_read_only_anywhere_is_read_only(tmp_path: Path, where: str) -> None:
    start = launch(
        tmp_path, read_only=where == "launch", settings=Settings(read_only=where == "settings")
    )
    environment = start.environment("lab", Profile(read_only=where == "profile"))
    assert environment.read_only is (where != "nowhere")
    assert environment.profile == "lab"


@pytest.mark.parametrize("where", ["profile", "settings", "nowhere"])
def test_a_note_is_needed_where_the_profile_or_the_settings_say_so(
    tmp_path: Path, where: str
) -> None:
    start = launch(tmp_path, settings=Settings(note_required=where == "settings"))
    environment = start.environment("lab", Profile(note_required=where == "profile"))
    assert environment.note_required is (where != "nowhere")


def test_the_guards_of_an_environment_are_its_profiles(tmp_path: Path) -> None:
    profile = Profile(rules_off=("state",), actions_per_day=2, protect=("group:Substations",))
    guards = launch(tmp_path).environment("north", profile).guards
    assert guards == Guards(frozenset({"state"}), 2, 4, ("group:Substations",))
    assert launch(tmp_path).environment("north", Profile()).guards == Guards()
