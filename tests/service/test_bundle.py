"""Evidence bundles: all that is known, nothing that is secret, in the shape that is documented."""

import json
import stat
from pathlib import Path

import pytest

from tests.service.bundling import CODE, PERSONAL, REQUEST_ID, known, secrets
from tests.service.cases import rows, submit, workspace
from tsui.service.bundle.desk import SPANS, Wish
from tsui.service.bundle.shape import Bundle
from tsui.service.kinds import ACCOUNT
from tsui.service.verdict.telling import as_data
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState, Intent, Target


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.05)


@pytest.mark.parametrize("masked", [True, False])
async def test_no_secret_is_in_it_and_personal_data_only_if_wanted(
    simulator: Running, tmp_path: Path, masked: bool
) -> None:
    async with known(simulator, tmp_path) as (made, device):
        bundle = await made.desks.bundles.of_device(device, Wish("31d", masked))
        hidden = secrets(made, simulator)
    for text in bundle.texts.values():
        assert not [each for each in hidden if each in text]
        told = [each for each in PERSONAL if each.casefold() in text.casefold()]
        assert bool(told) is not masked, told
        assert device.iccid in text, "identifiers are what a ticket is about"
        assert REQUEST_ID in text
        assert CODE in text


async def test_it_tells_what_is_known_by_whom_and_what_is_not(
    simulator: Running, tmp_path: Path
) -> None:
    async with known(simulator, tmp_path) as (made, device):
        bundle = (await made.desks.bundles.of_device(device, Wish("31d"))).bundle
    assert bundle.device is not None
    assert bundle.device.ids["iccid"] == device.iccid
    assert bundle.verdict is not None
    assert (bundle.verdict.verdict, bundle.verdict.cause is not None) == ("STOP", True)
    assert {"connection", "provisioning", "request", "callback"} <= {
        each.kind for each in bundle.timeline
    }
    assert [each.at for each in bundle.timeline] == sorted(each.at for each in bundle.timeline)
    callback = next(each for each in bundle.timeline if each.kind == "callback")
    assert (callback.code, callback.request_id) == ("A.B.C", REQUEST_ID)
    assert "Refused." in callback.detail, "the carrier's own words"
    assert any(each.what.startswith("mismatch list since") and each.why for each in bundle.unknown)
    assert bundle.clock.platform_ahead_seconds is not None
    assert any("/devices/actions/list" in each.path for each in bundle.calls)


async def test_the_json_is_of_the_documented_shape(simulator: Running, tmp_path: Path) -> None:
    async with known(simulator, tmp_path) as (made, device):
        made_of_device = await made.desks.bundles.of_device(device, Wish())
        change = (await made.changes_of(device.key))[0]
        made_of_change = await made.desks.bundles.of_change(change, Wish())
        verdict = as_data(await made.desks.verdicts.on(device))
    for each in (made_of_device, made_of_change):
        data = json.loads(each.json)
        assert (data["format"], data["version"]) == ("tsui-evidence", 1)
        assert Bundle.model_validate(data).model_dump() == data
        assert each.json.isascii(), "a terminal may show the file"
    told = json.loads(made_of_device.json)["verdict"]
    assert set(verdict) - set(told) == {"missing", "evidence"}, "they are among what is unknown"


async def test_a_span_tells_only_of_its_time(simulator: Running, tmp_path: Path) -> None:
    async with known(simulator, tmp_path) as (made, device):
        counts = []
        for span in SPANS:
            bundle = (await made.desks.bundles.of_device(device, Wish(span))).bundle
            assert all(each.at >= bundle.span.since for each in bundle.timeline)
            counts.append(len(bundle.timeline))
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


async def test_it_is_made_without_a_network(simulator: Running, tmp_path: Path) -> None:
    async with known(simulator, tmp_path) as (made, device):
        before = (await made.desks.bundles.of_device(device, Wish())).bundle
    asked = len(simulator.world.log)
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        after = (await made.desks.bundles.of_device(device, Wish())).bundle
    assert len(simulator.world.log) == asked
    assert len(after.timeline) == len(before.timeline)
    assert (after.clock.platform_ahead_seconds, after.calls) == (None, [])


async def test_a_call_that_was_refused_is_told_with_the_carriers_own_words(
    simulator: Running, tmp_path: Path
) -> None:
    async with known(simulator, tmp_path) as (made, device):
        said = {"errorCode": "REQUEST_FAILED.Odd", "errorMessage": f"Not for {PERSONAL[0]} today.",
                "city": "Nowhere"}  # fmt: skip
        simulator.world.faults.append(Fault("status", "/history/", times=-1, status=400, body=said))
        await made.desks.verdicts.read(device)
        bundle = (await made.desks.bundles.of_device(device, Wish())).bundle
    refused = next(each for each in bundle.calls if each.status == 400)
    assert json.loads(refused.received)["errorCode"] == "REQUEST_FAILED.Odd"
    assert "Not for (masked) today." in refused.received
    assert "Nowhere" not in refused.received, "masked by its name"
    about = next(each for each in bundle.unknown if each.what.startswith("provisioning history"))
    assert "REQUEST_FAILED.Odd" in about.why


async def test_a_request_is_told_with_its_device(simulator: Running, tmp_path: Path) -> None:
    async with known(simulator, tmp_path) as (made, device):
        change = (await made.changes_of(device.key))[0]
        bundle = (await made.desks.bundles.of_change(change, Wish())).bundle
    assert bundle.request is not None
    assert (bundle.request.request_id, bundle.request.code) == (REQUEST_ID, CODE)
    assert bundle.request.body["customFieldsToUpdate"][0]["value"] == "(masked)"
    assert bundle.device is not None
    assert bundle.subject.startswith(f"request {change.request} (Activate) of ICCID")


async def test_an_outcome_that_is_awaited_is_not_known(simulator: Running, tmp_path: Path) -> None:
    simulator.world.settings.delay = 3600.0
    async with workspace(simulator, tmp_path) as made:
        device = next(row for row in await rows(made) if row.state == "active")
        await submit(made, [device])
        await made.finish_sending()
        change = (await made.changes_of(device.key))[0]
        bundle = (await made.desks.bundles.of_device(device, Wish())).bundle
    assert change.state is ChangeState.ACCEPTED
    awaited = [each for each in bundle.unknown if change.request_id in each.what]
    assert [each.why for each in awaited] == ["it is accepted"]


async def test_files_are_whole_and_for_their_owner_only(simulator: Running, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    async with known(simulator, tmp_path) as (made, device):
        bundle = await made.desks.bundles.of_device(device, Wish())
        paths = await made.desks.bundles.keep(bundle, folder)
        again = await made.desks.bundles.keep(bundle, folder)
    assert paths == again
    assert sorted(folder.iterdir()) == sorted(paths), "nothing else is left"
    assert [each.suffix for each in paths] == [".md", ".json"]
    for path, text in zip(paths, bundle.texts.values(), strict=True):
        assert path.read_text() == text
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.name.startswith(f"tsui-evidence-{device.iccid}-")


async def test_a_request_of_no_device_is_told_without_one(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        target = Target("account:x", ACCOUNT, made.account, {})
        intent = Intent("b", "h", made.account, "me", "AddGroup", "Add group", {}, [target])
        await made._store.journal.intend(intent, owner="me", at=made.clock.now().timestamp())
        (change,) = await made.change_window(0, 1)
        bundle = await made.desks.bundles.of_change(change, Wish())
        paths = await made.desks.bundles.keep(bundle, tmp_path / "out")
    assert (bundle.bundle.device, bundle.bundle.verdict) == (None, None)
    assert bundle.bundle.subject == f"request {change.request} (Add group) of the account"
    assert [each.kind for each in bundle.bundle.timeline] == ["request"]
    assert paths[0].name.startswith(f"tsui-evidence-request-{change.request}-")
