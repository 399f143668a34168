"""The calendar file by the rules of RFC 5545, read by a parser that shares nothing with it."""

import re
from datetime import UTC, datetime

from tsui.service.agenda.ics import calendar
from tsui.service.agenda.model import Agenda, Certainty, Kind, Obligation

NOW = datetime(2028, 2, 28, 12, 0, tzinfo=UTC).timestamp()

Component = dict[str, str]


def parse(text: str) -> tuple[Component, list[Component]]:
    """Unfold and unescape as sections 3.1 and 3.3.11 say; anything else raises."""
    raw = text.encode()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    for piece in raw.split(b"\r\n"):
        piece.decode()  # no character is cut in two
    unfolded = text.replace("\r\n ", "").split("\r\n")[:-1]
    stack: list[Component] = []
    events: list[Component] = []
    whole: Component = {}
    for line in unfolded:
        match = re.fullmatch(r"([A-Z-]+):(.*)", line)
        assert match, line
        name, value = match.groups()
        if name == "BEGIN":
            stack.append({"": value})
        elif name == "END":
            done = stack.pop()
            assert done[""] == value
            if value == "VEVENT":
                events.append(done)
            else:
                whole = done
        else:
            assert name not in stack[-1], f"{name} twice"
            assert not re.search(r"[\x00-\x1f\x7f]", value)
            stack[-1][name] = re.sub(
                r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value
            )
            if name in ("SUMMARY", "DESCRIPTION"):
                assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), "a bare separator"
    assert not stack
    return whole, events


def obligation(subject: str, sentence: str, due: float = NOW + 86_400) -> Obligation:
    return Obligation(
        due, Kind.RESUME, subject, sentence, Certainty.WORKED_OUT, "request 1", ("k",)
    )


def test_it_is_a_calendar_with_all_that_is_needed() -> None:
    guess = Obligation(NOW, Kind.LOGIN, "password", "Change it.", Certainty.GUESS, "advice")
    whole, events = parse(calendar(Agenda(NOW, [obligation("89148", "It ends."), guess], ()), "a"))
    assert whole["VERSION"] == "2.0"
    assert whole["PRODID"]
    first, second = events
    assert first["DTSTART"] == "20280229T120000Z", "a leap day"
    assert first["DTSTAMP"] == "20280228T120000Z"
    assert first["SUMMARY"] == "resume 89148"
    assert first["DESCRIPTION"] == "It ends.\nworked out: request 1\nAccount a"
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "TENTATIVE")
    assert first["UID"] != second["UID"]


def test_hostile_and_long_texts_stay_texts() -> None:
    nasty = 'a,b;c\\d"e\r\nEND:VEVENT\r\nBEGIN:VEVENT\x1b[2J ' + "ünïcødé 漢字 " * 30
    whole, (event,) = parse(calendar(Agenda(NOW, [obligation(nasty, nasty)], ()), nasty))
    assert whole["VERSION"] == "2.0"
    assert "a,b;c\\d" in event["DESCRIPTION"]
    assert "漢字" in event["DESCRIPTION"]
    assert "\x1b" not in event["DESCRIPTION"]


def test_an_event_keeps_its_name_when_its_time_moves() -> None:
    def names(due: float, account: str = "a") -> str:
        return parse(calendar(Agenda(NOW, [obligation("1", "x", due)], ()), account))[1][0]["UID"]

    assert names(NOW + 1) == names(NOW + 9 * 86_400)
    assert names(NOW + 1) != names(NOW + 1, "b")


def test_an_empty_agenda_is_a_calendar_still() -> None:
    whole, events = parse(calendar(Agenda(NOW, [], ()), "a"))
    assert (whole["VERSION"], events) == ("2.0", [])
