"""What happens around a program that is used for days: a simulator, other people, callbacks."""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.tour import TABLE, table_for
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.world import World
from tsui.store.announce import Announcer
from tsui.store.inbox import Arrival, Inbox, inbox_file


class Surroundings:
    """What happens around the program."""

    def __init__(self, folder: Path, simulator: dict[str, Any], chance: random.Random) -> None:
        self._folder = folder
        self._simulator = simulator
        self._chance = chance
        world = World(SimulatorSettings(devices=simulator["devices"]))
        fleet = next(iter(world.fleets.values()))
        self._iccids = [fleet.get(number).iccid for number in fleet.numbers()]
        self._messages = 0
        (folder / TABLE).write_text(table_for(self._iccids[:2]))

    def change(self, iccid: str = "") -> None:
        """Let somebody else suspend or restore a device, whichever its state allows."""
        for action in ("suspend", "restore"):
            if self._changed(iccid or self._chance.choice(self._iccids), action):
                break

    def _changed(self, iccid: str, action: str) -> bool:
        body = {
            "accountName": self._simulator["accounts"][0],
            "deviceId": {"kind": "iccid", "id": iccid},
            "action": action,
        }
        url = self._simulator["base_url"] + "/simulator/elsewhere"
        return httpx.post(url, json=body).is_success

    def call_back(self) -> None:
        """Let messages come, as the receiver puts them into the inbox."""
        asyncio.run(self._call_back())

    async def _call_back(self) -> None:
        (file,) = self._folder.rglob("inbox.db")
        database = inbox_file(file.parent)
        await database.open()
        arrivals = []
        for _ in range(20):
            self._messages += 1
            body = json.dumps({"requestId": f"r-{self._messages}", "status": "Success"}).encode()
            name = str(self._messages).encode()
            at = time.time()
            arrivals.append(Arrival(name, at, "CarrierService", "::1", f"r-{name!r}", body))
        await Inbox(database, Announcer()).keep(arrivals)
        await database.close()


@contextmanager
def simulated(devices: int) -> Iterator[dict[str, Any]]:
    """Run a simulator; yields how to connect."""
    argv = [sys.executable, "-m", "tsui", "simulator", "--json", "--until-eof"]
    with subprocess.Popen(
        [*argv, "--devices", str(devices), "--delay", "1"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield {**json.loads(process.stdout.readline()), "devices": devices}
        process.stdin.close()
