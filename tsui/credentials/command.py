"""Credentials that a program prints: a password store, a vault, a cloud's own tool."""

import os
import signal
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tsui.credentials.errors import CredentialsError
from tsui.credentials.model import EXAMPLE, Credentials, decode
from tsui.text import sanitize

PATIENCE = 30.0
"""Seconds for the program; a vault on the other side of the world answers within them."""


class _Outcome(NamedTuple):
    code: int
    stdout: bytes
    stderr: bytes


def run(command: Sequence[str], environ: Mapping[str, str]) -> Credentials:
    """Return the credentials that the command prints as JSON; no shell takes part.

    Raises:
        CredentialsError: It cannot be started, is too slow, fails, or prints something else.
    """
    name = f"credential_command {sanitize(command[0], 80)}"
    try:
        outcome = _outcome(command, environ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it holds a null character"
        raise CredentialsError(
            f"{name} cannot be started: {reason}.", "Check credential_command in the settings."
        ) from None
    if outcome is None:
        raise CredentialsError(
            f"{name} did not end within {PATIENCE:.0f} s.",
            "It cannot ask questions; unlock what it needs and try again.",
        )
    if outcome.code != 0:
        said = outcome.stderr.decode(errors="replace").strip().split("\n")[0]
        words = f": {sanitize(said.strip(), 200)}" if said else ""
        raise CredentialsError(
            f"{name} failed with exit code {outcome.code}{words}.",
            f"It should print {EXAMPLE}.",
        )
    return decode(outcome.stdout, name)


def _outcome(command: Sequence[str], environ: Mapping[str, str]) -> _Outcome | None:
    import subprocess

    # A session of its own: the program cannot draw over our screen, and its children die with it.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environ),
        start_new_session=True,
    ) as child:
        try:
            stdout, stderr = child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return None
    return _Outcome(child.returncode, stdout, stderr)
