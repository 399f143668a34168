"""The parts of what is known of one device, each read, aged and failing on its own."""

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

LINE = "line"
"""The kind of reading that tells whether the list has the device."""

LAST_ANSWER = "op:"
"""Begins the kind of reading that is an operation's last answer; its class name follows."""
