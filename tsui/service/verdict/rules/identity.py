"""Rules about who the device is: whether the account has it, and which hardware the SIM is in."""

from tsui.service.verdict.evidence import Evidence, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment


def not_listed(evidence: Evidence) -> Sign | None:
    """The account has no such device."""
    if evidence.line.is_listed:
        return None
    return Sign("The account lists no such device.", [Fact("devices", "none", Source.LINE)])


def moved(evidence: Evidence) -> Sign | None:
    """The SIM was found in other hardware and has not connected since."""
    if not evidence.line.is_listed or not evidence.swaps:
        return None
    newest = max(evidence.swaps)
    if evidence.line.last_connection > newest.at:
        return None
    return Sign(
        f"The SIM moved to other hardware, {moment(newest.at)}, and has not connected since.",
        [
            Fact("preImei", newest.before, Source.MISMATCHES),
            Fact("postImei", newest.after, Source.MISMATCHES),
            Fact("simOtaDate", moment(newest.at), Source.MISMATCHES),
        ],
    )


def other_hardware(evidence: Evidence) -> Sign | None:
    """The IMEI on the device is not the one the platform knows."""
    told, listed = evidence.site.imei, evidence.line.imei
    if not told:
        raise evidence.unknowable(Source.SITE, "nobody gave the IMEI that is on the device")
    # The last digits are a check digit or the version of the software.
    if not listed or told[:14] == listed[:14]:
        return None
    return Sign(
        f"The device on site has the IMEI {told}, the list has {listed}.",
        [Fact("imei", listed, Source.LINE), Fact("imei", told, Source.SITE)],
    )


OTHER_HARDWARE = Rule(
    "1.3", "imei-differs", Layer.IDENTITY, Status.WARN, Confidence.MEDIUM,
    "the SIM is in other hardware, unseen by the network yet", other_hardware,
    "Switch it on once, read it again, then change the identifier.", "I",
    (Rival("it was misread, or is the label of the box", "a photograph of the label"),),
)  # fmt: skip

NOT_LISTED = Rule(
    "1.1", "not-listed", Layer.IDENTITY, Status.STOP, Confidence.HIGH,
    "no such device in the account", not_listed,
    "Search for the end of the number; look into the other accounts.", "/",
    (
        Rival("a typing mistake, or another kind of number", "the number on the label"),
        Rival("it moved to another account, or was deleted", "the other accounts"),
    ),
)  # fmt: skip

MOVED = Rule(
    "1.2", "sim-moved", Layer.IDENTITY, Status.WARN, Confidence.HIGH,
    "the SIM is in other hardware", moved,
    "Change the identifier if the move is meant; history follows the IMEI.", "I",
    (Rival("a repair with spare hardware", "the IMEI on the label of the device on site"),),
)  # fmt: skip
