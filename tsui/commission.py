"""``tsui commission``: a commissioning run from a script or a plain shell.

Each step is a line once something is new of it; the exit code says how the run stands. Nothing is
ever activated but with ``--activate``, over the same road as in the dashboard.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum

import click

from tsui.credentials import CredentialsError
from tsui.op import tell_report
from tsui.service.commissioning.desk import Commissionings
from tsui.service.commissioning.model import TITLES, Run, RunOutcome, Step, StepName, StepState
from tsui.service.commissioning.slip import as_data, slip
from tsui.service.failures import ChangeFailed, ReadFailed, ReportChanged, SignInFailed
from tsui.service.kinds import ACTIVATE
from tsui.service.launch import Launch
from tsui.service.scripting import workspace_of
from tsui.service.views import DeviceRow, StoreError, Topic
from tsui.service.workspace import Workspace
from tsui.settings import SettingsError
from tsui.start import Where
from tsui.text import sanitize


class Exit(IntEnum):
    """How the run stands at the end."""

    GREEN = 0
    """The device moved its first bytes."""
    FAILED = 1
    """A step failed, or the run was given up; it can be tried again."""
    TIMED_OUT = 2
    """It was not over in time; the same command goes on with it."""
    NOT_BEGUN = 3
    """There is no run: nobody is signed in, no such device, or the call is wrong."""
    INTERRUPTED = 130
    """Somebody pressed ctrl+c; the same command goes on with the run."""


_GOES_ON = "The run is open; the same command goes on with it, and so does i in the dashboard."


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    identifier: str
    """The device, or the end of its number."""
    activate: bool = False
    """Whether to activate the line if it is not active."""
    plan: str = ""
    """Service plan to activate it with."""
    zip_code: str = ""
    """ZIP code of the place of use."""
    yes: bool = False
    """Whether the activation was agreed to."""
    note: str = ""
    """Why it is activated."""
    protected: tuple[str, ...] = ()
    """Names of protected devices and groups that are meant."""
    site: str = ""
    """Note of the site, for the slip."""
    timeout: float = 7200.0
    """Seconds until waiting ends."""
    as_json: bool = False
    """Whether to print JSON at the end, and no lines."""

    def objection(self) -> str:
        """Return what is wrong with the call; empty where nothing is."""
        if not self.activate:
            return ""
        if not self.yes:
            return "--activate changes something: add --yes to send it."
        if not self.plan or not self.zip_code:
            return "--activate needs --plan and --zip-code."
        return ""


def run_commission(call: Call, where: Where) -> int:
    """Follow a device to its first bytes; returns the exit code."""
    if objection := call.objection():
        return _say(objection, Exit.NOT_BEGUN)
    try:
        launch = where.launch()
    except (SettingsError, click.UsageError) as error:
        return _say(str(error), Exit.NOT_BEGUN)
    try:
        return asyncio.run(_run(launch, call))
    except KeyboardInterrupt:
        return _say(_GOES_ON, Exit.INTERRUPTED)


async def _run(launch: Launch, call: Call) -> int:
    try:
        attempt = await launch.profiles.attempt(launch.profile_name, launch.profile)
        async with workspace_of(launch) as workspace:
            await workspace.try_sign_in(attempt, workspace.environment)
            device = await _device(workspace, call.identifier)
            if device is None:
                return Exit.NOT_BEGUN
            return await _Following(workspace, device, call).follow()
    except (SignInFailed, ReadFailed, CredentialsError, StoreError) as error:
        return _say(str(error), Exit.NOT_BEGUN)


async def _device(workspace: Workspace, identifier: str) -> DeviceRow | None:
    """Return the device with an identifier, read if need be; says why there is none."""
    found = await workspace.find_devices(identifier)
    if not found and workspace.online is not None:
        await workspace.online.gatherer.look_up(identifier)
        found = await workspace.find_devices(identifier)
    if len(found) == 1:
        return found[0]
    count = f"{len(found)} devices end" if found else "No device of the account ends"
    _say(f"{count} with {identifier}.", Exit.NOT_BEGUN)
    return None


class _Following:
    """Prints what is new of a run until it is over."""

    def __init__(self, workspace: Workspace, device: DeviceRow, call: Call) -> None:
        self._workspace = workspace
        self._desk: Commissionings = workspace.desks.commissionings
        self._device = device
        self._call = call
        self._told: dict[StepName, tuple[StepState, str]] = {}
        self._may_activate = call.activate

    async def follow(self) -> int:
        """Follow the run; returns the exit code."""
        run = await self._desk.begin(self._device)
        if self._call.site:
            await self._desk.note(run, self._call.site)
        moved = asyncio.Event()
        stop = self._workspace.subscribe(
            lambda news: moved.set() if news.topic is Topic.COMMISSIONING else None
        )
        try:
            self._desk.follow(run)
            async with asyncio.timeout(self._call.timeout):
                code = await self._until_over(run.id, moved)
        except TimeoutError:
            code = Exit.TIMED_OUT
        finally:
            stop()
        return await self._end(run.id, code)

    async def _until_over(self, number: int, moved: asyncio.Event) -> Exit:
        while True:
            run = await self._known(number)
            self._tell(run)
            if (code := await self._code(run)) is not None:
                return code
            await moved.wait()
            moved.clear()

    async def _code(self, run: Run) -> Exit | None:
        if run.is_green:
            return Exit.GREEN
        if not run.is_open:
            return Exit.FAILED
        step = run.current
        if self._may_activate and step is not None and step.name is StepName.ACTIVATION:
            self._may_activate = False
            return await self._activate(step)
        return Exit.FAILED if step is not None and step.state is StepState.FAILED else None

    async def _activate(self, step: Step) -> Exit | None:
        """Activate the line over the one road for changes, unless that is under way."""
        if step.state is not StepState.FAILED and step.evidence.startswith("request"):
            return None
        call = self._call
        values = {"service_plan": call.plan, "mdn_zip_code": call.zip_code}
        report = await self._workspace.preflight(ACTIVATE, [self._device.id], values)
        report = replace(report, named=frozenset(call.protected))
        tell_report(report)
        if not report.eligible:
            return Exit(_say("Nothing was sent.", Exit.FAILED))
        try:
            await self._workspace.submit(report, call.note)
        except ReportChanged as changed:
            tell_report(changed.report)
            return Exit(_say("Nothing was sent: the device changed meanwhile.", Exit.FAILED))
        except ChangeFailed as error:
            return Exit(_say(str(error), Exit.FAILED))
        return None

    async def _end(self, number: int, code: Exit) -> int:
        run = await self._known(number)
        if run.is_green and run.is_open:
            run = await self._desk.end(run)
        now = self._workspace.clock.now().timestamp()
        if self._call.as_json:
            # A terminal gets ASCII only, so that nothing from outside acts on it.
            click.echo(json.dumps(as_data(run, now), indent=2, ensure_ascii=sys.stdout.isatty()))
        elif run.outcome is not RunOutcome.OPEN:
            click.echo(f"\n{slip(run, now)}", nl=False)
        return _say(_GOES_ON, code) if run.is_open else code

    def _tell(self, run: Run) -> None:
        for step in run.steps:
            known = (step.state, step.said)
            if self._call.as_json or step.state is StepState.TO_COME:
                continue
            if self._told.get(step.name) != known:
                self._told[step.name] = known
                at = datetime.fromtimestamp(step.ended_at, UTC) if step.ended_at else None
                moment = f"{at or self._workspace.clock.now():%H:%M:%S}Z"
                line = f"{moment}  {step.state:<13} {TITLES[step.name]:<17} {step.said}"
                click.echo(sanitize(line, 300))

    async def _known(self, number: int) -> Run:
        run = await self._desk.get(number)
        if run is None:
            raise LookupError(f"there is no commissioning run {number}")
        return run


def _say(sentence: str, code: Exit) -> int:
    click.echo(f"tsui: {sanitize(sentence, 600)}", err=True)
    return code
