"""A commissioning run: one device on its way to its first bytes, to be read from a ladder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from tsui.service.commissioning.hints import Hint
from tsui.service.commissioning.model import Run, StepName
from tsui.service.commissioning.slip import slip
from tsui.service.forms import FormInvalid
from tsui.service.views import DeviceRow, News, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.commissioning import ON_A_RUN
from tsui.ui.commissioning import begin_another, calls_for_attention, window_title
from tsui.ui.painted import Line
from tsui.ui.screens.commission_text import page
from tsui.ui.screens.device_text import View
from tsui.ui.screens.place import TICK, Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from tsui.service.export_formats import Pieces

LONGEST_TEXT = 160
"""Characters of a text message."""

LONGEST_NOTE = 300
"""Characters of a note; a slip has a line for it."""

END = "end"


class CommissionScreen(Place):
    """One run, live; its slip can be copied at any time."""

    AREA = "devices"
    TOPICS = frozenset({Topic.COMMISSIONING, Topic.DEVICES})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = ON_A_RUN

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._heard = run
        self._device: DeviceRow | None = None
        self._hints: Sequence[Hint] = ()
        self._pane = Pane(id="commission")

    def compose_body(self) -> ComposeResult:
        """Lay out the text."""
        yield self._pane

    async def on_mount(self) -> None:
        """Show the run as it is written down, and have it watched."""
        self.set_focus(self._pane)
        await self.told(self._read())
        self.call_after_refresh(self._show)
        self.set_interval(TICK, self._go_on)
        self._go_on()
        self.shell.name_window(window_title(self._run))

    def on_unmount(self) -> None:
        """Give the window its name back."""
        self.shell.name_window("tsui")

    def on_resize(self) -> None:
        """Fit letters and lines to the screen."""
        self.call_after_refresh(self._show)

    def _go_on(self) -> None:
        """Watch the run, also once somebody has signed in again, and show how time passes."""
        self.shell.workspace.desks.commissionings.follow(self._run)
        self._show()

    # -- news ---------------------------------------------------------------------------------

    def note(self, news: News) -> None:
        """Hear of each step at once, also while another screen is in front."""
        super().note(news)
        is_ours = news.keys is None or self._run.id in news.keys
        if news.topic is Topic.COMMISSIONING and is_ours:
            self.shell.background(self.told(self._hear()), name="hear of a run", group="hear")

    async def _hear(self) -> None:
        run = await self._known()
        before, self._heard = self._heard, run
        if calls_for_attention(before, run):
            self._ring()
        self.shell.name_window(window_title(run))

    def _ring(self) -> None:
        if self.shell.profiles.settings.bell:
            self.shell.bell()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the run again."""
        await self._read()
        self._show()

    async def workspace_changed(self) -> None:
        """Go on watching with the network behind it."""
        await self._read()
        self._go_on()

    async def _read(self) -> None:
        desk = self.shell.workspace.desks.commissionings
        self._run = await self._known()
        self._device = await desk.device(self._run)
        self._hints = await desk.hints(self._run)

    async def _known(self) -> Run:
        """Return the run as it is written down; in another environment it is somebody else's."""
        found = await self.shell.workspace.desks.commissionings.get(self._run.id)
        mine = (self._run.environment, self._run.device_key, self._run.began_at)
        is_it = found and (found.environment, found.device_key, found.began_at) == mine
        return found if found and is_it else self._run

    # -- what is shown ------------------------------------------------------------------------

    @property
    def focus_target(self) -> Any:
        """The text."""
        return self._pane

    @property
    def scrolled(self) -> Scrolled | None:
        """The text."""
        return self._pane

    def title_text(self) -> Line:
        """Name the device and the run."""
        number = sanitize(self._run.device_key.partition(":")[2])
        began = words.short_moment(self._run.began_at, self._now(), utc=self.shell.use_utc)
        line = [
            (f" Commissioning {number} ", "title"),
            (f" {sanitize(self._device.custom1, 24)}" if self._device else "", "strong"),
            (f"  run {self._run.id}, {began}", "dim"),
        ]
        return [*line, ("  FROZEN, f goes on", "warn")] if self.shell.frozen else line

    def _show(self) -> None:
        if not self.is_mounted or self.shell.frozen:
            return
        view = View(self._now(), self.shell.use_utc)
        size = (max(40, self._pane.size.width), self._pane.size.height)
        self._pane.show(
            page(
                self._run, self._hints, view, size,
                trouble=self._trouble() if self._run.is_open else "",
                only_ascii=self.shell.only_ascii.enabled,
            )
        )  # fmt: skip

    def _trouble(self) -> str:
        """Say why nothing is read right now; empty where it is."""
        workspace = self.shell.workspace
        if elsewhere := workspace.desks.commissionings.elsewhere(self._run):
            return elsewhere
        trouble = workspace.trouble
        gone = f"No connection: {trouble} The run goes on once there is one." if trouble else ""
        return gone or self.shell.connection.offline_reason

    def _now(self) -> float:
        return self.shell.workspace.clock.now().timestamp()

    # -- what commands ask --------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the run goes on."""
        return self._run.is_open

    @property
    def no_device_reason(self) -> str:
        """Need the device to be known, and its account to be the one that is shown."""
        if self._device:
            return ""
        elsewhere = self.shell.workspace.desks.commissionings.elsewhere(self._run)
        return elsewhere or "Nothing is remembered of this device yet."

    @property
    def no_echo_reason(self) -> str:
        """Need an open run whose line is active."""
        if not self._run.is_open:
            return "This run is over; B begins another."
        if not self._run.step(StepName.ACTIVATION).is_passed:
            return "The line is not active yet."
        return self.no_device_reason

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device of the run."""
        return self._device

    def selected_ids(self) -> Collection[int]:
        """Return the device of the run."""
        return (self._device.id,) if self._device else ()

    def refresh_now(self) -> None:
        """Read everything about the device at once."""
        if self._device is not None:
            self.shell.workspace.desks.verdicts.refresh(self._device)
            self.shell.flash("Reading the device …", "info")

    def copy_slip(self) -> None:
        """Copy the slip."""
        text = slip(self._run, self._now())
        self.shell.copy(text)
        self.shell.flash(f"Copied the slip, {words.number(text.count(chr(10)), 'line')}.", "good")

    async def save_slip(self) -> None:
        """Write the slip to a file."""
        from tsui.service.export_formats import Exports
        from tsui.ui.export import export_or_stop

        name = f"commissioning {self._run.device_key.partition(':')[2]}"
        exports = Exports(name, "slip", 1, {"txt": partial(self._slip)})
        await export_or_stop(self.shell, exports, "")

    async def _slip(self) -> Pieces:
        yield slip(self._run, self._now()), 1

    async def ask_note(self) -> None:
        """Let type the note."""
        from tsui.ui.screens.choose import Ask

        question: Line = [("What there is to say of the site; it is put on the slip.", "text")]
        form = rf"[^\x00-\x1f]{{0,{LONGEST_NOTE}}}"
        complaint = f"A note has {LONGEST_NOTE} characters at most."
        await self.shell.push_screen(
            Ask("Site note", [question], form, complaint, value=self._run.note), self._noted
        )

    async def _noted(self, text: str | None) -> None:
        if text is not None:
            await self.told(self.shell.workspace.desks.commissionings.note(self._run, text))

    async def ask_echo(self) -> None:
        """Let type the text, unless one is on its way."""
        if sent := await self.shell.workspace.desks.commissionings.sent_echo(self._run):
            self.shell.flash(
                f"It was sent in request {sent.request}, which is {sent.state}.", "warn"
            )
            return
        from tsui.ui.screens.choose import Ask

        question: Line = [("What the device is sent; some act on what they are sent.", "text")]
        form = rf"[^'<\\\x00-\x1f]{{1,{LONGEST_TEXT}}}"
        complaint = f"1 to {LONGEST_TEXT} characters, none of ' < \\."
        await self.shell.push_screen(Ask("SMS echo", [question], form, complaint), self._echo)

    async def _echo(self, text: str | None) -> None:
        if text is None:
            self.shell.flash("Nothing was sent.", "dim")
            return
        from tsui.service.operations import info_of

        try:
            operation = self.shell.workspace.desks.commissionings.echo(self._run, text)
        except FormInvalid as error:
            self.shell.flash(f"Nothing was sent. {error}", "bad")
            return
        await self.shell.operations.run(info_of("SendSms"), operation)

    async def ask_end(self) -> None:
        """Ask whether the run is to end."""
        from tsui.ui.screens.choose import Choice, Choose

        how = "green" if self._run.is_green else "as given up: the device is not green"
        choices = [Choice("", "No, go on"), Choice(END, f"Yes, end it {how}")]
        await self.shell.push_screen(Choose("End this run?", choices), self._ended)

    async def _ended(self, answer: str | None) -> None:
        if answer == END:
            await self.told(self._end())

    async def _end(self) -> None:
        self._run = await self.shell.workspace.desks.commissionings.end(self._run)
        self._show()

    async def ask_another(self) -> None:
        """Ask whether another run is to begin."""
        from tsui.ui.screens.choose import Choice, Choose

        choices = [Choice("", "No"), Choice(END, "Yes, from the first step on")]
        await self.shell.push_screen(Choose("Begin another run?", choices), self._begin_another)

    async def _begin_another(self, answer: str | None) -> None:
        if answer == END and self._device is not None:
            self._run = self._heard = await begin_another(self.shell, self._device)
            self._go_on()
