"""Situations that only the history of sessions tells apart."""

from tsui.simulator.catalogue import Rhythm
from tsui.simulator.patterns import DAY, Span
from tsui.simulator.scenarios.stage import BORN, HOUR, Scenario, Stage

_ALWAYS = Rhythm(30 * DAY, 0.0, (30 * DAY - 10, 30 * DAY - 5), (0.1, 0.2))
_LOOP = Rhythm(420, 0.4, (5, 30), (1, 2))
_EMPTY = Rhythm(HOUR / 2, 0.2, (20, 60), (0, 0))


def _working(stage: Stage) -> None:
    stage.connect_like(_ALWAYS)


def _half_open(stage: Stage) -> None:
    stage.device.served = [Span(stage.now - BORN, stage.now - 1.5 * DAY)]
    stage.device.half_open = True


def _lost(stage: Stage) -> None:
    stage.lose(stage.now - 1.5 * DAY)


def _reconnect_loop(stage: Stage) -> None:
    stage.connect_like(_LOOP)
    stage.disconnect()


def _empty_sessions(stage: Stage) -> None:
    stage.connect_like(_EMPTY)
    stage.disconnect()


SCENARIOS = (
    Scenario("carrier-path-works", "it is connected and moves data", _working),
    Scenario("half-open", "it lost power and its session was never closed", _half_open),
    Scenario("asleep", "it sleeps as usual", Stage.disconnect),
    Scenario("lost", "it is silent for six times as long as usual", _lost),
    Scenario("reconnect-loop", "it connects every seven minutes", _reconnect_loop),
    Scenario("empty-sessions", "it connects and moves no data", _empty_sessions),
)
"""The situations."""
