"""What was done to the line, and by whom."""

from tsui.service.parts import Part
from tsui.ui.device_parts.reading import ReadingPart


class Provisioning(ReadingPart):
    """What was done to the line, and by whom."""

    name = Part.PROVISIONING.value
    title = "Provisioning"
    kind = Part.PROVISIONING
