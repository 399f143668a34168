"""A request as a curl command, to be repeated by hand; secrets stay variables of the shell."""

import json
import re
import secrets
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from tsui.service.operations import class_of
from tsui.thingspace.operation import Needs, Operation
from tsui.thingspace.redact import HIDDEN
from tsui.thingspace.trace import Call

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ODD = re.compile(r"\W", re.ASCII)
_FENCE = secrets.token_hex(16)
"""Stands around the name of a variable until the shell's quotes are set; nobody can guess it."""
_MARK = re.compile(rf"{_FENCE}(\w+?){_FENCE}")


class NoCurl(Exception):
    """A request of which too little was kept to repeat it; the text says what is missing."""


class _Request(NamedTuple):
    method: str
    url: str
    needs: Needs
    is_form: bool
    body: Mapping[str, Any] | None
    """The body; secrets in it are marked by names of variables."""


def as_curl(operation: Operation[Any], base_url: str) -> str:
    """Return the command, in ASCII.

    It wants the variables TOKEN and SESSION, or KEY and SECRET. A secret of the body is a variable
    named after its field, e.g. OLD_PASSWORD; quotes in it are escaped as JSON has them.
    """
    url = base_url + operation.url_path()
    if query := operation.parameters():
        url += "?" + urlencode(query)
    body, revealed = operation.body(), operation.body(reveal=True)
    if body is not None and revealed is not None:
        body = {
            name: value if value == revealed[name] else _marked(name)
            for name, value in body.items()
        }
    return _command(_Request(operation.method, url, operation.needs, operation.form, body))


def call_as_curl(call: Call, base_url: str) -> str:
    """Return the command that repeats a call that was made; raises NoCurl.

    Whatever was hidden of it is a variable of the shell.
    """
    kind = class_of(call.name)
    needs = kind.needs if kind else Needs.SESSION
    is_form = bool(kind and kind.form)
    url = base_url + call.path.replace(quote(HIDDEN), _marked("secret")).replace(
        HIDDEN, _marked("secret")
    )
    return _command(_Request(call.method, url, needs, is_form, _kept_body(call, is_form=is_form)))


def _kept_body(call: Call, *, is_form: bool) -> Mapping[str, Any] | None:
    if not call.sent:
        return None
    if is_form:
        return {name: value.replace(HIDDEN, _marked(name)) for name, value in parse_qsl(call.sent)}
    try:
        body = json.loads(call.sent)
    except ValueError:
        raise NoCurl("Its body was too large to keep, so there is no command.") from None
    if not isinstance(body, Mapping):
        raise NoCurl("Its body is no object, so there is no command.")
    marked: Mapping[str, Any] = _with_marks(body, "")
    return marked


def _with_marks(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return {each: _with_marks(item, str(each)) for each, item in value.items()}
    if isinstance(value, list):
        return [_with_marks(each, name) for each in value]
    return value.replace(HIDDEN, _marked(name)) if isinstance(value, str) else value


def _marked(name: str) -> str:
    variable = _ODD.sub("_", _HUMP.sub("_", name)).upper() or "SECRET"
    return f"{_FENCE}{variable}{_FENCE}"


def _command(request: _Request) -> str:
    lines = [f"curl -X {request.method} {_word(request.url)}"]
    if request.needs is Needs.KEY:
        lines.append('-u "$KEY:$SECRET"')
    else:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if request.needs is Needs.SESSION:
        lines.append('-H "VZ-M2M-Token: $SESSION"')
    return " \\\n  ".join([*lines, *_body(request)])


def _body(request: _Request) -> Iterator[str]:
    if request.body is None:
        return
    if not request.is_form:
        yield "-H 'Content-Type: application/json'"
        yield f"-d {_word(json.dumps(request.body))}"
        return
    for name, value in request.body.items():
        if _MARK.search(str(value)):
            yield f"--data-urlencode {shlex.quote(name)}={_word(str(value))}"
        else:
            yield f"-d {shlex.quote(urlencode({name: value}))}"


def _word(text: str) -> str:
    """Return a text as a word of the shell, variables in the place of marks."""
    parts = _MARK.split(text)
    return "".join(
        f'"${part}"' if place % 2 else shlex.quote(part) if part or len(parts) == 1 else ""
        for place, part in enumerate(parts)
    )
