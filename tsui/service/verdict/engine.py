"""The engine: rules over evidence, layer by layer, to one verdict.

What stops a device for certain is judged before all else, the rest in the order it is listed in.
A verdict names the first rule that applies, and only if every rule before it could be judged:
where evidence is missing it is UNKNOWN. So less evidence never makes for another cause.
"""

from collections.abc import Iterable, Sequence

from tsui.service.verdict.evidence import Evidence, Missing, Standing
from tsui.service.verdict.model import (
    Finding,
    Gap,
    Layer,
    LayerReport,
    Rule,
    Status,
    Verdict,
)
from tsui.service.verdict.rules import RULES, vital_facts

_GRAVEST = (Status.STOP, Status.WARN, Status.UNKNOWN, Status.OK)


def judge(evidence: Evidence, rules: Sequence[Rule] = RULES) -> Verdict:
    """Come to a verdict on a device."""
    judged = [_look(rule, evidence) for rule in in_order(rules)]
    finding, gaps = _first(judged)
    if finding is None or gaps:
        return Verdict(
            Status.UNKNOWN, None, finding, gaps, _layers(judged, evidence, None), evidence
        )
    return Verdict(
        finding.rule.status, finding, None, (), _layers(judged, evidence, finding), evidence
    )


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules in the order they are judged."""
    return sorted(rules, key=lambda rule: rule.status is not Status.STOP)


def _look(rule: Rule, evidence: Evidence) -> Finding | Gap | None:
    try:
        sign = rule.look(evidence)
    except Missing as missing:
        return Gap(rule, missing.piece)
    return None if sign is None else Finding(rule, sign.sentence, sign.facts)


def _first(judged: Iterable[Finding | Gap | None]) -> tuple[Finding | None, Sequence[Gap]]:
    """Return the first rule that applies, and what could not be judged before it."""
    gaps: list[Gap] = []
    for each in judged:
        if isinstance(each, Finding):
            return each, gaps
        # What nobody can know from here keeps nobody from a verdict: it would never come to one.
        if each is not None and _may_come(each):
            gaps.append(each)
    return None, gaps


def _may_come(gap: Gap) -> bool:
    return gap.piece.standing is not Standing.UNKNOWABLE


def _layers(
    judged: Sequence[Finding | Gap | None], evidence: Evidence, cause: Finding | None
) -> Sequence[LayerReport]:
    stop = cause.rule.layer if cause and cause.rule.status is Status.STOP else None
    return [_layer(layer, judged, evidence, stop) for layer in Layer]


def _layer(
    layer: Layer,
    judged: Sequence[Finding | Gap | None],
    evidence: Evidence,
    stop: Layer | None,
) -> LayerReport:
    mine = [each for each in judged if each is not None and each.rule.layer is layer]
    findings = [each for each in mine if isinstance(each, Finding)]
    gaps = [each for each in mine if isinstance(each, Gap)]
    status = min((each.rule.status for each in findings), key=_GRAVEST.index, default=Status.OK)
    is_beyond = stop is not None and layer > stop
    if status is Status.OK and is_beyond:
        return LayerReport(layer, Status.UNKNOWN, note="not judged, as an earlier layer stops it")
    rules = sum(1 for rule in RULES if rule.layer is layer)
    if status is Status.OK and (any(map(_may_come, gaps)) or 0 < rules == len(gaps)):
        status = Status.UNKNOWN
    facts = () if findings else vital_facts(layer, evidence)
    return LayerReport(layer, status, findings, gaps, facts)
