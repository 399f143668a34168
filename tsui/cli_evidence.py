"""The ``evidence`` command; like the others it imports nothing heavy before it runs."""

from pathlib import Path
from typing import Any

import click


@click.command(short_help="Write up a device for a carrier's ticket.")
@click.argument("identifier", metavar="ID")
@click.option("--json", "form", flag_value="json", help="Only the JSON.")
@click.option("--markdown", "form", flag_value="markdown", help="Only the Markdown.")
@click.option(
    "--span",
    type=click.Choice(["24h", "7d", "31d"]),
    default="7d",
    show_default=True,
    help="How far back.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write files into FOLDER, for your eyes only, and print their paths.",
)
@click.option("--unmasked", is_flag=True, help="Tell names, addresses, custom fields and notes.")
@click.option("--fresh", is_flag=True, help="Sign in and read the device first.")
@click.pass_context
def evidence(context: click.Context, /, **given: Any) -> None:
    """Write up all that is known of the device ID: its ICCID, IMEI, MDN or EID, or the end of one.

    Identifiers, the verdict with what it rests on, a timeline in UTC with ThingSpace's request ids
    and error codes, what was tried from here, and what is not known and why. It is made of what is
    remembered and asks nobody. Secrets are never in it; personal data is masked.

    Without --output it is printed: as Markdown, or with --json as JSON of version 1.

    Exit codes: 0 made; 1 nothing was made (nothing is remembered, nobody could sign in, a file
    could not be written); 2 nothing was made, the call is wrong or fits several devices.
    """
    from tsui.evidence import Call, run_evidence

    given["form"] = given["form"] or ""
    context.exit(run_evidence(Call(**given), context.obj))
