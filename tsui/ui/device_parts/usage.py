"""Usage of a device by day."""

from tsui.service.parts import Part
from tsui.ui.device_parts.reading import ReadingPart


class Usage(ReadingPart):
    """Usage of a device by day."""

    name = Part.USAGE.value
    title = "Usage"
    kind = Part.USAGE
