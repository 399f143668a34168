"""Situations in which nobody sees the device as it is."""

from tsui.simulator.scenarios.stage import Scenario, Stage


def _blind(stage: Stage) -> None:
    stage.fail("session-expired", "/devices/")


def _stale(stage: Stage) -> None:
    stage.fail("status", "/devices/actions/list$")


def _history_refused(stage: Stage) -> None:
    stage.fail("status", "/connections/actions/listHistory", status=400)


SCENARIOS = (
    Scenario("blind", "no session is accepted for calls about it", _blind),
    Scenario("stale", "its line cannot be read again, so what is known grows old", _stale),
    Scenario("history-refused", "its connection history takes too long", _history_refused),
)
"""The situations."""
