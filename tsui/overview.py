"""A plain overview of a fleet, for pipes and cron jobs."""

from tsui.service.states import say
from tsui.service.views import DeviceQuery
from tsui.service.workspace import Workspace
from tsui.text import sanitize

FIRST_ROWS = 10
"""Devices that are shown one by one."""


async def overview(workspace: Workspace) -> list[str]:
    """Return the overview's lines: counts by state and plan, and the first devices."""
    query = DeviceQuery(workspace.account)
    total = await workspace.count_devices(query)
    lines = [
        f"{workspace.environment.kind} {sanitize(workspace.environment.host)}",
        f"account {sanitize(workspace.account)}: {total:,} devices",
        "",
    ]
    for column in ("state", "plan"):
        lines.append(f"By {column}")
        for value, count in await workspace.tally(column):
            name = say(value) if column == "state" else value or "none"
            lines.append(f"  {count:>9,}  {sanitize(name, 60)}")
        lines.append("")
    rows = await workspace.device_list(query).window(0, FIRST_ROWS)
    lines.append(f"First {len(rows)} of {total:,} by ICCID")
    lines.append(f"  {'ICCID':<20}  {'STATE':<12}  {'PLAN':<12}  CUSTOM 1")
    for row in rows:
        state = sanitize(say(row.state), 20)
        plan, custom = sanitize(row.plan or "none", 20), sanitize(row.custom1, 40)
        lines.append(f"  {sanitize(row.iccid):<20}  {state:<12}  {plan:<12}  {custom}")
    return lines
