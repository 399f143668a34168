"""The connection: which workspace the screens see, and signing in to it or to another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tsui.service.environment import Environment
from tsui.service.failures import RecordingFailed, SignInFailed
from tsui.service.live.terms import Terms
from tsui.service.views import News, StoreError
from tsui.service.workspace import Workspace
from tsui.settings import Profile
from tsui.ui import recording, words
from tsui.ui.pauses import keep_threads_polite, never_search_again

if TYPE_CHECKING:
    from tsui.service.launch import Launch
    from tsui.service.live.awake import Jump
    from tsui.service.signin import Attempt
    from tsui.ui.app import TsuiApp

SIGNED_OUT = "Nobody is signed in; ctrl+l signs in."
READ_ONLY = "Read-only: nothing can be changed from here."


class Connection:
    """Holds the workspace; after signing in elsewhere it holds another one."""

    def __init__(self, shell: TsuiApp, launch: Launch) -> None:
        self._shell = shell
        self._launch = launch
        self._unsubscribe: Callable[[], None] | None = None
        self.profile = launch.profile
        """The profile that is in use, or was tried last."""
        self.is_connecting = False
        """Whether somebody is being signed in."""
        self._signed_in: tuple[str, Attempt] | None = None
        environment = launch.environment(launch.profile_name, launch.profile)
        self.workspace = self._make(environment, launch.profile.account)
        """What the screens see."""

    @property
    def offline_reason(self) -> str:
        """Why nothing can be read right now; empty when it can."""
        if self.workspace.online is not None:
            return ""
        return "Signing in …" if self.is_connecting else SIGNED_OUT

    @property
    def no_change_reason(self) -> str:
        """Why nothing can be changed right now; empty when it can."""
        return READ_ONLY if self.workspace.environment.read_only else self.offline_reason

    async def open(self, on_news: Callable[[News], None]) -> None:
        """Open what is remembered; raises StoreError."""
        self._on_news = on_news
        keep_threads_polite()
        await self.workspace.open()
        never_search_again()
        self._listen()
        self._shell.watch(self._shell, "app_focus", self._attended, init=False)

    async def sign_in_unattended(self) -> str:
        """Sign in without asking anybody; returns why that did not work, or nothing."""
        self.is_connecting = True
        self._shell.show_lines()
        try:
            await self._begin_recording()
            profile, attempt = await self._unattended_attempt()
            await self.sign_in(profile, self._launch.profile_name, attempt)
        except RecordingFailed as error:
            self._shell.exit(1, return_code=1, message=str(error))
        except (SignInFailed, StoreError) as error:
            return str(error)
        finally:
            self.is_connecting = False
            self._shell.show_lines()
        return ""

    async def sign_in(self, profile: Profile, name: str, attempt: Attempt) -> None:
        """Sign in where a profile says; raises SignInFailed or StoreError.

        The screens keep what they show until it has worked.
        """
        self.profile = profile
        environment = self._launch.environment(name, profile)
        workspace = self.workspace
        is_first = workspace.online is None
        if environment.folder_name != workspace.environment.folder_name:
            workspace = self._make(environment, attempt.account)
            workspace.desks.go_on_from(self.workspace.desks)
            await workspace.open()
        try:
            await workspace.sign_in(attempt, environment)
        except BaseException:
            if workspace is not self.workspace:
                await workspace.close()
            raise
        self._signed_in = name, attempt
        old, self.workspace = self.workspace, workspace
        workspace.on_crash(self._shell.tell_crash)
        if workspace.online is not None and workspace.online.keeping is not None:
            workspace.online.keeping.awake.on_jump.append(self._tell_jump)
        if old is not workspace:
            await old.close()
        self._listen()
        # Later there is nothing new to leave out, but a login screen, which would never be freed.
        if is_first:
            never_search_again()
        await self._shell.workspace_changed()
        await self._shell.beginning.tell_open_runs()
        if attempt.warning:
            self._shell.flash(attempt.warning, "warn")

    async def use_account(self, account: str) -> None:
        """Sign in as before, for another account; raises SignInFailed or StoreError."""
        if self._signed_in is None:
            raise SignInFailed("Nobody is signed in.", "ctrl+l signs in.")
        name, attempt = self._signed_in
        profile = self.profile
        try:
            await self.sign_in(
                profile._replace(account=account), name, attempt.confirmed(account=account)
            )
        except BaseException:
            self.profile = profile
            raise

    async def _begin_recording(self) -> None:
        """Show the recording that was opened, or begin the one that was asked for."""
        launch, desks = self._launch, self.workspace.desks
        if launch.recording is not None:
            desks.calls.show(launch.recording.trace)
        elif launch.record and desks.recording is None:
            await desks.calls.record(
                Path(launch.record),
                masked=launch.mask,
                on_end=lambda: recording.ended_by_itself(self._shell),
            )

    async def _unattended_attempt(self) -> tuple[Profile, Attempt]:
        launch = self._launch
        if launch.prepare is not None:
            return await launch.prepare()
        from tsui.credentials import CredentialsError

        try:
            attempt = await launch.profiles.attempt(launch.profile_name, launch.profile)
        except CredentialsError as error:
            raise SignInFailed(error.problem, error.next_step) from error
        return launch.profile, attempt

    def _listen(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._unsubscribe = self.workspace.subscribe(self._on_news)

    def _make(self, environment: Environment, account: str) -> Workspace:
        settings = self._launch.profiles.settings
        return Workspace(
            self._launch.data_folder,
            environment,
            account,
            self._launch.clock,
            refresh_seconds=settings.refresh_minutes * 60.0,
            terms=Terms(
                settings.look_seconds,
                settings.rhythm_reads_per_hour,
                settings.calls_per_minute,
                lambda: self._launch.profiles.settings.shifts,
            ),
            in_view=self._keys_in_view,
        )

    def _tell_jump(self, jump: Jump) -> None:
        again = "; reading again" if jump.seconds > 0 else ""
        self._shell.flash(f"{words.jump(jump.seconds)}{again}.", "warn")

    def _attended(self, focus: bool) -> None:
        online = self.workspace.online
        if focus and online is not None and online.keeping is not None:
            online.keeping.look_again()

    def _keys_in_view(self) -> Iterable[str]:
        # Where the terminal tells that somebody looks elsewhere, nothing is read for them.
        return self._shell.place.keys_in_view() if self._shell.app_focus else ()
