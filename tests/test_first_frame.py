"""The first frame: shown only when nothing speaks against it, and unable to do anything."""

import zlib
from pathlib import Path

import platformdirs
import pytest

from tsui import first_frame
from tsui.first_frame import decode, encode, fingerprint, painted

LINES = [
    [("38;2;1;2;3", "48;5;7", "1;4", " a|b "), ("", "", "", "漢字")],
    [("31", "", "", "second")],
]
ANOTHER = "\x1b]52;c;\x07"


@pytest.fixture
def settings(tmp_path: Path) -> str:
    path = tmp_path / "settings.toml"
    path.write_text("theme = 'dark'\n")
    return fingerprint(str(path))


def test_a_picture_comes_back_as_it_was_kept(settings: str) -> None:
    kept = encode(LINES, "here", settings)
    assert [list(line) for line in decode(kept, "here", 2)] == LINES


def test_any_change_of_the_file_is_noticed(settings: str) -> None:
    kept = encode(LINES, "here", settings)
    for place in range(len(kept)):
        damaged = kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :]
        with pytest.raises(ValueError, match="damaged"):
            decode(damaged, "here", 2)
    for end in range(len(kept)):
        with pytest.raises(ValueError, match="damaged"):
            decode(kept[:end], "here", 2)


@pytest.mark.parametrize(("identity", "rows"), [("there", 2), ("here", 3)])
def test_a_picture_of_something_else_is_none(settings: str, identity: str, rows: int) -> None:
    with pytest.raises(ValueError, match="another terminal"):
        decode(encode(LINES, "here", settings), identity, rows)


@pytest.mark.parametrize("change", ["other", "gone"])
def test_a_picture_of_other_settings_is_none(settings: str, change: str) -> None:
    kept = encode(LINES, "here", settings)
    path = Path(settings.partition(" ")[2])
    if change == "gone":
        path.unlink()
    else:
        path.write_text("theme = 'light'\n")
    with pytest.raises(ValueError, match="other settings"):
        decode(kept, "here", 2)


@pytest.mark.parametrize("text", [ANOTHER, "\x9b31m", "\u202e", "a\tb", "\n", "\x7f"])
def test_what_acts_on_a_terminal_is_neither_kept_nor_shown(settings: str, text: str) -> None:
    with pytest.raises(ValueError, match="neither colour nor text"):
        encode([[("", "", "", text)]], "here", settings)
    rest = f"here\n{settings}\n|||{ANOTHER}".encode()
    forged = f"tsui frame 1 {zlib.crc32(rest):08x}\n".encode() + rest
    with pytest.raises(ValueError, match="neither colour nor text"):
        decode(forged, "here", 1)


@pytest.mark.parametrize("codes", ["31m\x1b[2J", "?25h", "a"])
def test_colours_are_numbers(settings: str, codes: str) -> None:
    with pytest.raises(ValueError, match="neither colour nor text"):
        encode([[(codes, "", "", "text")]], "here", settings)


def test_what_is_written_dresses_only_what_changes() -> None:
    runs = [("31", "44", "1", "a"), ("32", "44", "1", "b"), ("32", "44", "1", "c")]
    assert painted([[*runs, ("32", "", "", "d")]]).endswith(
        "\x1b[1H\x1b[0;1;31;44ma\x1b[32mbc\x1b[0;32md"
    )


def test_the_folder_is_where_the_platform_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("/somewhere", None):
        if home:
            monkeypatch.setenv("XDG_CACHE_HOME", home)
        else:
            monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        assert first_frame.folder() == platformdirs.user_cache_dir("tsui")
