"""What is said of the fleet: how fresh it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp


def freshness(shell: TsuiApp) -> Line:
    """Say how old the list is, or how far reading it is."""
    if shell.in_retrospect:
        return shell.age_of_fleet()
    if shell.frozen:
        return [("FROZEN, f goes on", "warn")]
    progress = shell.workspace.progress
    if progress and progress.running:
        of = f" of {progress.expected:,}" if progress.expected else ""
        left = "" if progress.left is None else f", {words.age(progress.left)} left"
        return [(f"reading the fleet: {progress.seen:,}{of}{left} …", "info")]
    if progress and progress.trouble:
        return [*shell.age_of_fleet(), (f"  {sanitize(progress.trouble, 200)}", "bad")]
    return shell.age_of_fleet()
