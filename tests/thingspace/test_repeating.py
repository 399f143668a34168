"""Why a call was attempted again, or not: the trace says what the policy decided."""

from tests.thingspace.cases import Poke, client_of, failure, resets, says, wire
from tsui.thingspace.account import GetAccount
from tsui.thingspace.client import Client
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.policy import Policy

READ = GetAccount(account_name="1")
TOKENS = (
    says(b'{"access_token": "bearer-of-mine", "expires_in": 3600}'),
    says(b'{"sessionToken": "session-of-mine"}'),
)


def reasons(client: Client) -> list[str]:
    return [call.why for call in client.trace if call.why]


async def test_a_read_is_tried_again_and_the_reason_is_told() -> None:
    async with (
        wire(*TOKENS, says(b"", 503), says(b"", 429, {"Retry-After": "2"}), says(b"{}")) as server,
        client_of(server.url) as client,
    ):
        changes: list[int] = []
        client.trace.on_change = lambda: changes.append(1)
        await client.send(READ)
        first, second = reasons(client)
        assert first.startswith("Tried again after ")
        assert second.startswith("Tried again after 2.")
        assert second.endswith(", as ThingSpace asks.")
        assert [call.call for call in client.trace][-3:] == [[*client.trace][-1].call] * 3
        assert len(changes) == len(client.trace) + 2


async def test_a_change_of_unknown_end_is_not_sent_again() -> None:
    async with wire(resets) as server, client_of(server.url) as client:
        await failure(client.send(Poke()))
        assert reasons(client) == [
            "Not tried again: it may have been done, and a change is never sent twice blindly."
        ]


async def test_the_last_attempt_says_that_it_is_the_last() -> None:
    policy = Policy(read_attempts=2)
    async with (
        wire(*TOKENS, says(b"", 503)) as server,
        client_of(server.url, policy=policy) as client,
    ):
        assert isinstance(await failure(client.send(READ)), ThingSpaceError)
        assert reasons(client)[1] == "Not tried again: 2 attempts are the most that are made."


async def test_a_refusal_is_final() -> None:
    refused = says(b'{"errorCode": "A.B", "errorMessage": "no"}', 400)
    async with wire(*TOKENS, refused) as server, client_of(server.url) as client:
        await failure(client.send(READ))
        assert reasons(client) == ["Not tried again: the answer is final."]


async def test_a_longer_silence_than_a_call_waits_is_told() -> None:
    busy = says(b"", 429, {"Retry-After": "300"})
    async with wire(*TOKENS, busy) as server, client_of(server.url) as client:
        await failure(client.send(READ))
        assert reasons(client) == [
            "Not tried again: ThingSpace asks for 300 s of silence, which is too long to wait for."
        ]
        assert client.standing.silent_for > 200


async def test_a_token_that_is_not_accepted_is_renewed_once() -> None:
    fault = says(b'{"fault": {"code": "900901"}}', 401)
    script = (*TOKENS, fault, TOKENS[0], fault)
    async with wire(*script) as server, client_of(server.url) as client:
        await failure(client.send(READ))
        assert reasons(client) == [
            "Tried again with a new token.", "Not tried again: a new token is no help.",
        ]  # fmt: skip


async def test_the_standing_tells_how_long_the_tokens_live() -> None:
    async with wire(*TOKENS, says(b"{}")) as server, client_of(server.url) as client:
        assert client.standing.token_ends_in < 0
        assert client.standing.session_ends_in < 0
        await client.send(READ)
        standing = client.standing
        assert 3500 < standing.token_ends_in <= 3600
        assert standing.session_ends_in > 1000
        assert (standing.rate, standing.retries_left, standing.is_cut_off) == (10.0, 500, False)
