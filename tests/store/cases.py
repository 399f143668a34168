"""What the store's tests share: records, intents, and other processes at work."""

import asyncio
import itertools
import json
import subprocess
import sys
import textwrap
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tsui.store.changes import ChangeState, DeviceChange, Intent, Target
from tsui.store.device import DeviceRecord
from tsui.store.filtering import Filter
from tsui.store.filtering.tree import Word, all_of, pattern
from tsui.store.journal import Journal
from tsui.store.query import Order
from tsui.store.store import Store

T = TypeVar("T")

ACCOUNT = "0000123456-00001"

COLUMN_ORDERS = [each for each in Order if each is not Order.OVERDUE]
"""Orders that an index holds."""

_BLANK = DeviceRecord(
    key="",
    platform_id=None,
    iccid="",
    imei="",
    mdn="",
    eid="",
    state="active",
    plan="",
    groups="",
    ip="",
    custom=("", "", "", "", ""),
    connected=None,
    last_connection=0.0,
    created=0.0,
    more=(),
    raw=b"",
)

_PROLOGUE = """
import asyncio, os, sys
from pathlib import Path
from tests.store.cases import *
from tsui.store.store import Store

folder = Path(sys.argv[1])

async def main():
    store = Store(folder)
    await store.open()
"""


@dataclass
class Bench:
    """A store that lives as long as the examples of a module."""

    store: Store
    runner: asyncio.Runner
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def account(self) -> str:
        """Return an account that no other example has used."""
        return f"account {next(self._numbers)}"


def record(number: int = 0, **changes: Any) -> DeviceRecord:
    """Make a device; its ICCID and IMEI come from the number."""
    iccid, imei = f"8914800000{number:010}", f"35380500{number:07}"
    made = {"key": f"iccid:{iccid}", "platform_id": number, "iccid": iccid, "imei": imei}
    return _told(**{**made, **changes})


def holding(*words: str) -> Filter:
    """Return the filter that these words are."""
    return all_of(Word(pattern([word])) for word in words)


def bare(key: str, **changes: Any) -> DeviceRecord:
    """Make a device of which nothing is known but its key."""
    return _told(key=key, **changes)


def _told(**values: Any) -> DeviceRecord:
    """Make a device that is told in other words as soon as anything of it differs."""
    raw = json.dumps(values.pop("raw", values)).encode()
    return _BLANK._replace(**values, raw=raw)


def target(key: str, **before: Any) -> Target:
    kind, _, identifier = key.partition(":")
    return Target(key, kind, identifier, before)


def intent(*keys: str, account: str = ACCOUNT, title: str = "Suspend") -> Intent:
    return Intent(
        batch="batch",
        environment="https://example.test",
        account=account,
        operator="somebody",
        operation="SuspendDevices",
        title=title,
        fields={"accountName": account},
        targets=[target(key) for key in keys],
    )


async def change_of(journal: Journal, request: int) -> DeviceChange:
    """Return the only change of a request."""
    (found,) = [each for each in await journal.window(0, 1000) if each.request == request]
    return found


async def states_of(journal: Journal, request: int) -> dict[str, ChangeState]:
    """Return the states of a request's devices."""
    changes = await journal.window(0, 1000)
    return {each.device_key: each.state for each in changes if each.request == request}


async def open_keys(journal: Journal) -> list[str]:
    """Return the devices of the changes that are not over, as the journal counts them."""
    opened = await journal.open_parts(ACCOUNT)
    numbers = sorted(number for part in opened for number in part.ids)
    return [found.device_key for each in numbers if (found := await journal.get(each))]


def elsewhere(folder: Path, work: str, *args: str) -> "subprocess.Popen[str]":
    """Begin to work on the store in another process, which prints what it finds.

    The work is the body of a coroutine that has the open ``store``.
    """
    body = textwrap.indent(textwrap.dedent(work), "    ")
    code = f"{_PROLOGUE}{body}\n    await store.close()\n\nasyncio.run(main())\n"
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, str(folder), *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def result(process: "subprocess.Popen[str]", limit: float = 30.0) -> list[str]:
    """Wait for another process to end well and return the lines it printed."""
    output, _ = process.communicate(timeout=limit)
    assert process.returncode == 0
    return output.splitlines()


async def result_of(process: "subprocess.Popen[str]") -> list[str]:
    """Wait for another process while the event loop goes on."""
    return await asyncio.to_thread(result, process)


async def line_of(process: "subprocess.Popen[str]") -> str:
    """Wait for the next line another process prints."""
    assert process.stdout is not None
    return (await asyncio.to_thread(process.stdout.readline)).rstrip("\n")


async def killed(process: "subprocess.Popen[str]") -> None:
    """End another process so that it notices nothing."""
    process.kill()
    await asyncio.to_thread(process.communicate)
