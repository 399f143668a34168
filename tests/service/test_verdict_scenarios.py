"""The table of rules: each situation of the simulator gets the verdict that an engineer signs."""

from pathlib import Path

import pytest

from tests.service.diagnosing import diagnose
from tsui.service.verdict.evidence import Standing
from tsui.service.verdict.model import Status
from tsui.service.verdict.rules import RULES
from tsui.service.verdict.telling import headline
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import SCENARIOS
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=12, delay=0.02)


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
async def test_the_right_cause_is_named_first(
    name: str, simulator: Running, tmp_path: Path
) -> None:
    verdict = await diagnose(simulator, tmp_path, name)
    rule = next(rule for rule in RULES if rule.name == name)
    assert verdict.finding is not None, (verdict.gaps, verdict.candidate)
    assert verdict.finding.rule is rule
    assert verdict.status is rule.status
    assert verdict.finding.facts
    assert all(fact.value for fact in verdict.finding.facts)


def test_every_rule_has_its_situation_and_every_situation_its_rule() -> None:
    assert {rule.name for rule in RULES} == set(SCENARIOS)
    assert len({rule.number for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("name", ["lost", "reconnect-loop", "asleep", "half-open"])
async def test_short_pages_of_the_history_change_nothing(
    name: str, simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.history_page = 60
    verdict = await diagnose(simulator, tmp_path, name)
    assert verdict.finding is not None
    assert verdict.finding.rule.name == name


async def test_without_a_right_to_read_nothing_is_guessed(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.faults.append(
        Fault(
            "status", "imeiiccidmismatch", times=-1, status=403,
            body={"fault": {"code": "900908", "message": "Resource forbidden"}},
        )
    )  # fmt: skip
    verdict = await diagnose(simulator, tmp_path, "lost")
    assert verdict.status is Status.UNKNOWN
    assert verdict.candidate is not None
    assert verdict.candidate.rule.name == "lost"
    assert {gap.piece.standing for gap in verdict.gaps} == {Standing.NOT_ENTITLED}
    assert "mismatch list is not for this account" in headline(verdict)
