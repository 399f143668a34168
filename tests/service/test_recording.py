"""Recordings: what is in the file and what never is, and ThingSpace's answers out of it again."""

import gzip
import json
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import attempt, row_in, rows, submit, until_state, workspace
from tests.service.recorded import network, opened, recorded, replaying
from tests.support.waiting import until
from tsui.service.failures import ReadFailed, RecordingFailed
from tsui.service.forms import from_json
from tsui.service.recording.mask import Mask
from tsui.service.recording.matching import nearest, wanted
from tsui.service.recording.reader import told_lines
from tsui.service.recording.writer import RecordingWriter, _harmless
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.thingspace.callbacks import RegisterListener
from tsui.thingspace.redact import Redactor
from tsui.thingspace.session import ResetPassword


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.05)


async def read_once(made: Workspace, simulator: Running) -> None:
    """Sign in and read the fleet, the catalogue and all of one device."""
    await made.sign_in(attempt(simulator), made.environment)
    await until(lambda: bool(made.progress and made.progress.finished_at), what="the fleet")
    assert made.online is not None
    await made.online.reader.refresh_catalogue()
    device = (await rows(made))[0]
    await made.online.reader.refresh(device)


async def record_once(simulator: Running, tmp_path: Path, *, masked: bool = False) -> Path:
    file = tmp_path / "seen.tsui"
    async with recorded(simulator, tmp_path / "live", file, masked=masked) as made:
        await read_once(made, simulator)
    return file


def plain(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode()


# -- what is in the file ------------------------------------------------------------------------


async def test_no_secret_reaches_the_disk(simulator: Running, tmp_path: Path) -> None:
    file = tmp_path / "seen.tsui"
    access = simulator.world.access
    first = access.credentials.password
    async with recorded(simulator, tmp_path / "live", file) as made:
        await read_once(made, simulator)
        assert made.online is not None
        listener = RegisterListener.model_validate(
            {
                "accountName": made.account,
                "name": "CarrierService",
                "url": "http://127.0.0.1:9/the-secret-path/CarrierService",
                "username": "u",
                "password": "listeners-own-word",
            }
        )
        await made.online.client.send(listener)
        await made.online.client.send(ResetPassword.model_validate({"oldPassword": first}))
    text = plain(file)
    issued = [access._token, *access._sessions]
    assert "CarrierService" in text
    assert issued
    for secret in (
        first, access.credentials.password, access.credentials.key, access.credentials.secret,
        "listeners-own-word", "the-secret-path", "Bearer ", "Basic ", *issued,
    ):  # fmt: skip
        assert secret not in text
        assert secret.encode() not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_body_is_kept_as_it_came_only_where_nothing_in_it_can_be_a_secret() -> None:
    redactor = Redactor()
    redactor.learn("known-word")
    plain_body = b'{\n "devices": [ {"id": 1e400, "name": "Z\xc3\xa4hler"} ]\n}'
    assert _harmless(plain_body, redactor) == (b'{"devices":[{"id":1e400,"name":"Z\xc3\xa4hler"}]}')
    for body in (
        b'{"p\\u0061ssword": "x"}', b'{"Password": "x"}', b'{"callbackURL": "http://x/y"}',
        b'{"a": "known-word"}', b'{"a": "\xff"}', b"{no json}", b'{"a": 1} {"b": 2}',
    ):  # fmt: skip
        assert _harmless(body, redactor) == b"", body


async def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("dear to me")
    from tsui.clock import SystemClock

    with pytest.raises(RecordingFailed, match="is there already"):
        RecordingWriter(file, SystemClock().now())
    with pytest.raises(RecordingFailed, match="cannot be written"):
        RecordingWriter(tmp_path / "no" / "folder", SystemClock().now())
    assert file.read_text() == "dear to me"


async def test_a_recording_ends_by_itself_at_its_limit_and_can_be_read(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsui.service.recording.writer.MOST_BYTES", 2_000)
    told: list[str] = []
    async with workspace(simulator, tmp_path / "live", signed_in=False, synced=False) as made:
        calls = made.desks.calls
        await calls.record(tmp_path / "small", masked=False, on_end=lambda: told.append("ended"))
        await read_once(made, simulator)
        await until(lambda: bool(told), what="the end of the recording")
        assert calls.recording is not None
        assert "has reached" in calls.recording.trouble
        assert not calls.recording.is_on
        await made.desks.close()
    assert opened(tmp_path / "small").places


async def test_with_masks_no_identifier_is_in_it_and_it_still_fits_together(
    simulator: Running, tmp_path: Path
) -> None:
    file = await record_once(simulator, tmp_path, masked=True)
    text = plain(file)
    fleet = simulator.world.fleets[simulator.accounts[0]]
    for number in fleet.numbers():
        device = fleet.get(number)
        assert device is not None
        for kind, value in device.identifiers():
            assert value not in text, kind
    assert simulator.accounts[0] not in text
    async with replaying(opened(file), tmp_path / "replay") as made:
        assert made.account not in ("", simulator.accounts[0])
        assert len(await rows(made)) == 30


# -- answers out of it --------------------------------------------------------------------------


async def test_a_session_is_answered_again_without_a_network(
    simulator: Running, tmp_path: Path
) -> None:
    file = await record_once(simulator, tmp_path)
    async with workspace(simulator, tmp_path / "live", signed_in=False, synced=False) as live:
        before = await rows(live)
        first = before[0]
        parts = {
            kind: await live.reading(first.id, kind)
            for kind in ("usage", "sessions", "provisioning")
        }
    asked = len(simulator.world.log)
    with network() as touched:
        async with replaying(opened(file), tmp_path / "replay") as made:
            again = await rows(made)
            assert [row.key for row in again] == [row.key for row in before]
            assert made.online is not None
            device = next(row for row in again if row.key == first.key)
            await made.online.reader.refresh(device)
            for kind, reading in parts.items():
                now = await made.reading(device.id, kind)
                assert now is not None
                assert reading is not None
                assert (now.trouble, now.body) == ("", reading.body)
    assert touched == []
    assert len(simulator.world.log) == asked


async def test_what_was_not_recorded_says_so(simulator: Running, tmp_path: Path) -> None:
    file = await record_once(simulator, tmp_path)
    async with replaying(opened(file), tmp_path / "replay") as made:
        operation = from_json("GetGroup", {"accountName": made.account, "groupName": "nobodys"})
        with pytest.raises(ReadFailed, match="not in the recording") as failed:
            await made.ask(operation)
        assert failed.value.fate == "not sent"
        stranger = (await rows(made))[5]
        assert made.online is not None
        await made.online.reader.refresh(stranger)
        reading = await made.reading(stranger.id, "usage")
        assert reading is not None
        assert "not in the recording" in reading.trouble


async def test_a_replay_changes_nothing(simulator: Running, tmp_path: Path) -> None:
    file = await record_once(simulator, tmp_path)
    async with replaying(opened(file), tmp_path / "replay") as made:
        with network() as touched:
            await submit(made, [await row_in(made, "active")])
            change = await until_state(made, ChangeState.NOT_SENT)
        assert "Read-only" in change.problem
        assert touched == []


async def test_before_it_was_asked_nothing_was_known(simulator: Running, tmp_path: Path) -> None:
    file = await record_once(simulator, tmp_path)
    recording = opened(file)
    async with replaying(recording, tmp_path / "early", at=recording.head.began) as made:
        assert made.online is not None
        await made.online.sync.run()
        assert "first answered at" in made.online.sync.progress.trouble


# -- damage -------------------------------------------------------------------------------------


async def test_a_cut_in_the_last_line_opens_what_came_before(
    simulator: Running, tmp_path: Path
) -> None:
    lines = plain(await record_once(simulator, tmp_path)).encode().splitlines(keepends=True)[:4]
    last = lines[-1]
    before = b"".join(lines[:-1])
    file = tmp_path / "cut"
    for length in range(len(last)):
        file.write_bytes(before + last[:length])
        told = [line for line, _ in told_lines(file)]
        assert len(told) - (told[-1] is None) in (len(lines) - 1, len(lines)), length
    assert len(last) > 100


async def test_a_file_cut_anywhere_opens_or_says_why(simulator: Running, tmp_path: Path) -> None:
    whole = (await record_once(simulator, tmp_path)).read_bytes()
    file = tmp_path / "cut"
    opens = 0
    for length in range(0, len(whole), max(1, len(whole) // 150)):
        file.write_bytes(whole[:length])
        if length < 200:  # not even the head may be there
            with suppress(RecordingFailed):
                opened(file)
        else:
            assert opened(file).head.version == 1
            opens += 1
    assert opens > 100


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "is empty"),
        (["hello"], "line 1"),
        (['{"kind": "exchange"}'], "line 1"),
        (["HEAD", "nonsense", "HEAD"], "damaged in line 2"),
        (["HEAD", '{"kind": "exchange", "at": 5}', "HEAD"], "damaged in line 2"),
        (["NEWER"], "newer than this tsui"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_damage_is_told_with_its_line(
    tmp_path: Path, lines: list[str], said: str, *, packed: bool
) -> None:
    head = {"kind": "recording", "version": 1, "program": "tsui 9", "began": "2026-01-01T00:00:00Z",
            "masked": False}  # fmt: skip
    stand_ins = {"HEAD": json.dumps(head), "NEWER": json.dumps({**head, "version": 99})}
    text = "".join(f"{stand_ins.get(line, line)}\n" for line in lines).encode()
    file = tmp_path / "damaged"
    file.write_bytes(gzip.compress(text) if packed and text else text)
    with pytest.raises(RecordingFailed, match=said):
        opened(file)


async def test_bits_that_turned_over_are_told(simulator: Running, tmp_path: Path) -> None:
    file = await record_once(simulator, tmp_path)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(whole)
    with pytest.raises(RecordingFailed, match=r"damaged (in|behind) line"):
        opened(file)
    with pytest.raises(RecordingFailed, match="cannot be read"):
        opened(tmp_path / "nowhere")


# -- matching and masks -------------------------------------------------------------------------


class At:
    def __init__(self, at: float, body: dict[str, Any]) -> None:
        self.at = at
        self.wanted = wanted("POST", "/x", json.dumps(body).encode())


def test_the_newest_answer_that_is_not_later_counts() -> None:
    told = [At(10, {}), At(20, {}), At(30, {})]
    for moment, expected in ((5, None), (10, 10), (25, 20), (99, 30)):
        found = nearest(told, told[0].wanted, moment)
        assert (found.at if found else None) == expected


def test_pages_of_a_history_are_told_apart_by_their_times() -> None:
    first = At(10, {"earliest": "2026-01-01T00:00:00Z", "latest": "2026-02-01T00:00:00Z"})
    second = At(11, {"earliest": "2026-01-20T00:00:00Z", "latest": "2026-02-01T00:00:00Z"})
    now = At(99, {"earliest": "2026-01-01T00:10:00Z", "latest": "2026-02-01T00:10:00Z"})
    then = At(99, {"earliest": "2026-01-20T00:00:00Z", "latest": "2026-02-01T00:10:00Z"})
    assert nearest([first, second], now.wanted, 99) is first
    assert nearest([first, second], then.wanted, 99) is second


def test_spelling_does_not_make_another_request() -> None:
    one = wanted("GET", "/x?b=2&a=1", b'{"x": 1, "y": [2]}')
    assert one == wanted("GET", "/x?a=1&b=2", b'{"y":[2],"x":1}')
    assert one.key != wanted("GET", "/x?a=1&b=3", b'{"y":[2],"x":1}').key
    assert one.key != wanted("POST", "/x?a=1&b=2", b'{"y":[2],"x":1}').key


def test_a_mask_is_the_same_for_the_same_and_keeps_what_is_telling() -> None:
    mask = Mask(b"key")
    told = {
        "deviceIds": [
            {"kind": "iccid", "id": "89148000000800139708"},
            {"kind": "imei", "id": "990000862471854"},
        ],
        "accountName": "0742000123-00001",
        "ipAddress": "166.2.3.4",
        "primaryPlaceOfUse": {"firstName": "Ada", "state": "active"},
        "customFields": [{"key": "CustomField1", "value": "pump"}],
        "extendedAttributes": [{"key": "DeviceId", "value": "123456789012"}],
        "text": "about 89148000000800139708 at 2026-01-01T00:00:00Z",
        "note": "write to ada@example.com",
    }  # fmt: skip
    made = mask.value(told)
    iccid = made["deviceIds"][0]["id"]
    assert iccid != "89148000000800139708"
    assert iccid.startswith("8914800")
    assert len(iccid) == 20
    assert made["deviceIds"][1]["id"].startswith("99000086")
    assert made["text"] == f"about {iccid} at 2026-01-01T00:00:00Z"
    assert made["ipAddress"].startswith("10.")
    assert made["extendedAttributes"] == told["extendedAttributes"]
    assert made["primaryPlaceOfUse"]["state"] == "active"
    for private in ("Ada", "ada@", "pump", "0742000123", "166.2.3.4"):
        assert private not in json.dumps(made)
    assert Mask(b"other").value(told) != made
