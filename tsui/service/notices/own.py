"""What tsui has to say of itself: ThingSpace out of reach, the clock, a receiver that is silent."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from tsui.clock import Clock
from tsui.service.problems import explain
from tsui.store.errors import StoreError
from tsui.store.heartbeats import TOLERANCE, Program
from tsui.store.notice import Draft, Severity
from tsui.store.store import Store
from tsui.thingspace.errors import Fate, LoginBlocked, LoginRefused, ThingSpaceError, Throttled

EVERY = 30.0
"""Seconds between two looks."""

PATIENCE = 60.0
"""Seconds of trouble that nobody needs to hear of: most of it ends by itself."""

JUMP = 60.0
"""Seconds by which the wall clock may drift from the running one between two looks."""

MISSED = 7 * 86400.0
"""Seconds for which a receiver that ran is missed; later nobody wants it any more."""

SOURCE = "tsui"
"""Who says so."""

KIND = "tsui"
"""Kind of these notices."""


class SelfWatch:
    """Looks whether what tsui rests on still holds, for one signed-in account."""

    def __init__(
        self,
        store: Store,
        account: str,
        clock: Clock,
        trouble: Callable[[], ThingSpaceError | None],
    ) -> None:
        self._store = store
        self._account = account
        self._clock = clock
        self._trouble = trouble
        self._since: float | None = None
        self._is_told = False
        self._offset: float | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            # A full disk may have room again later; what still holds is told then.
            with suppress(StoreError):
                await self.look()
            await self._clock.sleep(EVERY)

    async def look(self) -> None:
        """Look once, and tell what is new."""
        now = self._clock.now().timestamp()
        drafts = [*self._reach(now), *self._jump(now), *await self._receiver(now)]
        await self._store.notices.keep(drafts)

    def _reach(self, now: float) -> list[Draft]:
        error = self._trouble()
        if error is None or not _matters(error):
            return self._back(now)
        if self._since is None:
            self._since = now
        refused = isinstance(error, LoginRefused | LoginBlocked)
        if self._is_told or (now - self._since < PATIENCE and not refused):
            return []
        self._is_told = True
        severity = Severity.ALARM if refused else Severity.WARNING
        return [self._draft(f"reach:{self._since}", now, severity, f"ThingSpace: {explain(error)}")]

    def _back(self, now: float) -> list[Draft]:
        since, self._since = self._since, None
        told, self._is_told = self._is_told, False
        if since is None or not told:
            return []
        minutes = max(1, round((now - since) / 60))
        sentence = f"ThingSpace answers again, after {minutes} min."
        return [self._draft(f"back:{since}", now, Severity.INFO, sentence)]

    def _jump(self, now: float) -> list[Draft]:
        before, self._offset = self._offset, now - self._clock.monotonic()
        if before is None or abs(by := self._offset - before) <= JUMP:
            return []
        way = "forward" if by > 0 else "back"
        sentence = f"This machine's clock went {way} by {abs(by):,.0f} s, or the machine slept."
        return [self._draft(f"clock:{now}", now, Severity.WARNING, sentence)]

    async def _receiver(self, now: float) -> list[Draft]:
        last = await self._store.heartbeats.newest(Program.RECEIVER, "")
        if last is None or not TOLERANCE < now - last < MISSED:
            return []
        moment = f"{datetime.fromtimestamp(last, UTC):%Y-%m-%d %H:%M} UTC"
        sentence = f"tsui receiver is silent since {moment}; callbacks are late, or lost."
        draft = self._draft(f"receiver:{last}", now, Severity.WARNING, sentence)
        return [draft._replace(account="", origin=f"own:receiver:{last}")]

    def _draft(self, origin: str, at: float, severity: Severity, sentence: str) -> Draft:
        name = f"own:{self._account}:{origin}"
        return Draft(name, at, severity, KIND, sentence, SOURCE, account=self._account)


def _matters(error: ThingSpaceError) -> bool:
    """Tell whether the last call says more than that one request was refused."""
    is_refused = error.fate is Fate.REFUSED
    return not is_refused or isinstance(error, Throttled | LoginRefused)
