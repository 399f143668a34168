"""What the fleet is made of: models, plans, groups, people and places."""

from dataclasses import dataclass

ACCOUNTS = ("0742000123-00001", "0742000456-00001")
"""The billing accounts of the simulator's user."""

ORGANIZATIONS = ("Example Metering", "Example Logistics")
"""The customers behind the accounts."""

DEFAULT_GROUP = "Unassigned Devices"


@dataclass(frozen=True, slots=True)
class Plan:
    """A service plan."""

    code: str
    name: str
    size_kb: int
    """Allowance in kilobytes; 0 where the platform does not tell."""
    carrier_code: str


PLANS = (
    Plan("M2M5MB", "M2M 5MB", 5120, "61077"),
    Plan("M2M25MB", "M2M 25MB", 25600, "61078"),
    Plan("M2M250MB", "M2M 250MB", 256000, "61081"),
    Plan("87641", "NB-IoT 1MB annual", 1024, "87641"),
    Plan("4GPP5GB", "4G Public Private 5GB", 5_242_880, "84231"),
    Plan("UNL-RTR", "Router unlimited", 0, "90117"),
)
"""Plans of every account; codes differ from names and one does not tell its size."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a kind of device uses the network."""

    period: float
    """Seconds from one session's slot to the next."""
    jitter: float
    """Share of the period by which a session may begin later."""
    duration: tuple[float, float]
    """Shortest and longest session in seconds; below what is left of the period."""
    rate: tuple[float, float]
    """Fewest and most bytes a session moves for each second it lasts."""
    hours: tuple[int, int] = (0, 24)
    """Hours of the day (UTC) in which sessions begin."""
    sms_a_week: int = 0
    """Messages in an ordinary week."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model of device with what is typical for it."""

    make: str
    name: str
    tac: str
    """First seven digits of its IMEIs, in the first account."""
    purpose: str
    technology: str
    rhythm: Rhythm
    plans: tuple[str, ...]
    groups: tuple[str, ...]
    share: int
    """Devices of it among a hundred."""
    embedded: bool = False
    """Whether its SIM is an eUICC."""


_SLEEPER = Rhythm(43_200, 0.2, (20, 90), (30, 80))
_DAILY = Rhythm(86_400, 0.1, (20, 120), (20, 60))
_TRACKER = Rhythm(900, 0.3, (40, 300), (40, 160), hours=(10, 24), sms_a_week=1)
_FLAPPING = Rhythm(420, 0.4, (5, 30), (0, 0))
_ROUTER = Rhythm(259_200, 0.0, (258_900, 259_100), (300, 4000))
_CAMERA = Rhythm(21_600, 0.05, (14_000, 19_000), (4_000, 18_000))
_TERMINAL = Rhythm(1_800, 0.4, (15, 120), (80, 700), hours=(12, 24))
_SENSOR = Rhythm(3_600, 0.3, (10, 40), (10, 40))

MODELS = (
    Model(
        "Quectel", "BG95-M3", "8662340", "water meter", "Cat-M1", _SLEEPER,
        ("M2M5MB", "87641"), ("Boston meters", "4G West", DEFAULT_GROUP), 22, embedded=True,
    ),
    Model(
        "u-blox", "SARA-N410", "3574070", "gas meter", "NB-IoT", _DAILY,
        ("87641",), ("NB-IoT gas", "Boston meters"), 16,
    ),
    Model(
        "Sierra Wireless", "RV50X", "3563970", "site router", "LTE", _ROUTER,
        ("UNL-RTR", "4GPP5GB"), ("Substations", "4G West"), 8,
    ),
    Model(
        "Digi", "IX20", "3588780", "branch router", "LTE", _ROUTER,
        ("UNL-RTR", "4GPP5GB"), ("Branch offices",), 6,
    ),
    Model(
        "CalAmp", "LMU-3040", "3532180", "truck", "Cat-M1", _TRACKER,
        ("M2M25MB", "M2M250MB"), ("Trucks East", "Trucks West"), 20,
    ),
    Model(
        "Queclink", "GV57MG", "8682090", "trailer", "Cat-M1", _FLAPPING,
        ("M2M25MB",), ("Trailers",), 2,
    ),
    Model(
        "Axon", "Fleet 3", "3536650", "camera", "LTE", _CAMERA,
        ("4GPP5GB",), ("Job site cameras",), 4,
    ),
    Model(
        "Ingenico", "Move 5000", "3525020", "payment terminal", "LTE", _TERMINAL,
        ("M2M250MB",), ("Kiosks", "Branch offices"), 10,
    ),
    Model(
        "Telit", "ME910C1", "3518230", "cold chain sensor", "Cat-M1", _SENSOR,
        ("M2M5MB", "M2M25MB"), ("Cold chain", DEFAULT_GROUP), 12, embedded=True,
    ),
)  # fmt: skip
"""Models of the fleet; their shares add up to a hundred."""

GROUPS = tuple(
    dict.fromkeys((DEFAULT_GROUP, *(group for model in MODELS for group in model.groups)))
)
"""Groups of every account, the default one first."""

SITES = (
    ("Boston", "MA", "02108"), ("Worcester", "MA", "01608"), ("Hartford", "CT", "06103"),
    ("Albany", "NY", "12207"), ("Newark", "NJ", "07102"), ("Columbus", "OH", "43215"),
    ("Denver", "CO", "80202"), ("Boise", "ID", "83702"), ("Tucson", "AZ", "85701"),
    ("Fresno", "CA", "93721"),
)  # fmt: skip
"""Places of use: city, state and ZIP code."""

COORDINATES = (
    (42.35843, -71.05977), (42.26259, -71.80229), (41.76371, -72.68509), (42.65258, -73.75623),
    (40.73566, -74.17237), (39.96118, -82.99879), (39.73915, -104.9847), (43.6135, -116.20345),
    (32.22174, -110.92648), (36.74773, -119.77237),
)  # fmt: skip
"""Latitude and longitude of each site."""

SKUS = ("VZWEXAMPLE01", "VZWEXAMPLE02")
"""Device SKUs registered for every account."""


@dataclass(frozen=True, slots=True)
class State:
    """A customer-defined state."""

    name: str
    plans: tuple[str, ...]
    """Codes of the plans a line may have in it."""


@dataclass(frozen=True, slots=True)
class Service:
    """A customer-defined service."""

    name: str
    description: str
    states: tuple[State, ...]
    """Its states in the order of the workflow."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """What a customer defined."""

    id: str
    charging_group: str
    services: tuple[Service, ...]


ENGAGEMENTS = (
    Engagement(
        "71",
        "Engagement71",
        (
            Service(
                "Telematics",
                "main line",
                (
                    State("Telematics Active", ("55210", "55211")),
                    State("Telematics Suspended", ("55210", "55211")),
                    State("Telematics Off", ("55210",)),
                ),
            ),
            Service("Assistance", "emergency calls", ()),
        ),
    ),
)
"""Customer-defined services and states of every account."""

STAGES = {
    "Telematics Active": "active",
    "Telematics Suspended": "suspend",
    "Telematics Off": "deactive",
}
"""The line's state in each customer-defined one."""

INSTALLERS = ("R. Alvarez", "M. Chen", "D. Okafor", "S. Novak", "J. Whitfield", "contractor 7")
"""People who put devices up."""

OTHERS = ("portal.jwhitfield", "billing.auto", "ops_night_shift")
"""Users other than ours who change lines."""

HOSTILE_TEXTS = (
    "[bold red]alert[/bold red]",
    "[@click=app.quit]free coffee[/]",
    "[/foo] closes nothing",
    "\x1b]0;owned\x07\x1b[2J",
    "\x1b]52;c;b3duZWQ=\x07",
    "\u202egnp.exe",
    "a\u200bb\u200dc",
    "日本語メーター" * 40,
    "e" + "\u0301" * 200,
    "=1+1|cmd",
    "\x9b31mred",
    "two\nlines\tand a tab",
)
"""Texts that attack terminals, markup and spreadsheets."""
