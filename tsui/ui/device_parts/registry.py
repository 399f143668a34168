"""The parts of a device, in the order of their tabs."""

from tsui.ui.device_parts.base import DevicePart
from tsui.ui.device_parts.diagnostics import Diagnostics
from tsui.ui.device_parts.firmware import Firmware
from tsui.ui.device_parts.location import Location
from tsui.ui.device_parts.messages import Messages
from tsui.ui.device_parts.profiles import Profiles
from tsui.ui.device_parts.provisioning import Provisioning
from tsui.ui.device_parts.raw import Raw
from tsui.ui.device_parts.reachability import Reachability
from tsui.ui.device_parts.requests import Requests
from tsui.ui.device_parts.sessions import Sessions
from tsui.ui.device_parts.summary import Summary
from tsui.ui.device_parts.timeline import TimelinePart
from tsui.ui.device_parts.usage import Usage
from tsui.ui.device_parts.verdict import Diagnosis

PARTS: tuple[type[DevicePart], ...] = (
    Summary,
    Diagnosis,
    TimelinePart,
    Diagnostics,
    Usage,
    Sessions,
    Provisioning,
    Requests,
    Messages,
    Reachability,
    Location,
    Profiles,
    Firmware,
    Raw,
)
"""From left to right."""

BY_NAME = {part.name: part for part in PARTS}
"""The same by what commands know them by."""
