"""``tsui login`` and ``tsui logout``: credentials are tried once before they are kept."""

import click

from tsui import paths
from tsui.clock import SystemClock
from tsui.credentials import Credentials, CredentialsError
from tsui.service.environment import Environment
from tsui.service.failures import SignInFailed
from tsui.service.profiles import Profiles, attempt_of
from tsui.service.workspace import Workspace
from tsui.settings import Profile, SettingsError, first_problem, is_profile_name
from tsui.store.errors import StoreError
from tsui.text import sanitize


async def login(profiles: Profiles, name: str, profile: Profile, *, insecure: bool) -> int:
    """Ask for the credentials of a profile, try them once and keep them; returns the exit code."""
    if not is_profile_name(name):
        return _fail("A profile is named with letters, digits, - and _.")
    if problem := first_problem(profile):
        return _fail(f"The {problem.field} {problem.text}: {problem.hint}.")
    if profile.secrets == "plaintext" and not insecure:
        return _fail("Secrets are not kept unencrypted, unless you add --insecure-storage.")
    credentials = _ask(profile)
    profile = profile._replace(username=credentials.username)
    try:
        profile = profile._replace(account=await _try(name, profile, credentials))
        passphrase = None
        if profile.secrets == "encrypted":
            passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
        kept = await profiles.keep(name, profile, credentials, passphrase, allow_plaintext=insecure)
    except (SignInFailed, CredentialsError, SettingsError, StoreError) as error:
        return _fail(str(error))
    if kept is not None:
        click.echo(kept.sentence)
        if kept.warning:
            click.echo(f"Warning: {kept.warning}", err=True)
    click.echo(f"Saved as profile {name}. tsui --profile {name} opens it.")
    return 0


def logout(profiles: Profiles, name: str) -> int:
    """Forget the credentials of a profile; returns the exit code."""
    try:
        forgotten = profiles.forget(name)
    except CredentialsError as error:
        return _fail(str(error))
    if not forgotten:
        return _fail(f"No credentials are kept for {sanitize(name, 60)}.")
    click.echo("Forgotten. The profile itself stays in the settings.")
    return 0


def _ask(profile: Profile) -> Credentials:
    return Credentials(
        key=click.prompt("Application key", hide_input=True),
        secret=click.prompt("Application secret", hide_input=True),
        username=click.prompt("User name", default=profile.username or None),
        password=click.prompt("Password", hide_input=True),
    )


async def _try(name: str, profile: Profile, credentials: Credentials) -> str:
    workspace = Workspace(
        paths.data_folder(),
        Environment(profile.environment, profile.base_url, name, read_only=True),
        profile.account,
        SystemClock(),
        refresh_seconds=float("inf"),
    )
    await workspace.open()
    try:
        attempt = await attempt_of(profile, credentials, by_operator=True)
        await workspace.try_sign_in(attempt, workspace.environment)
        return workspace.account
    finally:
        await workspace.close()


def _fail(problem: str) -> int:
    click.echo(f"tsui: {sanitize(problem, 600)}", err=True)
    return 1
