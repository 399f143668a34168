"""A process that resets the password and is killed at a given moment: ``resetter FOLDER MOMENT``.

It reads how to connect from standard input. The moments: ``ring``, as the keyring is written;
``journal``, as the end is written down; ``shown``, as it would be shown.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

from tsui.clock import SystemClock
from tsui.credentials import Credentials, ring
from tsui.service.accounts.password import PasswordReset
from tsui.service.environment import Environment
from tsui.service.signin import Attempt
from tsui.service.workspace import Workspace
from tsui.settings import Profile
from tsui.store.journal import Journal


def die(*_: Any, **__: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit


async def main(folder: Path, moment: str) -> None:
    told = json.loads(sys.stdin.readline())
    names = ("key", "secret", "username", "password")
    keys = Credentials(**{name: told[name] for name in names})
    environment = Environment("simulator", told["base_url"], "lab")
    profile = Profile(secrets=told["secrets"])
    workspace = Workspace(
        folder, environment, told["accounts"][0], SystemClock(), refresh_seconds=3600
    )
    await workspace.open()
    await workspace.sign_in(Attempt(keys, told["accounts"][0], by_operator=True), environment)
    if moment == "ring":
        held = json.dumps({name: told[name] for name in names})
        patch.multiple(ring, backend=lambda: "test ring", read=lambda _: held, write=die).start()
    if moment == "journal":
        patch.object(Journal, "mark_answered", die).start()
    reset = PasswordReset(workspace, profile, folder / "credentials")
    ready = await reset.prepare(told.get("passphrase"))
    await reset.run(ready)
    die()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
