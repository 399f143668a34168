"""The desk of the account: what was read, how old it is, what failed, and what is not known."""

from pathlib import Path

from tests.service.cases import rows, workspace
from tests.support.waiting import until
from tsui.service.accounts import catalogue
from tsui.service.accounts.model import Entry, Listing
from tsui.service.failures import NOT_ENTITLED
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.readings import Reading


async def read(made: Workspace, section: str) -> tuple[Listing, str]:
    trouble = await made.desks.account.read(section)
    return await made.desks.account.listing(section), trouble


def named(listing: Listing, name: str) -> Entry:
    return next(each for each in listing.entries if each.name == name)


async def test_plans_tell_how_many_devices_are_on_them(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        listing, trouble = await read(made, "plans")
        assert trouble == ""
        assert listing.read_at is not None
        fleet = [row.plan for row in await rows(made) if row.plan]
        told = {each.name: int(each.cells[1].replace(",", "")) for each in listing.entries}
        assert {name: count for name, count in told.items() if count} == {
            plan: fleet.count(plan) for plan in fleet
        }
        assert named(listing, "M2M5MB").cells[2]


def test_a_plan_that_the_list_lacks_is_shown_with_its_devices() -> None:
    known = [{"code": "A", "name": "Small", "size_kb": 0}, {"code": "B", "size_kb": 25600}]
    found = catalogue.plans(known, [("A", 3), ("GONE", 2), ("", 9)])
    assert [each.cells[:2] for each in found] == [("A", "3"), ("B", "0"), ("GONE", "2")]
    assert found[0].cells[3] == "not told"
    assert found[1].cells[3] == "26 MB"
    assert "not in" in found[2].cells[2]


def test_a_device_in_two_groups_counts_for_both() -> None:
    known = [{"name": "a", "description": "x"}, {"name": "b", "is_default": True}]
    found = catalogue.groups(known, [("a", 2), ("a, b", 3), ("", 1)])
    assert [each.cells for each in found] == [("a", "5", "x", ""), ("b", "3", "", "default")]


async def test_groups_services_skus_and_the_account_itself_are_read(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        groups, _ = await read(made, "groups")
        assert "default" in [each.cells[3] for each in groups.entries]
        services, trouble = await read(made, "services")
        assert (trouble, bool(services.entries)) == ("", True)
        skus, trouble = await read(made, "skus")
        assert (trouble, bool(skus.entries)) == ("", True)
        about, trouble = await read(made, "about")
        assert trouble == ""
        assert named(about, "Account").cells[1] == made.account
        assert "entitled" in named(about, "Custom services").cells[1]
        assert "nobody asked" in named(about, "Billed usage").cells[1]


async def test_leads_are_read_block_by_block_to_the_last(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.lead_page = 2
    async with workspace(simulator, tmp_path, synced=False) as made:
        listing, trouble = await read(made, "leads")
        assert trouble == ""
        assert len(listing.entries) > 2
        assert len({each.name for each in listing.entries}) == len(listing.entries)
        before = listing
        simulator.world.faults.append(Fault("html", "/leads", times=-1))
        listing, trouble = await read(made, "leads")
        assert trouble == listing.trouble
        assert listing.entries == before.entries
        assert listing.read_at == before.read_at


async def test_an_empty_answer_is_told_from_one_that_never_came(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        never = await made.desks.account.listing("listeners")
        assert (never.read_at, never.tried_at, never.entries) == (None, None, [])
        listing, trouble = await read(made, "listeners")
        assert trouble == ""
        assert listing.entries == []
        assert listing.read_at is not None


async def test_a_read_that_failed_says_so_and_what_was_known_stays_with_its_age(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        before, _ = await read(made, "services")
        simulator.world.faults.append(Fault("html", "/stateandservices", times=-1))
        after, said = await read(made, "services")
        assert said
        assert after.trouble == said
        assert after.entries == before.entries
        assert after.read_at == before.read_at


async def test_what_never_could_be_read_says_why(simulator: Running, tmp_path: Path) -> None:
    simulator.world.faults.append(Fault("html", "/plans", times=-1))
    async with workspace(simulator, tmp_path, synced=False) as made:

        async def tried() -> bool:
            return bool((await made.desks.account.listing("plans")).trouble)

        await until(tried, what="the failure")
        listing = await made.desks.account.listing("plans")
        assert "web page" in listing.trouble
        assert listing.read_at is None


def test_rights_are_proven_denied_failed_or_not_known() -> None:
    found = {
        each.name: each
        for each in catalogue.rights(
            {
                "ListSkus": Reading([], 5.0, 5.0, ""),
                "ListLeads": Reading(None, None, 6.0, f"{NOT_ENTITLED}No such right."),
                "ListTriggers": Reading(None, None, 7.0, "The network is down."),
            }
        )
    }
    assert found["SKUs (Open Development)"].cells[1].startswith("entitled")
    assert found["SKUs (Open Development)"].at == 5.0
    assert found["Leads"].cells[1] == "not entitled. No such right."
    assert found["Triggers"].cells[1] == "not known: The network is down."
    assert found["Location service"].cells[1] == "not known: nobody asked yet"


def test_answers_of_other_shapes_give_no_records() -> None:
    for odd in (None, [], {}, "x", [1, None], {"engagement": "x"}, {"leads": {"a": 1}}):
        for understand in (
            catalogue.services, catalogue.leads, catalogue.skus, catalogue.listeners,
        ):  # fmt: skip
            assert understand(odd) == []
        assert catalogue.plans(odd, []) == catalogue.groups(odd, []) == []
