"""Which devices somebody looks at: asked for when it matters, so that no move has to tell."""

from collections.abc import Callable, Iterable

InView = Callable[[], Iterable[str]]
"""Tells the keys of the devices that somebody looks at now."""


def nobody() -> tuple[str, ...]:
    """Tell that nobody looks at any device."""
    return ()
