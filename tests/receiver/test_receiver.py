"""The receiver on real sockets: who is let in, what is kept, and who is cut off."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from tests.receiver.cases import KEYS, PATH, answer, body, exchange, kept, post, receiver, request
from tsui.receiver.guard import BODY_WITHIN, HEAD_WITHIN, LARGEST
from tsui.receiver.source import networks


async def test_a_message_is_kept_without_its_password(tmp_path: Path) -> None:
    echo = {"comment": f"it is {KEYS.password}", "nested": {"authToken": "abc"}}
    async with receiver(tmp_path) as port:
        assert await post(port, body(1, **echo)) == 200
    (message,) = await kept(tmp_path)
    content = json.loads(message.body)
    assert (message.service, message.source, message.request_id) == (
        "CarrierService", "127.0.0.1", "r-1",
    )  # fmt: skip
    assert content["deviceResponse"] == {"suspendResponse": {}}
    assert content["comment"] == "it is •••"
    files = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert KEYS.password.encode() not in files
    assert content["nested"] == {"authToken": "•••"}


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"username": "wrong"},
        {"password": None},
        {"password": ["x"]},
        {"password": "\ud800"},
        {"username": "", "password": ""},
    ],
    ids=str,
)
async def test_without_the_right_keys_nothing_is_kept(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    async with receiver(tmp_path) as port:
        assert await post(port, {**body(), **changes}) == 401
    assert await kept(tmp_path) == []


@pytest.mark.parametrize(
    "raw", [b"", b"no JSON", b"[]", b'"x"', b"[" * 100_000, b"\xff\xfe", b"1" * 9999]
)
async def test_what_is_no_message_is_refused(tmp_path: Path, raw: bytes) -> None:
    async with receiver(tmp_path) as port:
        assert await post(port, raw) == 401
        assert await post(port, body()) == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/wrong/CarrierService", f"{PATH}/more", f"{PATH}%2e", f"/{KEYS.path}/%C3%A4", "/%ff"],
)
async def test_a_wrong_path_is_not_found(tmp_path: Path, path: str) -> None:
    async with receiver(tmp_path) as port:
        status, said = await exchange(port, request(json.dumps(body()).encode(), path))
    assert status == 404
    assert KEYS.path.encode() not in said
    assert await kept(tmp_path) == []


async def test_unknown_services_and_none_are_kept_too(tmp_path: Path) -> None:
    async with receiver(tmp_path) as port:
        assert await post(port, body(1), f"/{KEYS.path}/ServiceOfTomorrow") == 200
        assert await post(port, body(1), f"/{KEYS.path}") == 200
    assert [each.service for each in await kept(tmp_path)] == ["ServiceOfTomorrow", ""]


async def test_location_messages_carry_no_keys(tmp_path: Path) -> None:
    async with receiver(tmp_path) as port:
        assert await post(port, {"txid": "t-1"}, f"/{KEYS.path}/Location") == 200
        assert await post(port, b"odd", f"/{KEYS.path}/DeviceLocation") == 200
        assert await post(port, {"txid": "t-1"}) == 401
    assert [each.request_id for each in await kept(tmp_path)] == ["t-1", ""]


async def test_a_message_delivered_again_is_counted(tmp_path: Path) -> None:
    again = dict(reversed(body(1, callbackCount=2).items()))
    async with receiver(tmp_path) as port:
        for content in (body(1), again, body(2), body(1, status="Failed")):
            assert await post(port, content) == 200
    assert [each.times for each in await kept(tmp_path)] == [2, 1, 1]


async def test_other_methods_are_refused_and_health_is_open(tmp_path: Path) -> None:
    async with receiver(tmp_path) as port:
        assert (await exchange(port, request(b"", PATH, "GET")))[0] == 405
        assert (await exchange(port, request(b"", "/health", "GET")))[0] == 200


async def test_a_length_beyond_the_limit_is_refused_at_once(tmp_path: Path) -> None:
    async with receiver(tmp_path) as port:
        raw = request(b"", PATH, "POST", f"Content-Length: {LARGEST + 1}")
        assert (await exchange(port, raw))[0] == 413
        chunk = b"%x\r\n%s\r\n" % (LARGEST + 1, b"x" * (LARGEST + 1))
        raw = request(chunk, PATH, "POST", "Transfer-Encoding: chunked")
        assert (await exchange(port, raw))[0] in (413, 0)
        assert await post(port, body(comment="x" * (LARGEST - 400))) == 200


@pytest.mark.parametrize("order", [1, -1])
async def test_two_ways_to_say_the_length_are_refused(tmp_path: Path, order: int) -> None:
    both = ("Content-Length: 5", "Transfer-Encoding: chunked")[::order]
    async with receiver(tmp_path) as port:
        assert (await exchange(port, request(b"0\r\n\r\n", PATH, "POST", *both)))[0] == 400
    assert await kept(tmp_path) == []


async def test_a_head_that_is_too_long_is_refused(tmp_path: Path) -> None:
    async with receiver(tmp_path) as port:
        raw = request(b"", PATH, "POST", "X: " + "x" * 100_000)
        assert (await exchange(port, raw))[0] == 431


async def test_slow_and_silent_senders_are_cut_while_others_are_served(tmp_path: Path) -> None:
    async def until_cut(raw: bytes, limit: float) -> int:
        began = time.monotonic()
        status, _ = await exchange(port, raw)
        assert limit - 0.1 < time.monotonic() - began < limit + 2
        return status

    whole = request(json.dumps(body()).encode())
    async with receiver(tmp_path) as port:
        silent = [until_cut(b"", HEAD_WITHIN) for _ in range(20)]
        half = [until_cut(whole[:40], HEAD_WITHIN) for _ in range(20)]
        slow = [until_cut(whole[:-1], BODY_WITHIN) for _ in range(20)]
        cut = asyncio.gather(*silent, *half, *slow)
        for number in range(20):
            assert await post(port, body(number)) == 200
        assert await cut == [0] * 40 + [408] * 20
    assert len(await kept(tmp_path)) == 20


async def test_a_connection_kept_open_is_cut_on_its_next_half_head(tmp_path: Path) -> None:
    whole = request(json.dumps(body()).encode())
    async with receiver(tmp_path) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(whole)
        assert (await answer(reader))[0] == 200
        began = time.monotonic()
        writer.write(whole[:30])
        assert (await answer(reader))[0] == 0
        assert time.monotonic() - began < HEAD_WITHIN + 2
        writer.close()


async def test_only_who_is_allowed_may_send(tmp_path: Path) -> None:
    async with receiver(tmp_path, allowed=networks(["192.0.2.0/24"])) as port:
        assert await post(port, body()) == 403
        forged = request(json.dumps(body()).encode(), PATH, "POST", "X-Forwarded-For: 192.0.2.1")
        assert (await exchange(port, forged))[0] == 403
    async with receiver(tmp_path, allowed=networks(["127.0.0.1"])) as port:
        assert await post(port, body()) == 200


@pytest.mark.parametrize(
    ("forwarded", "status", "source"),
    [
        ("192.0.2.1", 200, "192.0.2.1"),
        ("10.9.9.9, 192.0.2.1", 200, "192.0.2.1"),
        ("192.0.2.1, 10.9.9.9", 403, ""),
        ("192.0.2.1, 127.0.0.1", 200, "192.0.2.1"),
        ("nonsense", 403, ""),
    ],
)
async def test_a_trusted_proxy_says_who_sends(
    tmp_path: Path, forwarded: str, status: int, source: str
) -> None:
    rules = {"allowed": networks(["192.0.2.0/24"]), "proxies": networks(["127.0.0.1"])}
    async with receiver(tmp_path, **rules) as port:
        raw = request(json.dumps(body()).encode(), PATH, "POST", f"X-Forwarded-For: {forwarded}")
        assert (await exchange(port, raw))[0] == status
    assert [each.source for each in await kept(tmp_path)] == ([source] if source else [])


async def test_nothing_is_acknowledged_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsui.store.inbox.Inbox.__init__.__kwdefaults__", {"room": 100})
    async with receiver(tmp_path) as port:
        assert await post(port, body(1)) == 503
        assert (await exchange(port, request(b"", "/health", "GET")))[0] == 503
    assert await kept(tmp_path) == []
