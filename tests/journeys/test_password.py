"""Killed after the platform chose a new password: it is found, and no other file has it."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.service.cases import credentials
from tsui.credentials import find, ring, save
from tsui.credentials.rescue import rescue_file
from tsui.settings import Profile
from tsui.settings.model import SecretsFrom
from tsui.simulator.server import Running

PASSPHRASE = "over the hills"


async def reset_and_die(simulator: Running, folder: Path, secrets: str, moment: str) -> int:
    told = {**simulator.as_json(), "secrets": secrets, "passphrase": PASSPHRASE}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.journeys.resetter", str(folder), moment,
        stdin=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await process.communicate(json.dumps(told).encode() + b"\n")
    return await process.wait()


def holders(folder: Path, secret: str) -> set[str]:
    return {
        each.name
        for each in folder.rglob("*")
        if each.is_file() and secret.encode() in each.read_bytes()
    }


@pytest.mark.parametrize(
    ("secrets", "moment"),
    [
        ("ask", "journal"),
        ("ask", "shown"),
        ("plaintext", "journal"),
        ("encrypted", "journal"),
        ("encrypted", "shown"),
        ("keyring", "ring"),
    ],
)
async def test_the_new_password_survives_a_kill(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    secrets: SecretsFrom, moment: str,
) -> None:  # fmt: skip
    before, folder = credentials(simulator), tmp_path / "credentials"
    if secrets in ("plaintext", "encrypted"):
        save("lab", before, secrets, folder, PASSPHRASE, allow_plaintext=True)
    assert await reset_and_die(simulator, tmp_path, secrets, moment) == -9
    now = simulator.world.access.credentials.password
    assert now != before.password
    monkeypatch.setattr(ring, "read", lambda _: None)
    told = find("lab", Profile(secrets=secrets), folder, PASSPHRASE, {})
    assert told.credentials.password == now
    where = {
        "plaintext": {"lab.credentials.json"},
        "encrypted": set(),
    }.get(secrets, {rescue_file("lab", folder).name})
    assert holders(tmp_path, now) == where
    assert holders(tmp_path, before.password) == set()
