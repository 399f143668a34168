"""A request as a curl command: the shell reads it back as it is sent, and secrets are not in it."""

import json
import os
import shlex
import subprocess
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.documented import ENTRIES, Entry, name_of
from tests.service.operators import example_of
from tsui.service.curl import as_curl
from tsui.service.forms import from_json
from tsui.thingspace.operation import Operation

HOST = "https://thingspace.verizon.com"
HOSTILE = '"; rm -rf ~ $(reboot) `id` $HOME !! \n # | & > % é \u202e \x1b[31m "'


def words(operation: Operation[Any]) -> list[str]:
    """Return the words of the command as a shell takes them."""
    return shlex.split(as_curl(operation, HOST).replace("\\\n", " "))


def after(option: str, command: list[str]) -> list[str]:
    """Return what is given by an option, each time it is."""
    return [word for before, word in pairwise(command) if before == option]


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_the_command_carries_the_request_that_would_be_sent(entry: Entry) -> None:
    operation = example_of(entry)
    command = words(operation)
    assert command[:3] == ["curl", "-X", operation.method]
    url = urlsplit(command[3])
    assert f"{url.scheme}://{url.netloc}" == HOST
    assert url.path == operation.url_path()
    assert {name: values[0] for name, values in parse_qs(url.query).items()} == (
        operation.parameters()
    )
    if not operation.form and operation.body() is not None:
        assert sent(command, operation) == operation.body()


def sent(command: list[str], operation: Operation[Any]) -> Any:
    """Return the JSON of a command with variables hidden as the request hides its secrets."""
    (text,) = after("-d", command)
    shown = json.loads(text)
    body = operation.body() or {}
    return {name: body[name] if str(each).startswith("$") else each for name, each in shown.items()}


@given(st.text(min_size=1, max_size=40).filter(lambda text: not set(text) & set("'<\\")))
def test_no_text_breaks_out_of_its_quotes(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    fields = {"accountName": "1", "groupName": text, "groupDescription": text}
    command = as_curl(from_json("CreateGroup", fields), HOST)
    assert command.isascii()
    (body,) = after("-d", shlex.split(command.replace("\\\n", " ")))
    assert json.loads(body) == fields


def test_hostile_text_stays_in_its_place_in_the_address() -> None:
    fields = {"accountName": "../../x y", "groupName": HOSTILE.replace("\\", "")}
    operation = from_json("GetGroup", fields)
    assert urlsplit(words(operation)[3]).path == operation.url_path()
    assert as_curl(operation, HOST).isascii()


def test_tokens_are_variables() -> None:
    command = words(from_json("ListPlans", {"accountName": "1"}))
    assert after("-H", command) == ["Authorization: Bearer $TOKEN", "VZ-M2M-Token: $SESSION"]
    assert after("-u", words(from_json("GetAccessToken", {}))) == ["$KEY:$SECRET"]


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("ResetPassword", {"oldPassword": "canary"}, '{"oldPassword": "$OLD_PASSWORD"}'),
        (
            "Login",
            {"username": "me", "password": "canary"},
            '{"username": "me", "password": "$PASSWORD"}',
        ),
    ],
)
def test_a_secret_of_the_body_is_a_variable(name: str, fields: dict[str, str], said: str) -> None:
    command = as_curl(from_json(name, fields), HOST)
    assert "canary" not in command
    assert "***" not in command
    (body,) = after("-d", shlex.split(command.replace("\\\n", " ")))
    assert body == said


def test_a_secret_in_a_form_is_a_variable_too() -> None:
    command = as_curl(from_json("RevokeAccessToken", {"token": "canary"}), HOST)
    assert "canary" not in command
    assert '--data-urlencode token="$TOKEN"' in command


def test_text_that_looks_like_a_variable_is_none() -> None:
    fields = {"username": "$HOME", "password": "x"}
    script = as_curl(from_json("Login", fields), HOST).replace("curl", "printf '%s\\n'", 1)
    shell = subprocess.run(
        ["/bin/sh", "-c", script],
        env={**os.environ, "PASSWORD": "let me in", "TOKEN": "t"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert '{"username": "$HOME", "password": "let me in"}' in shell.stdout.splitlines()
    assert "Authorization: Bearer t" in shell.stdout.splitlines()
