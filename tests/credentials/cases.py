"""What the tests of credentials share; every secret among it contains the word canary."""

import json
import os
import sys
import traceback
from collections.abc import Callable

import pytest

from tsui.credentials import Credentials, CredentialsError
from tsui.settings import Profile

SECRETS = {
    "key": "canary-key",
    "secret": "canary-secret",
    "username": "canary-user",
    "password": "canary-påss wörd",
}
CREDENTIALS = Credentials(**SECRETS)
PASSPHRASE = "canary phrase"
JSON = json.dumps(SECRETS)
ENVIRON = {f"TSUI_{name.upper()}": value for name, value in SECRETS.items()}

ASK = Profile()
ENVIRONMENT = Profile(secrets="environment")
KEYRING = Profile(secrets="keyring")
ENCRYPTED = Profile(secrets="encrypted")
PLAINTEXT = Profile(secrets="plaintext")


def refusal(call: Callable[..., object], *args: object, **more: object) -> CredentialsError:
    """Return the error that a call ends in, once it is sure that it tells no secret."""
    with pytest.raises(CredentialsError) as caught:
        call(*args, **more)
    error = caught.value
    assert error.__context__ is None
    assert error.__cause__ is None
    frames = [
        frame
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename != __file__
    ]
    told = [str(error), repr(error), repr(error.args), *(repr(f.f_locals) for f in frames)]
    assert not any("canary" in text for text in told)
    assert "\n" not in str(error)
    return error


def command_profile(*argv: str) -> Profile:
    return Profile(secrets="command", credential_command=argv)


def python(code: str) -> Profile:
    return command_profile(sys.executable, "-c", code)


def pipe_with(text: str) -> int:
    read_end, write_end = os.pipe()
    with os.fdopen(write_end, "w") as pipe:
        pipe.write(text)
    return read_end
