"""A process that suspends devices: prints ``ready``, waits for a line, and tells how it went.

Its standard input holds how to connect, then ``go``; with a number behind it no file may grow
beyond that many bytes from there on, as on a disk without room.
"""

import asyncio
import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from tsui.clock import SystemClock
from tsui.credentials import Credentials
from tsui.service.environment import Environment
from tsui.service.failures import ChangeFailed, ReportChanged
from tsui.service.kinds import SUSPEND
from tsui.service.signin import Attempt
from tsui.service.workspace import Workspace


def tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def obey(line: str) -> None:
    """Wait no longer; take away the room if that is asked for."""
    if limit := line.removeprefix("go").strip():
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))


async def main(folder: Path, iccids: Sequence[str]) -> None:
    told = json.loads(sys.stdin.readline())
    names = ("key", "secret", "username", "password")
    keys = Credentials(**{name: told[name] for name in names})
    environment = Environment("simulator", told["base_url"])
    account = told["accounts"][0]
    workspace = Workspace(folder, environment, account, SystemClock(), refresh_seconds=3600)
    await workspace.open()
    await workspace.try_sign_in(Attempt(keys, account, by_operator=True), environment)
    ids = [(await workspace.find_devices(iccid))[0].id for iccid in iccids]
    report = await workspace.preflight(SUSPEND, ids, {})
    tell("ready")
    obey(await asyncio.to_thread(sys.stdin.readline))
    try:
        tell(f"sent {await workspace.submit(report)}")
    except ChangeFailed as refusal:
        tell(f"refused {refusal}")
    except ReportChanged as changed:
        tell(f"refused Nothing was sent: {changed}")
    await workspace.finish_sending()
    await workspace.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
