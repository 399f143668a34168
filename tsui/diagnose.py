"""``tsui diagnose``: why a device is offline, for scripts and for people without the dashboard.

The verdict goes to standard output, words to standard error, and the exit code says what it is.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import click

from tsui.credentials import CredentialsError
from tsui.service.failures import ReadFailed, SignInFailed
from tsui.service.launch import Launch
from tsui.service.verdict.desk import NotOneDevice
from tsui.service.verdict.model import TITLES, Fact, Finding, LayerReport, Status, Verdict
from tsui.service.verdict.telling import age_of, as_data, headline, why
from tsui.service.views import StoreError
from tsui.service.workspace import Workspace
from tsui.settings import SettingsError
from tsui.start import Where
from tsui.text import sanitize


class Exit(IntEnum):
    """What the verdict is."""

    OK = 0
    """Nothing is wrong as far as anybody can see: connected, or asleep as usual."""
    NO_VERDICT = 1
    """There is none: nobody could sign in, or nothing is remembered."""
    USAGE = 2
    """There is none: the call itself is wrong, or names several devices."""
    STOP = 3
    """Something keeps it offline, for certain."""
    WARN = 4
    """Something is likely to be the cause."""
    UNKNOWN = 5
    """It cannot be told by what could be read."""


_CODES = {
    Status.OK: Exit.OK,
    Status.STOP: Exit.STOP,
    Status.WARN: Exit.WARN,
    Status.UNKNOWN: Exit.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    identifier: str
    """The device, or the end of its number."""
    imei: str = ""
    """What is on the device."""
    place: str | None = None
    """Where it should be, as two numbers with a comma."""
    as_json: bool = False
    """Whether to print JSON."""
    offline: bool = False
    """Whether to judge by what is remembered."""

    def site(self) -> tuple[float, float] | None:
        """Return where it should be; raises ValueError."""
        if self.place is None:
            return None
        try:
            latitude, longitude = map(float, self.place.split(","))
        except ValueError:
            latitude = longitude = 999.0
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise ValueError("--place takes two numbers such as 42.36,-71.06.")
        return latitude, longitude


def run_diagnose(call: Call, where: Where) -> int:
    """Say why a device is offline; returns the exit code."""
    try:
        call.site()
        launch = where.launch()
    except ValueError as error:
        return _say(str(error), Exit.USAGE)
    except (SettingsError, click.UsageError) as error:
        return _say(str(error), Exit.USAGE)
    return asyncio.run(_run(launch, call))


async def _run(launch: Launch, call: Call) -> int:
    environment = launch.environment(launch.profile_name, launch.profile)
    workspace = Workspace(
        launch.data_folder,
        environment,
        launch.profile.account,
        launch.clock,
        refresh_seconds=float("inf"),
    )
    try:
        await workspace.open()
        try:
            if not call.offline:
                attempt = await launch.profiles.attempt(launch.profile_name, launch.profile)
                await workspace.try_sign_in(attempt, environment)
            verdict = await workspace.desks.verdicts.of(call.identifier, call.imei, call.site())
        finally:
            await workspace.close()
    except NotOneDevice as error:
        return _say(str(error), Exit.USAGE if error.found else Exit.NO_VERDICT)
    except (SignInFailed, ReadFailed, CredentialsError, StoreError) as error:
        return _say(str(error), Exit.NO_VERDICT)
    if call.as_json:
        # A terminal gets ASCII only, so that nothing from outside acts on it.
        click.echo(json.dumps(as_data(verdict), indent=2, ensure_ascii=sys.stdout.isatty()))
    else:
        for line in _lines(verdict):
            click.echo(sanitize(line, 500))
    return _CODES[verdict.status]


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"{verdict.status:<8} {headline(verdict)}"
    likely = verdict.likely
    if likely is not None:
        yield f"{'':<8} {likely.rule.cause} (rule {likely.rule.number}, {likely.rule.confidence})"
        key = f" [{likely.rule.key}]" if likely.rule.key else ""
        yield f"{'next':<8} {likely.rule.advice}{key}"
        for rival in likely.rule.rivals:
            yield f"{'or':<8} {rival.cause}; told apart by {rival.tell}"
    yield ""
    for report in verdict.layers:
        yield from _layer(report, verdict)


def _layer(report: LayerReport, verdict: Verdict) -> Iterator[str]:
    told = [_fact(fact, verdict) for fact in report.facts]
    if report.note:
        told.append(report.note)
    yield f"{report.status:<8} {TITLES[report.layer]:<12} {'; '.join(told)}".rstrip()
    for finding in _beside(report.findings, verdict):
        yield f"{'':<8} {'':<12} {finding.rule.number} {finding.sentence}"
        for fact in finding.facts:
            yield f"{'':<8} {'':<14} {_fact(fact, verdict)}"
    for gap in report.gaps:
        yield f"{'':<8} {'':<12} {gap.rule.number} {why(gap)}"


def _beside(findings: Sequence[Finding], verdict: Verdict) -> Sequence[Finding]:
    """Return what applies in a layer, the cause itself first."""
    return sorted(findings, key=lambda each: each is not verdict.likely)


def _fact(fact: Fact, verdict: Verdict) -> str:
    from tsui.ui import words

    age = age_of(fact, verdict.evidence)
    said = f", {words.age(age)} ago" if age is not None else ""
    return f"{fact.field}: {fact.value} ({fact.source}{said})"


def _say(sentence: str, code: Exit) -> int:
    click.echo(f"tsui: {sanitize(sentence, 600)}", err=True)
    return code
