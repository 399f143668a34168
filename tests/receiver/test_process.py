"""The receiver as a program: a 200 survives kill -9, signals end it, and it says why not."""

import asyncio
import json
import os
import resource
import signal
import ssl
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.receiver.cases import KEYS, answer, body, exchange, kept, port_of, post, request
from tests.support.terminal import command, environment
from tests.support.waiting import until

URL = "http://127.0.0.1:1"
FOLDER = "127.0.0.1-1"
GIVEN = {
    "TSUI_CALLBACK_USERNAME": KEYS.username,
    "TSUI_CALLBACK_PASSWORD": KEYS.password,
    "TSUI_CALLBACK_PATH": KEYS.path,
}


async def begun(home: Path, *arguments: str, given: dict[str, str] = GIVEN) -> Process:
    return await asyncio.create_subprocess_exec(
        *command("--url", URL, "receiver", "--port", "0", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env={**os.environ, **environment(home), **given},
    )


@asynccontextmanager
async def process(home: Path) -> AsyncIterator[tuple[Process, int]]:
    """Run the program; yields it and its port."""
    started = await begun(home)
    assert started.stdout is not None
    try:
        async with asyncio.timeout(30):
            line = (await started.stdout.readline()).decode()
        yield started, port_of(line.split()[3].rstrip(";"))
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


def inbox_folder(home: Path) -> Path:
    (found,) = home.rglob("inbox.db")
    assert found.parent.name == FOLDER
    return found.parent


async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    acknowledged: list[int] = []

    async def send(number: int) -> None:
        try:
            if await post(port, body(number)) == 200:
                acknowledged.append(number)
                if len(acknowledged) == 50:
                    started.kill()
        except ConnectionError:
            pass

    async with process(tmp_path) as (started, port):
        await asyncio.gather(*(send(number) for number in range(200)))
        await started.wait()
    ids = [each.request_id for each in await kept(inbox_folder(tmp_path))]
    assert len(acknowledged) >= 50
    assert {f"r-{number}" for number in acknowledged} <= set(ids)
    assert len(ids) == len(set(ids))


async def test_health_tells_of_a_full_disk_before_a_message_comes(tmp_path: Path) -> None:
    async def health() -> int:
        return (await exchange(port, request(b"", "/health", "GET")))[0]

    async def is_ill() -> bool:
        return await health() == 503

    async def is_well() -> bool:
        return await health() == 200

    def size() -> int:
        return sum(each.stat().st_size for each in inbox_folder(tmp_path).iterdir())

    async with process(tmp_path) as (started, port):
        assert await is_well()
        largest = size()
        resource.prlimit(started.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        await until(is_ill, what="the news of the full disk")
        free = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(started.pid, resource.RLIMIT_FSIZE, free)
        await until(is_well, what="the news of the free disk")
        assert size() < 2 * largest + 500_000
    assert await kept(inbox_folder(tmp_path)) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    async with process(tmp_path) as (started, port):
        assert await post(port, body()) == 200
        _, idle = await asyncio.open_connection("127.0.0.1", port)
        started.send_signal(number)
        async with asyncio.timeout(5):
            out, err = await started.communicate()
        idle.close()
        assert (started.returncode, out, err) == (0, b"", b"")
    assert len(await kept(inbox_folder(tmp_path))) == 1


async def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        started = await begun(tmp_path, given={})
        assert started.stdout is not None
        await started.stdout.readline()
        started.terminate()
        await started.communicate()
        (path,) = tmp_path.rglob(f"{FOLDER}.callbacks.json")
        assert path.stat().st_mode & 0o077 == 0
        made.append(json.loads(path.read_text()))
    assert made[0] == made[1]
    assert all(0 < len(value) <= 40 for value in made[0].values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "0.0.0.0"), "in clear"),  # noqa: S104
        (("--key", "x"), "--key needs --cert"),
        (("--cert", "/nowhere"), "certificate cannot be used"),
        (("--path", "a/b"), "without a slash"),
        (("--allow", "nonsense"), "nonsense"),
        (("--host", "192.0.2.1", "--proxy", "192.0.2.9"), "cannot be listened on"),
    ],
    ids=str,
)
async def test_it_says_why_it_cannot_begin(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    started = await begun(tmp_path, *arguments)
    async with asyncio.timeout(30):
        out, err = await started.communicate()
    assert started.returncode == 1
    assert out == b""
    assert said in err.decode()
    assert "Traceback" not in err.decode()
    assert KEYS.password not in err.decode()


async def test_half_a_set_of_keys_is_refused(tmp_path: Path) -> None:
    started = await begun(tmp_path, given={"TSUI_CALLBACK_PASSWORD": KEYS.password})
    _, err = await started.communicate()
    assert started.returncode == 1
    assert "no usable callback username" in err.decode()


async def test_it_speaks_tls_with_a_certificate(tmp_path: Path) -> None:
    certificate(tmp_path / "cert.pem", tmp_path / "key.pem")
    started = await begun(
        tmp_path, "--cert", str(tmp_path / "cert.pem"), "--key", str(tmp_path / "key.pem")
    )
    assert started.stdout is not None
    base_url = (await started.stdout.readline()).decode().split()[3].rstrip(";")
    assert base_url.startswith("https://")
    trust = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port_of(base_url), ssl=trust, server_hostname="localhost"
    )
    writer.write(request(json.dumps(body()).encode()))
    assert (await answer(reader))[0] == 200
    writer.close()
    started.terminate()
    await started.communicate()
    assert len(await kept(inbox_folder(tmp_path))) == 1


def certificate(cert: Path, key: Path) -> None:
    """Make a certificate for localhost that vouches for itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
