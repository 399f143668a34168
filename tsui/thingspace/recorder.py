"""Recording: what is kept of an exchange in the trace, once the secrets are out of it."""

import json
from typing import Any
from urllib.parse import urlencode

from pydantic_core import from_json

from tsui.thingspace.errors import Rejected, ThingSpaceError
from tsui.thingspace.exchange import Attempt
from tsui.thingspace.redact import Redactor
from tsui.thingspace.trace import Call, Trace

_KEPT_OF_BODY = 16 * 1024
_KEPT_OF_FRAGMENT = 300


class Recorder:
    """Writes attempts into a trace, and onto its tape while there is one."""

    def __init__(self, trace: Trace, redactor: Redactor) -> None:
        self._trace = trace
        self._redactor = redactor

    def record(self, attempt: Attempt, ended: float) -> None:
        """Write an attempt that ended at a monotonic time into the trace."""
        request = attempt.request
        path = request.path + (f"?{urlencode(request.query)}" if request.query else "")
        self._trace.add(
            Call(
                at=attempt.at,
                operation=attempt.title,
                method=request.method,
                path=self._redactor.text(path),
                attempt=attempt.number,
                seconds=ended - attempt.began,
                status=attempt.status,
                sent=self._readable(request.body or b""),
                received=self._readable(attempt.received),
                size=len(attempt.received),
                error=attempt.trouble,
                name=attempt.name,
                call=attempt.call,
            )
        )
        if (tape := self._trace.tape) is not None:
            tape.put(attempt, self._redactor, ended - attempt.began)

    def decided(self, call: int, attempt: int, why: str) -> None:
        """Write down what was decided after an attempt that failed."""
        self._trace.decide(call, attempt, why)
        if (tape := self._trace.tape) is not None:
            tape.decided(call, attempt, why)

    def scrub(self, error: ThingSpaceError) -> None:
        """Take secrets out of what the other side said: it may have echoed the request."""
        error.excerpt = self._fragment(error.excerpt)
        error.code = self._redactor.text(error.code)
        error.problem = self._redactor.text(error.problem)
        error.args = (error.problem,)
        if isinstance(error, Rejected):
            error.message = self._redactor.fragment(error.message)

    def _readable(self, body: bytes) -> str:
        if len(body) > _KEPT_OF_BODY:
            return f"{len(body):,} bytes, not kept"
        try:
            value: Any = from_json(body)
        except ValueError:
            return self._fragment(body.decode("utf-8", "replace"))
        return json.dumps(self._redactor.value(value), ensure_ascii=False)

    def _fragment(self, text: str) -> str:
        """Cut behind the redaction: half a secret would not be recognised."""
        return self._redactor.fragment(text)[:_KEPT_OF_FRAGMENT]
