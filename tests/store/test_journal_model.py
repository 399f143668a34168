"""Whatever happens in whatever order, the journal agrees with the table of states."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.store.cases import ACCOUNT, intent
from tsui.store.audit import AuditRow
from tsui.store.changes import NEXT, OPEN, PROVEN, ChangeOver, ChangeState, OpenChange
from tsui.store.store import Store

State = ChangeState
_devices = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=3, unique=True)
_owners = st.sampled_from(["me", "you"])
_states = st.sampled_from(State)
_evidence = st.sampled_from(["", "", "seen"])


class Changes(RuleBasedStateMachine):
    """A journal beside the plainest model of it: the state of each device of each request."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._runner = asyncio.Runner()
        self._store = Store(Path(self._folder.name))
        self._runner.run(self._store.open())
        self._journal = self._store.journal
        self._states: dict[tuple[int, str], State] = {}
        self._owners: dict[int, str] = {}
        self._evidence: dict[tuple[int, str], bool] = {}
        self._events: list[AuditRow] = []
        self._time = 0.0

    def teardown(self) -> None:
        self._runner.run(self._store.close())
        self._runner.close()
        self._folder.cleanup()

    def _now(self) -> float:
        self._time += 1.0
        return self._time

    def _of(self, request: int) -> list[tuple[int, str]]:
        return [each for each in self._states if each[0] == request]

    def _pick(self, choice: int) -> int:
        return choice % (len(self._owners) + 1)

    def _set(self, which: tuple[int, str], state: State, evidence: str) -> bool:
        if state not in NEXT.get(self._states[which], ()):
            return False
        self._states[which] = state
        self._evidence[which] = bool(evidence)
        return True

    @rule(devices=_devices, owner=_owners)
    def intend(self, devices: list[str], owner: str) -> None:
        busy = {key for (_, key), state in self._states.items() if state in OPEN}
        work = self._journal.intend(intent(*devices), owner=owner, at=self._now())
        if taken := busy & set(devices):
            with pytest.raises(OpenChange) as caught:
                self._runner.run(work)
            error = caught.value
            assert error.device_key in taken
            assert self._states[error.request, error.device_key] is error.state
            return
        request = self._runner.run(work)
        self._owners[request] = owner
        self._states |= {(request, key): State.INTENDED for key in devices}

    @rule(choice=st.integers(0, 50))
    def send(self, choice: int) -> None:
        request = self._pick(choice)
        devices = self._of(request)
        ready = bool(devices) and all(self._states[each] is State.INTENDED for each in devices)
        try:
            self._runner.run(self._journal.mark_sending(request, self._now()))
        except ChangeOver:
            assert not ready
        else:
            assert ready
            self._states |= dict.fromkeys(devices, State.SENDING)

    @rule(choice=st.integers(0, 50), state=_states, evidence=_evidence)
    def answer(self, choice: int, state: State, evidence: str) -> None:
        request = self._pick(choice)
        work = self._journal.mark_answered(request, state, self._now(), evidence=evidence)
        try:
            self._runner.run(work)
        except ValueError:
            assert state in PROVEN
            assert not evidence
        else:
            assert evidence or state not in PROVEN
            for each in self._of(request):
                self._set(each, state, evidence)

    @rule(choice=st.integers(0, 100), state=_states, evidence=_evidence)
    def move(self, choice: int, state: State, evidence: str) -> None:
        number = choice % (len(self._states) + 1)
        which = list(self._states)[number - 1] if number else None
        work = self._journal.move(number, state, self._now(), evidence=evidence)
        try:
            moved = self._runner.run(work)
        except ValueError:
            assert state in PROVEN
            assert not evidence
        else:
            assert evidence or state not in PROVEN
            assert moved is (which is not None and self._set(which, state, evidence))

    @rule(owner=_owners)
    def abandon(self, owner: str) -> None:
        expected = 0
        for which, state in self._states.items():
            if self._owners[which[0]] == owner and state in (State.INTENDED, State.SENDING):
                gone = State.NOT_SENT if state is State.INTENDED else State.UNKNOWN
                expected += self._set(which, gone, "")
        assert self._runner.run(self._journal.abandon(owner, self._now())) == expected

    @rule()
    def open_again(self) -> None:
        self._runner.run(self._store.close())
        self._store = Store(Path(self._folder.name))
        self._runner.run(self._store.open())
        self._journal = self._store.journal

    @invariant()
    def the_journal_is_as_the_model_says(self) -> None:
        changes = self._runner.run(self._journal.window(0, 10_000))
        assert {(each.request, each.device_key): each.state for each in changes} == self._states
        counted = self._runner.run(self._journal.open_parts(ACCOUNT))
        numbers = {(each.request, each.device_key): each.id for each in changes}
        expected = {state: set[int]() for state in self._states.values() if state in OPEN}
        for which, state in self._states.items():
            if state in OPEN:
                expected[state].add(numbers[which])
        assert {part.state: part.ids for part in counted} == expected
        followed = self._runner.run(self._journal.followed(ACCOUNT, ["SuspendDevices"]))
        assert set(followed) == expected.get(State.ACCEPTED, set()) | expected.get(
            State.UNKNOWN, set()
        )
        assert self._runner.run(self._journal.owners()) == {
            self._owners[which[0]]
            for which, state in self._states.items()
            if state in (State.INTENDED, State.SENDING)
        }

    @invariant()
    def no_device_has_two_changes_at_once(self) -> None:
        opened = [key for (_, key), state in self._states.items() if state in OPEN]
        assert len(opened) == len(set(opened))
        busy = self._runner.run(self._journal.under_way(ACCOUNT, "abcdef"))
        assert set(busy) == set(opened)

    @invariant()
    def no_outcome_is_without_evidence(self) -> None:
        for each in self._runner.run(self._journal.window(0, 10_000)):
            if each.state in PROVEN:
                assert each.evidence
                assert self._evidence[each.request, each.device_key]

    @invariant()
    def the_audit_only_grows(self) -> None:
        events = self._runner.run(self._store.audit.after(0, 10_000))
        assert events[: len(self._events)] == self._events
        self._events = events

    @invariant()
    def the_chain_of_the_audit_is_whole(self) -> None:
        assert self._runner.run(self._store.audit.verify()).broken is None


TestChanges = Changes.TestCase
TestChanges.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
