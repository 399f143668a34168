"""``tsui op``: any operation from a script, over the same journal as the dashboard.

Data go to standard output, words to standard error, and the exit code says what is known.
"""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import click

from tsui.credentials import CredentialsError
from tsui.service import forms
from tsui.service.curl import as_curl
from tsui.service.failures import ChangeFailed, ReadFailed, SignInFailed
from tsui.service.launch import Launch
from tsui.service.operations import OperationInfo, find_operations, info_of
from tsui.service.preflight import Report, Verdict
from tsui.service.scripting import workspace_of
from tsui.service.views import ChangeState, DeviceChange, StoreError
from tsui.service.workspace import Workspace
from tsui.settings import SettingsError
from tsui.start import Where
from tsui.text import sanitize


class Exit(IntEnum):
    """What is known at the end."""

    DONE = 0
    """Answered, done, or accepted."""
    NOT_SENT = 1
    """Nothing was sent: nobody is signed in, no connection, read-only, a device is busy."""
    USAGE = 2
    """Nothing was sent: the call itself is wrong."""
    REFUSED = 3
    """ThingSpace refused it, or reported that it failed."""
    UNKNOWN = 4
    """It may have been done; the dashboard's Requests follow it."""
    UNDER_WAY = 5
    """It was accepted and was not over when waiting for it ended."""


_FATES = {"not sent": Exit.NOT_SENT, "refused": Exit.REFUSED, "unknown": Exit.UNKNOWN}

_ENDS = {
    ChangeState.SUCCEEDED: Exit.DONE,
    ChangeState.INFERRED: Exit.DONE,
    ChangeState.DECIDED: Exit.DONE,
    ChangeState.REFUSED: Exit.REFUSED,
    ChangeState.FAILED: Exit.REFUSED,
    ChangeState.NOT_SENT: Exit.NOT_SENT,
    ChangeState.UNKNOWN: Exit.UNKNOWN,
}

_HOW_TO_GO_ON = (
    "It is request {0} here: tsui requests --open shows what is known of it, and once you have "
    "looked elsewhere tsui decide {0} --note TEXT closes it."
)
"""What to do about a change of unknown fate, by its number."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked for on the command line."""

    name: str
    """The operation, in whatever case."""
    fields: Sequence[str]
    """``PATH=VALUE`` for each field, as a form takes it."""
    body: str
    """The fields as JSON instead; ``-`` reads standard input, empty for none."""
    yes: bool = False
    """Whether a change was agreed to."""
    account_wide: bool = False
    """Whether a change may let ThingSpace choose the devices."""
    dry_run: bool = False
    """Whether to print the request instead of sending it."""
    note: str = ""
    """Why it is done."""
    protected: Sequence[str] = ()
    """Names of protected devices and groups that are meant."""
    wait: float = 0.0
    """Seconds to wait for the outcome of a change."""


def run_op(call: Call, where: Where) -> int:
    """Run an operation; returns the exit code."""
    try:
        info = info_of(call.name)
    except KeyError:
        return _usage(_no_such(call.name))
    try:
        launch = where.launch()
        operation = _built(info, call, launch.profile.account)
    except forms.FormInvalid as error:
        return _usage(*(f"{each.path or info.name}: {each.text}" for each in error.problems))
    except (SettingsError, click.UsageError) as error:
        return _usage(str(error))
    if call.dry_run:
        click.echo(as_curl(operation, launch.profile.base_url))
        return Exit.DONE
    if refusal := _refusal(info, operation, call):
        return _usage(refusal)
    return asyncio.run(_run(launch, operation, call))


def _no_such(name: str) -> str:
    near = ", ".join(each.name for each in find_operations(name)[:5])
    hint = f"Do you mean {near}?" if near else "tsui ops lists all of them."
    return f"There is no operation {sanitize(name, 60)}. {hint}"


def _built(info: OperationInfo, call: Call, account: str) -> Any:
    if call.body and call.fields:
        raise click.UsageError("Give --json or --field, not both.")
    if call.body:
        text = sys.stdin.read() if call.body == "-" else call.body
        try:
            values = json.loads(text)
        except ValueError as error:
            raise click.UsageError(f"--json is not JSON: {error}.") from None
        if not isinstance(values, dict):
            raise click.UsageError("--json takes an object of fields.")
        return forms.from_json(info.name, _account_given(info, values, account))
    texts = dict(_field(each) for each in call.fields)
    return forms.build(info.name, _account_given(info, texts, account))


def _account_given(
    info: OperationInfo, values: Mapping[str, Any], account: str
) -> Mapping[str, Any]:
    """Fill in the profile's account where the operation has such a field."""
    for field in forms.fields_of(info.name):
        if field.offers == "account" and "." not in field.path and account:
            return {field.path: account, **values}
    return values


def _field(text: str) -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not sign or not path:
        raise click.UsageError(f"--field takes PATH=VALUE, not {sanitize(text, 60)}.")
    return path, value


def _refusal(info: OperationInfo, operation: Any, call: Call) -> str:
    """Say why a change is not sent as it was asked for."""
    if info.reads:
        return ""
    if not call.yes:
        return f"{info.name} changes something: add --yes to send it, --dry-run to see it."
    if forms.chooses_devices(operation) and not call.account_wide:
        return (
            f"{info.name} names no device, so ThingSpace chooses every device that fits: "
            "name them, or add --account-wide."
        )
    return ""


# -- sending ------------------------------------------------------------------------------------


async def _run(launch: Launch, operation: Any, call: Call) -> int:
    try:
        attempt = await launch.profiles.attempt(launch.profile_name, launch.profile)
        async with workspace_of(launch) as workspace:
            await workspace.try_sign_in(attempt, workspace.environment)
            if operation.reads():
                return await _read(workspace, operation)
            return await _change(workspace, operation, call)
    except (SignInFailed, CredentialsError, StoreError) as error:
        return _say(str(error), Exit.NOT_SENT)


async def _read(workspace: Workspace, operation: Any) -> int:
    try:
        answer = await workspace.ask(operation)
    except ReadFailed as error:
        return _say(str(error), _FATES[error.fate])
    _print(answer.body)
    return Exit.DONE


async def _change(workspace: Workspace, operation: Any, call: Call) -> int:
    names = frozenset(call.protected)
    try:
        tell_report(replace(await workspace.judge(operation), named=names))
        sent = await workspace.perform(operation, call.note, names)
    except ChangeFailed as error:
        return _say(str(error), Exit.NOT_SENT)
    if sent.state is not ChangeState.ACCEPTED:
        if sent.body is not None:
            _print(sent.body)
        if sent.state is ChangeState.UNKNOWN:
            return _say(f"{sent.problem} {_HOW_TO_GO_ON.format(sent.number)}", Exit.UNKNOWN)
        return _say(sent.problem, _ENDS[sent.state])
    if not call.wait:
        _print(sent.body)
        return _say(f"Accepted as request {sent.request_id}; its outcome comes later.", Exit.DONE)
    changes = await workspace.follow(sent.request_id, call.wait)
    _print({"answer": sent.body, "devices": [_outcome(each) for each in changes]})
    return max((_ENDS.get(each.state, Exit.UNDER_WAY) for each in changes), default=Exit.UNKNOWN)


def tell_report(report: Report) -> None:
    """Say on standard error what the rules say; what forbids it is said when it is not sent."""
    said = [each for each in report.general if each.verdict is Verdict.WARN]
    counted = [*report.warnings, *report.reasons]
    for sentence in [each.sentence for each in said] + [f"{text} ({n})" for text, n in counted]:
        _say(sentence, Exit.DONE)
    for name in report.names_needed:
        _say(f"{name} is protected: add --protected {name!r} if it is meant.", Exit.DONE)


def _outcome(change: DeviceChange) -> dict[str, str]:
    return {
        "kind": change.kind,
        "id": change.identifier,
        "state": change.state.value,
        "problem": change.problem,
        "evidence": change.evidence,
        **({"contradiction": change.contradiction} if change.contradiction else {}),
    }


# -- saying -------------------------------------------------------------------------------------


def _print(body: Any) -> None:
    """Print data; a terminal gets ASCII only, so that nothing from outside acts on it."""
    click.echo(json.dumps(body, indent=2, ensure_ascii=sys.stdout.isatty()))


def _say(sentence: str, code: Exit) -> int:
    if sentence:
        click.echo(f"tsui: {sanitize(sentence, 600)}", err=True)
    return code


def _usage(*problems: str) -> int:
    for problem in problems:
        _say(problem, Exit.USAGE)
    return Exit.USAGE
