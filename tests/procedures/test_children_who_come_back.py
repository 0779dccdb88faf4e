"""Re-referrals over HTTP: a child whom Rochdale stepped down is stepped up again in the year."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from procedures.case import Body, on_one_store
from procedures.rochdale_forms import (
    HANDED_OVER,
    LEAD,
    NURSE,
    STATEMENTS,
    STEP_DOWN,
    STEP_UP,
    TEAM_MANAGER,
    RochdaleCase,
)
from service import Api, Person

from app.domain.people import Role
from app.store.directory import DatedMembership, save_person
from app.store.directory import Person as Listed

pytestmark = [on_one_store, pytest.mark.long]
LAST_DAY = datetime(2027, 11, 13, 23, 59, tzinfo=UTC)
"""The step down is completed on 13 November 2026."""
TOO_LATE = datetime(2027, 11, 14, 0, 0, tzinfo=UTC)


def child(name: str) -> Body:
    return {"child_id": name, "name": f"{name} Example", "date_of_birth": "2014-09-21"}


async def stepped_down(api: Api, *children: str, at: datetime = HANDED_OVER) -> RochdaleCase:
    """A step down of these children, completed on 13 November 2026."""
    api.clock.now = at
    body = STEP_DOWN.opening(children=[child(name) for name in children])
    case = await RochdaleCase.opened(api, STEP_DOWN.worker, body)
    case.sides = STEP_DOWN
    await case.record(STEP_DOWN.worker, "meeting_decided", outcome="agreed")
    await case.record(
        STEP_DOWN.worker, "next_meeting_agreed", until=datetime(2026, 12, 8, 15, tzinfo=UTC)
    )
    await case.act(STEP_DOWN.worker, "team-around-the-family", NURSE)
    await case.send()
    await case.pick_up(STEP_DOWN.receiver)
    await case.start(STEP_DOWN.receiving_manager)
    await case.hand_over(at)
    await case.close(TEAM_MANAGER)
    assert case.stage == "completed"
    return case


async def came_back(api: Api, at: datetime, *children: str, by: str = LEAD) -> RochdaleCase:
    """A step up of these children that is opened then."""
    api.clock.now = at
    body = STEP_UP.opening(children=[child(name) for name in children])
    case = await RochdaleCase.opened(api, by, body)
    case.sides = STEP_UP
    return case


async def listed(person: Person, **query: Any) -> list[Body]:
    answer = await person.get("/v1/re-referrals", **query)
    assert answer.status_code == 200, answer.text
    found: list[Body] = answer.json()["items"]
    return found


async def test_a_step_up_shows_the_step_down_before_and_what_was_sought_there(
    rochdale: Api,
) -> None:
    down = await stepped_down(rochdale, "ROA", "ROB")

    up = await came_back(rochdale, LAST_DAY, "ROC", "ROB", "ROA")
    await up.act(LEAD, "team-around-the-family", NURSE)

    assert up.view["re_referral"] == {
        "of": down.view["id"],
        "route": "team_around_the_family",
        "completed_on": "2026-11-13",
        "days": 365,
        "children": ["ROB", "ROA"],
        "outcomes_sought": STATEMENTS["outcomes_wanted"],
        "review_outcome": None,
    }
    assert (await rochdale.as_(LEAD).get(up.path)).json()["re_referral"] == up.view["re_referral"]
    history = (await rochdale.as_(LEAD).get(f"{up.path}/history")).json()
    assert [event["codes"] for event in history if event["action"] == "open"] == [["re_referral"]]


@pytest.mark.parametrize(
    ("at", "children", "again"),
    [
        (LAST_DAY, ["ROA"], True),
        (TOO_LATE, ["ROA"], False),
        (HANDED_OVER, ["ROA"], True),
        (LAST_DAY, ["ROX"], False),
    ],
    ids=["on the last day", "a day later", "on the same day", "another child"],
)
async def test_a_child_is_watched_for_12_months(
    rochdale: Api, at: datetime, children: list[str], *, again: bool
) -> None:
    await stepped_down(rochdale, "ROA")

    up = await came_back(rochdale, at, *children)

    assert (up.view["re_referral"] is not None) is again
    assert len(await listed(rochdale.as_(LEAD))) == again


async def test_the_latest_step_down_is_meant_and_one_that_was_withdrawn_is_none(
    rochdale: Api,
) -> None:
    await stepped_down(rochdale, "ROA")
    latest = await stepped_down(rochdale, "ROA", at=HANDED_OVER + timedelta(hours=1))
    withdrawn = await RochdaleCase.opened(
        rochdale, STEP_DOWN.worker, STEP_DOWN.opening(children=[child("ROA")])
    )
    await withdrawn.act(TEAM_MANAGER, "cancel", {"reason": "other", "comment": "Not now."})

    up = await came_back(rochdale, LAST_DAY, "ROA")

    assert up.view["re_referral"]["of"] == latest.view["id"]


async def test_a_step_down_after_a_step_down_is_no_re_referral(rochdale: Api) -> None:
    await stepped_down(rochdale, "ROA")

    again = await stepped_down(rochdale, "ROA")

    assert again.view["re_referral"] is None


async def stranger(api: Api) -> Person:
    """Somebody of a third early help team, who sees what their own team opens."""
    held = DatedMembership("ro.stranger", Role.PRACTITIONER, "ro-taf-heywood", date(2026, 1, 1))
    async with api.store.write() as tx:
        await save_person(tx, Listed("ro.stranger", "rochdale", "S", "ro.stranger"), [held])
    return api.as_("ro.stranger")


async def test_h14_who_may_not_see_the_step_down_learns_its_id_and_no_more(rochdale: Api) -> None:
    down = await stepped_down(rochdale, "ROA")
    rochdale.clock.now = LAST_DAY
    person = await stranger(rochdale)
    body = STEP_UP.opening(children=[child("ROA")], origin_team="ro-taf-heywood")

    opened = await person.post("/v1/transfers", body)

    nothing = {
        "of": down.view["id"], "route": None, "completed_on": None, "days": None, "children": [],
    }  # fmt: skip
    assert opened.json()["re_referral"] == nothing | {
        "outcomes_sought": None,
        "review_outcome": None,
    }
    assert [line["after"] for line in await listed(person)] == [nothing]
    assert (await person.get(down.path)).status_code == 404


async def test_the_list_is_that_of_my_teams_and_of_the_council_for_an_administrator(
    rochdale: Api,
) -> None:
    down = await stepped_down(rochdale, "ROA", "ROB")
    up = await came_back(rochdale, LAST_DAY, "ROB")
    line = {
        "transfer": up.view["id"],
        "route": "team_around_the_family",
        "opened_at": LAST_DAY.isoformat(),
        "after": {
            "of": down.view["id"],
            "route": "team_around_the_family",
            "completed_on": "2026-11-13",
            "days": 365,
            "children": ["ROB"],
        },
    }

    found = {who: await listed(rochdale.as_(who)) for who in (LEAD, TEAM_MANAGER, "ro.systems")} | {
        "stranger": await listed(await stranger(rochdale))
    }

    assert found == {LEAD: [line], TEAM_MANAGER: [], "ro.systems": [line], "stranger": []}


async def test_the_list_is_of_london_days_both_included_newest_first_and_in_pages(
    rochdale: Api,
) -> None:
    await stepped_down(rochdale, "ROA", "ROB", "ROC")
    days = [datetime(2027, 6, day, 23, 30, tzinfo=UTC) for day in (1, 1, 3)]
    ups = [
        (await came_back(rochdale, at, name)).view["id"]
        for at, name in zip(days, ("ROA", "ROB", "ROC"), strict=True)
    ]
    person = rochdale.as_("ro.systems")

    whole = [line["transfer"] for line in await listed(person)]
    second = {"from": "2027-06-02", "to": "2027-06-02"}
    assert whole == [ups[2], *sorted(ups[:2], reverse=True)]
    assert [x["transfer"] for x in await listed(person, **second)] == whole[1:]
    assert await listed(person, **{"from": "2027-06-05"}) == []
    assert await listed(person, to="2027-06-01") == []
    pages: list[list[str]] = []
    query: dict[str, Any] = {"limit": 2}
    for _ in range(2):
        page = (await person.get("/v1/re-referrals", **query)).json()
        pages.append([line["transfer"] for line in page["items"]])
        query["cursor"] = page["next"]
    assert (pages, query["cursor"]) == ([whole[:2], whole[2:]], None)


@pytest.mark.parametrize(
    "query",
    [
        {"from": "yesterday"},
        {"to": "2026-02-30"},
        {"from": "2027-01-02", "to": "2027-01-01"},
        {"from": "1026-01-01"},
        {"to": ""},
        {"cursor": "%00"},
        {"limit": "201"},
    ],
    ids=str,
)
async def test_days_that_are_none_are_refused(rochdale: Api, query: dict[str, str]) -> None:
    answer = await rochdale.as_(LEAD).get("/v1/re-referrals", **query)

    assert answer.status_code == 422
