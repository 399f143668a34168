"""``tsui audit``: check the chain of the audit and hand its rows out, without any network."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import click

from tsui.service.audit_rows import exported
from tsui.service.views import StoreError
from tsui.settings import SettingsError
from tsui.start import Where, complain
from tsui.store.audit import Audit
from tsui.store.store import audit_in
from tsui.text import sanitize

AT_ONCE = 500
"""Rows that are read and printed together."""


def verify(where: Where, head: str) -> int:
    """Check every row, and that a hash noted before is still there; returns the exit code."""

    async def check(audit: Audit) -> int:
        verdict = await audit.verify(head.strip().lower())
        if verdict.broken is not None:
            return complain(
                f"Row {verdict.broken} of the audit does not fit: {sanitize(verdict.why, 300)}"
            )
        click.echo(f"{verdict.rows} rows fit. The hash of the last one: {verdict.head}")
        return 0

    return _with_audit(where, check)


def export(where: Where, since: str) -> int:
    """Print all rows since a time as JSON lines, oldest first; returns the exit code."""
    try:
        begin = datetime.fromisoformat(since).timestamp() if since else 0.0
    except ValueError:
        complain(f"--since takes a time like 2026-11-01 or 2026-11-01T06:00, not {since}.")
        return 2

    async def write(audit: Audit) -> int:
        last = 0
        while rows := await audit.after(last, AT_ONCE, since=begin):
            sys.stdout.writelines(f"{exported(row)}\n" for row in rows)
            last = rows[-1].id
        return 0

    return _with_audit(where, write)


def _with_audit(where: Where, work: Callable[[Audit], Awaitable[int]]) -> int:
    try:
        return asyncio.run(_open(_folder(where), work))
    except (SettingsError, StoreError, click.UsageError) as error:
        return complain(str(error))


def _folder(where: Where) -> Path:
    launch = where.launch()
    environment = launch.environment(launch.profile_name, launch.profile)
    return launch.data_folder / environment.folder_name


async def _open(folder: Path, work: Callable[[Audit], Awaitable[int]]) -> int:
    async with audit_in(folder) as audit:
        if audit is None:
            return complain(f"Nothing was changed from here yet: there is no journal in {folder}.")
        return await work(audit)
