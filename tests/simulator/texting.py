"""Sending messages in tests, and what comes of it."""

from tests.simulator.hearing import heard, ident
from tests.support.listener import Inbox
from tsui.simulator.device import SimDevice
from tsui.simulator.server import Running
from tsui.thingspace.callback_notices import SmsDeliveryMessage
from tsui.thingspace.client import Client
from tsui.thingspace.following import queued_sms
from tsui.thingspace.sms import ReadSmsQueue, SendSms, SmsPage

SENT = "EnhancedConnectivityService"
RECEIPT = "SMSDeliveryConfirmation"


class Texting:
    """Sending messages, and what comes of it."""

    def __init__(self, simulator: Running, client: Client, inbox: Inbox) -> None:
        self.world = simulator.world
        self.account = simulator.accounts[0]
        self.fleet = self.world.fleets[self.account]
        self.client = client
        self.inbox = inbox

    async def send(self, device: SimDevice, text: str = "report now") -> str:
        sent = await self.client.send(
            SendSms(account_name=self.account, device_ids=[ident(device)], sms_message=text)
        )
        assert sent.request_id
        return sent.request_id

    async def receipts(self, count: int = 1) -> list[SmsDeliveryMessage]:
        return await heard(self.inbox, SmsDeliveryMessage, count=count, service=RECEIPT)

    async def page(self, token: str | None = None) -> SmsPage:
        return await self.client.send(ReadSmsQueue(account_name=self.account, next_token=token))

    async def drained(self) -> list[str]:
        """Return the texts of the queue, read to its end."""
        pages = queued_sms(self.client, self.account)
        return [each.message async for page in pages for each in page]

    def text_from(self, device: SimDevice, *texts: str) -> None:
        for text in texts:
            self.world.texts.receive(self.account, device, text, self.world.clock.timestamp())
