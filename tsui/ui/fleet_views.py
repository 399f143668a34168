"""Saved views of the devices: tabs above the list, kept in the settings file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tsui.settings import SettingsError, View, is_view_name, understood
from tsui.text import sanitize
from tsui.ui.painted import Line, Painted, Run

if TYPE_CHECKING:
    from tsui.ui.screens.devices import DevicesScreen

ALL = "All"
"""The tab that is no view: all devices, in the columns of the list."""

MORE = " … "
"""Stands for tabs that have no room."""

PLAIN = View(sort="iccid")
"""What that tab shows."""


class FleetViews:
    """Which view the list of devices shows, and the way to another one."""

    def __init__(self, screen: DevicesScreen) -> None:
        self._screen = screen
        self._views: Mapping[str, View] = screen.shell.profiles.settings.views
        self.current = ""
        """The view that was chosen last; empty for none."""
        self.tabs = Painted(id="tabs")
        """The line of tabs; only there when there are views."""
        self.tabs.display = bool(self._views)

    @property
    def names(self) -> Sequence[str]:
        """Names of the views there are."""
        return list(self._views)

    def show(self) -> None:
        """Show the tabs as they are now."""
        self.tabs.display = bool(self._views)
        if self._views:
            self.tabs.paint([_tab_line(self._titles(), self._place(), self.tabs.size.width)])

    def resume(self, name: str) -> None:
        """Go on in a view that was left, if it is still there."""
        self.current = name if name in self._views else ""

    async def use(self, name: str) -> None:
        """Show a view; an empty name shows all devices."""
        if name and name not in self._views:
            self._screen.shell.flash(unknown(name, self._views), "warn")
            return
        view = normal(self._views[name]) if name else PLAIN
        if problem := await self._screen.show_look(view):
            self._screen.shell.flash(f"View {sanitize(name)}: {problem}", "bad")
            return
        self.current = name
        self._screen.show_lines()

    async def step(self, step: int) -> None:
        """Show the next view, or the one before."""
        if not self._views:
            self._screen.shell.flash("There is no view yet; :view save NAME makes one.", "info")
            return
        names = ["", *self._views]
        await self.use(names[(self._place() + step) % len(names)])

    async def save(self, name: str) -> None:
        """Write what is shown into the settings as a view."""
        shell = self._screen.shell
        if not is_view_name(name):
            shell.flash("A view needs a name of up to 30 characters.", "warn")
            return
        try:
            await shell.profiles.keep_view(name, self._screen.look)
        except SettingsError as error:
            shell.flash(f"Not saved: {error}", "bad")
            return
        self._views = shell.profiles.settings.views
        self.current = name
        shell.flash(f"View {sanitize(name)} is saved.", "good")

    async def follow_settings(self) -> None:
        """Take the views of the settings; what is shown follows if it was as its view said."""
        old, self._views = self._views, self._screen.shell.profiles.settings.views
        before = old.get(self.current)
        if self.current not in self._views:
            self.current = ""
        elif before and before != self._views[self.current] and self._is_as_saved(before):
            await self.use(self.current)
        self._screen.show_lines()

    def _titles(self) -> list[str]:
        edited = self.current and not self._is_as_saved(self._views[self.current])
        return [
            ALL,
            *(
                f"{sanitize(name)}{'*' if edited and name == self.current else ''}"
                for name in self._views
            ),
        ]

    def _place(self) -> int:
        return ["", *self._views].index(self.current)

    def _is_as_saved(self, view: View) -> bool:
        return self._screen.look == normal(view)


def normal(view: View) -> View:
    """Return a view as the screen would tell it."""
    return view._replace(
        filter=view.filter.strip(),
        columns=tuple(str(understood(text)) for text in view.columns),
        sort=view.sort or PLAIN.sort,
    )


def unknown(name: str, views: Mapping[str, View]) -> str:
    """Say that there is no such view, and which there are."""
    known = ", ".join(sanitize(each) for each in views) or "none yet; :view save NAME makes one"
    return f"There is no view {sanitize(name, 40)}. Known: {known}."


def _tab_line(titles: Sequence[str], current: int, width: int) -> Line:
    """Show the tabs; where they have no room, those up to the current one, and what is left out."""
    room = width - 2 * len(MORE)
    cells = [cell_len(each) + 2 for each in titles]
    first = 0
    while first < current and sum(cells[first : current + 1]) > room:
        first += 1
    runs: list[Run] = [(MORE if first else " ", "dim")]
    for place in range(first, len(titles)):
        room -= cells[place]
        if room < 0 and place > first:
            return [*runs, (MORE, "dim")]
        runs.append((f" {titles[place]} ", "cursor" if place == current else "dim"))
    return runs
