"""The command line of ``tsui commission``; nothing heavy is imported before it runs."""

from typing import Any

import click


@click.command(short_help="Follow a new device to its first bytes.")
@click.argument("identifier", metavar="ID")
@click.option("--activate", is_flag=True, help="Activate the line if it is not active.")
@click.option("--plan", default="", metavar="CODE", help="Service plan to activate it with.")
@click.option("--zip-code", default="", metavar="ZIP", help="ZIP code of the place of use.")
@click.option("--yes", is_flag=True, help="Activate without asking.")
@click.option("--note", default="", metavar="TEXT", help="Why it is activated; kept in the audit.")
@click.option(
    "--protected", multiple=True, metavar="NAME", help="Allow to activate protected NAME."
)
@click.option("--site", default="", metavar="TEXT", help="Note of the site, for the slip.")
@click.option(
    "--timeout", default=7200.0, show_default=True, metavar="SECONDS", help="Wait no longer."
)
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON at the end.")
@click.pass_context
def commission(context: click.Context, /, **given: Any) -> None:
    """Follow the device ID from its activation to its first bytes, and print each step.

    It goes on with the run that is open, here or in the dashboard (i on a device), and never
    activates anything without --activate and --yes. With the first bytes the run ends, without the
    SMS echo. The APN is delivered up to an hour after the first activation.

    Exit codes: 0 green; 1 a step failed, the activation was not sent, or the run was given up; 2
    not over when --timeout ended (an option that is misspelt gives 2 as well); 3 there is no run:
    not signed in, no such device, or the call is wrong; 130 interrupted. After 1, 2 and 130 the
    same command goes on with the run.
    """
    from tsui.commission import Call, run_commission

    context.exit(run_commission(Call(**given), context.obj))
