"""An app that sends the terminal only what it does not show yet."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from rich.console import COLOR_SYSTEMS, RenderableType
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App, ReturnType, ScreenStackError
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.events import Resize
from textual.screen import Screen
from textual.widget import Widget

from tsui.first_frame import FIRST_FRAME
from tsui.ui.cells import Styled
from tsui.ui.difference import DifferenceWriter


class ThinApp(App[ReturnType]):
    """Textual's app with the difference writer instead of Textual's own."""

    sends_differences = True
    """Whether to use it; off, everything goes the way Textual sends it."""

    _writer: DifferenceWriter | None = None
    _greeted_by: frozenset[bool] = frozenset()
    """Who told the size at the start, the driver or the terminal itself; each does so once."""

    def on_resize(self, event: Resize) -> None:
        """Send everything anew, even to a terminal that has its old size again.

        It may have had another one in between, so shortly that we did not hear of it, and have cut
        what it showed.
        """
        if self._size is None:
            return
        told_by_terminal = event.pixel_size is not None
        is_greeting = told_by_terminal not in self._greeted_by
        self._greeted_by |= {told_by_terminal}
        if not is_greeting or event.size != self._size:
            self.repaint()

    def repaint(self) -> None:
        """Send everything again, e.g. to a terminal that missed something."""
        self.forget_terminal()
        with suppress(ScreenStackError):
            self.screen.refresh()

    def tell_terminal(self, sequence: str) -> None:
        """Send a sequence that draws nothing, e.g. one that fills the clipboard."""
        if self._driver is not None:
            self._driver.write(sequence)

    def name_window(self, title: str) -> None:
        """Give the terminal's window a title, which must be sanitised."""
        self.tell_terminal(f"\x1b]2;{title}\x1b\\")

    def forget_terminal(self) -> None:
        """Take nothing for granted that the terminal showed until now."""
        if self._writer is not None:
            self._writer.forget()

    def know_terminal(self, lines: Sequence[Iterable[Styled]], size: tuple[int, int]) -> None:
        """Take it that the terminal shows these lines, and send only what is different then."""
        self._writing().know(lines, size)

    def _writing(self) -> DifferenceWriter:
        if self._writer is None:
            system = self.console.color_system
            self._writer = DifferenceWriter(COLOR_SYSTEMS[system] if system else None)
        return self._writer

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        # Textual remembers pairs of colours by the widget that asked for them, and so would keep
        # the last thousand widgets that are gone, with every line they showed: half a megabyte for
        # each dialog that was ever opened.
        StylesCache.get_inner_outer.cache_clear()
        return super()._prune(*nodes, parent=parent)

    def _print_error_renderables(self) -> None:
        # An error before the terminal was taken over is not to be read under the first frame.
        FIRST_FRAME.withdraw()
        super()._print_error_renderables()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        if (
            not self.sends_differences
            or driver is None
            or driver.is_inline
            or driver.is_headless
            or not isinstance(renderable, ChopsUpdate | LayoutUpdate)
        ):
            if renderable is not None:
                self.forget_terminal()
            super()._display(screen, renderable)
            return
        if self._running and not self._closed and not self._batch_count:
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            if text := self._writing().write(renderable, self.size, cursor):
                in_sync = self._sync_available
                driver.write(f"{SYNC_START}{text}{SYNC_END}" if in_sync else text)
                driver.flush()
        self.post_display_hook()
