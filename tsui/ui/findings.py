"""What the rules say of a change, in lines: who takes part, who is warned of, who is left out."""

from collections.abc import Iterable, Sequence

from tsui.service.preflight import Finding, Judged, Report, Verdict
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run

NAMED = 3
"""Devices that are named in a line."""

MOST = 500
"""Devices whose reasons are listed one by one."""

_LOOKS = {Verdict.OK: "dim", Verdict.WARN: "warn", Verdict.BLOCK: "bad"}
_SIGNS = {Verdict.OK: "·", Verdict.WARN: "!", Verdict.BLOCK: "✗"}


def summary(report: Report) -> list[Line]:
    """Say how many devices are eligible, warned of and left out, and count the reasons."""
    lines: list[Line] = []
    if clear := report.clear:
        lines.append(_group("●", "good", clear, "eligible"))
    if warned := report.warned:
        lines.append(_group("!", "warn", warned, "eligible, with a warning"))
        lines += _reasons(report.warnings, "warn")
    lines += _reasons(report.notes, "dim")
    if report.excluded:
        lines.append(_group("✗", "bad", report.excluded, "left out, never sent"))
        lines += _reasons(report.reasons, "bad")
    return lines


def of_the_whole(report: Report) -> list[Line]:
    """Return what is said of the change as a whole; what refuses it is with the devices, too."""
    told = report.refused if report.excluded else None
    return [_said(each) for each in report.general if each is not told]


def each_device(report: Report) -> list[Line]:
    """Name every device that something was said of, with all of it."""
    told = [*report.excluded, *report.warned]
    if not told:
        return []
    lines: list[Line] = [[], [("Each device:", "strong")]]
    for judged in told[:MOST]:
        lines.append(device_line(judged))
        lines += reasons_of(judged)
    if (rest := len(told) - MOST) > 0:
        lines.append([(f"… and {rest:,} more", "dim")])
    return lines


def device_line(judged: Judged) -> list[Run]:
    """Name a device."""
    device = judged.device
    state = f"{words.state(device.state)[0]}  " if device.state else ""
    return [
        (f"{sanitize(device.key.partition(':')[2], 40)}  ", "strong"),
        (state, "text"),
        (sanitize(device.custom1, 30), "dim"),
    ]


def reasons_of(judged: Judged) -> list[Line]:
    """Return all that is said of one device, the worst first."""
    order = (Verdict.BLOCK, Verdict.WARN, Verdict.OK)
    return [_said(each) for verdict in order for each in judged.saying(verdict)]


def _said(finding: Finding) -> Line:
    detail = f" ({sanitize(finding.detail, 120)})" if finding.detail else ""
    text = f"{_SIGNS[finding.verdict]} {sanitize(finding.sentence, 300)}{detail}"
    return [(text, _LOOKS[finding.verdict])]


def _group(sign: str, look: str, devices: Sequence[Judged], what: str) -> Line:
    named = ", ".join(sanitize(each.device.key.partition(":")[2], 40) for each in devices[:NAMED])
    rest = len(devices) - NAMED
    more = f" and {rest:,} more" if rest > 0 else ""
    return [
        (f"{sign} {words.number(len(devices), 'device')} ", look),
        (f"{what}: ", "text"),
        (f"{named}{more}", "dim"),
    ]


def _reasons(counted: Iterable[tuple[str, int]], look: str) -> list[Line]:
    return [
        [(f"   {count:,} x ", "strong"), (sanitize(sentence, 300), look)]
        for sentence, count in counted
    ]
