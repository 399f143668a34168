"""The location service says that a session ended under its code for everything."""

import json

import pytest

from tsui.thingspace.answers import read_answer
from tsui.thingspace.errors import Rejected, SessionEnded
from tsui.thingspace.location import GetLocationReportStatus

STATUS = GetLocationReportStatus(account_name="a", txid="t")


def _read(message: str) -> None:
    body = json.dumps({"errorCode": "INVALID_PARAMETER", "errorMessage": message}).encode()
    read_answer(STATUS, 400, {}, body)


def test_an_ended_session_is_known_by_its_message() -> None:
    with pytest.raises(SessionEnded, match="The session has ended"):
        _read("The Session has expired")


def test_another_message_is_a_refusal() -> None:
    with pytest.raises(Rejected):
        _read("Unable to Cancel")
