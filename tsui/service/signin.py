"""Signing in: from credentials to an account that works, or to a sentence that says why not."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tsui.clock import Clock
from tsui.service.account import AccountService
from tsui.service.environment import Environment
from tsui.service.failures import SignInFailed
from tsui.service.in_view import InView, nobody
from tsui.service.problems import explain
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace._http import HttpTransport
from tsui.thingspace.account import GetAccount
from tsui.thingspace.auth import Keys
from tsui.thingspace.client import Client
from tsui.thingspace.devices import ListDevices
from tsui.thingspace.errors import LoginBlocked, LoginRefused, ThingSpaceError
from tsui.thingspace.exchange import Transport
from tsui.thingspace.policy import Policy
from tsui.thingspace.trace import Trace

UNATTENDED = 2
"""Refused logins in a row after which only the operator may try again; the fifth locks."""

_ONCE = Policy(rate=1000.0, read_attempts=1)
"""A recording answers at once, and the same however often it is asked."""

LOCKING = 4
"""Refused logins in a row after which one more locks the contact."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in."""

    keys: Keys
    """The credentials."""
    account: str
    """The account; empty to find out which there are."""
    by_operator: bool
    """Whether somebody has just typed or confirmed the credentials."""
    ca_file: str = ""
    """A file of certificate authorities to trust."""
    use_environment_proxy: bool = False
    """Whether proxy variables of the environment are obeyed."""
    warning: str = ""
    """What is unsafe about the place the credentials come from; empty if nothing is."""
    recorded: Transport | None = None
    """Answers in the place of ThingSpace from what was recorded of it."""

    def confirmed(self, *, account: str) -> "Attempt":
        """Return the same attempt as the operator confirmed it, for the account named."""
        return replace(self, by_operator=True, account=account)


class RefusedLogins:
    """What all processes here know of a user's refused logins; holds logins by themselves back."""

    def __init__(self, store: Store, username: str, clock: Clock, *, by_operator: bool) -> None:
        self._logins = store.logins
        self._username = username
        self._clock = clock
        self._by_operator = by_operator

    async def check(self) -> None:
        """Raise LoginBlocked unless this is the operator's own try, or few were refused so far."""
        by_operator, self._by_operator = self._by_operator, False
        try:
            refused = await self._logins.refused(self._username)
        except StoreError as error:
            raise LoginBlocked(f"How many logins were refused cannot be read. {error}") from error
        if refused >= UNATTENDED and not by_operator:
            raise LoginBlocked(
                f"The login was refused {refused} times in a row, so it is not tried by itself."
            )

    async def note(self, *, refused: bool) -> None:
        """Count; what cannot be counted now holds this process back all the same."""
        with suppress(StoreError):
            if refused:
                await self._logins.note_refusal(self._username, self._clock.now().timestamp())
            else:
                await self._logins.note_success(self._username)


async def sign_in(
    attempt: Attempt,
    store: Store,
    environment: Environment,
    clock: Clock,
    in_view: InView = nobody,
    trace: Trace | None = None,
) -> AccountService:
    """Sign in and make sure that the account is there; raises SignInFailed with what was said."""
    refused = await store.logins.refused(attempt.keys.username)
    if not attempt.by_operator and refused >= UNATTENDED:
        raise SignInFailed(
            f"The login was refused {refused} times in a row, so it is not tried by itself.",
            "Type the password to try again; the fifth refusal in a row locks the contact.",
        )
    client = Client(
        environment.base_url,
        attempt.keys,
        policy=_ONCE if attempt.recorded else None,
        clock=clock,
        read_only=environment.read_only,
        logins=RefusedLogins(store, attempt.keys.username, clock, by_operator=attempt.by_operator),
        transport=attempt.recorded or _connections(attempt, environment),
        # What is asked of a recording was not asked of ThingSpace: it shows what was.
        trace=None if attempt.recorded else trace,
    )
    try:
        await _log_in(client, attempt, store)
        # A recording shows its account, whatever else of it was recorded.
        account = (
            attempt.account if attempt.recorded else await _choose_account(client, attempt.account)
        )
    except BaseException:
        await client.aclose()
        raise
    return AccountService(
        client, store, environment=environment.base_url, account=account, clock=clock,
        profile=environment.profile, guards=environment.guards, watched=environment.watch,
        in_view=in_view,
    )  # fmt: skip


def _connections(attempt: Attempt, environment: Environment) -> Transport:
    return HttpTransport(
        environment.base_url,
        Policy(),
        ca_file=attempt.ca_file or None,
        use_environment_proxy=attempt.use_environment_proxy,
    )


async def _log_in(client: Client, attempt: Attempt, store: Store) -> None:
    try:
        await client.sign_in()
    except LoginRefused as error:
        refused = await store.logins.refused(attempt.keys.username)
        warning = ""
        if refused >= LOCKING:
            warning = f" This was refusal {refused} in a row; one more may lock the contact."
        problem = explain(error)
        raise SignInFailed(problem.sentence + warning, problem.next_step) from error
    except ThingSpaceError as error:
        raise SignInFailed(*explain(error)) from error


async def _choose_account(client: Client, account: str) -> str:
    try:
        if account:
            await client.send(GetAccount(account_name=account))
            return account
        accounts = await _accounts(client)
    except ThingSpaceError as error:
        raise SignInFailed(*explain(error)) from error
    if len(accounts) == 1:
        return accounts[0]
    if accounts:
        raise SignInFailed(
            "This user can reach several accounts.", "Choose one of them.", accounts=accounts
        )
    raise SignInFailed("No account could be found by itself.", "Type the account's name.")


async def _accounts(client: Client) -> Sequence[str]:
    page = await client.send(ListDevices(max_number_of_devices=2000))
    return sorted({device.account_name for device in page.devices or () if device.account_name})
