"""Repeating: what is tried again, how long it waits before, and when it gives up."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.support.clock import RushingClock
from tests.thingspace.cases import (
    ACCOUNTS,
    SUSPEND,
    TOKEN,
    Ask,
    Poke,
    changes_seen,
    client_of,
    executed,
    failure,
    go_wrong,
    is_silent,
    read,
    reads_seen,
    says,
    suspend,
    until_asked,
    wire,
)
from tsui.simulator.server import Running
from tsui.thingspace.client import Client
from tsui.thingspace.errors import (
    Fate,
    GatewayRefused,
    LanePaused,
    NoAnswer,
    NoToken,
    ReadOnly,
    ServerFailed,
    ThingSpaceError,
    Throttled,
)
from tsui.thingspace.policy import Policy

BUSY = {"fault": {"code": "900800", "message": "Message throttled out"}}


def throttle(simulator: Running, path: str, wait: str | None, **details: int) -> None:
    headers = {} if wait is None else {"Retry-After": wait}
    go_wrong(simulator, "status", path, status=429, headers=headers, body=BUSY, **details)


# -- reads ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action", ["drop", "html", "bad-json", "invalid-utf8", "deep", "cut", "nan", "status"]
)
async def test_a_read_is_repeated_until_it_succeeds(
    simulator: Running, client: Client, action: str
) -> None:
    go_wrong(simulator, action, ACCOUNTS, times=3)
    reply = await client.send(read(simulator))
    assert reply.account_name == simulator.accounts[0]
    assert reads_seen(simulator) == 4
    assert client.health.trouble is None


async def test_a_read_gives_up_after_four_attempts(simulator: Running, client: Client) -> None:
    go_wrong(simulator, "status", ACCOUNTS, times=-1, status=503)
    end = await failure(client.send(read(simulator)))
    assert isinstance(end, ServerFailed)
    assert end.status == 503
    assert reads_seen(simulator) == 4
    assert client.health.trouble is end


async def test_a_refused_read_is_not_repeated(simulator: Running, client: Client) -> None:
    unknown = read(simulator).model_copy(update={"account_name": "0000000000-00001"})
    await failure(client.send(unknown))
    assert sum(1 for each in simulator.world.log if ACCOUNTS in each.path) == 1


@pytest.mark.parametrize("action", ["redirect", "huge"])
async def test_what_would_only_happen_again_is_not_repeated(
    simulator: Running, action: str
) -> None:
    go_wrong(simulator, action, ACCOUNTS, times=-1)
    async with client_of(simulator, policy=Policy(body_cap=2**20)) as client:
        end = await failure(client.send(read(simulator)))
    assert isinstance(end, ThingSpaceError)
    assert reads_seen(simulator) == 1


async def test_back_offs_are_drawn_and_double(simulator: Running) -> None:
    clock = RushingClock()
    go_wrong(simulator, "status", ACCOUNTS, times=-1)
    async with client_of(simulator, clock=clock, draw=0.5) as client:
        await client.sign_in()
        clock.slept.clear()
        await failure(client.send(read(simulator)))
    assert clock.slept == pytest.approx([0.25, 0.5, 1.0])


async def test_the_token_is_asked_for_twice_at_most(simulator: Running, client: Client) -> None:
    go_wrong(simulator, "status", TOKEN, times=-1)
    end = await failure(client.send(read(simulator)))
    assert isinstance(end, NoToken)
    assert [each.path for each in simulator.world.log] == ["/api/ts/v1/oauth2/token"] * 2


# -- changes ----------------------------------------------------------------------------------


async def test_a_throttled_change_is_repeated_and_done_once(
    simulator: Running, client: Client
) -> None:
    throttle(simulator, SUSPEND, None, times=3)
    await client.send(suspend(simulator))
    assert (changes_seen(simulator), executed(simulator)) == (4, 1)


async def test_a_throttled_change_gives_up_after_three_repetitions(
    simulator: Running, client: Client
) -> None:
    throttle(simulator, SUSPEND, None, times=-1)
    end = await failure(client.send(suspend(simulator)))
    assert isinstance(end, Throttled)
    assert end.fate is Fate.REFUSED
    assert (changes_seen(simulator), executed(simulator)) == (4, 0)


async def test_a_busy_service_that_says_when_and_why_refused_the_change(
    simulator: Running, client: Client
) -> None:
    go_wrong(simulator, "status", SUSPEND, status=503, headers={"Retry-After": "3"}, body=BUSY)
    await client.send(suspend(simulator))
    assert (changes_seen(simulator), executed(simulator)) == (2, 1)


@pytest.mark.parametrize(
    ("headers", "body"), [({}, BUSY), ({"Retry-After": "3"}, {"sorry": "maintenance"})]
)
async def test_a_busy_service_that_leaves_one_of_them_out_proves_nothing(
    simulator: Running, client: Client, headers: dict[str, str], body: object
) -> None:
    go_wrong(simulator, "status", SUSPEND, status=503, headers=headers, body=body, after=True)
    end = await failure(client.send(suspend(simulator)))
    assert isinstance(end, ServerFailed)
    assert end.fate is Fate.UNKNOWN
    assert (changes_seen(simulator), executed(simulator)) == (1, 1)


async def test_a_read_only_client_lets_no_change_out(simulator: Running) -> None:
    async with client_of(simulator, read_only=True) as client:
        end = await failure(client.send(suspend(simulator)))
        assert isinstance(end, ReadOnly)
        assert end.fate is Fate.NOT_SENT
        assert simulator.world.log == []
        assert (await client.send(read(simulator))).account_name == simulator.accounts[0]


# -- waits that are asked for -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("7", 7.0, 7.7),
        ("2.5", 2.5, 2.75),
        ("0", 0.0, 1.0),
        ("-5", 0.0, 1.0),
        ("soon", 0.0, 1.0),
        ("", 0.0, 1.0),
        ("30", 30.0, 33.0),
    ],
)
@pytest.mark.parametrize("draw", [0.0, 1.0])
async def test_retry_after_is_kept_and_stretched_by_a_tenth_at_most(
    text: str, least: float, most: float, draw: float
) -> None:
    clock = RushingClock()
    script = [says(b"{}", 429, {"Retry-After": text}), says(b"{}")]
    async with wire(*script) as server, client_of(server.url, clock=clock, draw=draw) as client:
        await client.send(Poke())
    assert least <= clock.monotonic() <= most + 1e-6
    assert len(server.requests) == 2


@pytest.mark.parametrize("hours_off", [-30, 0, 30])
async def test_a_date_is_judged_by_the_answers_own_clock(hours_off: int) -> None:
    clock = RushingClock()
    there = clock.now() + timedelta(hours=hours_off)
    headers = {
        "Date": format_datetime(there, usegmt=True),
        "Retry-After": format_datetime(there + timedelta(seconds=12), usegmt=True),
    }
    script = [says(b"{}", 429, headers), says(b"{}")]
    async with wire(*script) as server, client_of(server.url, clock=clock, draw=0.0) as client:
        await client.send(Poke())
    assert clock.monotonic() == pytest.approx(12.0)


async def test_a_date_without_a_date_of_the_answer_is_judged_by_ours() -> None:
    clock = RushingClock()
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    script = [says(b"{}", 429, {"Retry-After": until}), says(b"{}")]
    async with wire(*script) as server, client_of(server.url, clock=clock, draw=0.0) as client:
        await client.send(Poke())
    assert 10.0 < clock.monotonic() <= 20.0


async def test_a_date_that_is_over_is_no_wait() -> None:
    clock = RushingClock()
    headers = {"Retry-After": "Fri, 20 Nov 2020 12:00:00 GMT"}
    script = [says(b"{}", 429, headers), says(b"{}")]
    async with wire(*script) as server, client_of(server.url, clock=clock, draw=0.0) as client:
        await client.send(Poke())
    assert clock.monotonic() == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("asked", "pause"), [("40", 40.0), ("600", 600.0), ("86400", 3600.0), ("9" * 12, 3600.0)]
)
async def test_a_long_wait_pauses_everything_and_is_believed_up_to_an_hour(
    simulator: Running, asked: str, pause: float
) -> None:
    clock = RushingClock()
    throttle(simulator, SUSPEND, asked)
    async with client_of(simulator, clock=clock, draw=0.0) as client:
        end = await failure(client.send(suspend(simulator)))
        assert isinstance(end, Throttled)
        sent = len(simulator.world.log)
        held = [await failure(client.send(one)) for one in (read(simulator), suspend(simulator))]
        assert all(isinstance(each, LanePaused) for each in held)
        assert isinstance(held[0], LanePaused)
        assert held[0].retry_in == pytest.approx(pause, abs=1.0)
        assert client.health.trouble is held[1]
        assert len(simulator.world.log) == sent
        await clock.sleep(pause)
        assert (await client.send(read(simulator))).account_name == simulator.accounts[0]


async def test_nothing_leaves_during_a_short_pause_either(simulator: Running) -> None:
    clock = RushingClock()
    throttle(simulator, ACCOUNTS, "20")
    async with client_of(simulator, clock=clock, draw=0.0) as client:
        await client.sign_in()
        before = clock.monotonic()
        await client.send(read(simulator))
        assert clock.monotonic() - before >= 20.0


async def test_a_failure_that_names_a_wait_is_given_it(simulator: Running) -> None:
    clock = RushingClock()
    go_wrong(simulator, "status", ACCOUNTS, status=503, headers={"Retry-After": "9"}, body={})
    async with client_of(simulator, clock=clock, draw=0.0) as client:
        await client.send(read(simulator))
    assert clock.monotonic() == pytest.approx(9.0)


# -- limits -----------------------------------------------------------------------------------


async def test_the_retry_quota_bounds_the_load_on_a_dead_platform() -> None:
    policy = Policy(quota=100, rate=1000.0, burst=1000, circuit_failures=10_000)
    async with (
        wire(says(b"{}", 500)) as server,
        client_of(server.url, policy=policy, draw=0.0) as client,
    ):
        for _ in range(50):
            await failure(client.send(Ask()))
    assert len(server.requests) == 50 + 100 // 14


async def test_throttling_costs_less_of_the_quota() -> None:
    policy = Policy(quota=100, rate=1000.0, burst=1000)
    async with (
        wire(says(b"{}", 429)) as server,
        client_of(server.url, policy=policy, draw=0.0) as client,
    ):
        for _ in range(50):
            await failure(client.send(Poke()))
    assert len(server.requests) == 50 + 100 // 5


async def test_success_gives_the_quota_back() -> None:
    policy = Policy(quota=28, rate=1000.0, burst=1000)
    script = [says(b"{}", 500), says(b"{}", 500), says(b"{}")] * 5
    async with wire(*script) as server, client_of(server.url, policy=policy, draw=0.0) as client:
        for _ in range(5):
            await client.send(Ask())
    assert len(server.requests) == 15


async def test_a_call_ends_when_its_budget_is_spent() -> None:
    clock = RushingClock()
    policy = Policy(read_attempts=1000, quota=10**6, budget=90.0)
    async with (
        wire(says(b"{}", 500)) as server,
        client_of(server.url, clock=clock, policy=policy) as client,
    ):
        assert isinstance(await failure(client.send(Ask())), ServerFailed)
    assert 60.0 < clock.monotonic() <= 90.0


async def test_the_last_attempt_gets_what_is_left_of_the_budget() -> None:
    clock = RushingClock()
    policy = Policy(budget=0.0, connect_timeout=0.1)
    async with (
        wire(is_silent) as server,
        client_of(server.url, clock=clock, policy=policy) as client,
    ):
        end = await asyncio.wait_for(failure(client.send(Ask())), 5.0)
    assert isinstance(end, NoAnswer)
    assert len(server.requests) == 1


async def test_throttling_slows_everything_down_for_a_while() -> None:
    clock = RushingClock()
    policy = Policy(rate=10.0, burst=1)
    async with (
        wire(says(b"{}", 429), says(b"{}")) as server,
        client_of(server.url, clock=clock, policy=policy, draw=0.0) as client,
    ):
        await client.send(Ask())
        before = clock.monotonic()
        await client.send(Ask())
        assert clock.monotonic() - before > 0.12


async def test_the_platform_never_sees_more_than_four_reads_and_one_change(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    simulator.world.settings.latency = 0.05
    simulator.world.most_in_flight = 0
    reads = [read(simulator).model_copy(update={"account_name": f"{n:05}"}) for n in range(12)]
    await asyncio.gather(*(failure(client.send(each)) for each in reads))
    assert simulator.world.most_in_flight == 4
    simulator.world.most_in_flight = 0
    await asyncio.gather(*(client.send(suspend(simulator)) for _ in range(3)))
    assert simulator.world.most_in_flight == 1


async def test_a_client_in_trouble_tells_so_and_when_it_last_heard(
    simulator: Running, client: Client, clock: RushingClock
) -> None:
    assert client.health.answered_at is None
    await client.sign_in()
    heard = client.health.answered_at
    assert heard is not None
    await clock.sleep(10.0)
    go_wrong(simulator, "drop", SUSPEND)
    end = await failure(client.send(suspend(simulator)))
    assert client.health.trouble is end
    assert client.health.answered_at == heard


async def test_the_platforms_clock_is_compared_with_ours() -> None:
    clock = RushingClock()
    date = format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)
    async with (
        wire(says(b"{}", 200, {"Date": date}), says(b"{}", 200, {"Date": "?"})) as server,
        client_of(server.url, clock=clock) as client,
    ):
        await client.send(Ask())
        assert client.health.clock_ahead == pytest.approx(90.0)
        await client.send(Ask())
        assert client.health.clock_ahead == pytest.approx(90.0)


async def test_a_refusal_of_the_gateway_is_final(simulator: Running, client: Client) -> None:
    go_wrong(simulator, "status", SUSPEND, times=-1, status=403, body=BUSY)
    end = await failure(client.send(suspend(simulator)))
    assert isinstance(end, GatewayRefused)
    assert end.code == "900800"
    assert changes_seen(simulator) == 1


async def test_waiting_for_an_answer_does_not_keep_others_from_asking() -> None:
    async with wire(is_silent, says(b"{}")) as server, client_of(server.url) as client:
        slow = asyncio.create_task(failure(client.send(Ask())))
        await until_asked(server)
        await client.send(Poke())
        assert not slow.done()
        await client.aclose()
        assert isinstance(await slow, ThingSpaceError)
