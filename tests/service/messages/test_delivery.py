"""What became of a message: by receipts, by the journal, by the clock."""

from typing import Any

import pytest

from tests.service.messages.cases import change
from tsui.service.messages.delivery import LIFETIME, Delivery, fate_of
from tsui.store.texts import Receipt

SOON = 200.0
LATE = 100.0 + LIFETIME + 1


def receipt(status: str, problem: str = "", *, final: bool = True) -> Receipt:
    return Receipt(1, 150.0, status, problem, final)


@pytest.mark.parametrize(
    ("state", "told", "now", "hears", "delivery"),
    [
        ("intended", None, SOON, True, Delivery.GOING),
        ("sending", None, SOON, False, Delivery.GOING),
        ("accepted", None, SOON, True, Delivery.SENT),
        ("accepted", None, SOON, None, Delivery.SENT),
        ("accepted", None, SOON, False, Delivery.UNKNOWABLE),
        ("accepted", None, LATE, False, Delivery.UNKNOWABLE),
        ("succeeded", None, SOON, True, Delivery.QUEUED),
        ("succeeded", None, LATE - 2, True, Delivery.QUEUED),
        ("succeeded", None, LATE, True, Delivery.EXPIRED),
        ("unknown", None, LATE, True, Delivery.EXPIRED),
        ("accepted", receipt("Success"), SOON, True, Delivery.DELIVERED),
        ("accepted", receipt("Success"), LATE, False, Delivery.DELIVERED),
        ("unknown", receipt("Success"), SOON, True, Delivery.DELIVERED),
        ("accepted", receipt("Failed", "The message expired."), SOON, True, Delivery.EXPIRED),
        ("accepted", receipt("Expired"), SOON, True, Delivery.EXPIRED),
        ("accepted", receipt("Failed", "No such line."), SOON, True, Delivery.FAILED),
        ("refused", None, SOON, True, Delivery.FAILED),
        ("not sent", None, LATE, True, Delivery.FAILED),
        ("failed", None, SOON, True, Delivery.FAILED),
    ],
)
def test_every_state_has_one_answer(
    state: str, told: Receipt | None, now: float, hears: bool | None, delivery: Delivery
) -> None:
    assert fate_of(change(state=state), told, now, hears).delivery is delivery


def test_a_request_of_unknown_fate_is_no_message_that_was_sent() -> None:
    lost = change(state="unknown", request_id="", problem="The line broke.")
    assert fate_of(lost, None, LATE, True) == (Delivery.UNKNOWN, "The line broke.", None)


def test_nobody_who_listens_is_named() -> None:
    told = fate_of(change(), None, SOON, False)
    assert "nobody listens to SMSDeliveryConfirmation" in told.said


@pytest.mark.parametrize(
    ("told", "state", "now", "delivery"),
    [
        (receipt("Queued", final=False), "accepted", SOON, Delivery.QUEUED),
        (receipt("Queued", final=False), "accepted", 161.0, Delivery.EXPIRED),
        (receipt("Delivered"), "succeeded", SOON, Delivery.DELIVERED),
        (receipt("DeliveryFailed", "No NIDD."), "failed", SOON, Delivery.FAILED),
        (None, "succeeded", SOON, Delivery.DELIVERED),
    ],
)
def test_bytes_have_a_time_of_their_own(
    told: Receipt | None, state: str, now: float, delivery: Delivery
) -> None:
    seconds = 60 if now == 161.0 else 3600
    fields: dict[str, Any] = {"message": "AAEC", "maximumDeliveryTime": seconds}
    sent = change("SendNidd", state, fields=fields)
    assert fate_of(sent, told, now, True).delivery is delivery


def test_the_time_until_which_the_network_tries_is_told() -> None:
    assert fate_of(change(), None, SOON, True).until == 100.0 + LIFETIME
