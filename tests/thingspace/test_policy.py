"""The numbers of the policy: who may be repeated, how often, and after which wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.thingspace.errors import (
    BearerRefused,
    CircuitOpen,
    ClientClosed,
    ConnectionLost,
    ConnectionsBusy,
    Fate,
    GatewayRefused,
    KeyRefused,
    LanePaused,
    LoginBlocked,
    LoginRefused,
    NoAnswer,
    NoToken,
    NotRecorded,
    NotSent,
    ReadOnly,
    Redirected,
    Refused,
    Rejected,
    ServerFailed,
    SessionEnded,
    ThingSpaceError,
    Throttled,
    TlsFailure,
    TooLarge,
    Unclear,
    Unreachable,
    Unreadable,
)
from tsui.thingspace.operation import Effect
from tsui.thingspace.policy import Policy, asked_wait, attempts, backoff, worth_repeating

POLICY = Policy()

NOT_SENT: list[ThingSpaceError] = [
    Unreachable(""),
    TlsFailure(""),
    ConnectionsBusy(""),
    CircuitOpen("", retry_in=1),
    LanePaused("", retry_in=1),
    LoginBlocked(""),
    NoToken(""),
    ReadOnly(""),
    ClientClosed(""),
    NotRecorded(""),
]
REFUSED: list[ThingSpaceError] = [
    Rejected("", code="X", message="", status=400),
    LoginRefused("", code="X", message="", status=400),
    SessionEnded(""),
    GatewayRefused(""),
    BearerRefused(""),
    KeyRefused(""),
    Throttled("", status=429, retry_after=None),
]
UNCLEAR: list[ThingSpaceError] = [
    NoAnswer(""),
    ConnectionLost(""),
    *(ServerFailed("", status=status) for status in (500, 501, 502, 503, 504)),
    Redirected(""),
    Unreadable(""),
    TooLarge(""),
]
REPEATED_ALWAYS = {"Unreachable", "ConnectionsBusy", "Throttled"}
REPEATED_FOR_READS = REPEATED_ALWAYS | {"NoAnswer", "ConnectionLost", "Unreadable", "ServerFailed"}


@pytest.mark.parametrize(
    ("errors", "kind", "fate"),
    [
        (NOT_SENT, NotSent, Fate.NOT_SENT),
        (REFUSED, Refused, Fate.REFUSED),
        (UNCLEAR, Unclear, Fate.UNKNOWN),
    ],
)
def test_every_error_tells_its_fate(
    errors: list[ThingSpaceError], kind: type[ThingSpaceError], fate: Fate
) -> None:
    assert all(isinstance(error, kind) and error.fate is fate for error in errors)


def test_no_kind_of_error_is_forgotten_here() -> None:
    known = {type(error) for error in (*NOT_SENT, *REFUSED, *UNCLEAR)}
    assert known | {NotSent, Refused, Unclear} == set(_kinds(ThingSpaceError))


def test_an_error_that_says_nothing_counts_as_unknown() -> None:
    assert ThingSpaceError("").fate is Fate.UNKNOWN


@pytest.mark.parametrize("effect", [Effect.CHANGE, Effect.CALLBACK_ADMIN])
def test_a_change_is_never_repeated_after_an_unclear_end(effect: Effect) -> None:
    assert not any(worth_repeating(effect, error) for error in UNCLEAR)


@pytest.mark.parametrize("effect", [Effect.CHANGE, Effect.CALLBACK_ADMIN])
def test_a_change_is_repeated_only_after_proof_that_it_was_not_done(effect: Effect) -> None:
    repeated = {
        type(error).__name__
        for error in (*NOT_SENT, *REFUSED, *UNCLEAR)
        if worth_repeating(effect, error)
    }
    assert repeated == REPEATED_ALWAYS


@pytest.mark.parametrize("effect", [Effect.READ, Effect.AUTH])
def test_reads_and_logins_are_repeated_where_it_may_pass(effect: Effect) -> None:
    repeated = {
        type(error).__name__
        for error in (*NOT_SENT, *REFUSED, *UNCLEAR)
        if worth_repeating(effect, error)
    }
    assert repeated == REPEATED_FOR_READS
    assert not worth_repeating(effect, ServerFailed("", status=501))


@pytest.mark.parametrize(
    ("status", "again"),
    [(500, True), (501, False), (502, True), (503, True), (504, True), (505, False), (511, False)],
)
def test_a_read_is_repeated_after_failures_that_pass(status: int, again: bool) -> None:
    assert worth_repeating(Effect.READ, ServerFailed("It failed.", status=status)) is again


def test_attempts_by_effect() -> None:
    assert [attempts(POLICY, effect) for effect in Effect] == [4, 4, 2, 4]


@given(st.integers(1, 60), st.floats(0, 1))
def test_a_back_off_is_drawn_from_zero_to_a_bound_that_doubles_up_to_a_cap(
    attempt: int, drawn: float
) -> None:
    bound = min(20.0, 0.5 * 2 ** (attempt - 1))
    assert backoff(POLICY, NoAnswer(""), attempt, lambda: drawn) == pytest.approx(bound * drawn)


@given(st.integers(1, 60), st.floats(0, 1))
def test_a_back_off_after_throttling_begins_at_a_second(attempt: int, drawn: float) -> None:
    error = Throttled("", status=429, retry_after=None)
    bound = min(20.0, 2.0 ** (attempt - 1))
    assert backoff(POLICY, error, attempt, lambda: drawn) == pytest.approx(bound * drawn)


@given(st.floats(0.001, 1e12), st.floats(0, 1), st.integers(1, 9))
def test_a_wait_that_was_asked_for_is_kept_and_lengthened_by_a_tenth_at_most(
    asked: float, drawn: float, attempt: int
) -> None:
    error = Throttled("", status=429, retry_after=asked)
    believed = min(asked, 3600.0)
    assert asked_wait(POLICY, error) == believed
    wait = backoff(POLICY, error, attempt, lambda: drawn)
    assert believed <= wait <= believed * 1.1 + 1e-9


def test_only_answers_ask_for_waits() -> None:
    assert asked_wait(POLICY, ServerFailed("", status=503, retry_after=7)) == 7
    assert asked_wait(POLICY, ServerFailed("", status=503)) == 0
    assert asked_wait(POLICY, Throttled("", status=429, retry_after=0)) == 0
    assert asked_wait(POLICY, NoAnswer("")) == 0


def _kinds(kind: type[ThingSpaceError]) -> list[type[ThingSpaceError]]:
    return [each for child in kind.__subclasses__() for each in (child, *_kinds(child))]
