"""The prompt: one line at the bottom that takes a filter or a command."""

from collections.abc import Callable, Sequence

from rich.highlighter import Highlighter
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.suggester import Suggester
from textual.widgets import Input

from tsui.ui.painted import Painted


class Prompt(Horizontal):
    """A line of input behind a sign that says what it is for; hidden until it is asked for."""

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._sign = Painted(id="prompt-sign")
        self._input = Input(compact=True, select_on_focus=False, id="prompt-input")
        self._input.cursor_blink = False
        self._on_change: Callable[[str], None] | None = None
        self._history: list[str] = []
        self._place = 0
        self._for = ""

    def compose(self) -> ComposeResult:
        """Lay the sign before the input."""
        yield self._sign
        yield self._input

    @property
    def is_open(self) -> bool:
        """Whether it takes the keys."""
        return bool(self.display)

    @property
    def sign(self) -> str:
        """What it is for: ``/`` or ``:``."""
        return self._for

    @property
    def text(self) -> str:
        """What is typed so far."""
        return self._input.value

    @property
    def completes(self) -> bool:
        """Whether it suggests how to go on."""
        return self._input.suggester is not None

    def ask(
        self,
        sign: str,
        text: str = "",
        *,
        history: Sequence[str] = (),
        on_change: Callable[[str], None] | None = None,
        suggester: Suggester | None = None,
        highlighter: Highlighter | None = None,
    ) -> None:
        """Open it and take the keys from now on."""
        self._on_change = None
        self._for = sign
        self._input.suggester = suggester
        self._input.highlighter = highlighter
        self._input.value = text
        self._input.cursor_position = len(text)
        self._history = list(history)
        self._place = len(self._history)
        self.display = True
        self._sign.paint([((sign, "key"),)])
        self._on_change = on_change
        self.take_keys()

    def take_keys(self) -> None:
        """Take the keys from now on."""
        self.screen.set_focus(self._input)

    def close(self) -> str:
        """Hide it and return what was typed."""
        self._on_change = None
        self.display = False
        return self._input.value

    def step_history(self, step: int) -> None:
        """Put an older or a newer line of the history into it."""
        if self._history:
            self._place = max(0, min(len(self._history), self._place + step))
            line = self._history[self._place] if self._place < len(self._history) else ""
            self._input.value = line
            self._input.cursor_position = len(line)

    def complete(self) -> None:
        """Take the suggestion."""
        self._input.action_cursor_right()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell whoever asked what is typed so far."""
        event.stop()
        if self._on_change is not None:
            self._on_change(event.value)
