"""Commands for devices: those of the one shown, and of those chosen in a list."""

from __future__ import annotations

from tsui.ui.commands.base import Command
from tsui.ui.commands.blast import LostTogether
from tsui.ui.commands.bundle import DeviceEvidence
from tsui.ui.commands.changes import CHANGES
from tsui.ui.commands.commissioning import CommissionDevice
from tsui.ui.commands.device import Diagnose, ShowProvisioning, ShowTimeline, ShowUsage
from tsui.ui.commands.monitors import WhenItWakes
from tsui.ui.commands.operations import DEVICE_FORMS
from tsui.ui.commands.twin import CompareTwin

ON_A_DEVICE: tuple[type[Command], ...] = (
    DeviceEvidence, CompareTwin, LostTogether, CommissionDevice, *CHANGES, *DEVICE_FORMS,
    WhenItWakes,
)  # fmt: skip
"""What one can do with a device, wherever it is shown."""

ON_DEVICES: tuple[type[Command], ...] = (
    Diagnose,
    ShowTimeline,
    ShowUsage,
    ShowProvisioning,
    *ON_A_DEVICE,
)
"""That, and the parts of a device that a list leads to."""
