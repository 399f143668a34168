"""Jobs of the location API: reports, and places that are told by callback."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tsui.simulator.clock import iso
from tsui.simulator.errors import invalid_parameter
from tsui.simulator.ground import Ground
from tsui.simulator.pace import gently
from tsui.simulator.places import located

QUEUED, IN_PROGRESS, COMPLETED = "QUEUED", "INPROGRESS", "COMPLETED"

REPORTS, PLACES = "Location", "DeviceLocation"
"""Callback services of reports and of single places."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T")


@dataclass(slots=True)
class LocationJob:
    """Devices that are being located."""

    txid: str
    """Its id as it was told."""
    account: str
    service: str
    """The callback service: reports are read, places are told."""
    numbers: Sequence[int]
    """Numbers of its devices."""
    mode: str
    """The cache mode."""
    begins: float
    """Unix time until which it is queued."""
    ends: float
    """Unix time at which it is completed."""
    cancelled: bool = False
    found: list[dict[str, Any]] | None = None
    """Places, once it is completed."""


class Locations:
    """The jobs of every account."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known: dict[str, LocationJob] = {}
        """Jobs by their ids without a date."""

    def begin(self, account: str, service: str, numbers: Sequence[int], mode: str) -> LocationJob:
        """Accept a job."""
        now, delay = self._ground.clock.timestamp(), self._ground.settings.delay
        number = self._ground.jobs.new_id()
        dated = service == REPORTS and self._ground.settings.location_dated_txid
        txid = f"{iso(now)[:11]}{number}" if dated else number
        job = LocationJob(txid, account, service, numbers, mode, now + delay, now + 2 * delay)
        self._known[number] = job
        self._ground.spawn(self._work_off(job))
        return job

    def job(self, account: str, service: str, txid: str) -> LocationJob:
        """Return a job by its id, with a date in front or without; refuses an unknown one."""
        job = self._known.get(_DATE.sub("", txid, count=1))
        if job is None or (job.account, job.service) != (account, service):
            raise invalid_parameter("Invalid transaction id.")
        return job

    def status(self, job: LocationJob) -> str:
        """Return how far a job is."""
        if job.cancelled:
            return self._ground.settings.location_cancelled
        if job.found is not None:
            return COMPLETED
        return IN_PROGRESS if self._ground.clock.timestamp() >= job.begins else QUEUED

    def cancel(self, job: LocationJob) -> None:
        """Give up a job; refuses one that is under way."""
        if self.status(job) != QUEUED:
            raise invalid_parameter("Unable to Cancel")
        job.cancelled = True

    async def _work_off(self, job: LocationJob) -> None:
        await self._ground.clock.sleep_until(job.begins)
        if job.cancelled:
            return
        await self._ground.clock.sleep_until(job.ends)
        fleet, now = self._ground.fleets[job.account], self._ground.clock.timestamp()
        places = [
            located(fleet.get(number), self._ground.settings, now, job.mode)
            async for number in gently(job.numbers)
        ]
        job.found = places
        if job.service == REPORTS:
            body = {"txid": job.txid, "status": COMPLETED}
            self._ground.postman.post(job.account, REPORTS, body)
            return
        for place in places:
            body = {"txid": job.txid, "accountName": job.account, **place}
            self._ground.postman.post(job.account, PLACES, body)
