"""Callback listeners: who wants to hear what, and messages on their way to them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tsui.simulator.clock import SimClock
from tsui.simulator.settings import SimulatorSettings

SERVICES = (
    "AlertService", "CarrierService", "DevicePRLInformation", "DeviceProfileService",
    "DeviceService", "DeviceSuspensionStatus", "DeviceUsage", "DiagnosticsService",
    "EnhancedConnectivityService", "ExternalProvisioningChanges", "NiddService", "PromoChanges",
    "ResumeTrackingNotification", "SMSDeliveryConfirmation", "StateService",
    "SubscriptionNotificationService",
)  # fmt: skip
"""Services one can listen to (the union of what the documents list)."""

LOCATION_SERVICES = ("DeviceLocation", "Location")
"""Services of the location API, which keeps a registry of its own and sends no envelope."""

AT_ONCE = 16
"""Messages that are delivered at the same time."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Where the messages of a service go."""

    service: str
    url: str
    username: str
    password: str


@dataclass(slots=True)
class Delivery:
    """What became of a message."""

    account: str
    service: str
    message: dict[str, Any]
    attempts: int = 0
    delivered: bool = False


class Postman:
    """Delivers messages to listeners, four times at the most."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: SimClock,
        spawn: Callable[[Any], object],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._spawn = spawn
        self._places = asyncio.Semaphore(AT_ONCE)
        self._client: httpx.AsyncClient | None = None
        self.listeners: dict[str, dict[str, Listener]] = {}
        """Listeners by account and service."""
        self.deliveries: list[Delivery] = []
        """Every message that had a listener."""

    def post(self, account: str, service: str, message: dict[str, Any]) -> None:
        """Begin to deliver a message; without a listener it is lost, as on the platform."""
        if delivery := self._begin(account, service, message):
            self._spawn(self._deliver(delivery))

    async def hand_over(self, account: str, service: str, message: dict[str, Any]) -> bool:
        """Deliver a message, and tell whether a listener took it."""
        delivery = self._begin(account, service, message)
        if delivery is None:
            return False
        await self._deliver(delivery)
        return delivery.delivered

    def listens(self, account: str, service: str) -> bool:
        """Tell whether a service has a listener."""
        return service in self.listeners.get(account, {})

    async def aclose(self) -> None:
        """Close the connections to listeners."""
        if self._client is not None:
            await self._client.aclose()

    def _begin(self, account: str, service: str, message: dict[str, Any]) -> Delivery | None:
        if not self.listens(account, service):
            return None
        delivery = Delivery(account, service, message)
        self.deliveries.append(delivery)
        return delivery

    async def _deliver(self, delivery: Delivery) -> None:
        while delivery.attempts < self._settings.callback_attempts:
            listener = self.listeners.get(delivery.account, {}).get(delivery.service)
            if listener is None:
                return
            delivery.attempts += 1
            async with self._places:
                delivery.delivered = await self._attempt(listener, delivery)
            if delivery.delivered:
                return
            await self._clock.sleep_until(
                self._clock.timestamp() + self._settings.callback_interval
            )

    async def _attempt(self, listener: Listener, delivery: Delivery) -> bool:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=10, trust_env=False)
        message = delivery.message
        if delivery.service not in LOCATION_SERVICES:
            message = {
                "username": listener.username,
                "password": listener.password,
                **message,
                "callbackCount": delivery.attempts,
                "maxCallbackThreshold": self._settings.callback_attempts,
            }
        try:
            answer = await self._client.post(listener.url, json=message)
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        return answer.is_success
