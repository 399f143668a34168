"""A verdict as lines: what is the matter, what it rests on, what else it could be, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tsui.service.verdict.evidence import Source, Standing
from tsui.service.verdict.model import (
    TITLES,
    Confidence,
    Fact,
    Finding,
    Gap,
    Layer,
    LayerReport,
    Status,
    Verdict,
)
from tsui.service.verdict.telling import age_of, headline, why
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.widgets.entry_pane import Entry

STATUS = {
    Status.OK: ("● OK", "good"),
    Status.WARN: ("▲ WARN", "warn"),
    Status.STOP: ("■ STOP", "bad"),
    Status.UNKNOWN: ("? UNKNOWN", "info"),
}
"""How a status is said, with its look."""

HEAD = 11
"""Cells before a sentence."""

LAYER = 12
"""Cells of a layer's name."""

_ASK: Line = [("m ", "key"), ("asks the network; the answer comes by callback", "dim")]

Lines = Iterator[Entry[Source]]


def entries(verdict: Verdict, width: int) -> Lines:
    """Yield the verdict, then the layers it comes from."""
    yield from _sentence(verdict, width)
    yield Entry(())
    for report in verdict.layers:
        if not report.note:
            yield from _layer(report, verdict, width)
    yield from _not_judged(verdict.layers, width)
    yield from _unknowable(verdict.layers, width)


def _not_judged(layers: Sequence[LayerReport], width: int) -> Lines:
    """Yield the layers that were not looked at, together: they all say the same."""
    left_out = [report for report in layers if report.note]
    if left_out:
        names = ", ".join(TITLES[report.layer] for report in left_out)
        said: list[Run] = [(f"{names}: ", "dim"), (left_out[0].note, "dim")]
        yield from _wrapped([(f" {'—':<{HEAD - 1}}", "dim"), *said], width)


def _unknowable(layers: Sequence[LayerReport], width: int) -> Lines:
    """Yield what nobody can know from here, behind what is known."""
    gaps = [gap for report in layers for gap in report.gaps if _is_unknowable(gap)]
    if not gaps:
        return
    yield Entry(())
    yield Entry([(" Cannot be known from here", "head")])
    for gap in gaps:
        first, *rest = wrap([(f"   {_safe(why(gap))}", "dim")], width, 5)
        yield Entry(first, gap.piece.source)
        yield from map(Entry, rest)


def _is_unknowable(gap: Gap) -> bool:
    return gap.piece.standing is Standing.UNKNOWABLE


def _sentence(verdict: Verdict, width: int) -> Lines:
    text, look = STATUS[verdict.status]
    yield from _wrapped(
        [(f" {text:<{HEAD - 1}}", look), (_safe(headline(verdict)), "strong")], width
    )
    likely = verdict.likely
    if likely is None:
        yield from _wrapped([_label(""), ("r reads everything again.", "dim")], width)
        return
    rule = likely.rule
    sure = "warn" if rule.confidence is Confidence.LOW else "dim"
    yield from _wrapped(
        [_label(""), (f"{rule.cause}  ", "text"), (f"{rule.confidence}, rule {rule.number}", sure)],
        width,
    )
    key: list[Run] = [(f"{rule.key} ", "key")] if rule.key else []
    yield from _wrapped([_label("next"), *key, (rule.advice, "text")], width)
    for rival in rule.rivals:
        said: list[Run] = [(rival.cause, "text"), (f"; told apart by {rival.tell}", "dim")]
        yield from _wrapped([_label("or"), *said], width)


def _layer(report: LayerReport, verdict: Verdict, width: int) -> Lines:
    text, look = STATUS[report.status]
    head: list[Run] = [(f" {text:<{HEAD - 1}}", look), (f"{TITLES[report.layer]:<{LAYER}}", "head")]
    if not report.findings:
        facts = [(f"{fact.field} {_safe(fact.value)}  ", "text") for fact in report.facts]
        opens = report.facts[0].source if report.facts else None
        asks = _ASK if report.layer is Layer.REACH and report.gaps else []
        first, *rest = wrap([*head, *facts, *asks], width, HEAD + LAYER)
        yield Entry(first, opens)
        yield from map(Entry, rest)
    for finding in sorted(report.findings, key=lambda each: each is not verdict.likely):
        yield from _finding(head, finding, verdict, width)
        head = [(" " * HEAD, "dim"), (" " * LAYER, "dim")]
    for gap in report.gaps:
        if _is_unknowable(gap):
            continue
        line: Line = [(" " * HEAD, "dim"), ("? ", "info"), (_safe(why(gap)), "info")]
        first, *rest = wrap(line, width, HEAD + 2)
        yield Entry(first, gap.piece.source)
        yield from map(Entry, rest)


def _finding(head: list[Run], finding: Finding, verdict: Verdict, width: int) -> Lines:
    is_cause = finding is verdict.likely
    said = finding.rule.cause if is_cause else _safe(finding.sentence)
    look = STATUS[finding.rule.status][1]
    yield from _wrapped([*head, (said, look)], width, HEAD + LAYER)
    for fact in finding.facts:
        first, *rest = wrap(_fact(fact, verdict), width, HEAD + 2)
        yield Entry(first, fact.source)
        yield from map(Entry, rest)


def _fact(fact: Fact, verdict: Verdict) -> Line:
    age = age_of(fact, verdict.evidence)
    said = f", {words.age(age)}" if age is not None else ""
    return [
        (" " * HEAD, "dim"),
        (f"{fact.field} ", "dim"),
        (_safe(fact.value), "text"),
        (f"  {fact.source}{said}", "dim"),
    ]


def _label(text: str) -> Run:
    return f" {text:<{HEAD - 1}}", "dim"


def _wrapped(line: Line, width: int, indent: int = HEAD) -> Lines:
    for each in wrap(line, width, indent):
        yield Entry(each)


def _safe(text: str) -> str:
    return sanitize(text, 400)
