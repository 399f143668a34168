"""How long ThingSpace takes to tell what became of a change."""

from tsui.service.messages.delivery import LIFETIME, RECEIPTS

USUALLY = 3600.0
"""Seconds within which most changes end."""

AT_LATEST = 24 * 3600.0
"""Seconds after which the platform should have finished (pending activation takes up to 24 h)."""


def deadline(operation: str) -> float:
    """Return the seconds after which nothing is to be heard of an operation any more."""
    return LIFETIME if operation in RECEIPTS else AT_LATEST
