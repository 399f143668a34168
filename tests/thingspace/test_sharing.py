"""Work that outlives its waiters: shared reads, changes that go on, and the end of a client."""

import asyncio
import gc

from tests.support.clock import FakeClock, settle
from tests.support.waiting import until
from tests.thingspace.cases import (
    LOGIN,
    Ask,
    Poke,
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
    until_seen,
    waits_for,
    wire,
)
from tsui.simulator.server import Running
from tsui.thingspace.client import Client
from tsui.thingspace.errors import (
    ClientClosed,
    ConnectionLost,
    Fate,
    NoToken,
    NotSent,
    ServerFailed,
    ThingSpaceError,
)
from tsui.thingspace.policy import Policy

# -- sharing ----------------------------------------------------------------------------------


async def test_identical_reads_under_way_share_one_request(
    simulator: Running, client: Client
) -> None:
    await client.sign_in()
    simulator.world.settings.latency = 0.05
    replies = await asyncio.gather(*(client.send(read(simulator)) for _ in range(20)))
    assert reads_seen(simulator) == 1
    assert {reply.account_name for reply in replies} == {simulator.accounts[0]}


async def test_reads_that_differ_in_a_field_are_different() -> None:
    async with wire(says(b"{}")) as server, client_of(server.url) as client:
        await asyncio.gather(client.send(Ask()), client.send(Ask()))
        assert len(server.requests) == 1
        await asyncio.gather(client.send(Poke(what="a")), client.send(Poke(what="a")))
        assert len(server.requests) == 3


async def test_a_read_after_the_answer_asks_again(simulator: Running, client: Client) -> None:
    await client.send(read(simulator))
    await client.send(read(simulator))
    assert reads_seen(simulator) == 2


async def test_a_failure_is_shared_too() -> None:
    released = asyncio.Event()
    async with (
        wire(waits_for(released, says(b"{}", 501)), says(b"{}")) as server,
        client_of(server.url) as client,
    ):
        asking = [asyncio.create_task(failure(client.send(Ask()))) for _ in range(5)]
        await until_asked(server)
        released.set()
        ends = await asyncio.gather(*asking)
        assert all(isinstance(end, ServerFailed) for end in ends)
        await client.send(Ask())
    assert len(server.requests) == 2


async def test_most_waiters_may_leave_and_the_last_still_gets_the_answer() -> None:
    released = asyncio.Event()
    async with (
        wire(waits_for(released, says(b'{"n": 1}'))) as server,
        client_of(server.url) as client,
    ):
        asking = [asyncio.create_task(client.send(Ask())) for _ in range(100)]
        await until_asked(server)
        for task in asking[:99]:
            task.cancel()
        released.set()
        reply = await asking[99]
    assert reply.received == {"n": 1}
    assert len(server.requests) == 1


async def test_a_read_begun_before_a_change_does_not_answer_for_one_after_it() -> None:
    """What it tells may be from before the change."""
    released = asyncio.Event()
    script = [waits_for(released, says(b'{"is": "old"}')), says(b"{}"), says(b'{"is": "new"}')]
    async with wire(*script) as server, client_of(server.url) as client:
        before = asyncio.create_task(client.send(Ask()))
        await until_asked(server)
        await client.send(Poke())
        after = await client.send(Ask())
        assert after.received == {"is": "new"}
        released.set()
        assert (await before).received == {"is": "old"}


async def test_a_read_begun_during_a_change_does_not_answer_for_one_after_it() -> None:
    changed, told = asyncio.Event(), asyncio.Event()
    script = [
        waits_for(changed, says(b"{}")),
        waits_for(told, says(b'{"is": "old"}')),
        says(b'{"is": "new"}'),
    ]
    async with wire(*script) as server, client_of(server.url) as client:
        change = asyncio.create_task(client.send(Poke()))
        await until_asked(server)
        during = asyncio.create_task(client.send(Ask()))
        await until_asked(server, 2)
        changed.set()
        await change
        assert (await client.send(Ask())).received == {"is": "new"}
        told.set()
        assert (await during).received == {"is": "old"}


# -- the shield -------------------------------------------------------------------------------


async def test_a_change_goes_on_without_the_caller(simulator: Running, client: Client) -> None:
    await client.sign_in()
    simulator.world.settings.latency = 0.05
    caller = asyncio.create_task(client.send(suspend(simulator)))
    await until_seen(simulator, "/suspend")
    caller.cancel()
    assert isinstance((await asyncio.gather(caller, return_exceptions=True))[0], BaseException)
    assert caller.cancelled()
    await until(lambda: executed(simulator) == 1, what="the change")
    await until(lambda: any(call.status == 200 for call in [*client.trace][-1:]), what="the answer")


async def test_a_caller_that_leaves_early_does_not_break_the_login_of_others(
    simulator: Running, client: Client
) -> None:
    simulator.world.settings.latency = 0.03
    first = asyncio.create_task(client.send(suspend(simulator)))
    second = asyncio.create_task(client.send(read(simulator)))
    await until_seen(simulator, "/token")
    first.cancel()
    assert (await second).account_name == simulator.accounts[0]
    await until(lambda: executed(simulator) == 1, what="the change")


async def test_cancelling_callers_all_day_loses_no_connection() -> None:
    async with wire(says(b"{}")) as server:
        policy = Policy(rate=1e6, burst=10**6, pool_timeout=1.0)
        async with client_of(server.url, policy=policy) as client:
            for turn in range(150):
                callers = [asyncio.create_task(client.send(Poke(what=str(n)))) for n in range(3)]
                for _ in range(turn % 7):
                    await asyncio.sleep(0)
                for caller in callers:
                    caller.cancel()
                await asyncio.gather(*callers, return_exceptions=True)
            await client.send(Poke())
            await until(lambda: len(client.trace) > 10, what="the calls")
            assert {call.error for call in client.trace} == {""}


async def test_a_failure_nobody_waits_for_is_no_complaint_of_the_loop() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
    async with wire(says(b"{}", 500)) as server, client_of(server.url) as client:
        caller = asyncio.create_task(client.send(Poke()))
        await until_asked(server)
        caller.cancel()
        await until(lambda: len(client.trace) == 1, what="the end")
        await settle()
    gc.collect()
    assert complaints == []


# -- closing ----------------------------------------------------------------------------------


async def test_a_change_under_way_when_the_client_closes_is_unknown() -> None:
    async with wire(is_silent) as server, client_of(server.url) as client:
        change = asyncio.create_task(failure(client.send(Poke())))
        await until_asked(server)
        await client.aclose()
        end = await change
    assert isinstance(end, ConnectionLost)
    assert end.fate is Fate.UNKNOWN
    assert [call.error for call in client.trace] == [str(end)]


async def test_a_call_that_waits_for_its_turn_when_the_client_closes_was_not_sent() -> None:
    async with wire(is_silent) as server, client_of(server.url) as client:
        first = asyncio.create_task(failure(client.send(Poke())))
        await until_asked(server)
        second = asyncio.create_task(failure(client.send(Poke())))
        third = asyncio.create_task(failure(client.send(Ask())))
        await until_asked(server, 2)
        await client.aclose()
        ends = [await each for each in (first, second, third)]
    assert [type(end) for end in ends] == [ConnectionLost, ClientClosed, ConnectionLost]
    assert len(server.requests) == 2


async def test_a_call_that_has_not_even_begun_was_not_sent() -> None:
    async with wire(says(b"{}")) as server, client_of(server.url) as client:
        change = asyncio.create_task(failure(client.send(Poke())))
        await client.aclose()
        end = await change
    assert isinstance(end, ThingSpaceError)
    assert (end.fate is Fate.NOT_SENT) == (not server.requests)


async def test_a_change_that_waits_to_be_repeated_was_not_done() -> None:
    clock = FakeClock()
    async with (
        wire(says(b"{}", 429, {"Retry-After": "20"})) as server,
        client_of(server.url, clock=clock) as client,
    ):
        change = asyncio.create_task(failure(client.send(Poke())))
        await until(lambda: clock.slept != [], what="the wait")
        await client.aclose()
        end = await change
    assert isinstance(end, ClientClosed)
    assert end.fate is Fate.NOT_SENT


async def test_a_change_that_waits_for_its_login_was_not_sent(
    simulator: Running, client: Client
) -> None:
    go_wrong(simulator, "hang", LOGIN, seconds=0.0)
    change = asyncio.create_task(failure(client.send(suspend(simulator))))
    await until_seen(simulator, "/login")
    await client.aclose()
    end = await change
    assert isinstance(end, NoToken)
    assert isinstance(end, NotSent)


async def test_a_closed_client_sends_nothing(simulator: Running, client: Client) -> None:
    await client.aclose()
    for end in (
        await failure(client.send(read(simulator))),
        await failure(client.send(suspend(simulator))),
        await failure(client.sign_in()),
    ):
        assert isinstance(end, ClientClosed)
    assert simulator.world.log == []


async def test_closing_twice_is_closing() -> None:
    async with wire(says(b"{}")) as server, client_of(server.url) as client:
        await client.send(Ask())
        await client.aclose()
        await client.aclose()
        assert isinstance(await failure(client.send(Ask())), ClientClosed)
