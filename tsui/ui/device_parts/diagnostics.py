"""What the network tells of the device right now."""

from tsui.service.parts import Part
from tsui.ui.device_parts.reading import ReadingPart


class Diagnostics(ReadingPart):
    """What the network tells of the device right now."""

    name = Part.DIAGNOSTICS.value
    title = "Diagnostics"
    kind = Part.DIAGNOSTICS
