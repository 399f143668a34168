"""The demo: it looks and has keys as the settings say, and knows nothing else of them."""

from pathlib import Path

from tests.support.terminal import command, ended, environment, terminal
from tests.support.waiting import until
from tsui.demo import PREFERENCES, DemoProfiles
from tsui.settings import Profile, Settings, View

SETTINGS = """
ascii = true
default_profile = "mine"
[keys]
help = "f9"
[profiles.mine]
environment = "production"
"""


def test_preferences_are_taken_over_and_nothing_else(tmp_path: Path) -> None:
    theirs = Settings(
        default_profile="mine",
        profiles={"mine": Profile()},
        read_only=True,
        theme="light",
        views={"v": View("truck", (), "iccid", False)},
        keys={"quit": "Q"},
    )
    profiles = DemoProfiles(theirs, tmp_path)
    assert profiles.settings == Settings(theme="light", keys={"quit": "Q"})
    assert not profiles.known
    left_out = set(Settings._fields) - set(PREFERENCES)
    assert left_out == {"default_profile", "profiles", "read_only", "note_required", "views"}


async def test_the_demo_draws_as_the_settings_say(tmp_path: Path) -> None:
    env = environment(tmp_path)
    file = Path(env["XDG_CONFIG_HOME"]) / "tsui" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text(SETTINGS)
    async with terminal(*command("demo", "--devices", "50"), env=env) as made:
        await made.shows("read under 1 min ago")
        made.type("S")
        await made.shows("Suspend 1 device")
        assert made.text().isascii()
        made.type("escape")
        await until(lambda: "Suspend 1 device" not in made.text(), what="the list")
        made.type("q")
        assert await ended(made) == 0
    assert file.read_text() == SETTINGS


async def test_a_mistake_in_the_settings_is_told(tmp_path: Path) -> None:
    env = environment(tmp_path)
    file = Path(env["XDG_CONFIG_HOME"]) / "tsui" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("theme = 3\n")
    async with terminal(*command("demo"), env=env) as made:
        assert await ended(made) == 1
        assert "theme" in made.text()
