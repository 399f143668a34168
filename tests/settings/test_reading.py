"""What a file means, and what a mistake in it says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.settings import Profile, Settings, SettingsError, line_of, load

from .cases import FULL, write


def failure(folder: Path, text: str) -> SettingsError:
    path = write(folder, text)
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == Settings()
    assert Settings().refresh_minutes == 15


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")) == Settings()
    assert load(write(tmp_path, "# nothing yet\n")) == Settings()


def test_everything_can_be_said(tmp_path: Path) -> None:
    settings = load(write(tmp_path, FULL))
    assert settings == Settings(
        default_profile="live",
        profiles={
            "live": Profile(
                account="0742000123-00001",
                username="noc",
                note_required=True,
                rules_off=("suspended-days", "listener"),
                actions_per_day=25,
                plan_changes_per_month=2,
                watch=("iccid:8914800000000333337",),
                protect=("iccid:8914800000000222227", "group:Substations"),
                secrets="command",
                credential_command=("pass", "show", "thingspace/live"),
            ),
            "lab": Profile(environment="simulator", url="http://127.0.0.1:8000/"),
        },
        read_only=True,
        note_required=True,
        theme="colour-blind",
        ascii=True,
        refresh_minutes=60,
        look_seconds=30,
        calls_per_minute=60,
        shifts=("07:00", "19:30"),
        send_differences=False,
        download_folder="/srv/exports",
        keys={"device.suspend": "S", "quit": "ctrl+x"},
    )


def test_a_byte_order_mark_and_windows_newlines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "tsui.toml"
    path.write_bytes(b"\xef\xbb\xbfascii = true\r\ntheme = 'light'\r\n")
    assert load(path) == Settings(ascii=True, theme="light")


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("\n\nthem = 'dark'", 3, "them", 'did you mean "theme"?'),
        ("theme = 'drak'", 1, "theme", 'did you mean "dark"?'),
        ("theme = 'pink'", 1, "theme", 'must be one of "auto", "dark", "light"'),
        ("zzz = 1", 1, "zzz", "known here: default_profile, profiles"),
        ("ascii = 'yes'", 1, "ascii", "must be true or false"),
        ("ascii = 1", 1, "ascii", "must be true or false"),
        ("refresh_minutes = 0", 1, "refresh_minutes", "a whole number from 1 to 1440"),
        ("refresh_minutes = true", 1, "refresh_minutes", "a whole number"),
        ("refresh_minutes = 30.0", 1, "refresh_minutes", "a whole number"),
        ("# x\n[keys]\nquit = 1", 2, "keys", "texts under a heading"),
        ("profiles = 1", 1, "profiles", "settings under headings"),
        ("[profiles]\nlab = 1", 1, "profiles", "settings under headings"),
        ("[profiles.lab]\naccount = 7", 2, "profiles.lab.account", "must be text in quotes"),
        ("[profiles.'a/b']\n", 1, "profiles.a/b", "is no name for a profile"),
        ("a = 1\n[profiles.lab]\nenvironment = 'custom'\n", 1, "a", "is not a setting"),
        ("#\n[profiles.lab]\nenvironment = 'custom'\n", 2, "profiles.lab.url", "is missing"),
        ("#\n\ndefault_profile = 'lba'\n[profiles.lab]", 3, "default_profile", '"lab"'),
        (
            "[profiles.lab]\nsecrets = 'command'\n\ncredential_command = 'pass'\n",
            4,
            "profiles.lab.credential_command",
            "a list of texts",
        ),
        (
            "[profiles.lab]\ncredential_command = [\n  'a',\n  1,\n]\n",
            2,
            "profiles.lab.credential_command",
            "a list of texts",
        ),
        ("profiles.lab.ulr = 'x'", 1, "profiles.lab.ulr", 'did you mean "url"?'),
        ("ascii = true\nprofiles.lab = { ulr = 'x' }", 2, "profiles.lab.ulr", '"url"?'),
        ("[profiles]\n\nlab.ulr = 'x'", 3, "profiles.lab.ulr", '"url"?'),
        ("[profiles]\nlab = { read_only = 'x' }", 2, "profiles.lab.read_only", "true or false"),
        ("[profiles.a]\n[profiles.'lab']\n'ulr' = 'x'", 3, "profiles.lab.ulr", '"url"?'),
        (
            'download_folder = """\n[profiles.lab]\nulr = 1\n"""\n[profiles.lab]\nulr = 1',
            6,
            "profiles.lab.ulr",
            '"url"?',
        ),
        ("profiles.lab.rules_off = ['sate']", 1, "profiles.lab.rules_off", 'mean "state"?'),
        ("profiles.lab.rules_off = ['open-change']", 1, "profiles.lab.rules_off", "some of"),
        ("profiles.lab.rules_off = [7]", 1, "profiles.lab.rules_off", "a list of some of"),
        ("profiles.lab.rules_off = 'state'", 1, "profiles.lab.rules_off", "a list of some of"),
        ("[profiles.lab]\nactions_per_day = 0", 2, "profiles.lab.actions_per_day", "from 1 to"),
        (
            "[profiles.lab]\n\nprotect = ['iccid:1', 'Substations']",
            3,
            "profiles.lab.protect",
            "must name devices and groups",
        ),
        ("[profiles.lab]\nprotect = ['group: ']", 2, "profiles.lab.protect", "must name"),
        ("#\nshifts = ['6 am']", 2, "shifts", "must hold times of day"),
        ("shifts = ['24:00']", 1, "shifts", "must hold times of day"),
        ("shifts = []", 1, "shifts", "must hold times of day"),
        ("# \u2028 \x85 \u2029\nthem = 1", 2, "them", '"theme"?'),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, key: str, says: str
) -> None:
    error = failure(tmp_path, text)
    assert (error.line, error.key) == (line, key)
    assert f", line {line}: {key} " in str(error)
    assert says in str(error)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("theme = 'dark'\nascii = yes\n", 2),
        ("ascii = true\nascii = false\n", 2),
        ("[keys\n", 1),
        ("\n\ntheme = '''dark\n\n\n", 3),
        ("theme = [\n", 1),
    ],
)
def test_a_syntax_error_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    error = failure(tmp_path, text)
    assert error.line == line
    assert f"line {line}: this is not TOML: " in str(error)


def test_a_file_that_is_not_text_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "tsui.toml"
    path.write_bytes(b"ascii = true\ntheme = '\xff'\n")
    with pytest.raises(SettingsError, match="line 2: is not UTF-8 text"):
        load(path)


def test_a_folder_in_the_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("password = 'canary'", 1, "password"),
        ("#\napi_key = 'canary'", 2, "api_key"),
        ("[profiles.lab]\nappKey = 'canary'", 2, "profiles.lab.appKey"),
        ("[profiles.lab]\n\nsecret = 'canary'", 3, "profiles.lab.secret"),
        ("[profiles.lab]\nkey = 'canary'", 2, "profiles.lab.key"),
        ("[profiles.lab]\naccess_token = 'canary'", 2, "profiles.lab.access_token"),
        ("[profiles.lab.login]\nuser = 'a'\npass_phrase = 1\npasswd = 'canary'", 4, None),
        ("[login]\noauth = { secret = 'canary' }", 2, "login.oauth.secret"),
    ],
)
def test_a_secret_has_no_place_in_the_file(
    tmp_path: Path, text: str, line: int, key: str | None
) -> None:
    error = failure(tmp_path, text)
    assert error.line == line
    assert key is None or error.key == key
    assert "no secret belongs in this file" in str(error)
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "[profiles.lab]\nsecrets = 'canary'",
        "[profiles.lab]\nenvironment = 'custom'\nurl = 'https://me:canary@host'",
        "[profiles.lab]\naccount = 1\nusername = ['canary']",
        "theme = 'canary'",
    ],
)
def test_no_error_repeats_a_value_of_the_file(tmp_path: Path, text: str) -> None:
    assert "canary" not in str(failure(tmp_path, text))


def test_an_error_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    error = failure(tmp_path, '"\\u001b[2J" = 1')
    assert error.key == r"\x1b[2J"
    assert r"\x1b[2J is not a setting" in str(error)


def test_a_key_that_nothing_defines_has_no_line() -> None:
    assert line_of("a = 1", ("b",)) is None
    assert line_of("", ()) is None


@given(st.integers(0, 30), st.integers(0, 30))
def test_the_line_is_found_in_a_long_file(before: int, within: int) -> None:
    text = "# a comment\n" * before + "[profiles.lab]\n" + "\n" * within + "ulr = 1\n# the end"
    assert line_of(text, ("profiles", "lab")) == before + 1
    assert line_of(text, ("profiles", "lab", "ulr")) == before + within + 2


def test_reading_settings_loads_nothing_heavy(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    code = (
        "import sys, pathlib, tsui.text, tsui.settings\n"
        "settings = tsui.settings.load(pathlib.Path(sys.argv[1]))\n"
        "print(settings.theme, *sys.modules)"
    )
    theme, *loaded = subprocess.run(
        [sys.executable, "-c", code, path],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
    ).stdout.split()
    assert theme == "colour-blind"
    assert not {"dataclasses", "tomlkit", "pydantic", "platformdirs", "tempfile"} & set(loaded)


def test_importing_settings_does_not_even_load_the_parser() -> None:
    code = "import sys, tsui.settings; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"tomllib", "urllib.parse", "pathlib", "inspect"} & set(loaded)


def test_templates_of_messages_are_texts_by_name(tmp_path: Path) -> None:
    text = '[messages.templates]\nping = "Report, {custom1}"\n"wake up" = "x"\n'
    templates = load(write(tmp_path, text)).messages.templates
    assert templates == {"ping": "Report, {custom1}", "wake up": "x"}


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("[messages.templates]\nping = 3", 1, "messages.templates", "must be texts"),
        ("[messages.template]\nping = 'x'", 1, "messages.template", 'did you mean "templates"?'),
        ("messages = 3", 1, "messages", "e.g. [messages.templates]"),
    ],
)
def test_a_mistake_in_templates_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, key: str, says: str
) -> None:
    told = failure(tmp_path, text)
    assert (told.line, told.key) == (line, key)
    assert says in str(told)
