"""``tsui decide``: close changes of unknown fate by the operator's own judgement, from a script."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import click

from tsui.listing import say
from tsui.service.launch import Launch
from tsui.service.scripting import workspace_of
from tsui.service.views import ChangeState, DeviceChange, StoreError
from tsui.service.workspace import Workspace
from tsui.settings import SettingsError
from tsui.start import Where
from tsui.text import sanitize


class Exit(IntEnum):
    """What was written down."""

    DONE = 0
    """All that was meant is closed."""
    NOTHING = 1
    """Nothing, or not all of it: it is over, or more is known of it than that it is unknown."""
    USAGE = 2
    """Nothing: the call itself is wrong."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    number: int
    """The request's number in the journal."""
    note: str
    """What became of it, in the operator's words."""
    device: str = ""
    """Identifier of the one device that is meant."""
    every: bool = False
    """Whether all devices of unknown fate are meant."""


def run_decide(call: Call, where: Where) -> int:
    """Close what is meant; returns the exit code."""
    try:
        launch = where.launch()
    except (SettingsError, click.UsageError) as error:
        return say(str(error), Exit.USAGE)
    if not launch.profile.account:
        return say("Of whom? Name the account: --account NAME.", Exit.USAGE)
    if not call.note.strip():
        return say("A note has to say what became of it: --note TEXT.", Exit.USAGE)
    if call.device and call.every:
        return say("Give --device or --all, not both.", Exit.USAGE)
    return asyncio.run(_run(launch, call))


async def _run(launch: Launch, call: Call) -> int:
    try:
        async with workspace_of(launch) as workspace:
            return await _decide(workspace, call)
    except StoreError as error:
        return say(str(error), Exit.NOTHING)


async def _decide(workspace: Workspace, call: Call) -> int:
    what = f"request {call.number}"
    changes = await workspace.request(call.number)
    if not changes:
        account = sanitize(workspace.account)
        return say(f"There is no {what} in account {account}.", Exit.NOTHING)
    meant = [each for each in changes if call.device in ("", each.identifier)]
    if not meant:
        device = sanitize(call.device, 60)
        return say(f"No device of {what} is {device}.", Exit.NOTHING)
    unknown = [each for each in meant if each.state is ChangeState.UNKNOWN]
    if not unknown:
        return say(f"Nothing of {what} is unknown: it is {_states(meant)}.", Exit.NOTHING)
    if len(unknown) > 1 and not call.every:
        return say(
            f"{len(unknown):,} devices of {what} are of unknown fate: "
            "name one with --device, or close all of them with --all.",
            Exit.USAGE,
        )
    closed = [await workspace.decide(each, call.note.strip()) for each in unknown]
    return _told(what, sum(closed), len(closed))


def _told(what: str, closed: int, meant: int) -> int:
    said = f"{closed:,} change{'s' * (closed != 1)} of {what} closed"
    if closed == meant:
        return say(f"{said}.", Exit.DONE)
    return say(f"{said}; of {meant - closed:,} more is known meanwhile.", Exit.NOTHING)


def _states(changes: Sequence[DeviceChange]) -> str:
    return ", ".join(dict.fromkeys(each.state.value for each in changes))
