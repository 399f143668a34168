"""The parts of what is known of one device, each read, aged and failing on its own."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class Part(StrEnum):
    """A kind of reading, as the store names it."""

    DIAGNOSTICS = "diagnostics"
    USAGE = "usage"
    SESSIONS = "sessions"
    PROVISIONING = "provisioning"
    PLANS = "plans"
    GROUPS = "groups"
    ACCOUNT = "account"
    CONNECTIONS = "connections"
    """The connection history in windows, for a verdict."""
    MISMATCHES = "mismatches"
    OLDER_USAGE = "older usage"
    """Usage from before the days that are always read, in windows."""
    ADDRESSES = "addresses"
    """Addresses a device had, with the time each was first seen."""
    SITE = "site"
    """What somebody read on the device."""
    ACCESS = "access"
    """Whether our calls about the device were let in."""


DEVICE_PARTS = (Part.DIAGNOSTICS, Part.USAGE, Part.SESSIONS, Part.PROVISIONING)
"""What is read of a device beside its line in the list."""

SPANS: Mapping[Part, timedelta] = {
    Part.SESSIONS: timedelta(days=7),
    Part.USAGE: timedelta(days=31),
    Part.PROVISIONING: timedelta(days=365),
}
"""How far back each history is read: long spans of sessions run into the platform's 30 s limit."""

MOST_RECORDS = 5000
"""Records of a history that are kept; a device that flaps for a week has more."""

LINE = "line"
"""The kind of reading that tells whether the list has the device."""

LAST_ANSWER = "op:"
"""Begins the kind of reading that is an operation's last answer; its class name follows."""
