"""What an edit writes, and what it leaves alone."""

import stat
from pathlib import Path

import pytest

from tsui.settings import Profile, SettingsError, load, save_profile
from tsui.settings.private import write_private

from .cases import FULL, write

LAB = Profile("simulator", "http://localhost:9000", account="0000000001-00001", read_only=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        FULL,
        "[profiles.lab]\nread_only = false # careful\n\n[profiles.zoo]\n",
        "profiles.lab.environment = 'staging'\nascii = true\n",
        "profiles.lab = { environment = 'staging' }\n",
        "profiles = { lab = { environment = 'staging' }, zoo = {} }\n",
        "profiles = { zoo = {} }\n",
        "[profiles]\nlab.username = 'a'\nzoo.username = 'b'\n",
        "[profiles]\n[profiles.zoo]\n[keys]\nquit = 'q'\n[profiles.lab]\naccount = 'x'\n",
        "ascii = true\r\n[keys]\r\nquit = 'q'\r\n",
    ],
)
@pytest.mark.parametrize("make_default", [False, True])
def test_a_saved_profile_comes_back_and_all_else_stays(
    tmp_path: Path, text: str, make_default: bool
) -> None:
    path = tmp_path / "new" / "tsui.toml"
    if text:
        path.parent.mkdir()
        path.write_bytes(text.encode())
    before = load(path)
    save_profile(path, "lab", LAB, make_default=make_default)
    after = load(path)
    assert after.profiles == {**before.profiles, "lab": LAB}
    assert after.default_profile == ("lab" if make_default else before.default_profile)
    assert after._replace(profiles={}, default_profile="") == before._replace(
        profiles={}, default_profile=""
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_an_edit_keeps_comments_order_and_what_it_does_not_touch(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    live = load(path).profiles["live"]
    save_profile(path, "live", live._replace(account="0742000123-00002", username=""))
    assert path.read_text() == FULL.replace("00001", "00002").replace('username = "noc"\n', "")


def test_saving_what_is_already_there_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    save_profile(path, "live", load(path).profiles["live"])
    assert path.read_text() == FULL


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    path = tmp_path / "config" / "tsui" / "tsui.toml"
    save_profile(path, "lab", LAB)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load(path).profiles == {"lab": LAB}


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    real = write(tmp_path, "# in my dotfiles\n")
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    save_profile(link, "lab", LAB)
    assert link.is_symlink()
    assert real.read_text().startswith("# in my dotfiles\n")
    assert load(real).profiles == {"lab": LAB}


@pytest.mark.parametrize("text", ["this is not toml", "unknown = 1\n", "[profiles.lab"])
def test_a_file_that_is_not_understood_is_never_overwritten(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError):
        save_profile(path, "lab", LAB)
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "profile"),
    [("a/b", LAB), ("lab", Profile("custom")), ("lab", Profile(url="https://elsewhere.example"))],
)
def test_a_profile_that_cannot_be_used_is_not_saved(
    tmp_path: Path, name: str, profile: Profile
) -> None:
    path = write(tmp_path, FULL)
    with pytest.raises(SettingsError):
        save_profile(path, name, profile)
    assert path.read_text() == FULL


def test_a_write_that_fails_is_a_sentence_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".toml")
    path.write_text(FULL)
    with pytest.raises(SettingsError, match="cannot be written: File name too long"):
        save_profile(path, "lab", LAB)
    assert path.read_text() == FULL
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_at_its_end_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_private(tmp_path / "folder", b"content")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="Not a directory"):
        save_profile(tmp_path / "file" / "tsui.toml", "lab", LAB)
    assert (tmp_path / "file").read_text() == ""
