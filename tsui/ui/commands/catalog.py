"""All commands, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.ui.commands.account import ACCOUNT
from tsui.ui.commands.base import Command
from tsui.ui.commands.batches import BATCH, ApplyValues, PasteDevices
from tsui.ui.commands.blast import INCIDENTS, LostTogether
from tsui.ui.commands.bundle import DeviceEvidence, RequestEvidence
from tsui.ui.commands.callbacks import CALLBACKS, LISTENERS
from tsui.ui.commands.calls import CALLS
from tsui.ui.commands.changes import CHANGES
from tsui.ui.commands.commissioning import RUN, CommissionDevice
from tsui.ui.commands.device import REQUEST, TABS, VERDICT
from tsui.ui.commands.device_parts import DEVICE_PARTS
from tsui.ui.commands.everywhere import EVERYWHERE
from tsui.ui.commands.lists import MARKS, TABLE
from tsui.ui.commands.messages import LETTER, MESSAGES, QUEUE
from tsui.ui.commands.monitors import WATCHING
from tsui.ui.commands.notices import NOTICES, STREAM, EndMute
from tsui.ui.commands.operations import ANSWER, DEVICE_FORMS, FORM
from tsui.ui.commands.prompts import PROMPT
from tsui.ui.commands.shift import HANDOVER
from tsui.ui.commands.timeline import TIMELINE
from tsui.ui.commands.triggers import TRIGGERS, OpenTriggers
from tsui.ui.commands.twin import TWIN
from tsui.ui.commands.usage import USAGE
from tsui.ui.commands.views import VIEWS, SwitchPreview
from tsui.ui.commands.wall import WALL

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place

ALL: tuple[type[Command], ...] = (
    *CHANGES,
    *DEVICE_FORMS,
    *TABS,
    *VERDICT,
    DeviceEvidence,
    *TIMELINE,
    *USAGE,
    *DEVICE_PARTS,
    CommissionDevice,
    *RUN,
    *TWIN,
    LostTogether,
    *INCIDENTS,
    *REQUEST,
    RequestEvidence,
    *BATCH,
    *TABLE,
    *MARKS,
    *VIEWS,
    SwitchPreview,
    PasteDevices,
    ApplyValues,
    *FORM,
    *ANSWER,
    *ACCOUNT,
    *LETTER,
    *MESSAGES,
    *QUEUE,
    *NOTICES,
    *STREAM,
    OpenTriggers,
    EndMute,
    *WATCHING,
    *TRIGGERS,
    *CALLBACKS,
    *LISTENERS,
    *CALLS,
    *WALL,
    *HANDOVER,
    *EVERYWHERE,
    *PROMPT,
)
"""Every command there is, in the order of the help."""

_BY_ID = {command.id(): command() for command in ALL}


def find_command(name: str) -> Command:
    """Return a command by its id; raises KeyError."""
    return _BY_ID[name]


def commands_of(place: Place) -> list[Command]:
    """Return what one can do on a screen, in the order of the help."""
    here = {command.id() for command in place.commands_here}
    everywhere = {command.id() for command in EVERYWHERE}
    return [command for name, command in _BY_ID.items() if name in here or name in everywhere]


def prompt_commands() -> list[Command]:
    """Return what one can do while typing."""
    return [find_command(command.id()) for command in PROMPT]


def named_commands(place: Place) -> list[str]:
    """Return the names the command line knows on a screen, and what may follow them."""
    lines = set()
    for command in commands_of(place):
        for name in command.names:
            lines |= {name, *(f"{name} {each}" for each in command.completions(place))}
    return sorted(lines)


def by_name(place: Place, name: str) -> Command | None:
    """Return a command by its name on the command line, or by a beginning that only it has."""
    names = {each: command for command in commands_of(place) for each in command.names}
    if name in names:
        return names[name]
    found = {command.id(): command for each, command in names.items() if each.startswith(name)}
    return next(iter(found.values())) if len(found) == 1 else None
