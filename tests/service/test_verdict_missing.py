"""Missing evidence: it makes a verdict UNKNOWN, and never names another cause."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.cases import rows, workspace
from tests.service.diagnosing import ACTS, KNOWN_BEFORE, LATER, TOLD, receiver
from tests.support.waiting import until
from tsui.service.verdict.engine import judge
from tsui.service.verdict.evidence import Evidence, Piece, Source, Standing
from tsui.service.verdict.model import Status, Verdict
from tsui.service.verdict.telling import headline
from tsui.simulator.scenarios import SCENARIOS, play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

WAYS = (Standing.UNREAD, Standing.FAILED, Standing.NOT_ENTITLED, Standing.AWAITED)
"""How evidence can be missing that could be there."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.02)


@pytest.fixture
async def situations(simulator: Running, tmp_path: Path) -> Mapping[str, Evidence]:
    """Return the evidence of every situation that a device is in without more ado."""
    apart = {*KNOWN_BEFORE, *LATER, *ACTS}
    names = [name for name in SCENARIOS if name not in apart]
    iccids = {play_named(simulator.world, name)["iccid"]: name for name in names}
    async with receiver(simulator, tmp_path), workspace(simulator, tmp_path) as made:

        async def all_came() -> bool:
            return await made.inbox.count() == len(TOLD)

        await until(all_came, what="the callback messages")
        found = {}
        for device in await rows(made):
            if device.iccid in iccids:
                await made.desks.verdicts.read(device)
                fresh = (await made.devices([device.id]))[0]
                found[iccids[device.iccid]] = await made.desks.verdicts.evidence(fresh)
        assert set(found) == set(names)
        return found


def without(evidence: Evidence, sources: Sequence[Source], way: Standing) -> Evidence:
    gone = {source: Piece(source, way, trouble="gone") for source in sources}
    return replace(evidence, pieces={**evidence.pieces, **gone})


def cause(verdict: Verdict) -> str:
    return verdict.finding.rule.name if verdict.finding else ""


async def test_less_evidence_never_names_another_cause(
    situations: Mapping[str, Evidence],
) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    draw = random.Random(seed)
    everything = list(situations.values())
    named = 0
    for _ in range(3000):
        # Pieces of different devices, so that several things are wrong at once.
        whole = draw.choice(everything)
        for source in draw.sample(list(Source), draw.randrange(3)):
            other = draw.choice(everything)
            whole = replace(whole, pieces={**whole.pieces, source: other.piece(source)})
        sources = draw.sample(list(Source), draw.randint(1, len(Source)))
        full, less = judge(whole), judge(without(whole, sources, draw.choice(WAYS)))
        if less.finding is not None:
            named += 1
            assert cause(less) == cause(full)
            assert less.status is full.status
        else:
            assert less.status is Status.UNKNOWN
    assert named > 100


async def test_each_piece_alone_is_missed_in_words(situations: Mapping[str, Evidence]) -> None:
    evidence = situations["lost"]
    verdict = judge(without(evidence, [Source.CONNECTIONS], Standing.FAILED))
    assert verdict.status is Status.UNKNOWN
    assert {gap.piece.source for gap in verdict.gaps} == {Source.CONNECTIONS}
    certain = judge(without(situations["suspended"], [Source.CONNECTIONS], Standing.FAILED))
    assert cause(certain) == "suspended"


def test_without_any_evidence_nothing_is_claimed() -> None:
    verdict = judge(Evidence(now=0.0))
    assert verdict.status is Status.UNKNOWN
    assert verdict.likely is None
    assert all(layer.status is Status.UNKNOWN for layer in verdict.layers)


def test_what_is_missing_is_named_in_good_english() -> None:
    said = headline(judge(Evidence(1_800_000_000.0)))
    assert "our session was not read yet" in said
    assert "the device list was not read yet" in said
    assert "the our" not in said
