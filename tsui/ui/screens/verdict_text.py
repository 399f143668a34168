"""A verdict as lines: what is the matter, what it rests on, what else it could be, what to do."""

from __future__ import annotations

from collections.abc import Iterator

from tsui.service.verdict.evidence import Source, Standing
from tsui.service.verdict.model import (
    TITLES,
    Confidence,
    Fact,
    Finding,
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

Lines = Iterator[Entry[Source]]


def entries(verdict: Verdict, width: int) -> Lines:
    """Yield the verdict, then the layers it comes from."""
    yield from _sentence(verdict, width)
    yield Entry(())
    for report in verdict.layers:
        yield from _layer(report, verdict, width)


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
    if report.note:
        text, look = "—", "dim"
    head: list[Run] = [(f" {text:<{HEAD - 1}}", look), (f"{TITLES[report.layer]:<{LAYER}}", "head")]
    if not report.findings:
        facts = [(f"{fact.field} {_safe(fact.value)}  ", "text") for fact in report.facts]
        opens = report.facts[0].source if report.facts else None
        yield Entry([*head, *facts, (report.note, "dim")], opens)
    for finding in sorted(report.findings, key=lambda each: each is not verdict.likely):
        yield from _finding(head, finding, verdict, width)
        head = [(" " * HEAD, "dim"), (" " * LAYER, "dim")]
    for gap in report.gaps:
        look = "dim" if gap.piece.standing is Standing.UNKNOWABLE else "info"
        line: Line = [(" " * HEAD, "dim"), ("? ", look), (_safe(why(gap)), look)]
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
    said = f", {words.age(age)} ago" if age is not None else ""
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
