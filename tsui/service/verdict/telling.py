"""A verdict as data, for scripts and tickets."""

from datetime import UTC, datetime
from typing import Any

from tsui.service.verdict.evidence import Evidence, Piece, Standing
from tsui.service.verdict.model import TITLES, Fact, Finding, Gap, LayerReport, Verdict

NOTHING_FOUND = "Nothing that was read explains it."
"""What is said where no rule applies."""

NOT_TOLD = "It cannot be told"
"""How a verdict begins for which evidence is missing."""


def headline(verdict: Verdict) -> str:
    """Return the verdict in a line; hostile until sanitised."""
    if verdict.finding is not None:
        return verdict.finding.sentence
    if not verdict.gaps:
        return NOTHING_FOUND
    missing = ", ".join(_say(piece) for piece in missing_pieces(verdict))
    found = f" Found so far: {verdict.candidate.sentence}" if verdict.candidate else ""
    return f"{NOT_TOLD}: {missing}.{found}"


def missing_pieces(verdict: Verdict) -> list[Piece]:
    """Return what is missing to tell, each piece once."""
    return list({gap.piece.source: gap.piece for gap in verdict.gaps}.values())


def why(gap: Gap) -> str:
    """Say why a rule could not be judged; hostile until sanitised."""
    trouble = f": {gap.piece.trouble}" if gap.piece.trouble else ""
    said = gap.piece.trouble if gap.piece.standing is Standing.UNKNOWABLE else _say(gap.piece)
    rest = "" if said == gap.piece.trouble else trouble
    return f"{gap.rule.cause}? {said}{rest}"


def age_of(fact: Fact, evidence: Evidence) -> float | None:
    """Return how many seconds ago a fact was read; None where that is not known."""
    read_at = evidence.piece(fact.source).read_at
    return None if read_at is None else max(0.0, evidence.now - read_at)


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Return all of a verdict, in what JSON can hold."""
    evidence = verdict.evidence
    return {
        "verdict": verdict.status.value,
        "sentence": headline(verdict),
        "at": _time(evidence.now),
        "cause": _finding(verdict.finding, evidence),
        "candidate": _finding(verdict.candidate, evidence),
        "missing": [_piece(piece) for piece in missing_pieces(verdict)],
        "layers": [_layer(each, evidence) for each in verdict.layers],
        "evidence": [_piece(piece) for piece in evidence.pieces.values()],
    }


def _say(piece: Piece) -> str:
    has_article = piece.source.split()[0] in ("our", "the", "what")
    return f"{'' if has_article else 'the '}{piece.source} {_IS[piece.standing.name]}"


_IS = {
    "KNOWN": "is known",
    "AWAITED": "was asked for and has not come",
    "UNREAD": "was not read yet",
    "UNKNOWABLE": "cannot be known from here",
    "NOT_ENTITLED": "is not for this account",
    "FAILED": "could not be read",
}


def _finding(finding: Finding | None, evidence: Evidence) -> dict[str, Any] | None:
    if finding is None:
        return None
    rule = finding.rule
    return {
        "rule": rule.number,
        "name": rule.name,
        "cause": rule.cause,
        "sentence": finding.sentence,
        "confidence": rule.confidence.name.lower(),
        "basis": rule.confidence.value,
        "facts": [_fact(fact, evidence) for fact in finding.facts],
        "rivals": [each._asdict() for each in rule.rivals],
        "next": rule.advice,
        "key": rule.key,
    }


def _layer(report: LayerReport, evidence: Evidence) -> dict[str, Any]:
    return {
        "layer": TITLES[report.layer],
        "status": report.status.value,
        "facts": [_fact(fact, evidence) for fact in report.facts],
        "findings": [_finding(each, evidence) for each in report.findings],
        "not_judged": [why(gap) for gap in report.gaps],
        "note": report.note,
    }


def _fact(fact: Fact, evidence: Evidence) -> dict[str, Any]:
    age = age_of(fact, evidence)
    return {
        "field": fact.field,
        "value": fact.value,
        "source": fact.source.value,
        "age_seconds": None if age is None else round(age),
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "source": piece.source.value,
        "standing": piece.standing.value,
        "read": _time(piece.read_at) if piece.read_at else None,
        "trouble": piece.trouble,
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
