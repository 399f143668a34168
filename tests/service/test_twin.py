"""Twins: what differs, what is alike, what nobody can say, and whom a device is held against."""

import json
import stat
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.service.cases import rows, touched, workspace
from tsui.service.twin.compare import compare
from tsui.service.twin.model import Comparison, Field, Group, Key, Likeness, Side, Told
from tsui.service.verdict.engine import judge
from tsui.service.verdict.evidence import Evidence, Standing
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.devices import DeviceRow

NOW = 1_800_000_000.0


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60)


def device(number: int) -> DeviceRow:
    iccid = f"8914800000000000000{number}"
    return DeviceRow(
        number, f"iccid:{iccid}", iccid, "", "", "", "active", "p", "g", "", "", "", "", "", "", 1,
        NOW, NOW, NOW,
    )  # fmt: skip


def side(number: int, **told: Told) -> Side:
    fields = {
        Key(Group[name.split("__")[0]], name.split("__")[1]): each for name, each in told.items()
    }
    return Side(device(number), judge(Evidence(NOW)), fields)


def known(text: str, amount: float | None = None) -> Told:
    return Told(text, Standing.KNOWN, NOW, amount=amount)


def likeness(told: Comparison, name: str) -> Likeness:
    return next(each.likeness for each in told.fields if each.key.name == name)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (known("active"), known(" Active "), Likeness.SAME),
        (known("active"), known("suspend"), Likeness.DIFFERENT),
        (known("active"), known(""), Likeness.DIFFERENT),
        (known(""), known(""), Likeness.UNKNOWN),
        (known("active"), Told("", Standing.FAILED, NOW, "no answer"), Likeness.UNKNOWN),
        (Told(), known("active"), Likeness.UNKNOWN),
        (known("60 min", 3600.0), known("80 min", 4800.0), Likeness.SAME),
        (known("60 min", 3600.0), known("100 min", 6000.0), Likeness.DIFFERENT),
        (known("0", 0), known("0", 0), Likeness.SAME),
        (known("0", 0), known("1", 1), Likeness.DIFFERENT),
    ],
)
def test_a_field_differs_only_if_both_sides_are_known(a: Told, b: Told, expected: Likeness) -> None:
    told = compare(side(1, LINE__x=a), side(2, LINE__x=b), "", NOW)
    assert likeness(told, "x") is expected
    turned = compare(side(2, LINE__x=b), side(1, LINE__x=a), "", NOW)
    assert likeness(turned, "x") is expected, "the order of the two does not count"


@pytest.mark.parametrize(
    "name", ["iccid", "IMEI", "mdn", "msisdn", "min", "imsi", "ipAddress", "DeviceId",
             "CustomField3", "lastActivationDate", "createdAt"],
)  # fmt: skip
def test_what_has_to_differ_is_no_difference(name: str) -> None:
    a, b = side(1, DETAILS__x=known("1")), side(2, DETAILS__x=known("2"))
    key = Key(Group.DETAILS, name)
    told = compare(
        a._replace(fields={key: known("1")}), b._replace(fields={key: known("2")}), "", NOW
    )
    assert [each.likeness for each in told.fields] == [Likeness.OWN]


def test_a_field_that_one_side_lacks_is_as_known_as_its_neighbours() -> None:
    both = {"DIAGNOSTICS__x": known("1")}
    lacking = compare(
        side(1, **both, DIAGNOSTICS__ResumeTime=known("soon")), side(2, **both), "", NOW
    )
    assert likeness(lacking, "ResumeTime") is Likeness.DIFFERENT
    unread = compare(side(1, **both), side(2), "", NOW)
    assert likeness(unread, "x") is Likeness.UNKNOWN


def test_what_both_sources_tell_is_compared_once() -> None:
    told = compare(
        side(1, DIAGNOSTICS__City=known("a"), DETAILS__city=known("a")),
        side(2, DIAGNOSTICS__City=known("b"), DETAILS__city=known("b")), "", NOW,
    )  # fmt: skip
    assert [each.key.group for each in told.fields] == [Group.DIAGNOSTICS]


async def test_a_sick_device_differs_in_what_makes_it_sick(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with workspace(simulator, tmp_path) as made:
        sick = next(row for row in await rows(made) if row.iccid == iccid)
        well = next(row for row in await rows(made) if row.connected and row.id != sick.id)
        before = await made.desks.twins.compare(sick, well)
        assert {each.key.group for each in before.of(Likeness.UNKNOWN)} >= {
            Group.SESSIONS, Group.USAGE, Group.PROVISIONING,
        }  # fmt: skip
        why = next(each for each in before.fields if each.key.name == "Why offline")
        assert why.likeness is Likeness.UNKNOWN, "nobody can say by what is not read"
        assert "cannot be told" in why.a.trouble
        for each in (sick, well):
            await made.desks.verdicts.read(each)
        told = await made.desks.twins.compare(sick, well)
    differing = [each.key for each in told.of(Likeness.DIFFERENT)]
    assert differing[0].group is Group.VERDICT, "what tells most comes first"
    assert Key(Group.LINE, "State") in differing
    assert Key(Group.PROVISIONING, "Last change") in differing
    assert not [each for each in told.fields if each.key.name == "extendedAttributes"]
    for field in (*told.of(Likeness.SAME), *told.of(Likeness.DIFFERENT)):
        assert field.a.read_at
        assert field.b.read_at
    assert _of(told, "Median gap").a.text


def _of(told: Comparison, name: str) -> Field:
    return next(each for each in told.fields if each.key.name == name)


async def test_candidates_share_much_and_say_by_what_they_are_offered(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        every = await rows(made)
        for mine in every[:12]:
            found = await made.desks.twins.candidates(mine)
            assert mine.id not in [each.device.id for each in found]
            assert all(each.device.state == "active" for each in found)
            assert len({each.device.id for each in found}) == len(found)
            for each in found:
                assert each.basis.startswith("same ")
                assert ("model" in each.basis) == (each.device.imei[:8] == mine.imei[:8])
                assert ("plan" in each.basis) == (each.device.plan == mine.plan)
                assert ("group" in each.basis) == (each.device.groups == mine.groups)
                assert ("connected" in each.basis) == bool(each.device.connected)
                assert "healthy" not in each.basis
            shared = [each.basis.partition(";")[0].count("+") for each in found]
            assert shared == sorted(shared, reverse=True)
        assert any([await made.desks.twins.candidates(each) for each in every[:12]])


async def test_an_export_is_for_its_owner_and_no_name_bends_it(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        a, b = (await rows(made))[:2]
        touched(simulator, a).group = "| x |\n# heading\n<b>[l](http://e.example)"
        await made.desks.verdicts.read(a)
        told = await made.desks.twins.compare(a, b)
        paths = await made.desks.twins.keep(told, tmp_path / "out")
    assert {stat.S_IMODE(each.stat().st_mode) for each in paths} == {0o600}
    tokens = MarkdownIt("commonmark").enable("table").parse(paths[0].read_text())
    assert [each.type for each in tokens].count("heading_open") == 1 + len(Likeness)
    assert not [each for each in tokens if each.type == "html_block"]
    assert not [c for each in tokens for c in each.children or () if "link" in c.type]
    assert "\\# heading" in paths[0].read_text()
    data = json.loads(paths[1].read_text())
    assert (data["format"], data["version"]) == ("tsui-twin", 1)
    assert len(data["fields"]) == len(told.fields)
