"""What can be set: one field for each setting.

A field's annotation is what the file is checked against, its default is what a file that does not
mention it means, and its docstring is its help. To add a setting, add a field. The classes are
named tuples because they are on the way to the first frame, and dataclasses would nearly double
what it costs to import them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple

from tsui.settings.view import NO_VIEWS, View

Environment = Literal["production", "staging", "simulator", "custom"]
"""What a profile talks to."""

SecretsFrom = Literal["ask", "environment", "command", "keyring", "encrypted", "plaintext"]
"""Where the credentials of a profile come from; ``ask`` keeps them nowhere."""

Theme = Literal["auto", "dark", "light", "colour-blind", "terminal"]
"""How the screens are coloured; ``terminal`` uses the 16 colours of the terminal.

``auto`` is dark, and ``terminal`` on a thin link.
"""

ThinLink = Literal["auto", "always", "never"]
"""Whether the link to the terminal is taken for a thin one; ``auto``: whenever it is SSH."""

RuleName = Literal[
    "actions-per-day",
    "batch-size",
    "duplicate",
    "listener",
    "location-cancels",
    "loss",
    "offered",
    "pace",
    "pairing",
    "pending",
    "plan-changes",
    "same-plan",
    "stale",
    "state",
    "suspended-days",
    "suspended-plan",
    "termination-fee",
]
"""Rules that a profile can switch off."""

HOSTS: Mapping[str, str] = MappingProxyType(
    {
        "production": "https://thingspace.verizon.com",
        "staging": "https://staging.thingspace.verizon.com",
    }
)
"""Environments whose address is Verizon's and not a setting."""

_NAME_PUNCTUATION = str.maketrans("", "", "._-")


class Whole(NamedTuple):
    """The limits of a setting that is a whole number."""

    smallest: int
    """The smallest allowed number."""
    largest: int
    """The largest allowed number."""


class Profile(NamedTuple):
    """One way to talk to ThingSpace: which one, as whom, and where the secrets are kept."""

    environment: Environment = "production"
    """Which ThingSpace this is."""
    url: str = ""
    """The address of a simulator or a custom environment; the others have a fixed one."""
    account: str = ""
    """The billing account, e.g. 0742000123-00001; text, because leading zeros count."""
    username: str = ""
    """The user name to offer when the credentials are asked for."""
    read_only: bool = False
    """Whether this profile may never change anything."""
    note_required: bool = False
    """Whether every change made with this profile needs a note that says why."""
    rules_off: tuple[RuleName, ...] = ()
    """Rules that are not looked at before a change, e.g. because the contract says otherwise."""
    actions_per_day: Annotated[int, Whole(1, 1000)] = 5
    """Activations, suspensions, restores and deactivations of a line that a day may have."""
    plan_changes_per_month: Annotated[int, Whole(1, 1000)] = 4
    """Changes of a line's service plan that a month may have."""
    protect: tuple[str, ...] = ()
    """Devices as ``KIND:NUMBER`` and groups as ``group:NAME`` that need their name typed."""
    watch: tuple[str, ...] = ()
    """Devices as ``KIND:NUMBER`` that are read as often as those in view, shown or not."""
    secrets: SecretsFrom = "ask"
    """Where the key, the secret, the user name and the password come from."""
    credential_command: tuple[str, ...] = ()
    """The program and its arguments that print the credentials, with ``secrets = "command"``."""
    ca_file: str = ""
    """A file of certificate authorities to trust instead of the usual ones."""
    trust_env: bool = False
    """Whether the proxy variables of the environment, e.g. HTTPS_PROXY, are obeyed."""
    callback_url: str = ""
    """How ThingSpace reaches tsui receiver, e.g. https://host.example:9001; no path is needed."""

    @property
    def base_url(self) -> str:
        """The address in front of every path, without a slash at its end."""
        return HOSTS.get(self.environment) or self.url.rstrip("/")


class MessageSettings(NamedTuple):
    """What the settings say of messages to devices."""

    templates: Mapping[str, str] = MappingProxyType({})
    """Texts by name; ``{iccid}``, ``{mdn}``, ``{custom1}`` … are filled in for each device."""


class Settings(NamedTuple):
    """Everything the settings file can say."""

    default_profile: str = ""
    """The profile to use when none is named."""
    profiles: Mapping[str, Profile] = MappingProxyType({})
    """The profiles by their names."""
    read_only: bool = False
    """Whether no profile may change anything."""
    note_required: bool = False
    """Whether every change needs a note that says why, whatever the profile."""
    theme: Theme = "auto"
    """How the screens are coloured."""
    thin_link: ThinLink = "auto"
    """Whether to spare a thin link: short colours, no mouse, few repaints."""
    ascii: bool = False
    """Whether only ASCII characters are drawn."""
    bell: bool = True
    """Whether the terminal's bell calls when a step of a commissioning run is done or late."""
    alarm_bell: bool = False
    """Whether the terminal's bell calls when a new alarm comes that nobody muted."""
    alarm_title: bool = True
    """Whether the window's title counts alarms that nobody took note of; not on a thin link."""
    refresh_minutes: Annotated[int, Whole(1, 1440)] = 15
    """Minutes between two readings of the whole fleet while somebody is signed in."""
    look_seconds: Annotated[int, Whole(5, 3600)] = 60
    """Seconds between two readings of the devices in view and of those that are watched."""
    rhythm_reads_per_hour: Annotated[int, Whole(0, 3600)] = 60
    """Connection histories an hour that are read to learn when devices are overdue; 0 is none."""
    shifts: tuple[str, ...] = ("06:00", "14:00", "22:00")
    """When the shifts of a day begin, in your own zone."""
    calls_per_minute: Annotated[int, Whole(6, 500)] = 120
    """Calls a minute from which on nothing is read but what somebody asks for."""
    send_differences: bool = True
    """Whether a terminal gets only what it does not show yet; off, all that is painted anew."""
    download_folder: str = ""
    """Where exports and evidence are written; empty means the folder tsui was started in."""
    views: Mapping[str, View] = NO_VIEWS
    """Saved views of the devices by their names."""
    messages: MessageSettings = MessageSettings()
    """Templates of messages, under ``[messages.templates]``."""
    keys: Mapping[str, str] = MappingProxyType({})
    """Keys by the identifier of the command they run, instead of the ones it comes with."""


class Problem(NamedTuple):
    """What keeps a profile from being used."""

    field: str
    """The field to change."""
    text: str
    """What is wrong with it, to be read after its name."""
    hint: str
    """What is allowed, or why."""


def first_problem(profile: Profile) -> Problem | None:
    """Return what a profile lacks or contradicts; None if it can be used."""
    fixed = HOSTS.get(profile.environment)
    if fixed and profile.url:
        return Problem("url", "is not used", f"{profile.environment} is always {fixed}")
    if not fixed and (trouble := _url_trouble(profile.url)):
        return Problem("url", trouble, "e.g. https://thingspace.example or http://localhost:8000")
    if profile.callback_url and (trouble := _url_trouble(profile.callback_url)):
        return Problem("callback_url", trouble, "e.g. https://callbacks.example:9001")
    if profile.secrets == "command" and not profile.credential_command:
        return Problem("credential_command", "is missing", 'secrets = "command" runs it')
    if profile.secrets != "command" and profile.credential_command:
        return Problem("credential_command", "is not used", 'it needs secrets = "command"')
    if any(not _names_device(entry) for entry in profile.watch):
        return Problem("watch", "must name devices", 'e.g. ["iccid:8914..."]')
    if any(not _protects(entry) for entry in profile.protect):
        return Problem(
            "protect", "must name devices and groups", 'e.g. ["iccid:8914...", "group:Substations"]'
        )
    return None


def is_time_of_day(text: str) -> bool:
    """Tell whether a text is a time of day such as ``06:00``."""
    hour, _, minute = text.partition(":")
    digits = hour + minute
    return (
        (len(hour), len(minute)) == (2, 2)
        and digits.isascii()
        and digits.isdecimal()
        and int(hour) < 24
        and int(minute) < 60
    )


def is_profile_name(name: str) -> bool:
    """Tell whether a profile may have this name, which also becomes a part of file names."""
    return (
        0 < len(name) <= 64
        and name.isascii()
        and name[0].isalnum()
        and name.translate(_NAME_PUNCTUATION).isalnum()
    )


def _protects(entry: str) -> bool:
    kind, _, name = entry.partition(":")
    return (kind.strip().lower() == "group" and bool(name.strip())) or _names_device(entry)


def _names_device(entry: str) -> bool:
    from tsui.ident import normalise_kind

    kind, _, name = entry.partition(":")
    return normalise_kind(kind) is not None and bool(name.strip())


def _url_trouble(url: str) -> str:
    from urllib.parse import urlsplit

    if not url:
        return "is missing"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not an address"
    if not (url.isascii() and url.isprintable() and " " not in url and host):
        return "is not an address"
    if "@" in parts.netloc:
        return "must not hold a user name or a password"
    if parts.query or parts.fragment:
        return "must end before ? and #"
    if parts.scheme == "http" and not _is_loopback(host):
        return "must begin with https:// unless it is on this machine"
    return "" if parts.scheme in {"http", "https"} else "must begin with https://"


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
