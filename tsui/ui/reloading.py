"""Settings that are edited while the program runs count at once, as far as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.settings import Settings, SettingsError
from tsui.ui.commands.keys import Keys
from tsui.ui.painted import Painted
from tsui.ui.themes import theme_of

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

LOOK = 5.0
"""Seconds between two looks at the settings file."""


class Reloading:
    """Watches the settings file and brings into force what changed."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell

    def begin(self) -> None:
        """Begin to watch."""
        self._shell.set_interval(LOOK, self.look)

    async def look(self) -> None:
        """Read the settings again if the file changed; a mistake in it is told."""
        shell, before = self._shell, self._shell.profiles.settings
        if shell.is_leaving:
            return
        try:
            if not await shell.profiles.read_again():
                return
        except SettingsError as error:
            shell.flash(f"The settings stay as they were: {error}", "bad")
            return
        after = shell.profiles.settings
        shell.ansi_color = None  # what it is the theme decides from now on
        shell.theme = theme_of(after.theme, thin=shell.launch.thin)
        self._draw_ascii(only=after.ascii)
        if after.keys != before.keys:
            shell.keys = Keys(after.keys)
        for place in list(shell.places()):
            await place.settings_changed()
        later = "" if _at_once(before, after) == after else "; the rest counts from the next start"
        shell.flash(f"The settings were read again{later}.", "info")
        shell.tell_key_problems(shell.place)

    def _draw_ascii(self, *, only: bool) -> None:
        if self._shell.only_ascii.enabled != only:
            self._shell.only_ascii.enabled = only
            for place in self._shell.places():
                for widget in place.query(Painted):
                    widget.repaint()


def _at_once(before: Settings, after: Settings) -> Settings:
    """Return the old settings with all of the new ones that are in force at once."""
    return before._replace(
        theme=after.theme,
        ascii=after.ascii,
        keys=after.keys,
        views=after.views,
        download_folder=after.download_folder,
    )
