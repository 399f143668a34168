"""How a question about a device is told: never asked, refused, awaited or answered."""

from __future__ import annotations

from tsui.service.device_answers import Asked
from tsui.service.failures import NOT_ENTITLED
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, wrap

PATIENCE = 3600.0
"""Seconds after which an answer by callback is hardly to be expected any more."""

ASKS = ("a", "asks")
"""The key that asks, and what it does."""

STEP = 10
"""Seconds by which an age grows that is watched."""


def watched_age(seconds: float) -> str:
    """Say an age that somebody waits through, in steps of ten seconds at first."""
    if seconds < 60:
        return f"{max(0, int(seconds)) // STEP * STEP} s"
    return words.age(seconds)


def asked(
    told: Asked | None, what: str, now: float, width: int, *, service: str, hears: bool | None
) -> list[Line]:
    """Say how far a question is; ``what`` is what was asked for, ``service`` brings the answer."""
    lines: list[Line] = []
    if told is None:
        lines += [[(f" Nobody asked for {what} yet.  ", "text"), *_key()]]
    elif told.asked_at is None or told.trouble:
        lines += wrap([(" ", "text"), *_trouble(told, what, now), *_key()], width, 3)
    elif told.answers:
        asked_ago = watched_age(now - told.asked_at)
        newest = watched_age(now - told.answers[0].at)
        lines += [[(f" Answered {newest} ago, asked {asked_ago} ago.  ", "dim"), *_key("again")]]
    else:
        lines += wrap(_awaited(now - told.asked_at, service), width, 3)
    if hears is False and not (told and told.answers):
        lines += wrap(_nobody(service), width, 3)
    return lines


def _awaited(seconds: float, service: str) -> Line:
    age = watched_age(seconds)
    if seconds > PATIENCE:
        said = f" ? Asked {age} ago; no callback to {service} has come.  "
        return [(said, "warn"), *_key("again")]
    return [(f" ◌ Asked {age} ago, waiting for a callback to {service}.", "info")]


def _trouble(told: Asked, what: str, now: float) -> Line:
    age = watched_age(now - told.tried_at)
    if told.trouble.startswith(NOT_ENTITLED):
        why = sanitize(told.trouble.removeprefix(NOT_ENTITLED), 300)
        return [(f"Not entitled to {what}. ", "warn"), (f"{why} ({age} ago)  ", "dim")]
    said = f"✗ Asking for {what} failed {age} ago: "
    return [(said, "bad"), (f"{sanitize(told.trouble, 300)}  ", "text")]


def _nobody(service: str) -> Line:
    return [
        (f" ▲ Nobody listens to {service}, so no answer can reach you; ", "warn"),
        (":listeners", "key"),
        (" registers a listener.", "text"),
    ]


def _key(again: str = "") -> Line:
    key, does = ASKS
    return [(f"{key} ", "key"), (f"{does} {again}".rstrip(), "dim")]
