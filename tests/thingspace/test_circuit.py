"""The circuit: no more knocking where nobody answers, and a probe at growing intervals."""

import pytest

from tests.support.clock import RushingClock
from tests.thingspace.cases import Ask, Poke, client_of, failure, free_port, resets, says, wire
from tsui.thingspace.errors import CircuitOpen, ConnectionLost, Fate, ServerFailed, Unreachable
from tsui.thingspace.pacing import Circuit
from tsui.thingspace.policy import Policy


@pytest.fixture
def circuit(clock: RushingClock) -> Circuit:
    return Circuit(Policy(), clock)


def fail(circuit: Circuit, times: int) -> None:
    for _ in range(times):
        circuit.failed(circuit.admit())


def wait_to_probe(circuit: Circuit) -> float:
    with pytest.raises(CircuitOpen) as caught:
        circuit.admit()
    return caught.value.retry_in


def test_the_fifth_failure_opens(circuit: Circuit) -> None:
    fail(circuit, 4)
    assert not circuit.is_open
    fail(circuit, 1)
    assert circuit.is_open
    assert wait_to_probe(circuit) == pytest.approx(5.0)


async def test_failures_that_lie_far_apart_do_not_open(
    circuit: Circuit, clock: RushingClock
) -> None:
    for _ in range(20):
        fail(circuit, 1)
        await clock.sleep(8.0)
    assert not circuit.is_open


def test_an_answer_between_failures_does_not_let_it_open(circuit: Circuit) -> None:
    for _ in range(5):
        fail(circuit, 4)
        circuit.succeeded()
    assert not circuit.is_open


async def test_probes_come_at_growing_intervals_and_the_last_one_repeats(
    circuit: Circuit, clock: RushingClock
) -> None:
    fail(circuit, 5)
    waits = []
    for _ in range(7):
        waits.append(wait_to_probe(circuit))
        await clock.sleep(waits[-1])
        circuit.failed(circuit.admit())
    assert waits == pytest.approx([5, 10, 20, 40, 60, 60, 60])


async def test_only_one_probe_goes_at_a_time(circuit: Circuit, clock: RushingClock) -> None:
    fail(circuit, 5)
    await clock.sleep(5.0)
    probe = circuit.admit()
    assert wait_to_probe(circuit) == pytest.approx(1.0)
    circuit.withdraw(probe)
    assert circuit.admit() is not probe


async def test_who_began_before_it_opened_does_not_count_as_the_probe(
    circuit: Circuit, clock: RushingClock
) -> None:
    late = circuit.admit()
    fail(circuit, 5)
    circuit.failed(late)
    assert wait_to_probe(circuit) == pytest.approx(5.0)
    await clock.sleep(5.0)
    circuit.admit()
    circuit.withdraw(late)
    assert circuit.is_open
    assert wait_to_probe(circuit) == pytest.approx(1.0)


async def test_an_answer_closes_it_and_the_intervals_begin_anew(
    circuit: Circuit, clock: RushingClock
) -> None:
    fail(circuit, 5)
    for _ in range(3):
        await clock.sleep(wait_to_probe(circuit))
        circuit.failed(circuit.admit())
    circuit.succeeded()
    assert not circuit.is_open
    fail(circuit, 5)
    assert wait_to_probe(circuit) == pytest.approx(5.0)


async def test_a_dead_address_is_left_alone_after_a_few_tries_and_found_again() -> None:
    clock = RushingClock()
    async with (
        wire(*[resets] * 5, says(b"{}")) as server,
        client_of(server.url, clock=clock) as client,
    ):
        for _ in range(5):
            assert isinstance(await failure(client.send(Poke())), ConnectionLost)
        held = await failure(client.send(Poke()))
        assert isinstance(held, CircuitOpen)
        assert held.fate is Fate.NOT_SENT
        assert len(server.requests) == 5
        await clock.sleep(held.retry_in)
        await client.send(Ask())
        await client.send(Poke())
    assert len(server.requests) == 7


async def test_an_answer_that_is_an_error_is_an_answer() -> None:
    async with wire(says(b"{}", 500)) as server, client_of(server.url) as client:
        ends = [await failure(client.send(Poke())) for _ in range(8)]
    assert all(isinstance(end, ServerFailed) for end in ends)
    assert len(server.requests) == 8


async def test_attempts_of_one_read_open_it_too_and_it_is_not_waited_for() -> None:
    policy = Policy(read_attempts=9)
    async with client_of(f"http://127.0.0.1:{free_port()}", policy=policy, draw=0.0) as client:
        end = await failure(client.send(Ask()))
        assert isinstance(end, CircuitOpen)
        assert len(client.trace) == 5
        assert isinstance(await failure(client.send(Poke())), CircuitOpen)


async def test_a_refused_port_is_unreachable() -> None:
    async with client_of(f"http://127.0.0.1:{free_port()}") as client:
        end = await failure(client.send(Ask()))
    assert isinstance(end, Unreachable)
    assert str(end) == "Nothing listens at that address."
