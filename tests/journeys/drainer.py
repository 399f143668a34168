"""A process that drains the queue of messages and can be killed while it does: ``drainer FOLDER``.

It reads how to connect from standard input and says ``ready`` when it is about to begin.
"""

import asyncio
import json
import sys
from pathlib import Path

from tsui.clock import SystemClock
from tsui.credentials import Credentials
from tsui.service.environment import Environment
from tsui.service.signin import Attempt
from tsui.service.workspace import Workspace


async def main(folder: Path) -> None:
    told = json.loads(sys.stdin.readline())
    names = ("key", "secret", "username", "password")
    keys = Credentials(**{name: told[name] for name in names})
    environment = Environment("simulator", told["base_url"])
    account = told["accounts"][0]
    workspace = Workspace(folder, environment, account, SystemClock(), refresh_seconds=3600)
    await workspace.open()
    await workspace.try_sign_in(Attempt(keys, account, by_operator=True), environment)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await workspace.desks.sms_queue.drain("", lambda _: None)
    await workspace.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
