"""The login screen: which ThingSpace, as whom, and what the carrier answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Label, Select
from textual.worker import Worker

from tsui.credentials import Credentials, CredentialsError, PassphraseNeeded
from tsui.service.failures import SignInFailed
from tsui.service.profiles import attempt_of
from tsui.service.views import StoreError
from tsui.settings import (
    Environment,
    Profile,
    SecretsFrom,
    SettingsError,
    first_problem,
    is_profile_name,
)
from tsui.text import sanitize
from tsui.ui.painted import LOOK_CLASSES, Line, Painted, wrap
from tsui.ui.screens.choose import Choice, Choose
from tsui.ui.styles import style

if TYPE_CHECKING:
    from tsui.service.signin import Attempt
    from tsui.ui.app import TsuiApp

NEW = "new"
"""Stands for a profile that is not saved yet."""

KEEP = {
    "ask": "nowhere, ask every time",
    "encrypted": "in an encrypted file",
    "keyring": "in the system's keyring",
}
"""Where this screen can keep secrets."""

TYPED = ("key", "secret", "username", "password")
"""Fields that are not asked for when the profile's secrets are kept somewhere."""


class LoginScreen(Screen[None]):
    """Asks who signs in where; stays until that worked or somebody leaves."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LOOK_CLASSES
    AUTO_FOCUS = ""
    CSS_PATH = style("login")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
        Binding("ctrl+q", "quit_app", "Quit", priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, profile: str = "", message: str = "") -> None:
        super().__init__()
        self._chosen = profile or NEW
        self._message: Line = [(sanitize(message, 500), "warn")]
        self._worker: Worker[None] | None = None
        self._answer = Painted(id="answer-line")
        self._keys = Painted(id="hints")
        self._profile = Select([(NEW, NEW)], allow_blank=False, compact=True, id="profile")
        self._environment = Select(
            [(kind, kind) for kind in get_args(Environment)],
            allow_blank=False,
            compact=True,
            id="environment",
        )
        self._keep = Select(
            [(words, value) for value, words in KEEP.items()],
            allow_blank=False,
            compact=True,
            id="keep",
        )
        self._fields = {
            name: _input(name, secret=name in ("secret", "password", "passphrase", "key"))
            for name in ("url", *TYPED, "account", "passphrase", "name")
        }

    @property
    def shell(self) -> TsuiApp:
        """The app."""
        return cast("TsuiApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay the fields out one below the other, so that they fit into 24 lines."""
        with Vertical(id="login"):
            yield Painted(id="title")
            yield _row("Profile", self._profile)
            yield _row("Environment", self._environment)
            yield _row("Address", self._fields["url"])
            yield _row("Application key", self._fields["key"])
            yield _row("Application secret", self._fields["secret"])
            yield _row("User name", self._fields["username"])
            yield _row("Password", self._fields["password"])
            yield _row("Account", self._fields["account"])
            yield _row("Keep secrets", self._keep)
            yield _row("Passphrase", self._fields["passphrase"])
            yield _row("Save as profile", self._fields["name"])
            yield self._answer
        yield self._keys

    def on_mount(self) -> None:
        """Fill in what is known."""
        names = [*self.shell.profiles.known, NEW]
        self._profile.set_options([(sanitize(name), name) for name in names])
        self._profile.value = self._chosen if self._chosen in names else names[0]
        self._fill(self._profile.value)
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the answer to the screen."""
        self.call_after_refresh(self._show)

    def on_select_changed(self, event: Select.Changed) -> None:
        """Follow the choice of a profile, an environment or a place for secrets."""
        if event.select is self._profile:
            self._fill(str(event.value))
        self._arrange()

    async def on_input_submitted(self) -> None:
        """Sign in when all is there, else go to what is missing."""
        await self._submit()

    async def action_leave(self) -> None:
        """Stop signing in, or go back to what is remembered."""
        if self._worker is not None and self._worker.is_running:
            self._worker.cancel()
            self._say("Stopped.", "warn")
        elif self.shell.workspace.account:
            self.dismiss()
        else:
            self._say("There is nothing to go back to; ctrl+q leaves.", "warn")

    async def action_quit_app(self) -> None:
        """Leave the program."""
        await self.shell.leave()

    # -- the form -----------------------------------------------------------------------------

    def _fill(self, name: str) -> None:
        known = self.shell.profiles.known.get(name)
        profile = known or self.shell.connection.profile
        self._environment.value = profile.environment
        self._keep.value = profile.secrets if profile.secrets in KEEP else "ask"
        for field, text in (
            ("url", profile.url),
            ("username", profile.username),
            ("account", profile.account),
            ("name", name if known else ""),
        ):
            self._fields[field].value = text
        self._arrange()
        self.set_focus(self._first_empty() or self._fields["password"])

    def _arrange(self) -> None:
        """Show only the fields that mean something."""
        kept = self._is_kept
        for name in TYPED:
            self._row_of(self._fields[name]).display = not kept
        self._row_of(self._keep).display = not kept
        self._row_of(self._fields["url"]).display = self._environment.value in (
            "simulator",
            "custom",
        )
        self._row_of(self._fields["passphrase"]).display = self._keep.value == "encrypted"
        self._row_of(self._fields["name"]).display = not kept

    @property
    def _is_kept(self) -> bool:
        """Whether the secrets of the chosen profile are kept somewhere, so that none is typed."""
        profile = self.shell.profiles.known.get(str(self._profile.value))
        return profile is not None and profile.secrets != "ask"

    def _row_of(self, field: Widget) -> Widget:
        row = field.parent
        return row if isinstance(row, Horizontal) else field

    def _first_empty(self) -> Input | None:
        for name in ("url", *TYPED, "passphrase"):
            field = self._fields[name]
            if self._row_of(field).display and not field.value:
                return field
        return None

    def _typed_profile(self) -> Profile:
        known = self.shell.profiles.known.get(str(self._profile.value))
        environment = cast("Environment", self._environment.value)
        secrets = (
            known.secrets if known and self._is_kept else cast("SecretsFrom", self._keep.value)
        )
        return (known or Profile())._replace(
            environment=environment,
            url=self._fields["url"].value.strip() if environment in ("simulator", "custom") else "",
            username=self._fields["username"].value.strip(),
            account=self._fields["account"].value.strip(),
            secrets=secrets,
        )

    # -- signing in ---------------------------------------------------------------------------

    async def _submit(self) -> None:
        if self._worker is not None and self._worker.is_running:
            return
        if (missing := self._first_empty()) is not None:
            self._say(f"The {missing.name} is missing.", "warn")
            self.set_focus(missing)
            return
        profile = self._typed_profile()
        if problem := first_problem(profile):
            self._say(f"The {problem.field} {problem.text}: {problem.hint}.", "bad")
            return
        name = self._fields["name"].value.strip()
        if name and not is_profile_name(name):
            self._say("A profile is named with letters, digits, - and _.", "bad")
            self.set_focus(self._fields["name"])
            return
        self._say("Signing in …  esc stops", "info")
        self._worker = self.run_worker(
            self._sign_in(profile, name), group="sign-in", exclusive=True, exit_on_error=False
        )

    async def _sign_in(self, profile: Profile, name: str) -> None:
        passphrase = self._fields["passphrase"].value or None
        try:
            attempt = await self._attempt(profile, passphrase)
            await self.shell.connection.sign_in(profile, self._name_to_show(name), attempt)
            if name and not self._is_kept:
                profile = profile._replace(account=self.shell.workspace.account)
                await self._save(name, profile, passphrase)
        except SignInFailed as error:
            await self._failed(error)
        except (CredentialsError, SettingsError, StoreError) as error:
            self._say(str(error), "bad")
            if isinstance(error, PassphraseNeeded):
                self.set_focus(self._fields["passphrase"])
        else:
            self.dismiss()

    async def _attempt(self, profile: Profile, passphrase: str | None) -> Attempt:
        if self._is_kept:
            attempt = await self.shell.profiles.attempt(
                str(self._profile.value), profile, passphrase
            )
        else:
            attempt = await attempt_of(profile, self._credentials(), by_operator=True)
        return attempt.confirmed(account=self._fields["account"].value.strip())

    def _name_to_show(self, typed: str) -> str:
        chosen = str(self._profile.value)
        return typed or ("" if chosen == NEW else chosen)

    def _credentials(self) -> Credentials:
        return Credentials(**{name: self._fields[name].value for name in TYPED})

    async def _save(self, name: str, profile: Profile, passphrase: str | None) -> None:
        kept = await self.shell.profiles.keep(name, profile, self._credentials(), passphrase)
        self.shell.flash(kept.sentence if kept else f"Saved as profile {name}.", "good")

    async def _failed(self, error: SignInFailed) -> None:
        self._say(str(error), "bad")
        if error.accounts:
            choices = [Choice(account, account) for account in error.accounts]
            await self.app.push_screen(Choose("Which account?", choices), self._account_chosen)
        elif not self._is_kept:
            self.set_focus(self._fields["password"])

    async def _account_chosen(self, account: str | None) -> None:
        if account is not None:
            self._fields["account"].value = account
            await self._submit()

    # -- what is shown ------------------------------------------------------------------------

    def _say(self, text: str, look: str) -> None:
        self._message = [(sanitize(text, 500), look)]
        self._show()

    def _show(self) -> None:
        width = max(20, self._answer.size.width)
        self._answer.paint(wrap(self._message, width)[:4])
        self.query_one("#title", Painted).paint([[(" Sign in to ThingSpace ", "title")]])
        self._keys.paint(
            [
                [
                    (" tab ↑ ↓", "key"),
                    (" move  ", "dim"),
                    ("enter", "key"),
                    (" sign in  ", "dim"),
                    ("esc", "key"),
                    (" back  ", "dim"),
                    ("ctrl+q", "key"),
                    (" quit  ", "dim"),
                    ("no account? run: tsui demo", "dim"),
                ]
            ]
        )


def _row(name: str, field: Widget) -> Horizontal:
    return Horizontal(Label(name, markup=False), field, classes="row")


def _input(name: str, *, secret: bool) -> Input:
    field = Input(password=secret, compact=True, name=name, id=f"field-{name}")
    field.cursor_blink = False
    return field
