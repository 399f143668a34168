"""The fields a filter can ask for: the parser, the SQL, the help and the completion go by them."""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a field holds, which decides what may be asked of it."""

    TEXT = auto()
    """Any text."""
    FEW = auto()
    """A text with few different values."""
    MEMBERS = auto()
    """Several texts, joined by commas, with few different values."""
    ENDING = auto()
    """The end of an identifier."""
    FLAG = auto()
    """Yes, no or unknown."""
    TIME = auto()
    """A moment, or unknown."""
    SIZE = auto()
    """A number of bytes, or unknown."""
    TIMES = auto()
    """So many times something, or unknown."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a device."""

    name: str
    """How it is written before the colon."""
    kind: Kind
    """What it holds."""
    column: str
    """Where the store has it."""
    help: str
    """What it is, in a sentence."""
    example: str
    """What may be written."""
    aliases: tuple[str, ...] = ()
    """Other ways to write it."""
    sorted: bool = False
    """Whether an index finds values and their beginnings."""
    reversed: bool = False
    """Whether an index finds how values end."""


def _custom(number: int) -> Field:
    return Field(
        f"cf{number}",
        Kind.TEXT,
        f"custom{number}",
        f"Custom field {number}.",
        f"cf{number}:pump-*",
        (f"custom{number}", f"customfield{number}"),
        sorted=number == 1,
    )


STATE = Field("state", Kind.FEW, "state", "State of the line.", "state:suspend")
CONNECTED = Field(
    "connected",
    Kind.FLAG,
    "connected",
    "Whether a data session was open when it was last read.",
    "connected:no",
    ("online",),
)
ICCID = Field("iccid", Kind.TEXT, "iccid", "The SIM.", "iccid:*1234", ("sim",), True, True)

FIELDS: tuple[Field, ...] = (
    STATE,
    Field("plan", Kind.FEW, "plan", "Service plan.", "plan:87641"),
    Field("group", Kind.MEMBERS, "groups", "A group it is in.", 'group:"4G West"', ("groups",)),
    CONNECTED,
    Field(
        "last",
        Kind.TIME,
        "last_connection",
        "Last connection: longer ago than, within, or on a day.",
        "last>7d",
        ("seen", "lastseen", "last_connection"),
    ),
    Field(
        "overdue",
        Kind.TIMES,
        "",
        "Times its usual gap that it is silent; only known where its rhythm is.",
        "overdue>3",
        ("late",),
    ),
    Field("created", Kind.TIME, "created", "When it was added.", "created<30d", ("added",)),
    Field("read", Kind.TIME, "read_at", "When it was read from ThingSpace.", "read>1h"),
    Field(
        "usage",
        Kind.SIZE,
        "",
        "Data of 31 days; only known where it was read in that time (u).",
        "usage>5MB",
        ("data",),
    ),
    Field("last4", Kind.ENDING, "", "How its ICCID, IMEI or MDN ends.", "last4:1234", ("ends",)),
    ICCID,
    Field("imei", Kind.TEXT, "imei", "The radio module.", "imei:35380*", (), True, True),
    Field(
        "mdn", Kind.TEXT, "mdn", "The phone number.", "mdn:*0042", ("phone", "number"), True, True
    ),
    Field("eid", Kind.TEXT, "eid", "The eUICC chip.", "eid:8904*"),
    Field("ip", Kind.TEXT, "ip", "IP address.", "ip:10.0.*", (), sorted=True),
    *(_custom(number) for number in range(1, 6)),
)
"""All fields, the most useful ones first."""

BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}
"""Fields by all their names."""

TEXTS = tuple(each for each in FIELDS if each.kind in (Kind.TEXT, Kind.FEW, Kind.MEMBERS))
"""Fields that a word with a wildcard is compared with."""

HAS = "has"
"""Asks whether a field is known: ``has:ip``."""

IS = "is"
"""Asks for what devices are: ``is:online``."""

CONDITIONS: dict[str, tuple[Field, str]] = {
    "online": (CONNECTED, "yes"),
    "offline": (CONNECTED, "no"),
    "active": (STATE, "active"),
    "suspended": (STATE, "suspend"),
    "deactive": (STATE, "deactive"),
    "pre-active": (STATE, "pre-active"),
    "pending": (STATE, "pending*"),
    "unknown": (STATE, "unknown"),
}
"""What may follow ``is:``, and what that asks of which field."""

UNKNOWN = "unknown"
"""As a value: the platform did not tell."""

STATES = {
    "suspended": "suspend",
    "activated": "active",
    "deactivated": "deactive",
    "deactivate": "deactive",
    "preactive": "pre-active",
}
"""Other spellings of states, the one that screens show among them."""

FLAGS = {
    "yes": True, "true": True, "on": True, "1": True,
    "no": False, "false": False, "off": False, "0": False,
}  # fmt: skip
"""Ways to say yes and no."""
