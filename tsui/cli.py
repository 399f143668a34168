"""The command line; nothing heavy is imported before a command needs it."""

from typing import TYPE_CHECKING, Any

import click

from tsui import __version__
from tsui.cli_commission import commission
from tsui.cli_evidence import evidence
from tsui.cli_shift import agenda, handover

if TYPE_CHECKING:
    from tsui.settings import SecretsFrom

OF_A_PROFILE = frozenset(
    {
        "agenda", "audit", "commission", "decide", "devices", "diagnose", "evidence", "handover",
        "op", "receiver", "requests",
    }
)  # fmt: skip
"""Commands that the options before them tell which ThingSpace is meant."""


_SCENARIO = "Put a device into a situation; may be given again."


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="tsui %(version)s")
@click.option("--profile", "-p", metavar="NAME", help="Profile of the settings file to use.")
@click.option("--url", metavar="URL", help="Address of a simulator or another ThingSpace.")
@click.option("--account", metavar="NAME", help="Billing account; leading zeros count.")
@click.option("--read-only", is_flag=True, help="Make every change impossible.")
@click.option(
    "--thin/--no-thin", default=None, help="Spare a thin link; by itself whenever it is SSH."
)
@click.option("--view", default="", metavar="NAME", help="Open the dashboard in a saved view.")
@click.option("--device", default="", metavar="ID", help="Open the dashboard on this device.")
@click.option("--record", default="", metavar="FILE", help="Record the dashboard for tsui replay.")
@click.option("--mask", is_flag=True, help="Put pseudonyms for identifiers into the recording.")
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> None:
    """A terminal dashboard for IoT device connectivity on Verizon ThingSpace.

    Without a command it opens the dashboard; `tsui demo` needs no account.
    """
    if given["record"] and context.invoked_subcommand:
        raise click.UsageError("--record is for the dashboard; in the demo, :record records.")
    if context.invoked_subcommand in (None, *OF_A_PROFILE):
        from tsui.start import Where, dashboard

        context.obj = Where(**given)
        if context.invoked_subcommand is None:
            context.exit(dashboard(context.obj))


cli.add_command(evidence)
cli.add_command(agenda)
cli.add_command(handover)


@cli.command(short_help="Open the dashboard on a simulated fleet.")
@click.option("--devices", default=10_000, show_default=True, help="Devices of the demo fleet.")
@click.option("--seed", default=1, show_default=True, help="Another number, another fleet.")
@click.option("--delay", default=5.0, show_default=True, help="Seconds until a change is done.")
@click.option("--hostile", is_flag=True, help="Put hostile texts into custom fields.")
@click.option("--read-only", is_flag=True, help="Make every change impossible.")
@click.option("--thin/--no-thin", default=None, help="Spare a thin link.")
@click.option("--scenario", multiple=True, metavar="NAME[:ICCID]", help=_SCENARIO)
@click.pass_context
def demo(
    context: click.Context,
    devices: int,
    seed: int,
    delay: float,
    *,
    hostile: bool,
    read_only: bool,
    thin: bool | None,
    scenario: tuple[str, ...],
) -> None:
    """Open the dashboard on a simulated fleet; nothing leaves this machine.

    Theme, keys and the like are those of the settings; profiles and views are not used. Without a
    terminal it prints an overview of the fleet instead.
    """
    from tsui.demo import run_demo

    made = run_demo(
        devices, seed, delay, hostile=hostile, read_only=read_only, thin=thin, scenarios=scenario
    )
    context.exit(made)


@cli.command(short_help="Open the dashboard on a recording, without a network.")
@click.argument("file")
@click.option("--at", default="", metavar="TIME", help="The moment (ISO 8601) instead of its end.")
@click.option("--json", "as_json", is_flag=True, help="Print its calls, one JSON object a line.")
@click.option("--thin/--no-thin", default=None, help="Spare a thin link.")
@click.pass_context
def replay(context: click.Context, file: str, at: str, *, as_json: bool, thin: bool | None) -> None:
    """Open the dashboard on FILE, which tsui --record or :record made; it opens no connection.

    Every read is answered as it was at the moment shown, which then goes on with the clock; what
    nobody asked for while it was recorded is not in it, and says so. Nothing can be changed.

    Exit codes: 0 it was opened, or all calls were printed; 1 it was not, or is damaged, which a
    last line that was cut off is not; 2 the call is wrong; 141 the reader has closed the pipe.
    """
    from tsui.replay import run_replay

    context.exit(run_replay(file, at, as_json=as_json, thin=thin))


@cli.command(short_help="Run a stand-in for ThingSpace on this machine.")
@click.option("--port", default=0, help="Port to listen on; 0 takes a free one.")
@click.option("--devices", default=10_000, show_default=True, help="Devices of the first account.")
@click.option("--seed", default=1, show_default=True, help="Another number, another fleet.")
@click.option("--delay", default=5.0, show_default=True, help="Seconds until a change is done.")
@click.option("--now", metavar="TIME", help="Begin at this time (ISO 8601) instead of now.")
@click.option("--hostile", is_flag=True, help="Put hostile texts into custom fields.")
@click.option("--json", "as_json", is_flag=True, help="Print how to connect as one JSON line.")
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME[:ICCID]", help=_SCENARIO)
@click.option("--until-eof", is_flag=True, hidden=True, help="End when standard input ends.")
@click.pass_context
def simulator(context: click.Context, /, **given: Any) -> None:
    """Run a stand-in for ThingSpace on this machine until interrupted.

    A scenario puts a device into a situation, so that it is offline for a known reason; an unknown
    name lists all of them.
    """
    from tsui.simulator.server import serve
    from tsui.simulator.settings import SimulatorSettings

    serving = {name: given.pop(name) for name in ("port", "as_json", "until_eof", "scenarios")}
    context.exit(serve(SimulatorSettings(**given), **serving))


@cli.command(short_help="Ask for credentials, try them once and keep them.")
@click.argument("profile")
@click.option(
    "--store",
    "where",
    type=click.Choice(["encrypted", "keyring", "plaintext"]),
    default="encrypted",
    show_default=True,
    help="Where to keep the credentials.",
)
@click.option("--url", metavar="URL", help="Address of a simulator or another ThingSpace.")
@click.option("--account", default="", metavar="NAME", help="Billing account.")
@click.option("--insecure-storage", is_flag=True, help="Allow a file that is not encrypted.")
@click.pass_context
def login(
    context: click.Context,
    profile: str,
    where: "SecretsFrom",
    url: str | None,
    account: str,
    *,
    insecure_storage: bool,
) -> None:
    """Ask for the credentials of PROFILE, try them once and keep them."""
    from tsui.start import login_profile

    context.exit(login_profile(profile, where, url, account, insecure=insecure_storage))


@cli.command(short_help="Forget the credentials that are kept.")
@click.argument("profile")
@click.pass_context
def logout(context: click.Context, profile: str) -> None:
    """Forget the credentials that are kept for PROFILE."""
    from tsui.start import logout_profile

    context.exit(logout_profile(profile))


@cli.command(short_help="Print the devices for a script or a pipe.")
@click.option("--view", default="", metavar="NAME", help="Begin with what a saved view says.")
@click.option(
    "--filter",
    "-f",
    "filter",
    default="",
    metavar="TEXT",
    help="As after / in the list.",
)
@click.option("--columns", default="", metavar="A,B", help="Columns, with commas between them.")
@click.option("--sort", default="", metavar="COLUMN", help="Column to sort by.")
@click.option("--descending", is_flag=True, help="Turn the order round.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Print so many at most.")
@click.option("--json", "form", flag_value="json", help="Print a JSON array.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print JSON, one device a line.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV, which a pipe gets by itself.")
@click.option("--raw", is_flag=True, help="Put no apostrophe before what looks like a formula.")
@click.option("--fresh", is_flag=True, help="Sign in and read the fleet first.")
@click.pass_context
def devices(context: click.Context, /, **given: Any) -> None:
    """Print the devices that are remembered, as the list of the dashboard shows them.

    A terminal gets a table, anything else CSV. Data go to standard output; how old they are goes to
    standard error. However large the fleet is, little memory is taken.

    Columns: iccid, imei, mdn, eid, state, plan, groups, ip, custom1 to custom5, connected,
    last_connection_utc, created_utc, read_utc; the names of the screens do as well.

    Exit codes: 0 all devices that fit were printed, which may be none; 1 none were, because
    nothing is remembered or the fleet could not be read; 2 none were, the call is wrong; 3 not
    all were, reading failed on the way; 130 and 141 not all were, because of an interrupt or
    because the reader has closed the pipe.
    """
    from tsui.devices import Call, run_devices

    given["form"] = given["form"] or ""
    context.exit(run_devices(Call(**given), context.obj))


@cli.command(short_help="Say why a device is offline.")
@click.argument("identifier", metavar="ID")
@click.option("--imei", default="", metavar="NUMBER", help="The IMEI that is on the device.")
@click.option("--place", metavar="LAT,LON", help="Where it should be, in degrees.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--offline", is_flag=True, help="Judge by what is remembered; ask nobody.")
@click.pass_context
def diagnose(context: click.Context, /, **given: Any) -> None:
    """Say why the device ID is offline: its ICCID, IMEI, MDN or EID, or the end of one.

    Everything that can tell is read first. The verdict is a line, then what each layer looks like
    with field, value, source and age. Where evidence is missing it is UNKNOWN, never a guess.
    What somebody on site reads, --imei and --place, is remembered and compared.

    Exit codes: 0 nothing is wrong (connected and moving data, or asleep as usual); 1 no verdict
    (not signed in, or nothing is remembered); 2 no verdict, the call is wrong or fits several
    devices; 3 STOP, a certain cause; 4 WARN, a likely cause; 5 UNKNOWN, it cannot be told.
    """
    from tsui.diagnose import Call, run_diagnose

    context.exit(run_diagnose(Call(**given), context.obj))


@cli.command(short_help="Run any operation of the API from a script.")
@click.argument("name")
@click.option("--field", "-f", "fields", multiple=True, metavar="PATH=VALUE", help="A field.")
@click.option("--json", "body", default="", metavar="JSON", help="All fields; - reads them.")
@click.option("--yes", is_flag=True, help="Send a change without asking.")
@click.option("--account-wide", is_flag=True, help="Allow a change that names no device.")
@click.option("--dry-run", is_flag=True, help="Print the request as a curl command instead.")
@click.option("--note", default="", metavar="TEXT", help="Why; kept in the audit.")
@click.option(
    "--protected", multiple=True, metavar="NAME", help="Allow a change of protected NAME."
)
@click.option("--wait", default=0.0, metavar="SECONDS", help="Wait for the outcome of a change.")
@click.pass_context
def op(context: click.Context, /, **given: Any) -> None:
    """Run the operation NAME; `tsui ops` lists all of them, `tsui ops NAME` its fields.

    Data go to standard output, words to standard error. Devices are written as KIND:NUMBER with
    spaces between them, lists with commas.

    Exit codes: 0 answered, done or accepted; 1 nothing was sent (not signed in, no connection,
    read-only, a rule forbids it for one of the devices); 2 nothing was sent, the call is wrong;
    3 refused or failed; 4 nobody knows whether it was done, `tsui requests --open` follows it; 5
    accepted, but not over when --wait ended.
    """
    from tsui.op import Call, run_op

    context.exit(run_op(Call(**given), context.obj))


@cli.command(short_help="Print the changes that were made here, for a script or a pipe.")
@click.option("--open", "only_open", is_flag=True, help="Leave out what is over.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="Print so many at most.")
@click.option("--json", "form", flag_value="json", help="Print a JSON array.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print JSON, one change a line.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV, which a pipe gets by itself.")
@click.pass_context
def requests(
    context: click.Context, *, only_open: bool, limit: int | None, form: str | None
) -> None:
    """Print the account's changes and what is known of each, newest first, without signing in.

    There is one for each device of a request, or one for the account where a request names none.
    A terminal gets a table, anything else CSV. What is open is intended, sending, accepted (its
    outcome is awaited) or unknown (it may have been done). The others are refused, not sent,
    succeeded, failed, inferred (the device shows it) or decided.

    Exit codes: 0 all were printed, which may be none; 1 none were, because nothing could be read;
    2 none were, the call is wrong; 3 not all were, reading failed on the way; 130 and 141 not all
    were, because of an interrupt or because the reader has closed the pipe.
    """
    from tsui.requests import Call, run_requests

    context.exit(run_requests(Call(only_open, limit, form or ""), context.obj))


@cli.command(short_help="Close a change of unknown fate by your own judgement.")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--note", required=True, metavar="TEXT", help="What became of it, and how you know.")
@click.option("--device", default="", metavar="ID", help="Only that of this device.")
@click.option("--all", "every", is_flag=True, help="Those of all devices of unknown fate.")
@click.pass_context
def decide(context: click.Context, number: int, note: str, device: str, *, every: bool) -> None:
    """Close what is unknown of request NUMBER, as `tsui requests` counts, by your own judgement.

    Look elsewhere first: the device, or the account, is free for another change afterwards.
    Nothing is sent, and nobody signs in. Who decided, and the note, are kept in the audit. What
    ThingSpace tells of it later is kept beside the decision.

    Exit codes: 0 closed; 1 not closed, or not all, because there is no such request or more is
    known of it than that it is unknown; 2 nothing was done, the call is wrong.
    """
    from tsui.decide import Call, run_decide

    context.exit(run_decide(Call(number, note, device, every), context.obj))


@cli.group(short_help="Check or print the audit of what was changed from here.")
def audit() -> None:
    """Check or print the audit of what was changed from here, without signing in.

    It is that of the profile's ThingSpace: `tsui --profile north audit verify`.
    """


@audit.command()
@click.option("--head", default="", metavar="HASH", help="A hash that was noted before.")
@click.pass_context
def verify(context: click.Context, head: str) -> None:
    """Check that no row was changed, removed, moved or put in.

    Prints the hash of the last row. Whoever may write the file can make all of it anew; to find
    that, note the hash elsewhere and give it as --head the next time.

    Exit codes: 0 every row fits; 1 one does not, or there is no audit.
    """
    from tsui.audit import verify

    context.exit(verify(context.obj, head))


@audit.command()
@click.option("--since", default="", metavar="TIME", help="Leave out what is older (ISO 8601).")
@click.pass_context
def export(context: click.Context, since: str) -> None:
    """Print the rows as JSON lines, oldest first."""
    from tsui.audit import export

    context.exit(export(context.obj, since))


@cli.command(short_help="List the operations of the API.")
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@click.pass_context
def ops(context: click.Context, words: tuple[str, ...], *, as_json: bool) -> None:
    """List all operations with what answers them, those that fit WORDS, or one with its fields."""
    from tsui.ops import print_ops

    context.exit(print_ops(" ".join(words), as_json=as_json))


@cli.command(short_help="Receive the callbacks of ThingSpace.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=28200, show_default=True, help="Port to listen on.")
@click.option("--path", default="", metavar="NAME", help="Secret path instead of the one kept.")
@click.option("--cert", default="", metavar="FILE", help="Certificate and its chain.")
@click.option("--key", default="", metavar="FILE", help="Key of the certificate.")
@click.option("--allow", multiple=True, metavar="NETWORK", help="Who may send; else anybody.")
@click.option("--proxy", multiple=True, metavar="NETWORK", help="Proxy that names the sender.")
@click.pass_context
def receiver(
    context: click.Context,
    host: str,
    port: int,
    path: str,
    cert: str,
    key: str,
    allow: tuple[str, ...],
    proxy: tuple[str, ...],
) -> None:
    """Receive the callbacks of ThingSpace until interrupted; the dashboard reads them.

    User name, password and secret path are made at the first start and kept for their owner alone;
    TSUI_CALLBACK_USERNAME, TSUI_CALLBACK_PASSWORD and TSUI_CALLBACK_PATH stand in their place.
    """
    from tsui.receive import Listening, receive

    listening = Listening(host, port, path, cert, key, allow, proxy)
    context.exit(receive(listening, context.obj))


cli.add_command(commission)
