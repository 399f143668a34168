"""What can go wrong with credentials, told without any of them."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class CredentialsError(Exception):
    """Credentials cannot be read or kept; its text is what failed and what to do about it."""

    def __init__(self, problem: str, next_step: str = "") -> None:
        super().__init__(f"{problem} {next_step}".strip())
        self.problem = problem
        """What failed, in a sentence."""
        self.next_step = next_step
        """What the operator can do about it, in a sentence; empty where nobody knows."""


class CredentialsMissing(CredentialsError):
    """Nothing is stored or given for the profile: somebody has to be asked."""


class PassphraseNeeded(CredentialsError):
    """The credentials are encrypted and no passphrase was given."""


class WrongPassphrase(CredentialsError):
    """The passphrase does not open the encrypted credentials."""


def without_frames(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Let an error leave the function without the frames that it came through.

    Their variables hold secrets, and a crash report shows the variables of every frame.
    """

    @functools.wraps(function)
    def call(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        try:
            return function(*args, **kwargs)
        except CredentialsError as error:
            failure = error.with_traceback(None)
        del args, kwargs
        failure.__context__ = failure.__cause__ = None
        raise failure

    return call
