"""The filter of notices against a plain model, and what it says of a bad one."""

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.service.notices.cases import ACCOUNT
from tsui.service.notices.filter import BadFilter, read
from tsui.store.mutes import Mute
from tsui.store.notices import Draft, Notice, NoticeQuery, Severity, Way
from tsui.store.store import Store

NOW = 100_000.0
KINDS = ("trigger", "resume", "promo")
SOURCES = ("AlertService", "seen at sync")
DEVICES = ("iccid:89141", "iccid:89142", "")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "store")
    await made.open()
    yield made
    await made.close()


def _age(hours: float) -> Callable[[Notice], bool]:
    return lambda each: each.at >= NOW - hours * 3600.0


MODEL: dict[str, Callable[[Notice], bool]] = {
    "severity:info": lambda each: each.severity >= Severity.INFO,
    "severity:warn": lambda each: each.severity >= Severity.WARNING,
    "severity:alarm": lambda each: each.severity is Severity.ALARM,
    "kind:promo": lambda each: each.kind == "promo",
    "-kind:promo": lambda each: each.kind != "promo",
    "device:9142": lambda each: "89142" in each.device,
    "source:sync": lambda each: each.source == "seen at sync",
    "is:new": lambda each: each.acked_at is None,
    "is:acked": lambda each: each.acked_at is not None,
    "-is:acked": lambda each: each.acked_at is None,
    "is:muted": lambda each: each.muted > Way.NOT,
    "-is:muted": lambda each: each.muted is Way.NOT,
    "since:2h": _age(2),
    "since:30m": _age(0.5),
    "RED": lambda each: "red" in each.sentence,
    "-red": lambda each: "red" not in each.sentence,
    '"is blue"': lambda each: "is blue" in each.sentence,
}


def _drafts(draw: random.Random) -> list[Draft]:
    return [
        Draft(
            f"test:{number}", NOW - draw.random() * 4 * 3600, draw.choice(list(Severity)),
            draw.choice(KINDS), f"It is {draw.choice(('red', 'blue'))}.", draw.choice(SOURCES),
            account=ACCOUNT, device=draw.choice(DEVICES),
            groups=draw.choice(("West", "West, East", "Westend")),
        )
        for number in range(120)
    ]  # fmt: skip


async def test_a_filter_finds_what_a_plain_model_finds(store: Store) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    draw = random.Random(seed)
    made = await store.notices.keep(_drafts(draw))
    await store.notices.acknowledge(draw.sample(made, 40), NOW, "ann", "seen")
    mutes = store.notices.mutes
    await mutes.add(Mute(Way.HIDE, NOW + 1, ACCOUNT, kind="resume", device="iccid:89141"))
    await mutes.add(Mute(Way.SILENCE, NOW + 1, ACCOUNT, members="East"))
    await mutes.add(Mute(Way.HIDE, NOW - 1, ACCOUNT))
    everything = NoticeQuery(ACCOUNT, now=NOW, muted=(Way.NOT, Way.HIDE))
    all_of_them = await store.notices.window(everything, 0, 1000)
    assert {each.muted for each in all_of_them} == {Way.NOT, Way.SILENCE, Way.HIDE}
    for _ in range(60):
        words = draw.sample(list(MODEL), draw.randrange(4))
        if len([each for each in words if each.split(":")[0].strip("-") == "is"]) > 1:
            continue
        if len([each for each in words if each.startswith(("since", "severity"))]) > 1:
            continue
        is_asked = "is:muted" in words
        wanted = [
            each.id
            for each in all_of_them
            if all(MODEL[word](each) for word in words) and (is_asked or each.muted is not Way.HIDE)
        ]
        query = read(" ".join(words)).at(ACCOUNT, NOW)
        assert await store.notices.ids(query) == wanted, words
        assert await store.notices.count(query) == len(wanted), words


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("severity:bad", "severity: knows info, warning, alarm, not bad"),
        ("since:yesterday", "since: takes 30m, 2h, 3d or 1w, not yesterday"),
        ("is:old", "is: knows new, acked, muted, not old"),
        ("kind:", "kind: needs a value"),
        ("-since:2h", "since: cannot be negated"),
        ('"open', "a quotation mark is not closed"),
    ],
)
def test_a_bad_filter_says_why(text: str, why: str) -> None:
    with pytest.raises(BadFilter, match=why):
        read(text)


def test_what_is_no_field_is_a_word() -> None:
    assert read("http://x a:b -").query.words == ("http://x", "a:b", "-")
