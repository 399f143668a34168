"""From the command line to the program that was asked for."""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from tsui import paths
from tsui.clock import SystemClock
from tsui.first_frame import FIRST_FRAME, fingerprint
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles, kind_of_url
from tsui.settings import Profile, Settings, SettingsError, View, load

if TYPE_CHECKING:
    from tsui.settings import SecretsFrom


class Where(NamedTuple):
    """Which ThingSpace, as the command line names it."""

    profile: str | None = None
    """Profile of the settings file."""
    url: str | None = None
    """Address instead of the profile's."""
    account: str | None = None
    """Billing account instead of the profile's."""
    read_only: bool = False
    """Whether nothing may be changed, whatever the profile says."""
    thin: bool | None = None
    """Whether to spare a thin link; None leaves it to the settings and to what the link is."""
    view: str = ""
    """Saved view to begin with."""
    device: str = ""
    """Identifier of the device to begin with, or the end of one."""
    record: str = ""
    """File to record into; empty for none."""
    mask: bool = False
    """Whether a recording has pseudonyms in the place of identifiers."""

    def launch(self) -> Launch:
        """Return where to begin; raises SettingsError, or UsageError for an unknown name."""
        mark = fingerprint(str(paths.settings_file()))
        profiles = _profiles()
        name, profile = _choose(profiles, self.profile, self.url, self.account)
        check_view(self.view, profiles.settings.views)
        return Launch(
            profiles=profiles,
            profile_name=name,
            profile=profile,
            data_folder=paths.data_folder(),
            clock=SystemClock(),
            log_file=paths.log_file(),
            # The last picture need not be of what is asked for this time.
            settings_mark="" if self.view or self.device else mark,
            read_only=self.read_only,
            thin=is_thin(self.thin, profiles.settings),
            view=self.view,
            device=self.device,
            record=self.record,
            mask=self.mask,
        )


def dashboard(where: Where) -> int:
    """Open the dashboard; returns the exit code."""
    try:
        launch = where.launch()
    except (SettingsError, click.UsageError) as error:
        return complain(str(error))
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        return complain("The dashboard needs a terminal; tsui demo prints without one.")
    return run(launch)


def run(launch: Launch) -> int:
    """Open the dashboard on a terminal; returns the exit code."""
    from tsui.logs import log_to
    from tsui.malloc import share_pools
    from tsui.ui.app import TsuiApp

    share_pools()
    log_to(launch.log_file)
    app = TsuiApp(launch)
    app.run(mouse=not launch.thin)
    return app.return_code or 0


def is_thin(given: bool | None, settings: Settings) -> bool:
    """Tell whether the link to the terminal is to be spared: as told, as set, or because of SSH."""
    if given is not None:
        return given
    if settings.thin_link != "auto":
        return settings.thin_link == "always"
    return any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))


def login_profile(
    name: str, where: "SecretsFrom", url: str | None, account: str, *, insecure: bool
) -> int:
    """Ask for credentials, try them once, keep them; returns the exit code."""
    from tsui.login import login

    try:
        profiles = _profiles()
        known = profiles.known.get(name) or Profile()
        profile = known._replace(secrets=where, account=account or known.account)
        if url:
            profile = profile._replace(environment=kind_of_url(url), url=url)
        return asyncio.run(login(profiles, name, profile, insecure=insecure))
    except SettingsError as error:
        return complain(str(error))


def logout_profile(name: str) -> int:
    """Forget the credentials of a profile; returns the exit code."""
    from tsui.login import logout

    try:
        return logout(_profiles(), name)
    except SettingsError as error:
        return complain(str(error))


def complain(problem: str) -> int:
    """Say on standard error why nothing happens; returns the exit code for that."""
    FIRST_FRAME.withdraw()
    click.echo(f"tsui: {problem}", err=True)
    return 1


def _profiles() -> Profiles:
    return Profiles(load(paths.settings_file()), paths.settings_file(), paths.credentials_folder())


def check_view(name: str, views: Mapping[str, View]) -> None:
    """Raise UsageError for a view that is not in the settings."""
    if name and name not in views:
        known = ", ".join(views) or "none yet; :view save NAME in the dashboard makes one"
        raise click.UsageError(f"There is no view {name}. Known: {known}.")


def _choose(
    profiles: Profiles, name: str | None, url: str | None, account: str | None
) -> tuple[str, Profile]:
    chosen = name or ("" if url else profiles.settings.default_profile)
    if chosen and chosen not in profiles.known:
        known = ", ".join(profiles.known) or "none yet; tsui login NAME makes one"
        raise click.UsageError(f"There is no profile {chosen}. Known: {known}.")
    profile = profiles.known.get(chosen, Profile())
    if url:
        profile = profile._replace(environment=kind_of_url(url), url=url)
    if account:
        profile = profile._replace(account=account)
    return chosen, profile
