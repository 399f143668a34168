"""Whatever happens in whatever order, what the journal says is what the platform did.

Real files, the real service and the real simulator; only the wires between them and the time are
ours. The gate plays some games, with ``TSUI_FULL=1`` it is 2,000. A failure prints the game.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.reliability.cases import FULL
from tests.reliability.game import DEVICES, Game
from tests.reliability.platform import Mishap
from tsui.service.kinds import CHANGE_PLAN, RESTORE, SUSPEND
from tsui.store.changes import ChangeState

pytestmark = pytest.mark.timeout(3600 if FULL else 120)

_processes = st.sampled_from([0, 0, 0, 1])
_devices = st.lists(st.integers(0, DEVICES - 1), min_size=1, max_size=3, unique=True)
_mishaps = st.sampled_from([*[Mishap.NONE] * 5, *Mishap])
_kinds = st.sampled_from([SUSPEND, SUSPEND, RESTORE, CHANGE_PLAN])
_letters = st.lists(st.integers(0, 6), min_size=1, max_size=4)
_words = st.sampled_from(["Success", "Failed"])
_seldom = st.sampled_from([False, False, True])
_seconds = st.sampled_from([0.5, 2.0, 7.0, 25.0, 120.0, 1500.0])


class Changes(RuleBasedStateMachine):
    """Operators, processes, a platform and the network between them."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._patch = pytest.MonkeyPatch()
        self._runner = asyncio.Runner()
        self._game: Game

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    @initialize(ahead=st.sampled_from([0.0, 0.0, 90.0, -90.0]))
    def begin(self, ahead: float) -> None:
        self._game = Game(Path(self._folder.name), self._patch, ahead)
        self._run(self._game.begin())

    def teardown(self) -> None:
        try:
            self._run(self._game.end())
        finally:
            self._runner.close()
            self._patch.undo()
            self._folder.cleanup()

    # -- operators ----------------------------------------------------------------------------

    @rule(who=_processes, kind=_kinds, devices=_devices, mishap=_mishaps, plan=st.booleans())
    def change(self, who: int, kind: Any, devices: list[int], mishap: Mishap, plan: bool) -> None:
        values = {"service_plan": ("M2M5MB", "M2M25MB")[plan]} if kind is CHANGE_PLAN else {}
        self._run(self._game.change(who, kind, devices, values, mishap))

    @rule(who=_processes, devices=_devices, mishap=_mishaps, words=st.sampled_from(["a", "b"]))
    def text(self, who: int, devices: list[int], mishap: Mishap, words: str) -> None:
        self._run(self._game.text(who, devices, words, mishap))

    @rule(who=_processes, devices=_devices, mishap=_mishaps)
    def suspend_together(self, who: int, devices: list[int], mishap: Mishap) -> None:
        self._run(self._game.suspend_together(who, devices, mishap))

    @rule(who=_processes, choice=st.integers(0, 20))
    def decide(self, who: int, choice: int) -> None:
        self._run(self._game.decide(who, choice))

    # -- processes ----------------------------------------------------------------------------

    @rule(who=_processes)
    def kill(self, who: int) -> None:
        self._run(self._game.kill(who))

    @rule(who=_processes, really=_seldom)
    def leave(self, who: int, really: bool) -> None:
        if really:
            self._run(self._game.leave(who))

    @rule(who=_processes, by_operator=st.booleans())
    def start(self, who: int, by_operator: bool) -> None:
        self._run(self._game.start(who, by_operator=by_operator))

    @rule(who=_processes, times=st.sampled_from([1, 3]))
    def kill_and_start_by_itself(self, who: int, times: int) -> None:
        for _ in range(times):
            self._run(self._game.kill(who))
            self._run(self._game.start(who, by_operator=False))

    @rule(who=_processes, full=st.booleans())
    def fill_the_disk(self, who: int, full: bool) -> None:
        self._game.fill_the_disk(who, full=full)

    # -- the platform, the network and time ---------------------------------------------------

    @rule(seconds=_seconds)
    def wait(self, seconds: float) -> None:
        self._run(self._game.wait(seconds))

    @rule()
    def let_go(self) -> None:
        self._run(self._game.let_go())

    @rule(choices=_letters, times=st.sampled_from([1, 1, 2, 5]))
    def deliver(self, choices: list[int], times: int) -> None:
        self._run(self._game.deliver(choices, times))

    @rule(choice=st.integers(0, 20), status=_words, known=st.booleans())
    def deliver_foreign(self, choice: int, status: str, known: bool) -> None:
        self._run(self._game.deliver_foreign(choice, status, known=known))

    @rule(device=st.integers(0, DEVICES - 1), suspend=st.booleans())
    def change_elsewhere(self, device: int, suspend: bool) -> None:
        self._run(self._game.change_elsewhere(device, suspend=suspend))

    @rule(share=st.sampled_from([0.0, 0.0, 1.0]))
    def let_changes_fail(self, share: float) -> None:
        self._game.platform.world.settings.failure_rate = share

    @rule()
    def end_all_sessions(self) -> None:
        self._game.platform.world.access.expire_all()

    @rule(really=_seldom)
    def change_the_password(self, really: bool) -> None:
        if really:
            self._game.change_the_password()

    @precondition(lambda self: self._game.password_changed)
    @rule()
    def put_the_password_back(self) -> None:
        self._game.put_the_password_back()

    # -- what must hold -----------------------------------------------------------------------

    @invariant()
    def no_device_has_two_changes_at_once(self) -> None:
        opened = [
            each.device_key
            for each in self._game.journal()
            if each.exclusive and each.state in self._game.OPEN
        ]
        assert len(opened) == len(set(opened))

    @invariant()
    def what_never_left_was_never_done(self) -> None:
        books = self._game.platform.books
        for each in self._game.journal():
            if each.state in (ChangeState.INTENDED, ChangeState.NOT_SENT, ChangeState.REFUSED):
                assert each.request not in books.taken, each
            if each.request in books.taken:
                assert books.left[each.request] >= 1, each

    @invariant()
    def an_outcome_is_what_the_platform_did(self) -> None:
        for each in self._game.journal():
            self._game.check_outcome(each)


TestChanges = Changes.TestCase
TestChanges.settings = settings(
    max_examples=2000 if FULL else 60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
