"""A comparison as Markdown and as JSON."""

from collections.abc import Iterator
from typing import Any

from tsui import __version__
from tsui.service.bundle.markdown import escaped, table
from tsui.service.export import moment_text
from tsui.service.twin.model import Comparison, Likeness, Side, Told
from tsui.service.verdict.evidence import Standing
from tsui.service.verdict.telling import headline

HEADINGS = {
    Likeness.DIFFERENT: "Different",
    Likeness.SAME: "The same",
    Likeness.UNKNOWN: "Not known on one side or both",
    Likeness.OWN: "Identifiers, names and times, which have to differ",
}
"""How fields that compare so are called, in their order."""


def as_data(told: Comparison) -> dict[str, Any]:
    """Return a comparison in what JSON can hold."""
    return {
        "format": "tsui-twin",
        "version": 1,
        "made_at": moment_text(told.now),
        "made_by": f"tsui {__version__}",
        "basis": told.basis,
        "a": _side(told.a),
        "b": _side(told.b),
        "fields": [
            {
                "group": each.key.group.value,
                "name": each.key.name,
                "likeness": each.likeness.value,
                "a": _told(each.a),
                "b": _told(each.b),
            }
            for each in told.fields
        ],
    }


def as_markdown(told: Comparison) -> str:
    """Return a comparison as Markdown that no text from outside can bend."""
    return "\n".join(_lines(told)) + "\n"


def _lines(told: Comparison) -> Iterator[str]:
    yield f"# Twin: {escaped(told.a.name)} against {escaped(told.b.name)}"
    yield ""
    yield f"- Made: {moment_text(told.now)} by tsui {__version__}; times are UTC"
    yield f"- Held against each other for: {escaped(told.basis)}"
    for letter, side in (("A", told.a), ("B", told.b)):
        said = f"{side.verdict.status}: {headline(side.verdict)}"
        yield f"- {letter} {escaped(side.name)}: {escaped(said)}"
    for likeness, heading in HEADINGS.items():
        yield ""
        yield f"## {heading}"
        yield ""
        yield from table(
            ("From", "Field", "A", "A read", "B", "B read"),
            (
                (
                    each.key.group.value, each.key.name,
                    _said(each.a), moment_text(each.a.read_at) or "never",
                    _said(each.b), moment_text(each.b.read_at) or "never",
                )
                for each in told.of(likeness)
            ),
        )  # fmt: skip


def _side(side: Side) -> dict[str, Any]:
    verdict = side.verdict
    return {
        "identifier": side.name,
        "verdict": verdict.status.value,
        "sentence": headline(verdict),
        "read": moment_text(side.device.read_at),
    }


def _told(told: Told) -> dict[str, Any]:
    return {
        "value": told.text if told.standing is Standing.KNOWN and told.text else None,
        "standing": told.standing.value,
        "read": moment_text(told.read_at),
        "trouble": told.trouble,
    }


def _said(told: Told) -> str:
    if told.standing is Standing.KNOWN:
        return told.text or "not told"
    return ": ".join(filter(None, (told.standing.value, told.trouble)))
