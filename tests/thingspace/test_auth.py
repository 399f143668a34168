"""Both tokens: when they are fetched, shared, renewed and given up."""

import asyncio
from base64 import b64encode

import pytest

from tests.support.clock import RushingClock
from tests.thingspace.cases import (
    ACCOUNTS,
    LOGIN,
    SUSPEND,
    TOKEN,
    changes_seen,
    client_of,
    credentials,
    executed,
    failure,
    go_wrong,
    read,
    reads_seen,
    refused_logins,
    suspend,
)
from tsui.simulator.server import Running
from tsui.thingspace.client import Client
from tsui.thingspace.errors import (
    BearerRefused,
    ConnectionLost,
    Fate,
    KeyRefused,
    LoginBlocked,
    LoginRefused,
    NoToken,
    SessionEnded,
    ThingSpaceError,
    Unreadable,
)
from tsui.thingspace.session import Login, Logout

OAUTH_GONE = {"fault": {"code": "900901", "message": "Invalid Credentials"}}


def tokens(simulator: Running) -> int:
    return simulator.world.access.counts.get("tokens", 0)


def logins(simulator: Running) -> int:
    return simulator.world.access.counts.get("logins", 0)


async def test_nothing_is_asked_before_it_is_needed(simulator: Running, client: Client) -> None:
    assert simulator.world.log == []
    await client.send(read(simulator))
    await client.send(suspend(simulator))
    assert (tokens(simulator), logins(simulator)) == (1, 1)


async def test_many_calls_at_once_share_one_token_and_one_login(
    simulator: Running, client: Client
) -> None:
    simulator.world.settings.latency = 0.02
    operations = [read(simulator).model_copy(update={"account_name": str(n)}) for n in range(8)]
    await asyncio.gather(*(failure(client.send(each)) for each in operations))
    assert (tokens(simulator), logins(simulator)) == (1, 1)


async def test_sign_in_gets_both_tokens_and_a_second_one_asks_nothing(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    await client.sign_in()
    assert [each.path.rpartition("/")[2] for each in simulator.world.log] == ["token", "login"]


async def test_a_session_that_ended_is_begun_again_and_the_change_done_once(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    simulator.world.access._sessions.clear()
    await client.send(suspend(simulator))
    assert (logins(simulator), tokens(simulator)) == (2, 1)
    assert (changes_seen(simulator), executed(simulator)) == (2, 1)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_an_ended_session_is_known_by_its_code_whatever_the_status(
    simulator: Running, client: Client, status: int
) -> None:
    simulator.world.settings.session_expired_status = status
    await client.sign_in()
    simulator.world.access._sessions.clear()
    reply = await client.send(read(simulator))
    assert reply.account_name == simulator.accounts[0]


async def test_both_tokens_may_end_at_once(simulator: Running, client: Client) -> None:
    await client.sign_in()
    simulator.world.access.expire_all()
    await client.send(suspend(simulator))
    assert (tokens(simulator), logins(simulator)) == (2, 2)
    assert executed(simulator) == 1


async def test_reads_under_way_when_both_tokens_end_renew_each_once(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    simulator.world.access.expire_all()
    simulator.world.settings.latency = 0.02
    operations = [read(simulator).model_copy(update={"account_name": str(n)}) for n in range(4)]
    ends = await asyncio.gather(*(failure(client.send(each)) for each in operations))
    assert {str(getattr(end, "code", "")).rpartition(".")[2] for end in ends} == {"AccountNotFound"}
    assert (tokens(simulator), logins(simulator)) == (2, 2)


async def test_a_token_is_renewed_once_for_a_call_and_then_the_refusal_is_told(
    simulator: Running, client: Client
) -> None:
    go_wrong(simulator, "status", ACCOUNTS, times=-1, status=401, body=OAUTH_GONE)
    end = await failure(client.send(read(simulator)))
    assert isinstance(end, BearerRefused)
    assert end.fate is Fate.REFUSED
    assert (reads_seen(simulator), tokens(simulator)) == (2, 2)


async def test_a_session_is_renewed_once_for_a_call_and_then_the_refusal_is_told(
    simulator: Running, client: Client
) -> None:
    go_wrong(simulator, "session-expired", SUSPEND, times=-1)
    end = await failure(client.send(suspend(simulator)))
    assert isinstance(end, SessionEnded)
    assert (changes_seen(simulator), logins(simulator), executed(simulator)) == (2, 2, 0)


async def test_a_token_that_ran_out_is_renewed_before_use(
    simulator: Running, client: Client, clock: RushingClock
) -> None:
    await client.sign_in()
    await clock.sleep(3700)
    simulator.world.clock.advance(3700)
    await client.send(read(simulator))
    assert reads_seen(simulator) == 1
    assert (tokens(simulator), logins(simulator)) == (2, 2)


async def test_the_life_of_a_token_is_what_is_left_and_no_fresh_hour(simulator: Running) -> None:
    async with client_of(simulator) as first:
        await first.sign_in()
    simulator.world.clock.advance(3000)
    clock = RushingClock()
    async with client_of(simulator, clock=clock) as second:
        await second.sign_in()
        await clock.sleep(700)
        simulator.world.clock.advance(700)
        await second.send(read(simulator))
    assert reads_seen(simulator) == 1
    assert tokens(simulator) == 3


@pytest.mark.parametrize(("minutes", "expected"), [(17, 1), (18, 2)])
async def test_an_idle_session_is_renewed_before_the_platform_ends_it(
    simulator: Running, client: Client, clock: RushingClock, minutes: int, expected: int
) -> None:
    await client.sign_in()
    await clock.sleep(60 * minutes)
    await client.send(read(simulator))
    assert (logins(simulator), reads_seen(simulator)) == (expected, 1)


async def test_use_prolongs_a_session(
    simulator: Running, client: Client, clock: RushingClock
) -> None:
    for _ in range(4):
        await client.send(read(simulator))
        await clock.sleep(15 * 60)
    assert logins(simulator) == 1


# -- refusals ---------------------------------------------------------------------------------


async def test_a_wrong_password_is_tried_once_and_never_again(simulator: Running) -> None:
    async with client_of(simulator, keys=credentials(simulator, password="wrong")) as client:
        first = await failure(client.send(read(simulator)))
        ends = [await failure(client.send(suspend(simulator))) for _ in range(6)]
        ends.append(await failure(client.sign_in()))
    assert isinstance(first, LoginRefused)
    assert first.fate is Fate.REFUSED
    assert "fifth" in first.next_step
    assert all(isinstance(end, LoginBlocked) for end in ends)
    assert {end.fate for end in ends if isinstance(end, ThingSpaceError)} == {Fate.NOT_SENT}
    assert refused_logins(simulator) == 1
    assert not simulator.world.access.locked


async def test_calls_at_once_with_a_wrong_password_cost_one_refusal(simulator: Running) -> None:
    async with client_of(simulator, keys=credentials(simulator, password="wrong")) as client:
        operations = [read(simulator).model_copy(update={"account_name": str(n)}) for n in range(9)]
        ends = await asyncio.gather(*(failure(client.send(each)) for each in operations))
    assert sorted(type(end).__name__ for end in ends) == ["LoginBlocked"] * 8 + ["LoginRefused"]
    assert refused_logins(simulator) == 1


async def test_a_wrong_secret_is_tried_once_and_no_login_follows(simulator: Running) -> None:
    async with client_of(simulator, keys=credentials(simulator, secret="wrong-secret")) as client:
        first = await failure(client.send(read(simulator)))
        second = await failure(client.send(read(simulator)))
    assert isinstance(first, KeyRefused)
    assert isinstance(second, LoginBlocked)
    assert second.__cause__ is first
    assert (tokens(simulator), logins(simulator)) == (1, 0)


@pytest.mark.parametrize("action", ["drop", "html", "status", "bad-json", "cut"])
async def test_refusals_that_get_lost_cost_two_logins_at_most(
    simulator: Running, action: str
) -> None:
    """A refusal that nobody heard of counts on the platform all the same."""
    go_wrong(simulator, action, LOGIN, times=-1, after=True)
    async with client_of(simulator, keys=credentials(simulator, password="wrong")) as client:
        ends = [await failure(client.send(read(simulator))) for _ in range(5)]
    assert refused_logins(simulator) == 2
    assert isinstance(ends[0], NoToken)
    assert all(isinstance(end, LoginBlocked) for end in ends[1:])


async def test_an_answer_without_a_token_counts_as_a_login_that_may_have_been_refused(
    simulator: Running,
) -> None:
    go_wrong(simulator, "status", LOGIN, times=-1, status=200, body={"status": "no"})
    async with client_of(simulator) as client:
        ends = [await failure(client.send(read(simulator))) for _ in range(4)]
    assert [type(end) for end in ends] == [NoToken, NoToken, LoginBlocked, LoginBlocked]


async def test_logins_that_never_left_do_not_count(simulator: Running) -> None:
    go_wrong(simulator, "status", LOGIN, times=6, status=429, body={"fault": {"code": "1"}})
    async with client_of(simulator) as client:
        for _ in range(3):
            await failure(client.send(read(simulator)))
        assert (await client.send(read(simulator))).account_name == simulator.accounts[0]


async def test_a_password_that_was_accepted_once_outlives_an_outage_of_the_login(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    simulator.world.access.expire_all()
    go_wrong(simulator, "status", LOGIN, times=6, status=503)
    ends = [await failure(client.send(read(simulator))) for _ in range(3)]
    assert all(isinstance(end, NoToken) for end in ends)
    assert (await client.send(read(simulator))).account_name == simulator.accounts[0]


async def test_one_lost_answer_to_a_login_is_made_good_by_itself(
    simulator: Running, client: Client
) -> None:
    go_wrong(simulator, "drop", LOGIN, after=True)
    assert (await client.send(read(simulator))).account_name == simulator.accounts[0]
    assert logins(simulator) == 2


async def test_a_gateway_that_refuses_the_token_at_the_login_gets_a_new_one(
    simulator: Running, client: Client
) -> None:
    go_wrong(simulator, "status", LOGIN, status=401, body=OAUTH_GONE)
    await client.send(read(simulator))
    assert (tokens(simulator), logins(simulator)) == (2, 1)


@pytest.mark.parametrize("path", [TOKEN, LOGIN])
@pytest.mark.parametrize("action", ["html", "drop", "redirect", "bad-json"])
async def test_a_change_whose_token_never_came_was_not_sent(
    simulator: Running, client: Client, path: str, action: str
) -> None:
    go_wrong(simulator, action, path, times=-1)
    end = await failure(client.send(suspend(simulator)))
    assert isinstance(end, NoToken)
    assert end.fate is Fate.NOT_SENT
    assert isinstance(end.__cause__, ThingSpaceError)
    assert end.problem == end.__cause__.problem
    assert changes_seen(simulator) == 0
    assert client.health.trouble is end.__cause__


@pytest.mark.parametrize("token", ["", "two words", "line\r\nbreak", "snow☃man"])
async def test_a_token_no_header_can_carry_is_not_used(
    simulator: Running, client: Client, token: str
) -> None:
    body = {"access_token": token, "expires_in": 3600}
    go_wrong(simulator, "status", TOKEN, times=-1, status=200, body=body)
    end = await failure(client.send(read(simulator)))
    assert isinstance(end, NoToken)
    assert isinstance(end.__cause__, Unreadable)
    assert logins(simulator) == 0


async def test_a_token_without_a_life_span_is_kept_for_the_documented_hour(
    simulator: Running, client: Client, clock: RushingClock
) -> None:
    good, _ = simulator.world.access.get_token(_basic(simulator), "client_credentials")
    go_wrong(simulator, "status", TOKEN, status=200, body={"access_token": good})
    await client.sign_in()
    await clock.sleep(3500)
    await client.send(read(simulator))
    assert reads_seen(simulator) == 1
    assert len([each for each in simulator.world.log if each.path.endswith("/token")]) == 1


# -- signing out ------------------------------------------------------------------------------


async def test_signing_out_ends_the_session_on_the_platform(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    await client.sign_out()
    assert simulator.world.access._sessions == {}


async def test_who_is_not_signed_in_signs_out_without_a_word(
    simulator: Running, client: Client
) -> None:
    await client.sign_out()
    assert simulator.world.log == []


async def test_signing_out_twice_does_not_log_in_again(simulator: Running, client: Client) -> None:
    await client.sign_in()
    await client.sign_out()
    await client.sign_out()
    assert logins(simulator) == 1


async def test_a_session_that_ended_by_itself_is_not_begun_again_to_end_it(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    simulator.world.access._sessions.clear()
    await client.sign_out()
    assert logins(simulator) == 1


async def test_after_signing_out_the_next_call_logs_in_again(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    await client.sign_out()
    await client.send(read(simulator))
    assert logins(simulator) == 2


async def test_signing_out_forgets_the_session_even_if_nobody_hears(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    go_wrong(simulator, "hang", "/session/logout$", times=-1, seconds=0.01)
    assert isinstance(await failure(client.sign_out()), ConnectionLost)
    await client.sign_out()
    assert [each.path for each in simulator.world.log].count("/api/m2m/v1/session/logout") == 2


async def test_login_and_logout_never_log_in_for_themselves(
    simulator: Running, client: Client
) -> None:
    go_wrong(simulator, "session-expired", "/session/logout$", times=-1)
    await client.sign_in()
    assert isinstance(await failure(client.send(Logout())), SessionEnded)
    wrong = Login.model_validate({"username": "nobody", "password": "nothing"})
    assert isinstance(await failure(client.send(wrong)), LoginRefused)
    assert logins(simulator) == 2


def _basic(simulator: Running) -> str:
    mine = simulator.world.access.credentials
    return f"Basic {b64encode(f'{mine.key}:{mine.secret}'.encode()).decode()}"
