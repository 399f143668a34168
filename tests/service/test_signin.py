"""Signing in: what the carrier answers is told, and a wrong password never locks the contact."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.service.cases import attempt, credentials, environment, workspace
from tests.support.waiting import until
from tsui.credentials import Credentials
from tsui.service.environment import Environment
from tsui.service.failures import SignInFailed
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running


def wrong(simulator: Running, **changes: str) -> Credentials:
    right = credentials(simulator)
    values = {
        name: changes.get(name, getattr(right, name))
        for name in ("key", "secret", "username", "password")
    }
    return Credentials(**values)


async def test_a_good_sign_in_makes_the_account_known(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        assert made.online is not None
        assert made.account == simulator.accounts[0]
        assert made.trouble == ""


async def test_a_wrong_password_is_told_and_counts(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        keys = wrong(simulator, password="nope-nope")
        with pytest.raises(SignInFailed, match="user name or password") as caught:
            await made.sign_in(attempt(simulator, keys=keys), made.environment)
        assert "fifth" in caught.value.next_step
        assert "nope-nope" not in str(caught.value)
        assert made.online is None
        assert simulator.world.access.counts["refused logins"] == 1


async def test_nothing_tries_a_wrong_password_more_than_twice_by_itself_ever(
    simulator: Running, tmp_path: Path
) -> None:
    keys = wrong(simulator, password="nope-nope")
    for _ in range(6):
        async with workspace(simulator, tmp_path, signed_in=False) as made:
            with pytest.raises(SignInFailed):
                await made.sign_in(
                    attempt(simulator, keys=keys, by_operator=False), made.environment
                )
    assert simulator.world.access.counts["refused logins"] == 2
    assert not simulator.world.access.locked


async def test_a_refusal_in_the_middle_of_a_session_counts_in_every_process(
    simulator: Running, tmp_path: Path
) -> None:
    access = simulator.world.access
    async with (
        workspace(simulator, tmp_path) as one,
        workspace(simulator, tmp_path) as two,
        workspace(simulator, tmp_path) as three,
    ):
        keys = credentials(simulator)
        access.credentials = replace(access.credentials, password="another")
        access.expire_all()
        for made in (one, two, three):
            assert await made.sync_once()
        assert access.counts["refused logins"] == 2
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(SignInFailed, match="not tried by itself"):
            await made.sign_in(attempt(simulator, keys=keys, by_operator=False), made.environment)
    assert access.counts["refused logins"] == 2


async def test_an_operator_may_try_again_and_is_warned_before_the_lock(
    simulator: Running, tmp_path: Path
) -> None:
    keys = wrong(simulator, password="nope-nope")
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        told = []
        for _ in range(4):
            with pytest.raises(SignInFailed) as caught:
                await made.sign_in(attempt(simulator, keys=keys), made.environment)
            told.append(str(caught.value))
        assert "one more may lock" not in told[2]
        assert "one more may lock" in told[3]
        await made.sign_in(attempt(simulator), made.environment)
        assert await made._store.logins.refused(keys.username) == 0


async def test_a_locked_contact_is_told(simulator: Running, tmp_path: Path) -> None:
    simulator.world.access.locked = True
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(SignInFailed, match="locked"):
            await made.sign_in(attempt(simulator), made.environment)


async def test_a_wrong_application_secret_is_told(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        keys = wrong(simulator, secret="wrong-secret")
        with pytest.raises(SignInFailed, match="application key or secret"):
            await made.sign_in(attempt(simulator, keys=keys), made.environment)
        assert "refused logins" not in simulator.world.access.counts


async def test_an_unknown_account_is_told(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(SignInFailed, match="does not know the account") as caught:
            await made.sign_in(attempt(simulator, account="0000000000-00001"), made.environment)
        assert "account name" in caught.value.next_step


async def test_without_an_account_the_ones_there_are_can_be_chosen(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(SignInFailed) as caught:
            await made.sign_in(attempt(simulator, account=""), made.environment)
        assert list(caught.value.accounts) == simulator.accounts


async def test_an_unreachable_host_is_told(simulator: Running, tmp_path: Path) -> None:
    nowhere = Environment("custom", "http://127.0.0.1:9", "", read_only=False)
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(SignInFailed, match="Nothing listens"):
            await made.sign_in(attempt(simulator), nowhere)


async def test_a_web_page_in_between_is_told(simulator: Running, tmp_path: Path) -> None:
    simulator.world.faults.append(Fault("html", "oauth2", times=-1))
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(SignInFailed, match="web page"):
            await made.sign_in(attempt(simulator), made.environment)


async def test_a_failed_sign_in_leaves_the_former_one_working(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        keys = wrong(simulator, password="nope-nope")
        with pytest.raises(SignInFailed):
            await made.sign_in(attempt(simulator, keys=keys), made.environment)
        assert made.online is not None
        assert await made.sync_once() == ""


async def test_the_session_is_ended_when_the_account_is_left(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path):
        pass
    assert any(seen.path.endswith("/session/logout") for seen in simulator.world.log)


async def test_the_second_account_has_its_own_devices(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        first = await made.tally("state")
        await made.sign_in(
            attempt(simulator, account=simulator.accounts[1]), environment(simulator)
        )
        await until(lambda: bool(made.progress and made.progress.finished_at), what="the sync")
        assert made.account == simulator.accounts[1]
        assert sum(count for _, count in await made.tally("state")) == 3
        assert sum(count for _, count in first) == 60
