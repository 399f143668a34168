"""How this program gets in: as whom, how long the tokens live, and how old the password is."""

from typing import TYPE_CHECKING, NamedTuple

from tsui.service.accounts.model import Entry
from tsui.store.changes import ChangeState

if TYPE_CHECKING:
    from tsui.service.workspace import Workspace

RESET = "ResetPassword"
"""The operation that replaces the password."""

ADVISED = 90 * 86400.0
"""Seconds after which the password should be changed (advised in the documents)."""

DAY = 86400.0

MOST = 1000
"""Resets that are looked through for the last one of an account."""


class Ages(NamedTuple):
    """How long tokens live, and since when the password is what it is."""

    token_ends_in: float | None
    """Seconds until the OAuth token is renewed; None while nobody is signed in."""
    session_ends_in: float | None
    """Seconds until the session ends unless it is used; None while nobody is signed in."""
    password_set_at: float | None
    """Unix time of the last reset from here; None where it was set elsewhere."""


async def ages_of(workspace: "Workspace") -> Ages:
    """Return the ages of tokens and password of the account that is shown."""
    resets = await workspace.changes_by_operation((RESET,), MOST)
    done = [
        each.answered_at or each.changed_at
        for each in resets
        if each.account == workspace.account and each.state is ChangeState.SUCCEEDED
    ]
    standing = workspace.online.client.standing if workspace.online else None
    return Ages(
        standing.token_ends_in if standing else None,
        standing.session_ends_in if standing else None,
        max(done, default=None),
    )


def access(ages: Ages, username: str, now: float) -> list[Entry]:
    """Return what is known of the way in."""
    password, look = _password(ages.password_set_at, now)
    return [
        Entry("User", ("User", username)),
        Entry("OAuth token", ("OAuth token", _ends(ages.token_ends_in, "it is renewed by itself"))),
        Entry("Session", ("Session", _ends(ages.session_ends_in, "unless it is used"))),
        Entry("Password", ("Password", password), None, look),
    ]


def _ends(seconds: float | None, then: str) -> str:
    if seconds is None or seconds <= 0:
        return "none; the next call gets one"
    return f"ends in {max(1, round(seconds / 60))} min, {then}"


def _password(set_at: float | None, now: float) -> tuple[str, str]:
    if set_at is None:
        return "not reset from here: age not known; 90 days are advised", "dim"
    days = int((now - set_at) / DAY)
    said = f"reset from here {days} days ago" if days else "reset from here today"
    if now - set_at > ADVISED:
        return f"{said}; it should change every 90 days", "warn"
    return said, "good"
