"""A bundle as Markdown that reads well as plain text, too, and that no text from outside can bend.

Outside text never begins a line, is always one line, and whatever Markdown would act on in it is
escaped; so it is shown as it is and makes no table row, heading, link or HTML.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tsui.service.bundle.shape import Bundle, Device, Event, Finding, Layer, Request, Verdict
from tsui.service.verdict.say import size, span
from tsui.text import sanitize

LONGEST = 400
"""Cells of a text; what is longer is whole in the JSON."""

MOST_EVENTS = 400
"""Events of the timeline that are written; the JSON has all of them."""

MOST_LINES = 120
"""Lines of what was sent or answered."""

NOT_TOLD = "not told"

_ACTIVE = re.compile(r"[\\`*\[\]<>|~&!#$@{}]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""Characters that Markdown or HTML may act on inside a line; a _ within a word is none."""

_ADDRESS = re.compile(r"(?i)(https?|ftp|mailto|xmpp|www)([:.])")
"""Where renderers begin a link by themselves."""


def escaped(text: str, limit: int = LONGEST) -> str:
    """Return a text as one line of Markdown that shows exactly the text, made safe."""
    safe = " ".join(sanitize(text, limit).split())
    return _ADDRESS.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", safe))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; cells are escaped here."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) or '-' for cell in row)} |"


def markdown(bundle: Bundle) -> str:
    """Return a bundle as Markdown."""
    parts = (
        _head(bundle),
        _device(bundle.device) if bundle.device else (),
        _about(bundle.request) if bundle.request else (),
        _verdict(bundle.verdict) if bundle.verdict else (),
        _requests(bundle.requests),
        _calls(bundle),
        _timeline(bundle.timeline),
        _usage(bundle),
        _unknown(bundle),
        _fields(bundle.device) if bundle.device else (),
    )
    texts = ("\n".join(part) for part in parts)
    return "\n\n".join(filter(None, texts)) + "\n"


def _head(bundle: Bundle) -> Iterator[str]:
    where = bundle.environment
    ahead = bundle.clock.platform_ahead_seconds
    yield f"# Evidence: {escaped(bundle.subject)}"
    yield ""
    yield from _list(
        ("Account", where.account),
        ("ThingSpace", f"{where.kind}, {where.host}"),
        ("Made", f"{bundle.made_at} by {bundle.made_by}"),
        ("Tells of", f"{bundle.span.since} to {bundle.span.until}"),
        ("Clock", f"{bundle.clock.note} This machine is in {bundle.clock.zone}."),
        (
            "ThingSpace's clock",
            "not compared, nobody was signed in"
            if ahead is None
            else f"{abs(ahead):g} s {'ahead of' if ahead >= 0 else 'behind'} this machine's",
        ),
        (
            "Personal data",
            "masked: names, addresses, custom fields, messages, notes"
            if bundle.masked
            else "not masked",
        ),
        ("Secrets", "never in it"),
    )


def _device(device: Device) -> Iterator[str]:
    connected = {True: "yes", False: "no", None: NOT_TOLD}[device.connected]
    yield "## Device"
    yield ""
    yield from _list(
        *((kind.upper(), value) for kind, value in device.ids.items()),
        ("State", device.state),
        ("Service plan", device.plan),
        ("Groups", device.groups),
        ("IP address", device.ip),
        ("Connected", connected),
        ("Last connection", device.last_connection),
        ("In the account since", device.added),
        ("Read", device.line.read),
        ("Last try failed", device.line.trouble or None),
    )


def _about(request: Request) -> Iterator[str]:
    yield f"## Request {request.number}: {escaped(request.title)}"
    yield ""
    yield from _list(
        ("ThingSpace request id", request.request_id or "none was given"),
        ("State", request.state),
        ("Error code", request.code or None),
        ("Problem", request.problem or None),
        ("Rests on", request.evidence or None),
        ("Told later", request.contradiction or None),
        ("Device as named", request.identifier or None),
        ("Devices in the request", str(request.devices)),
        ("Confirmed", request.confirmed),
        ("Sent", request.sent),
        ("Answered", request.answered),
        ("Why it was done", request.note or None),
    )
    yield ""
    yield from _block("Sent", request.body)
    if request.answer is not None:
        yield ""
        yield from _block("Answered", request.answer)


def _verdict(verdict: Verdict) -> Iterator[str]:
    yield f"## Why offline: {escaped(verdict.verdict)}"
    yield ""
    yield f"Verdict: {escaped(verdict.sentence)}"
    for each, said in ((verdict.cause, "Cause"), (verdict.candidate, "Found so far")):
        if each is not None:
            yield ""
            yield from _finding(each, said)
    yield ""
    yield from table(
        ("Layer", "Status", "Field", "Value", "Source", "Age"),
        (row for layer in verdict.layers for row in _layer(layer)),
    )


def _finding(finding: Finding, said: str) -> Iterator[str]:
    yield from _list(
        (said, f"{finding.cause} (rule {finding.rule}, confidence {finding.confidence})"),
        *(("It could also be", f"{each.cause}; told apart by {each.tell}")
          for each in finding.rivals),
    )  # fmt: skip


def _layer(layer: Layer) -> Iterator[Sequence[str]]:
    is_told = False
    for fact in (*layer.facts, *(fact for each in layer.findings for fact in each.facts)):
        age = NOT_TOLD if fact.age_seconds is None else span(fact.age_seconds)
        yield layer.layer, layer.status, fact.field, fact.value, fact.source, age
        is_told = True
    sentences = (*(each.sentence for each in layer.findings), *layer.not_judged, layer.note)
    for said in filter(None, sentences):
        yield layer.layer, layer.status, "", said, "", ""
        is_told = True
    if not is_told:
        yield layer.layer, layer.status, "", "", "", ""


def _requests(requests: Sequence[Request]) -> Iterator[str]:
    yield "## What was tried from here"
    yield ""
    if not requests:
        yield "Nothing was changed on it from here in this time."
        return
    yield from table(
        ("Confirmed (UTC)", "Change", "State", "Request id", "Code", "What is known"),
        (
            (
                each.confirmed, each.title, each.state, each.request_id, each.code,
                "; ".join(filter(None, (each.problem, each.evidence, each.contradiction))),
            )
            for each in requests
        ),
    )  # fmt: skip


def _calls(bundle: Bundle) -> Iterator[str]:
    if not bundle.calls:
        return
    yield "## Calls about it"
    yield ""
    yield from table(
        ("At (UTC)", "Call", "Status", "Seconds", "Error", "Answer"),
        (
            (
                each.at, f"{each.method} {each.path}", str(each.status or "no answer"),
                f"{each.seconds:.2f}", each.error, each.received,
            )
            for each in bundle.calls
        ),
    )  # fmt: skip


def _timeline(events: Sequence[Event]) -> Iterator[str]:
    yield "## Timeline"
    yield ""
    if not events:
        yield "Nothing is known of this time."
        return
    if (older := len(events) - MOST_EVENTS) > 0:
        yield f"The newest {MOST_EVENTS} events; {older} older ones are in the JSON."
        yield ""
    yield from table(
        ("At (UTC)", "Kind", "What", "Detail", "Request id", "Code"),
        (
            (each.at, each.kind, each.what, each.detail, each.request_id, each.code)
            for each in events[-MOST_EVENTS:]
        ),
    )


def _usage(bundle: Bundle) -> Iterator[str]:
    if not bundle.usage:
        return
    yield "## Usage by day"
    yield ""
    yield from table(
        ("Day (UTC)", "Data", "SMS"),
        (
            (
                each.day,
                NOT_TOLD if each.bytes is None else size(each.bytes),
                NOT_TOLD if each.sms is None else str(each.sms),
            )
            for each in bundle.usage
        ),
    )


def _unknown(bundle: Bundle) -> Iterator[str]:
    yield "## What is not known, and why"
    yield ""
    if not bundle.unknown:
        yield "Nothing that was looked for."
        return
    yield from table(("What", "Why"), ((each.what, each.why) for each in bundle.unknown))


def _fields(device: Device) -> Iterator[str]:
    for title, reading in (("Line", device.line), ("Extended diagnostics", device.diagnostics)):
        yield f"## {title}, all fields"
        yield ""
        yield f"Read {escaped(reading.read or 'never')}. {escaped(reading.trouble)}".strip()
        yield ""
        yield from table(("Field", "Value"), ((each.name, each.value) for each in reading.fields))
        yield ""


def _block(title: str, value: Any) -> Iterator[str]:
    """Yield JSON as code; indented, so that nothing in it can end it."""
    lines = json.dumps(value, indent=2).splitlines()
    yield f"{title}:"
    yield ""
    yield from (f"    {sanitize(line, LONGEST)}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"    ... {len(lines) - MOST_LINES} more lines in the JSON"


def _list(*facts: tuple[str, str | None]) -> Iterator[str]:
    for name, value in facts:
        if value is not None:
            yield f"- {escaped(name)}: {escaped(value) or NOT_TOLD}"
