"""The header and other words about the state of things that every screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tsui.text import sanitize
from tsui.ui import recording, words
from tsui.ui.painted import Line, Run, plain

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

MISSED = 3
"""Readings of the fleet that have to fail or be late until what is shown is called stale."""


def where(shell: TsuiApp, width: int) -> Line:
    """Say which environment and account this is, what is in flight, and whether it is reachable."""
    environment = shell.workspace.environment
    program: Run = (" tsui ", "strong")
    host: Run = (f" {sanitize(environment.host, 40)}", "dim")
    account: Run = (f"  {sanitize(shell.workspace.account or 'no account', 40)}", "text")
    kind: Run = (f" {environment.kind.upper()} ", "live" if environment.is_live else "practice")
    if environment.replay:
        kind = (" REPLAY ", "practice")
        host = (f" of {environment.replay}", "warn")
    left: list[Run] = [program, kind, host, account]
    if shell.workspace.environment.read_only:
        left.append(("  READ-ONLY", "warn"))
    right = [
        *recording.state(shell),
        *_batches(shell),
        *_in_flight(shell),
        *link(shell),
        (" ", "text"),
    ]
    room = width - cell_len(plain(left)) - cell_len(plain(right))
    # What is in flight and whether anybody answers must not fall off a narrow screen.
    for least in (program, account, host) if environment.replay else (host, program, account):
        if room < 1:
            left.remove(least)
            room += cell_len(least[0])
    return [*left, (" " * max(1, room), "text"), *right]


def link(shell: TsuiApp) -> list[Run]:
    """Say whether ThingSpace can be reached."""
    workspace = shell.workspace
    if shell.in_retrospect:
        return [("◌ starting", "info")]
    if workspace.environment.replay:
        return [("○ no network", "dim")]
    if workspace.online is None:
        return [
            ("◌ signing in", "info") if shell.connection.is_connecting else ("○ offline", "warn")
        ]
    if workspace.trouble:
        return [("▲ no answer", "bad")]
    return [("● online", "good")]


def age_of_fleet(shell: TsuiApp) -> list[Run]:
    """Say how old the picture of the fleet is."""
    workspace = shell.workspace
    now = workspace.clock.now().timestamp()
    if workspace.read_at is None:
        return []
    if shell.in_retrospect:
        return [(f"as of {words.moment(workspace.read_at, utc=shell.use_utc)}", "warn")]
    seconds = now - workspace.read_at
    if workspace.online is None:
        return [(f"cached {words.age(seconds)} ago, offline", "warn")]
    if workspace.trouble and seconds > MISSED * workspace.refresh_seconds:
        return [(f"STALE, read {words.age(seconds)} ago", "bad")]
    return [(f"read {words.age(seconds)} ago", "dim")]


def _batches(shell: TsuiApp) -> list[Run]:
    """Say how far the batches are that are being sent, or that one was cut off."""
    batching = shell.workspace.batching
    if sending := batching.under_way():
        return [(f"{words.briefly(sending)}  ", "info")]
    if stopped := batching.interrupted:
        one = f"batch stopped at {words.so_far(stopped[0])}"
        which = one if len(stopped) == 1 else f"{len(stopped)} batches stopped"
        return [(f"{which}: b  ", "warn")]
    return []


def _in_flight(shell: TsuiApp) -> list[Run]:
    counts = shell.workspace.opened.in_flight()
    runs: list[Run] = []
    for count, what, look in (
        (counts.sending, "sending", "info"),
        (counts.waiting, "waiting", "info"),
        (counts.unknown, "unknown", "bad"),
    ):
        if count:
            runs.append((f"{count:,} {what}  ", look))
    return runs
