"""Credentials in the keyring of the desktop, through the optional package ``keyring``."""

import queue
import threading
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

from tsui.credentials.errors import CredentialsError
from tsui.text import sanitize

SERVICE = "tsui"
"""The name under which a keyring lists what is ours."""

PATIENCE = 2.0
"""Seconds for the keyring: a locked one prompts where nobody may sit, and then never answers."""

_OTHER_STORE = 'Choose another place with "tsui login", e.g. the encrypted file.'

_FOREIGN_FAILURES = (
    AttributeError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What backends raise besides their own errors, e.g. where a configured one is not installed."""

_Answer = TypeVar("_Answer")


def backend() -> str:
    """Return the name of the keyring that would be used.

    Raises:
        CredentialsError: There is none.
    """
    name, priority = _ask(lambda ring: (ring.get_keyring().name, ring.get_keyring().priority))
    if priority <= 0:
        raise CredentialsError("This machine offers no keyring.", _OTHER_STORE)
    return sanitize(str(name), 80)


def read(profile_name: str) -> str | None:
    """Return what the keyring holds for a profile, if anything.

    Raises:
        CredentialsError: The keyring is missing, fails or is silent.
    """
    return _ask(lambda ring: _text(ring.get_password(SERVICE, profile_name)))


def write(profile_name: str, text: str) -> None:
    """Put a text into the keyring and make sure that it is there.

    Raises:
        CredentialsError: The keyring is missing, fails, is silent, or forgets at once.
    """
    _ask(lambda ring: ring.set_password(SERVICE, profile_name, text))
    if read(profile_name) != text:
        raise CredentialsError("The keyring does not keep what it is given.", _OTHER_STORE)


def erase(profile_name: str) -> bool:
    """Remove what the keyring holds for a profile; tell whether there was anything.

    Raises:
        CredentialsError: The keyring is missing, fails or is silent.
    """
    if read(profile_name) is None:
        return False
    _ask(lambda ring: ring.delete_password(SERVICE, profile_name))
    return True


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _ask(question: Callable[[ModuleType], _Answer]) -> _Answer:
    answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
    failures: queue.SimpleQueue[CredentialsError] = queue.SimpleQueue()
    asker = threading.Thread(
        target=_answer, args=(question, answers, failures), daemon=True, name="keyring"
    )
    asker.start()
    asker.join(PATIENCE)
    if not failures.empty():
        raise failures.get()
    if not answers.empty():
        return answers.get()
    if not asker.is_alive():
        raise CredentialsError("The keyring broke down.", _OTHER_STORE)
    raise CredentialsError(
        f"The keyring did not answer within {PATIENCE:.0f} s.", "If it is locked, unlock it."
    )


def _answer(
    question: Callable[[ModuleType], _Answer],
    answers: "queue.SimpleQueue[_Answer]",
    failures: "queue.SimpleQueue[CredentialsError]",
) -> None:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        failures.put(
            CredentialsError(
                "Keyrings need an additional package.", "Run: pip install 'tsui[keyring]'"
            )
        )
        return
    try:
        answers.put(question(keyring))
    except keyring.errors.NoKeyringError:
        failures.put(CredentialsError("This machine offers no keyring.", _OTHER_STORE))
    except (keyring.errors.KeyringError, *_FOREIGN_FAILURES) as error:
        # Only the kind of error: its text is that of foreign code, which had the secrets at hand.
        name = type(error).__name__
        failures.put(CredentialsError(f"The keyring failed ({name}).", _OTHER_STORE))
