"""A request as a curl command, to be repeated by hand; secrets stay variables of the shell."""

import json
import shlex
from typing import Any
from urllib.parse import urlencode

from tsui.thingspace.operation import Needs, Operation


def as_curl(operation: Operation[Any], base_url: str) -> str:
    """Return the command; it wants the variables TOKEN and SESSION, or KEY and SECRET."""
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
    body = operation.body()
    if operation.form:
        lines += [f"--data-urlencode {shlex.quote(f'{k}={v}')}" for k, v in (body or {}).items()]
    elif body is not None:
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}")
    return " \\\n  ".join(lines)
