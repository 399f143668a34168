"""The app: which screen is in front, what connects it to the rest, and how it ends."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App
from textual.command import Provider
from textual.filter import LineFilter
from textual.timer import Timer
from textual.worker import Worker, WorkerState

from tsui.service.launch import Launch
from tsui.service.views import DeviceRow, News, StoreError, Topic
from tsui.service.workspace import Workspace
from tsui.text import sanitize
from tsui.ui import status
from tsui.ui.alarms import Alarms
from tsui.ui.areas import Maker, makers
from tsui.ui.attention import Attention
from tsui.ui.beginning import Beginning
from tsui.ui.catching_up import EVERY, THIN_CATCH_UP
from tsui.ui.clipboard import osc52
from tsui.ui.commands.catalog import by_name
from tsui.ui.commands.everywhere import EVERYWHERE
from tsui.ui.commands.keys import Keys
from tsui.ui.connection import Connection
from tsui.ui.display import ThinApp
from tsui.ui.endings import Endings
from tsui.ui.flow import ChangeFlow
from tsui.ui.leaving import Leaving
from tsui.ui.no_colour import NoColour
from tsui.ui.operate import Operate
from tsui.ui.painted import Line
from tsui.ui.palette import PaletteProvider
from tsui.ui.reloading import Reloading
from tsui.ui.safety import NoControlCharacters, OnlyAscii
from tsui.ui.screens.place import Place
from tsui.ui.styles import style
from tsui.ui.terminal import PatientDriver
from tsui.ui.themes import PAGE, TERMINAL, THEMES, theme_of

log = logging.getLogger(__name__)

FLASH = 8.0
"""Seconds for which a line of news stays."""

FLASH_LONG = 30.0
"""Seconds for which bad news stays."""

HISTORY = 100
"""Lines of the command line that are remembered."""


class TsuiApp(ThinApp[int]):
    """The program on the screen."""

    TITLE = "tsui"
    CSS_PATH = style("app")
    ENABLE_COMMAND_PALETTE = True
    MODES: ClassVar[dict[str, str | Maker]] = makers()
    DEFAULT_MODE = "devices"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {PaletteProvider}

    def __init__(self, launch: Launch) -> None:
        theme = theme_of(launch.profiles.settings.theme, thin=launch.thin)
        super().__init__(driver_class=PatientDriver, ansi_color=theme == TERMINAL or None)
        for each in THEMES:
            self.register_theme(each)
        # Without its watcher, which runs at the start in any case: each run reads all styles anew.
        self.set_reactive(App.theme, theme)
        self.sends_differences = launch.profiles.settings.send_differences
        self.launch = launch
        """What the program was started to do."""
        self.profiles = launch.profiles
        """Profiles and preferences."""
        self.keys = Keys(self.profiles.settings.keys)
        """Which key means which command."""
        self.changes = ChangeFlow(self)
        """The way of a change through the screens."""
        self.endings = Endings(self)
        """Tells how changes ended."""
        self.operations = Operate(self)
        """The way of any operation through the screens."""
        self.attention = Attention(self)
        """Whether somebody is typing."""
        self.alarms = Alarms(self)
        """Calls when an alarm comes."""
        self.leaving = Leaving(self)
        """The way out."""
        self.frozen = False
        """Whether the display is held still."""
        self.use_utc = False
        """Whether times are shown in UTC."""
        self.in_retrospect = False
        """Whether words are for a picture that is looked at later."""
        self.is_leaving = False
        """Whether the program is about to end."""
        self._told: set[str] = set()
        self._flash: Line = ()
        self._flash_timer: Timer | None = None
        self.only_ascii = OnlyAscii(enabled=launch.profiles.settings.ascii)
        """Lets only ASCII through where the settings say so."""
        self._filters_of_ours = (NoControlCharacters(), self.only_ascii)
        if self.no_color:
            self._filters = [NoColour(PAGE)]
        self.beginning = Beginning(self, launch)
        """What the command line asks for."""
        self.connection = Connection(self, launch)
        """The way to what the screens see."""
        self.catch_up_every = THIN_CATCH_UP if launch.thin else EVERY
        """Seconds in which news is gathered before it is shown."""

    # -- beginning ----------------------------------------------------------------------------

    async def on_load(self) -> None:
        """Open what is remembered, so that the first frame shows it."""
        self.animation_level = "none"
        try:
            await self.connection.open(self._on_news)
        except StoreError as error:
            self.exit(1, return_code=1, message=str(error))

    async def on_mount(self) -> None:
        """Show the first screen and connect in the background."""
        if self._exit:
            return
        self.leaving.catch_signals()
        Reloading(self).begin()
        await self.beginning.open_device()
        self.background(self._sign_in(), name="sign in")

    def tell_key_problems(self, place: Place) -> None:
        """Say once what is wrong with the keys that the settings give to a screen."""
        clashes = self.keys.clashes((*place.commands_here, *EVERYWHERE))
        fresh = [each for each in (*self.keys.problems, *clashes) if each not in self._told]
        self._told.update(fresh)
        if fresh:
            more = f" and {len(fresh) - 1} more" if len(fresh) > 1 else ""
            self.flash(f"Settings: {fresh[0]}{more}; ? shows the keys in force.", "bad")

    def _on_news(self, news: News) -> None:
        for place in self.places():
            place.note(news)
        if news.topic is Topic.SYNC:
            self.background(self.beginning.open_device(), name="open a device", group="begin")
        if news.topic is Topic.REQUESTS:
            self.endings.look()
        if news.topic is Topic.NOTICES:
            self.alarms.look()

    def places(self) -> Iterable[Place]:
        """Yield every place there is, in front or not."""
        for mode in self._screen_stacks.values():
            yield from (screen for screen in mode if isinstance(screen, Place))

    @property
    def workspace(self) -> Workspace:
        """What the screens see."""
        return self.connection.workspace

    async def workspace_changed(self) -> None:
        """Show another account, or the same one with the network behind it."""
        for place in list(self.places()):
            await place.workspace_changed()
        self.show_lines()

    async def _sign_in(self) -> None:
        self.alarms.look()
        message = await self.connection.sign_in_unattended()
        if message:
            await self.attention.free()
            if not self.is_leaving and self.workspace.online is None:
                await self.show_login(message)

    # -- moving about -------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """The place in front, or behind the dialog in front."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, Place))

    async def go(self, area: str) -> None:
        """Go to an area, to where one was in it."""
        if self.current_mode != area:
            await self.switch_mode(area)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self.show_lines()

    async def back(self) -> None:
        """Go back one screen."""
        if len(self.screen_stack) > 1:
            await self.pop_screen()
            self.show_lines()
        else:
            self.flash("Nothing to go back to; q leaves.", "dim")

    async def open_device(self, row: DeviceRow, tab: str) -> None:
        """Open a device on one of its parts."""
        from tsui.ui.screens.device import DeviceScreen

        await self.push_screen(DeviceScreen(row, tab))

    async def open_device_by_identifier(self, identifier: str) -> None:
        """Open the device with an identifier; filter the list when several end with it."""
        identifier = identifier.strip()
        rows = await self.workspace.find_devices(identifier) if identifier else []
        if not rows:
            self.flash(f"No device known here ends with {sanitize(identifier, 40)}.", "warn")
            return
        await self.go("devices")
        if len(rows) == 1:
            await self.open_device(rows[0], "summary")
        else:
            await self.place.set_filter(identifier)

    async def show_help(self, place: Place) -> None:
        """Show what one can do on a screen."""
        from tsui.ui.screens.help import HelpScreen

        await self.push_screen(HelpScreen(place))

    async def show_login(self, message: str = "") -> None:
        """Show the login screen."""
        from tsui.ui.screens.login import LoginScreen

        profile = self.workspace.environment.profile
        await self.push_screen(LoginScreen(profile, message))

    async def run_line(self, place: Place, line: str) -> None:
        """Run a command by its name and remember the line."""
        name, _, argument = line.partition(" ")
        command = by_name(place, name)
        if command is None:
            self.flash(f"There is no command :{sanitize(name, 30)} here; ? lists them.", "warn")
            return
        if argument and not command.argument:
            self.flash(f":{sanitize(name, 30)} takes nothing after its name.", "warn")
            return
        lines = [each for each in await self.workspace.recall("commands", []) if each != line]
        await self.workspace.remember("commands", [*lines, line][-HISTORY:])
        await place.do(command, argument.strip())

    # -- what is shown ------------------------------------------------------------------------

    def where(self, width: int) -> Line:
        """Say where I am."""
        return status.where(self, width)

    def age_of_fleet(self) -> Line:
        """Say how old the picture of the fleet is."""
        return status.age_of_fleet(self)

    def flash(self, text: str, look: str = "info") -> None:
        """Say in one line what just happened."""
        self._flash = [(f" {sanitize(text, 400)}", look)]
        if self._flash_timer is not None:
            self._flash_timer.stop()
        seconds = FLASH_LONG if look == "bad" else FLASH
        self._flash_timer = self.set_timer(seconds, self._end_flash)
        self.show_lines()

    def flash_text(self) -> Line:
        """Return what just happened."""
        return self._flash

    def show_lines(self) -> None:
        """Show the lines around the body as they are now."""
        if self._running and isinstance(self.screen, Place):
            self.screen.show_lines()

    def toggle_freeze(self) -> None:
        """Hold the display still, or let it go on."""
        self.frozen = not self.frozen
        self.show_lines()
        if not self.frozen:
            for place in self.places():
                place.on_screen_resume()

    def toggle_zone(self) -> None:
        """Show times in UTC, or in the zone of whoever looks."""
        self.use_utc = not self.use_utc
        self.flash("Times are in UTC." if self.use_utc else "Times are in your own zone.", "info")
        for place in self.places():
            place.note_all()

    def copy(self, text: str) -> None:
        """Put text on the terminal's clipboard."""
        try:
            sequence = osc52(text, os.environ)
        except ValueError as error:
            self.flash(f"Not copied: {error}.", "bad")
            return
        self.tell_terminal(sequence)
        self.flash(f"Copied {text[:60]}", "good")

    @property
    def download_folder(self) -> Path:
        """Where exports go."""
        return Path(self.profiles.settings.download_folder or Path.cwd())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let nothing through to the terminal that would act on it."""
        ours = (each for each in self._filters_of_ours if each.enabled)
        return [*super().get_line_filters(), *ours]

    # -- keys, work, ending -------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Hand keys out one after the other: each is worked off before the next.

        Keys that were typed ahead, or come in one packet over a slow link, then reach the screen
        that the key before them has opened, and not the one that was in front when they came.
        """
        is_key = isinstance(event, events.Key) and not event.is_forwarded
        if is_key:
            self.attention.expect_key()
        await super().on_event(event)
        if is_key:
            await self.attention.key_worked_off()

    async def action_quit(self) -> None:
        """Leave by Textual's own key as by ours: asking, and with everything remembered."""
        await self.leave()

    async def leave(self) -> None:
        """Leave; while a change is on its way, ask first."""
        await self.leaving.leave()

    def action_command_palette(self) -> None:
        """Search the commands; not over a dialog, whose question comes first."""
        if isinstance(self.screen, Place):
            super().action_command_palette()

    def background(
        self, work: Coroutine[Any, Any, None], *, name: str, group: str = "default"
    ) -> None:
        """Run work that outlives the screen in front."""
        self.run_worker(work, name=name, group=group, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Turn work that crashed into a sentence; the screens go on."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.tell_crash(event.worker.name, event.worker.error)

    def tell_crash(self, name: str, error: BaseException) -> None:
        """Say that work ended with an error nobody expected; the screens go on."""
        log.error("%s failed", name, exc_info=error)
        self.flash(f"Internal error while trying to {name}: {type(error).__name__}: {error}", "bad")

    def _fatal_error(self) -> None:
        """End after an error that nobody caught, without printing variables as Textual would."""
        error = sys.exc_info()[1]
        log.error("the program ended by an error", exc_info=error)
        self._exit_renderables.append(
            Text(
                f"tsui ended by an internal error: {type(error).__name__}: "
                f"{sanitize(str(error), 400)}\n"
                f"Nothing that was sent is lost. Details are in {self.launch.log_file}."
            )
        )
        self._close_messages_no_wait()

    def _end_flash(self) -> None:
        self._flash = ()
        self.show_lines()
