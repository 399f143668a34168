"""Practice: a simulator puts a device into a situation, over its control API."""

from collections.abc import Mapping
from typing import Any, Protocol

from tsui.service.environment import Environment
from tsui.store.devices import DeviceRow

SIMULATOR = "simulator"
"""The kind of environment that has scenarios."""

LONGEST = 10.0
"""Seconds a simulator on one's own machine may take."""


class PracticeFailed(Exception):
    """A simulator did not do what was asked for; the text says why, hostile until sanitised."""


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    environment: Environment


class Practice:
    """Situations that the simulator which is shown can put a device into."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self.scenarios: Mapping[str, str] = {}
        """Their names, and what each is in a sentence; empty until they were read."""

    @property
    def reason(self) -> str:
        """Why there are none here; empty where there may be some."""
        environment = self._shown.environment
        if environment.kind != SIMULATOR or environment.replay:
            return "Scenarios are for a simulator only; nothing was done to any device."
        return ""

    async def read(self) -> None:
        """Read which there are; raises PracticeFailed."""
        if not self.scenarios:
            self.scenarios = await self._ask("GET")

    async def play(self, scenario: str, device: DeviceRow) -> str:
        """Put a device into a situation and return that in a sentence; raises PracticeFailed."""
        await self.read()
        if scenario not in self.scenarios:
            known = ", ".join(self.scenarios)
            raise PracticeFailed(f"There is no scenario {scenario!r}. Known: {known}.")
        from tsui.service.reader import identifier

        named = identifier(device.key)
        await self._ask(
            "POST",
            {
                "accountName": self._shown.account,
                "deviceId": {"kind": named.kind, "id": named.id},
                "scenario": scenario,
            },
        )
        return self.scenarios[scenario]

    async def _ask(self, method: str, body: Mapping[str, Any] | None = None) -> dict[str, str]:
        if reason := self.reason:
            raise PracticeFailed(reason)
        import httpx

        url = f"{self._shown.environment.base_url}/simulator/scenarios"
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=LONGEST) as client:
                reply = await client.request(method, url, json=body)
            told = reply.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise PracticeFailed(f"No simulator answers at {url}: {error}") from error
        if not reply.is_success or not isinstance(told, dict):
            why = told.get("errorMessage", "") if isinstance(told, dict) else ""
            raise PracticeFailed(f"The simulator refused that: {why or reply.status_code}")
        return {str(name): str(sentence) for name, sentence in told.items()}
