"""``tsui evidence``: what a carrier's ticket needs to know of a device, for scripts and mail.

The bundle, or the paths of its files, goes to standard output; words go to standard error.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import click

from tsui.credentials import CredentialsError
from tsui.service.bundle.desk import Made, Wish
from tsui.service.failures import ReadFailed, SignInFailed
from tsui.service.launch import Launch
from tsui.service.scripting import workspace_of
from tsui.service.verdict.desk import NotOneDevice
from tsui.service.views import StoreError
from tsui.service.workspace import Workspace
from tsui.settings import SettingsError
from tsui.start import Where
from tsui.text import sanitize


class Exit(IntEnum):
    """What was made."""

    MADE = 0
    """The bundle was printed, or its files were written."""
    NOTHING = 1
    """Nothing: nothing is remembered, nobody could sign in, or a file could not be written."""
    USAGE = 2
    """Nothing: the call itself is wrong, or names several devices."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    identifier: str
    """The device, or the end of its number."""
    form: str
    """``json`` or ``markdown``; empty for both files, or for Markdown where it is printed."""
    span: str
    """How far back is told."""
    output: Path | None
    """The folder to write into; None prints."""
    unmasked: bool
    """Whether personal data is told."""
    fresh: bool
    """Whether to read the device first."""


def run_evidence(call: Call, where: Where) -> int:
    """Make an evidence bundle; returns the exit code."""
    try:
        launch = where.launch()
    except (SettingsError, click.UsageError) as error:
        return _say(str(error), Exit.USAGE)
    if not launch.profile.account and not call.fresh:
        return _say("Whose device? Name the account: --account NAME.", Exit.USAGE)
    return asyncio.run(_run(launch, call))


async def _run(launch: Launch, call: Call) -> int:
    try:
        async with workspace_of(launch) as workspace:
            if call.fresh:
                attempt = await launch.profiles.attempt(launch.profile_name, launch.profile)
                await workspace.try_sign_in(attempt, workspace.environment)
                await workspace.desks.verdicts.of(call.identifier)
            made = await _make(workspace, call)
            for path in await _kept(workspace, call, made):
                click.echo(str(path))
    except NotOneDevice as error:
        return _say(str(error), Exit.USAGE if error.found else Exit.NOTHING)
    except (SignInFailed, ReadFailed, CredentialsError, StoreError) as error:
        return _say(str(error), Exit.NOTHING)
    except OSError as error:
        return _say(f"Nothing was written: {error.filename}: {error.strerror}.", Exit.NOTHING)
    if call.output is None:
        click.echo(made.json if call.form == "json" else made.markdown, nl=False)
    return Exit.MADE


async def _make(workspace: Workspace, call: Call) -> Made:
    device = await workspace.desks.verdicts.known(call.identifier)
    if device is None:
        raise NotOneDevice(call.identifier, ())
    wish = Wish(call.span, masked=not call.unmasked)
    return await workspace.desks.bundles.of_device(device, wish)


async def _kept(workspace: Workspace, call: Call, made: Made) -> Sequence[Path]:
    if call.output is None:
        return ()
    endings = {"json": (".json",), "markdown": (".md",)}.get(call.form, (".md", ".json"))
    return await workspace.desks.bundles.keep(made, call.output, endings)


def _say(sentence: str, code: Exit) -> int:
    click.echo(f"tsui: {sanitize(sentence, 600)}", err=True)
    return code
