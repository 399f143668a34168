"""A process that makes one change and can be killed while it does: ``changer FOLDER ICCID``.

It reads how to connect from standard input, says ``ready`` when it is about to submit, and ends
when the change is over.
"""

import asyncio
import json
import sys
from pathlib import Path

from tsui.clock import SystemClock
from tsui.credentials import Credentials
from tsui.service.environment import Environment
from tsui.service.kinds import SUSPEND
from tsui.service.signin import Attempt
from tsui.service.workspace import Workspace


async def main(folder: Path, iccid: str) -> None:
    told = json.loads(sys.stdin.readline())
    names = ("key", "secret", "username", "password")
    keys = Credentials(**{name: told[name] for name in names})
    environment = Environment("simulator", told["base_url"])
    account = told["accounts"][0]
    workspace = Workspace(folder, environment, account, SystemClock(), refresh_seconds=3600)
    await workspace.open()
    await workspace.sign_in(Attempt(keys, account, by_operator=True), environment)
    (device,) = await workspace.find_devices(iccid)
    report = await workspace.preflight(SUSPEND, [device.id], {})
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await workspace.submit(report)
    while workspace.opened.parts or workspace.is_sending:
        await asyncio.sleep(0.05)
        await workspace.opened.refresh(workspace.account)
    await workspace.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
