"""A request as a curl command, to be repeated by hand; secrets stay variables of the shell."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tsui.thingspace.operation import Needs, Operation

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def as_curl(operation: Operation[Any], base_url: str) -> str:
    """Return the command, in ASCII.

    It wants the variables TOKEN and SESSION, or KEY and SECRET. A secret of the body is a variable
    named after its field, e.g. OLD_PASSWORD; quotes in it are escaped as JSON has them.
    """
    url = base_url + operation.url_path()
    if query := operation.parameters():
        url += "?" + urlencode(query)
    lines = [f"curl -X {operation.method} {shlex.quote(url)}"]
    if operation.needs is Needs.KEY:
        lines.append('-u "$KEY:$SECRET"')
    else:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if operation.needs is Needs.SESSION:
        lines.append('-H "VZ-M2M-Token: $SESSION"')
    return " \\\n  ".join([*lines, *_body(operation)])


def _body(operation: Operation[Any]) -> list[str]:
    body, revealed = operation.body(), operation.body(reveal=True)
    if body is None or revealed is None:
        return []
    secrets = {
        name: f'"${_HUMP.sub("_", name).upper()}"'
        for name, value in body.items()
        if value != revealed[name]
    }
    if operation.form:
        return [
            f"--data-urlencode {shlex.quote(name)}={secrets[name]}"
            if name in secrets
            else f"-d {shlex.quote(urlencode({name: value}))}"
            for name, value in body.items()
        ]
    return ["-H 'Content-Type: application/json'", f"-d {_json(body, secrets)}"]


def _json(body: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
    """Return a JSON object as a word of the shell, variables in the place of secrets."""
    word, text = "", "{"
    for place, (name, value) in enumerate(body.items()):
        text += f"{', ' if place else ''}{json.dumps(name)}: "
        if name in secrets:
            word += shlex.quote(f'{text}"') + secrets[name]
            text = '"'
        else:
            text += json.dumps(value)
    return word + shlex.quote(f"{text}}}")
