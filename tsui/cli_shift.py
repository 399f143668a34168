"""The commands of a shift; like the others they import nothing heavy before they run."""

from typing import Any

import click


@click.command(short_help="Print what becomes due: resumes, held numbers, monitors and more.")
@click.option("--within", default="7d", show_default=True, metavar="TIME", help="12h, 7d, 4w …")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--ics", "form", flag_value="ics", help="Print a calendar file (iCalendar).")
@click.pass_context
def agenda(context: click.Context, /, **given: Any) -> None:
    """Print what is overdue and what becomes due, the first first; asks nobody.

    Suspensions that end by themselves, numbers held after a deactivation, activations and credit
    checks that should be over, texts, monitors and what waits on wake that end, billing cycles of
    watched devices, the age of the password. Each line says how sure it is: told by ThingSpace,
    worked out from a documented limit, or a guess. What is not known goes to standard error.

    Exit codes: 0 nothing is due within the time; 1 something is; 2 something is overdue (an option
    that is misspelt gives 2 as well); 3 it cannot be told: nothing is remembered, the call is
    wrong, or nothing else is due but lines are suspended since nobody here knows when.
    """
    from tsui.agenda import Call, run_agenda

    given["form"] = given["form"] or ""
    context.exit(run_agenda(Call(**given), context.obj))


@click.command(short_help="Print what the next shift has to know.")
@click.option("--since", default="", metavar="TIME", help="06:00, 12h, 2026-01-31T06:00 …")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def handover(context: click.Context, /, **given: Any) -> None:
    """Print what happened since the shift began, and what the next one has to do; asks nobody.

    What could not be seen because nobody was reading, what was done from here and by whom, what
    went wrong or is of unknown fate, what others changed, alarms, notes, devices that became
    overdue, monitors, and what becomes due until the end of the next shift. Plain text of 72
    columns, for a mail. Only secrets are left out of it.

    Without --since it begins with the shift (shifts in the settings); in the first hour of a shift,
    with the one before.

    Exit codes: 0 told; 1 nothing is remembered of the account; 2 the call is wrong.
    """
    from tsui.handover import Call, run_handover

    context.exit(run_handover(Call(**given), context.obj))
