"""A place: what every screen of the program is made of.

From top to bottom: where I am, what I see and how fresh it is, the body, what just happened or the
prompt, and what I can do. Everything a screen can do is a command; see ``ui.commands``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.screen import Screen

from tsui.service.views import News, StoreError, Topic
from tsui.ui.catching_up import CatchingUp
from tsui.ui.commands.base import Command
from tsui.ui.commands.catalog import find_command, named_commands
from tsui.ui.commands.everywhere import EVERYWHERE
from tsui.ui.commands.prompts import PROMPT
from tsui.ui.painted import LOOK_CLASSES, Line, Painted
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.hints import hint_line

if TYPE_CHECKING:
    from rich.highlighter import Highlighter
    from textual.suggester import Suggester

    from tsui.service.views import DeviceRow
    from tsui.ui.app import TsuiApp
    from tsui.ui.screens.list_place import ListPlace
    from tsui.ui.widgets.prompt import Prompt

A = TypeVar("A")

SMALLEST = (60, 12)
"""Columns and rows below which nothing useful can be shown."""

TICK = 10.0
"""Seconds between two looks at ages; a line is sent only when its words changed."""


class Place(Screen[Any]):
    """A screen with a header, a title, a body, a line of news and a line of hints."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LOOK_CLASSES
    AUTO_FOCUS = ""
    ENABLE_COMMAND_PALETTE = True
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = ()
    """What one can do here, beside what one can do everywhere."""
    TOPICS: ClassVar[frozenset[Topic]] = frozenset()
    """News this screen shows something of."""
    AREA: ClassVar[str] = ""
    """The area it belongs to."""

    def __init__(self) -> None:
        super().__init__()
        # Textual makes bindings when a class is made; ours wait for the settings to be known.
        self._bind_keys()
        self.catching_up = CatchingUp(self)
        """What it has heard of and does not show yet."""
        self.header = Painted(id="header")
        """Where I am."""
        self.title_line = Painted(id="title")
        """What I see and how fresh it is."""
        self.flash_line = Painted(id="flash")
        """What just happened."""
        self.hints = Painted(id="hints")
        """What I can do."""
        self.too_small = Painted(id="too-small")
        """What is shown instead of everything when there is no room."""
        self._prompt: Prompt | None = None

    @property
    def commands_here(self) -> tuple[type[Command], ...]:
        """What one can do here right now, beside what one can do everywhere."""
        return self.COMMANDS_HERE

    def _bind_keys(self) -> None:
        commands = (*PROMPT, *self.commands_here, *EVERYWHERE)
        self._bindings = BindingsMap(self.shell.keys.bindings(commands))

    async def settings_changed(self) -> None:
        """Follow settings that were edited while the program runs."""
        self._bind_keys()
        self.refresh_bindings()

    @property
    def shell(self) -> TsuiApp:
        """The app, by what screens and commands need of it."""
        return cast("TsuiApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the lines around the body."""
        yield self.too_small
        yield self.header
        yield self.title_line
        yield from self.compose_body()
        yield self.flash_line
        yield self.hints

    def compose_body(self) -> ComposeResult:
        """Lay out the body."""
        yield from ()

    async def on_mount(self) -> None:
        """Show the lines and begin to watch their ages."""
        self.shell.tell_key_problems(self)
        self.set_interval(TICK, self.show_lines)

    def on_resize(self) -> None:
        """Follow the terminal's size."""
        self._fit()

    def _fit(self) -> None:
        """Say so when the terminal is too small to be of use."""
        width, height = self.app.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(small, "small")
        if small:
            needed = f"{SMALLEST[0]}x{SMALLEST[1]}"
            self.call_after_refresh(
                self.too_small.paint,
                [
                    [("The terminal is too small.", "warn")],
                    [(f"It has {width}x{height}; tsui needs {needed}.", "text")],
                    [("Make it larger, or q leaves.", "text")],
                ],
            )

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was in front."""
        self.call_after_refresh(self.show_lines)
        self.catching_up.begin()

    # -- what is shown ------------------------------------------------------------------------

    def show_lines(self) -> None:
        """Show header, title, news and hints as they are now."""
        if not self.is_mounted or not self.is_current:
            return
        self._fit()
        self.header.paint([self.shell.where(self.header.size.width)])
        self.title_line.paint([self.title_text()])
        self.flash_line.paint([self.shell.flash_text()])
        self.hints.paint([self.hint_text(self.hints.size.width)])

    def title_text(self) -> Line:
        """Say what is in view and how fresh it is."""
        return ()

    def hint_text(self, width: int) -> Line:
        """Say what one can do."""
        return hint_line(self, width)

    def more_help(self) -> Sequence[Line]:
        """Say what else there is to know here."""
        return ()

    def note(self, news: News) -> None:
        """Hear of a change; it is shown together with others a little later."""
        if news.topic in self.TOPICS:
            self.catching_up.hear(news.topic)

    async def told(self, work: Awaitable[None]) -> None:
        """Do work of this screen; what the store does not let it do is told, and it goes on."""
        try:
            await work
        except StoreError as error:
            # Whoever leaves, or goes to another account, closes what was being read.
            if not self.shell.is_leaving:
                self.shell.flash(str(error), "bad")

    def note_all(self) -> None:
        """Show everything anew, e.g. in another time zone."""
        self.catching_up.hurry()
        for topic in self.TOPICS:
            self.note(News(topic))

    async def workspace_changed(self) -> None:
        """Show what belongs to the account that is shown now."""

    async def save_place(self) -> None:
        """Remember where one is on this screen."""

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read again and show what belongs to these topics."""

    # -- commands -----------------------------------------------------------------------------

    async def action_command(self, name: str) -> None:
        """Do what a key asks for, or say why it is not possible."""
        await self.do(find_command(name))

    async def do(self, command: Command, argument: str = "") -> None:
        """Do a command, or say why it is not possible."""
        if reason := command.reason(self):
            self.shell.flash(reason, "warn")
            return
        await self.told(command.run(self, argument))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the prompt's own keys only while it is open."""
        if action == "command" and parameters:
            return find_command(str(parameters[0])).applies(self)
        return super().check_action(action, parameters)

    @property
    def prompt_sign(self) -> str:
        """What is being typed: ``/`` a filter, ``:`` a command; empty when nothing is."""
        return self._prompt.sign if self._prompt and self._prompt.is_open else ""

    async def open_prompt(
        self,
        sign: str,
        text: str = "",
        *,
        history: Sequence[str] = (),
        on_change: Callable[[str], None] | None = None,
        suggester: Suggester | None = None,
        highlighter: Highlighter | None = None,
    ) -> None:
        """Take the keys as text from now on."""
        if self._prompt is None:
            from tsui.ui.widgets.prompt import Prompt

            self._prompt = Prompt()
            await self.mount(self._prompt, before=self.hints)
        self.flash_line.display = False
        self._prompt.ask(
            sign,
            text,
            history=history,
            on_change=on_change,
            suggester=suggester,
            highlighter=highlighter,
        )
        self.show_lines()

    def in_prompt(self) -> Prompt:
        """Return the open prompt; only for commands that need one."""
        if self._prompt is None:
            raise LookupError("nothing is being typed")
        return self._prompt

    async def ask_command(self, text: str = "") -> None:
        """Open the command line, with the beginning of a line in it."""
        from textual.suggester import SuggestFromList

        history = await self.shell.workspace.recall("commands", [])
        names = SuggestFromList(named_commands(self), case_sensitive=False)
        await self.open_prompt(":", text, suggester=names, history=history)

    async def accept_prompt(self) -> None:
        """Take what was typed into the prompt."""
        sign, text = self.prompt_sign, self._close_prompt()
        if sign == ":" and text:
            await self.shell.run_line(self, text)
        else:
            await self.prompt_accepted(sign, text)

    async def leave_prompt(self) -> None:
        """Close the prompt without taking anything."""
        sign = self.prompt_sign
        self._close_prompt()
        await self.prompt_left(sign)

    def _close_prompt(self) -> str:
        text = self.in_prompt().close()
        self.flash_line.styles.clear_rule("display")  # the style sheet decides again
        self.set_focus(self.focus_target)
        self.show_lines()
        return text.strip()

    async def prompt_accepted(self, sign: str, text: str) -> None:
        """Use what was typed into a prompt of this screen's own."""

    async def prompt_left(self, sign: str) -> None:
        """Undo what typing into a prompt of this screen's own did."""

    # -- what commands ask of a screen ----------------------------------------------------------

    @property
    def focus_target(self) -> Any:
        """The widget that has the focus when nothing is being typed."""
        return None

    @property
    def scrolled(self) -> Scrolled | None:
        """What moves with the arrow keys."""
        return None

    @property
    def no_device_reason(self) -> str:
        """Why there is no device to act on; empty when there is one."""
        return "There is no device here."

    @property
    def no_decision_reason(self) -> str:
        """Why no change can be decided about; empty when one can."""
        return "There is no change here."

    @property
    def no_undo_reason(self) -> str:
        """Why no change can be undone; empty when one may be."""
        return "There is no change here."

    def as_a(self, kind: type[A]) -> A:
        """Return this screen as one of a kind, for its own commands; raises TypeError."""
        if not isinstance(self, kind):
            raise TypeError(f"{type(self).__name__} is no {kind.__name__}")
        return self

    def as_list(self) -> ListPlace:
        """Return this screen as a list of records; raises TypeError for one that is none."""
        raise TypeError(f"{type(self).__name__} is no list")

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device under the cursor, or the one shown; None where there is none."""
        return None

    def selected_ids(self) -> Collection[int]:
        """Return the devices a command is meant for, as they are chosen at this moment."""
        return ()

    def keys_in_view(self) -> Iterable[str]:
        """Return the keys of the devices that are shown."""
        return ()

    async def hidden_marks(self) -> int:
        """Count marked devices that the filter hides."""
        return 0

    def copy_identifier(self) -> None:
        """Copy the identifier of what is in view."""
        self.shell.flash("There is nothing to copy here.", "warn")

    def copy_row(self) -> None:
        """Copy all that is known in one line."""
        self.copy_identifier()

    def refresh_now(self) -> None:
        """Begin to read again what is in view."""
        self.shell.workspace.refresh_fleet()

    async def show_tab(self, tab: str) -> None:
        """Show a part of the device in view."""
        if (row := self.device_in_view) is not None:
            await self.shell.open_device(row, tab)
        else:
            self.shell.flash("There is no device here.", "warn")

    async def step_tab(self, step: int) -> None:
        """Show the next part of a device, or the one before."""
        del step

    async def ask_decision(self) -> None:
        """Ask how a change of unknown fate is to be closed."""

    async def offer_undo(self) -> None:
        """Show what can be brought back of the change in view."""

    async def open_its_device(self) -> None:
        """Open the device of the change in view."""

    async def set_filter(self, text: str) -> None:
        """Show only what holds these words."""
        del text

    async def open_by_name(self, name: str) -> None:
        """Open a record by its number."""
        del name

    async def go_back(self) -> None:
        """Go back one step."""
        await self.shell.back()
