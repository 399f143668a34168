"""How long ThingSpace takes to tell what became of a change."""

USUALLY = 3600.0
"""Seconds within which most changes end."""

AT_LATEST = 24 * 3600.0
"""Seconds after which the platform should have finished (pending activation takes up to 24 h)."""
