"""Sessions of a device, the newest first."""

from tsui.service.parts import Part
from tsui.ui.device_parts.reading import ReadingPart


class Sessions(ReadingPart):
    """Sessions of a device, the newest first."""

    name = Part.SESSIONS.value
    title = "Sessions"
    kind = Part.SESSIONS
    is_table = True
