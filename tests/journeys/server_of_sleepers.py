"""A process that serves devices that wake and can be killed while it does: ``… FOLDER``.

It reads how to connect from standard input, says ``ready`` when it has signed in, and ends when
nothing waits any more.
"""

import asyncio
import json
import sys
from pathlib import Path

from tests.support.waiting import until
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
    await workspace.sign_in(Attempt(keys, account, by_operator=True), environment)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await until(lambda: nothing_waits(workspace), limit=60, what="the end of all that waits")
    await workspace.close()


async def nothing_waits(workspace: Workspace) -> bool:
    return not await workspace.desks.monitors.queue.waiting()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
