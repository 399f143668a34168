"""Who is at work here."""

import getpass
import os


def operator_name() -> str:
    """Return who is at work here, for the journal; a user without a name goes by a number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
