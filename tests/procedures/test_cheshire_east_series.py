"""Cheshire East: who serves the meetings of North and South, and what each sees and records."""

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import DECIDED, NORTH, SOUTH, EastCase
from service import Api

pytestmark = [on_one_store, pytest.mark.usefixtures("cheshire_east")]

OF_NORTH = ("ce.chair", "ce.checs.manager", "ce.admin.north", "ce.health.north")
OF_SOUTH_ALONE = ("ce.admin.south", "ce.health.south")


async def listed(api: Api, person: str, **filters: str) -> list[str]:
    """The transfers in somebody's list."""
    answer = await api.as_(person).get("/v1/transfers", **filters)
    assert answer.status_code == 200, answer.text
    return [line["id"] for line in answer.json()["items"]]


async def test_h14_a_case_for_north_is_seen_by_who_serves_north_and_not_by_who_serves_south(
    api: Api,
) -> None:
    case = await EastCase.stuck(api)
    before = [person for person in OF_NORTH + OF_SOUTH_ALONE if await case.seen_by(person)]

    await case.submit_to_meeting("ce.lead", "north", NORTH)

    assert before == []
    for person in OF_NORTH:
        assert await case.seen_by(person)
        assert await listed(api, person, stage="draft") == [case.view["id"]]
    for person in OF_SOUTH_ALONE:
        assert not await case.seen_by(person)
        assert await listed(api, person) == []


@pytest.mark.long
@pytest.mark.parametrize("of_it", ["/history", "/custody", "/deliveries", "/checklist"])
async def test_h14_all_of_a_case_is_the_series_own_and_none_of_it_another_s(
    api: Api, of_it: str
) -> None:
    case = await EastCase.brought(api)

    answers = {
        person: (await api.as_(person).get(case.path + of_it)).status_code
        for person in OF_NORTH + OF_SOUTH_ALONE
    }

    assert answers == dict.fromkeys(OF_NORTH, 200) | dict.fromkeys(OF_SOUTH_ALONE, 404)


@pytest.mark.long
async def test_a_case_that_goes_to_south_is_north_s_no_more(api: Api) -> None:
    case = await EastCase.brought(api)

    await case.submit_to_meeting("ce.lead", "south", SOUTH)

    assert [p for p in OF_NORTH + OF_SOUTH_ALONE if await case.seen_by(p)] == [
        "ce.chair",
        "ce.checs.manager",
        *OF_SOUTH_ALONE,
    ]
    assert await listed(api, "ce.admin.north") == []
    assert await listed(api, "ce.admin.south") == [case.view["id"]]


@pytest.mark.long
async def test_a_series_goes_on_seeing_what_it_decided_once_it_is_sent(api: Api) -> None:
    case = await EastCase.referred(api)

    counted = (await api.as_("ce.health.north").get("/v1/transfers/counts")).json()

    assert [p for p in OF_NORTH + OF_SOUTH_ALONE if await case.seen_by(p)] == list(OF_NORTH)
    assert case.stage == "dispatched"
    assert counted["transfers"] == 1


@pytest.mark.long
async def test_clocks_of_a_team_are_shown_to_a_series_of_the_cases_it_sees(api: Api) -> None:
    case = await EastCase.stuck(api)
    await case.submit_to_meeting("ce.lead", "north", NORTH)

    async def of_north_s_team(person: str) -> set[str]:
        answer = await api.as_(person).get("/v1/clocks", team="ce-cefs-north")
        return {clock["transfer"] for clock in answer.json()["items"]}

    assert await of_north_s_team("ce.admin.north") == {case.view["id"]}
    assert await of_north_s_team("ce.admin.south") == set()


@pytest.mark.long
@pytest.mark.parametrize("by", ["ce.chair", "ce.checs.manager", "ce.admin.north"])
async def test_ce_m13_chair_deputy_and_admin_record_what_north_decided(api: Api, by: str) -> None:
    case = await EastCase.brought(api)
    case.at(DECIDED)

    await case.record(by, "meeting_decided", outcome="agreed", note="Three worries stand.")

    (mark,) = [m for m in case.view["milestones"] if m["name"] == "meeting_decided"]
    assert (mark["by"], mark["outcome"]) == (by, "agreed")


@pytest.mark.long
async def test_ce_m13_a_member_reads_and_records_nothing(api: Api) -> None:
    case = await EastCase.brought(api)
    case.at(DECIDED)
    member = api.as_("ce.health.north")
    shown = (await member.get(case.path + "/checklist")).json()

    for name in ("papers_sent", "agenda_circulated", "outcomes_circulated"):
        await case.not_for("ce.health.north", name)
    await case.not_for("ce.health.north", "meeting_decided", outcome="agreed")
    for action, body in (
        ("submit-to-meeting", {"series": "north", "starts_at": NORTH.isoformat()}),
        ("finalise", None),
        ("cancel", {"reason": "entered_in_error", "comment": "A mistake"}),
    ):
        await case.forbidden("ce.health.north", action, body)

    assert {line["why_not"] for line in shown["available_actions"]} == {"not-permitted"}


@pytest.mark.long
async def test_i_read_which_series_i_belong_to(api: Api) -> None:
    me = (await api.as_("ce.checs.manager").get("/v1/me")).json()

    assert me["memberships"] == [
        {"role": "deputy_chair", "team": None, "meeting": "north", "delegated_by": []},
        {"role": "deputy_chair", "team": None, "meeting": "south", "delegated_by": []},
        {"role": "team_manager", "team": "ce-checs", "meeting": None, "delegated_by": []},
    ]
