"""The filter as it is typed: what it asks for, where it is wrong, and what may be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.service.views import (
    CONDITIONS,
    EVERYTHING,
    FIELDS,
    HAS,
    IS,
    Filter,
    FilterError,
    parse,
)
from tsui.text import sanitize
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place

SIGN = "/"
"""Of the prompt that takes a filter."""

WORK = "filter"
"""Group of the workers that look for what a filter finds."""


def last_filter(text: object) -> tuple[str, Filter]:
    """Return the filter of the last time; nothing of one that cannot be read any more."""
    written = str(text or "")
    try:
        return written, parse(written)
    except FilterError:
        return "", EVERYTHING


def mistake_in(text: str) -> FilterError | None:
    """Return what is wrong with a filter; None when nothing is."""
    try:
        parse(text)
    except FilterError as error:
        return error
    return None


class FilterTyping:
    """Shows what a filter finds while it is typed; a bad one leaves the rows as they are."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._mistake: FilterError | None = None

    async def begin(self, text: str) -> None:
        """Open the prompt with the filter there is."""
        from tsui.ui.widgets.filter_input import FilterSuggester, MistakeHighlighter

        place, suggester = self._place, FilterSuggester(self._place.shell.workspace)
        place.run_worker(place.told(suggester.learn()), group="suggestions", exclusive=True)
        self._mistake = mistake_in(text)
        await place.open_prompt(
            SIGN,
            text,
            on_change=self._typed,
            suggester=suggester,
            highlighter=MistakeHighlighter(),
        )

    def refuses(self) -> bool:
        """Tell whether the open prompt holds a bad filter."""
        if self._place.prompt_sign == SIGN:
            self._mistake = mistake_in(self._place.in_prompt().text)
            self._place.show_lines()
        return bool(self._wrong)

    def said(self, width: int) -> Line:
        """Say what is wrong; what is not finished yet is no reason for alarm."""
        if (mistake := self._wrong) is None:
            return ()
        look = "warn" if mistake.length else "dim"
        return [(f" {sanitize(mistake.sentence, width - 2)}", look)]

    @property
    def _wrong(self) -> FilterError | None:
        return self._mistake if self._place.prompt_sign == SIGN else None

    def _typed(self, text: str) -> None:
        self._mistake = mistake_in(text)
        self._place.show_lines()
        # What was asked for before is still of use while the filter is not finished.
        if self._mistake is None:
            work = self._place.told(self._place.set_filter(text))
            self._place.run_worker(work, group=WORK, exclusive=True)


EXPLAINED: tuple[tuple[str, str], ...] = (
    ("truck west", "Devices that hold both, in any identifier, field, plan, group or IP."),
    ('"4G West"', "A text with spaces or signs in it."),
    ("*1234 pump-*", "A value that ends or begins so; ? stands for one character."),
    ("-x  a or b  (...)", "Not; one of the two; brackets. a,b after a colon is one of both."),
    *((field.example, field.help) for field in FIELDS),
    (f"{HAS}:ip", "Whether a field is known; -has:ip finds those where it is not."),
    (f"{IS}:online", f"One of {', '.join(CONDITIONS)}."),
)
"""What may be written into a filter, and what that finds."""


def help_lines() -> list[Line]:
    """Say what may be written into the filter, field by field."""
    return [
        [("Filter: what may be written after /", "head")],
        *([(f" {example:<26} ", "key"), (sentence, "dim")] for example, sentence in EXPLAINED),
        [],
    ]
