"""Answers that go on: the ``Location`` header of one block names the token of the next."""

from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from tsui.thingspace.operation import Operation
from tsui.thingspace.wire import Reply, RequestText

NextToken = Annotated[RequestText, Field(min_length=1)]
"""The token of the next block; sources disagree on its form, so any text will do."""


class ContinuedReply(Reply):
    """A block of a long answer."""

    has_more_data: bool | None = None
    """Whether another block follows."""
    next_token: Annotated[str | None, Field(alias="next")] = None
    """The token of the next block, put here from the header; None with the last block."""

    def goes_on(self) -> bool:
        """Tell whether another block follows; the token says so where the body does not."""
        return self.next_token is not None if self.has_more_data is None else self.has_more_data


PageT = TypeVar("PageT", bound=ContinuedReply)


class ContinuedOperation(Operation[PageT]):
    """A call that is answered in blocks."""

    query = frozenset({"next_token"})

    next_token: Annotated[NextToken | None, Field(alias="next")] = None
    """The token that came with the block before."""


def with_next(value: Any, location: str) -> Any:
    """Put the token of a ``Location`` header into an answer; the address is never followed."""
    token = _token(location)
    return {**value, "next": token} if token and isinstance(value, dict) else value


def _token(location: str) -> str | None:
    try:
        return parse_qs(urlsplit(location).query).get("next", [None])[0]
    except ValueError:
        return None
