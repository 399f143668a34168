"""The states of a line, in one spelling."""

import pytest

from tsui.service.states import LineState, is_pending, normalise, say


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ("active", LineState.ACTIVE),
        ("Active", LineState.ACTIVE),
        ("Activate", LineState.ACTIVE),
        ("ACTIVATED", LineState.ACTIVE),
        ("suspend", LineState.SUSPEND),
        ("SUSPEND", LineState.SUSPEND),
        ("Deactive", LineState.DEACTIVE),
        ("DEACTIVATED", LineState.DEACTIVE),
        ("Pre-Active", LineState.PRE_ACTIVE),
        ("preactive", LineState.PRE_ACTIVE),
        ("PRE_ACTIVE", LineState.PRE_ACTIVE),
        ("pending activation", "pending activation"),
        ("PENDING_ACTIVATION", "pending activation"),
        ("PendingSuspend", "pending suspend"),
        ("Pending-Resume", "pending resume"),
        ("INVENTORY", "inventory"),
        ("", ""),
    ],
)
def test_every_spelling_of_a_state_becomes_one(told: str, ours: str) -> None:
    assert normalise(told) == ours


def test_normalising_twice_changes_nothing() -> None:
    for told in ("Pre-Active", "PENDING_ACTIVATION", "Test Ready", "suspend"):
        assert normalise(normalise(told)) == normalise(told)


def test_a_pending_state_is_recognised() -> None:
    assert is_pending(normalise("PENDING_DEACTIVATION"))
    assert not is_pending("active")


def test_an_unknown_state_is_said_as_it_is_and_a_missing_one_is_named() -> None:
    assert say("test ready") == "test ready"
    assert say("") == "not told"
    assert say("suspend") == "suspended"
