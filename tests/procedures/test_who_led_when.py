"""Custody over HTTP: the whole history, one instant of it, and who else was involved."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from procedures.case import on_one_store
from procedures.cheshire_east_forms import INCIDENT, TRIGGER, EastCase, filled, opening
from service import Api

pytestmark = [pytest.mark.long, on_one_store, pytest.mark.usefixtures("cheshire_east")]
INSTANT, HOUR = timedelta(microseconds=1), timedelta(hours=1)
DECIDED = TRIGGER + timedelta(days=20)
NURSE = {"name": "A. Nurse", "agency": "Health visiting", "purpose": "The baby's weight"}


async def held(case: EastCase, by: str = "ce.lead", **query: str) -> list[dict[str, Any]]:
    answer = await case.api.as_(by).get(f"{case.path}/custody", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["holds"]
    return found


async def to_the_intervention(api: Api) -> EastCase:
    """ChECS allocates, passes it on an hour later, and the area team decides after 20 days."""
    form = filled("ce-checs", TRIGGER.date().isoformat(), statements=INCIDENT)
    body = opening("potential_trigger", form, origin_lead="Kim Example")
    case = await EastCase.drafted(api, "ce.lead", TRIGGER, body)
    await case.act("ce.lead", "team-around-the-family", NURSE)
    await case.act("ce.lead", "finalise")
    await case.pick_up("ce.checs.worker")
    await case.record("ce.checs.worker", "front_door_assessed", outcome="appropriate")
    await case.start("ce.lcs.service")
    case.at(TRIGGER + HOUR)
    await case.allocate("ce.checs.manager", "ce.checs.worker")
    case.at(TRIGGER + 2 * HOUR)
    await case.pass_on("ce.checs.worker")
    case.at(DECIDED)
    await case.record("ce.socialworker", "assessment_completed")
    await case.record("ce.area.manager", "intervention_decided")
    return case


async def test_h01_the_history_goes_from_before_the_transfer_until_after_it(api: Api) -> None:
    case = await to_the_intervention(api)

    holds = await held(case)

    times = [
        (x["team"], x["since"] and datetime.fromisoformat(x["since"]), x["lead_professional"])
        for x in holds
    ]
    assert times == [
        ("ce-cefs-north", None, "Kim Example"),
        ("ce-checs", TRIGGER + HOUR, "ce.checs.worker"),
        ("ce-area-north", TRIGGER + 2 * HOUR, None),
    ]
    assert [x["until"] for x in holds] == [holds[1]["since"], holds[2]["since"], None]
    assert case.view["origin_lead"] == "Kim Example"
    assert case.view["custody"] == {
        name: holds[-1][name] for name in ("team", "since", "lead_professional")
    }


async def test_h01_at_any_instant_one_team_leads_the_borders_included(api: Api) -> None:
    case = await to_the_intervention(api)
    holds = await held(case)

    for at, place in (
        (TRIGGER - 900 * HOUR, 0),
        (TRIGGER + HOUR - INSTANT, 0),
        (TRIGGER + HOUR, 1),
        (TRIGGER + 2 * HOUR - INSTANT, 1),
        (TRIGGER + 2 * HOUR, 2),
        (DECIDED + 9000 * HOUR, 2),
    ):
        (one,) = await held(case, at=at.isoformat())
        assert {**one, "involved": None} == {**holds[place], "involved": None}


async def test_h01_ce_t06_l12_the_lead_professional_stays_until_the_intervention_is_decided(
    api: Api,
) -> None:
    case = await to_the_intervention(api)

    whole = await held(case)
    at = {
        when: [x["name"] for x in (await held(case, at=when.isoformat()))[0]["involved"]]
        for when in (TRIGGER, TRIGGER + HOUR, DECIDED - INSTANT, DECIDED)
    }

    assert list(at.values()) == [["A. Nurse"], *[["A. Nurse", "Kim Example"]] * 2, ["A. Nurse"]]
    assert [[x["involved_as"] for x in hold["involved"]] for hold in whole] == [
        ["team_around_the_family"],
        ["team_around_the_family", "origin_lead"],
        ["team_around_the_family", "origin_lead"],
    ]
    (lead,) = [x for x in whole[-1]["involved"] if x["name"] == "Kim Example"]
    assert (lead["team"], lead["agency"]) == ("ce-cefs-north", None)
    assert datetime.fromisoformat(lead["until"]) == DECIDED


async def test_the_history_is_for_those_who_may_see_the_transfer(api: Api) -> None:
    case = await EastCase.triggered(api)

    for person, status in (("ce.lead", 200), ("ce.systems", 200), ("ce.area.manager", 404)):
        answer = await api.as_(person).get(f"{case.path}/custody", at=TRIGGER.isoformat())
        assert answer.status_code == status


@pytest.mark.parametrize(
    "at",
    [
        *("", "now", "%00", "1795000000", "2026-11-20", "2026-11-20T10:00:00"),
        *("2026-02-30T10:00:00Z", "2026-11-20T25:00:00Z", "2026-11-20T10:00:00+01:00' OR 1=1"),
        *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "٢٠٢٦-11-20T10:00:00Z"),
        "2026-11-20T10:00:00Z" * 99,
    ],
    ids=range(13),
)
async def test_an_instant_that_is_none_is_refused(api: Api, at: str) -> None:
    case = await EastCase.triggered(api)

    answer = await api.as_("ce.lead").get(f"{case.path}/custody", at=at)

    assert answer.status_code == 422
    assert [breach["where"] for breach in answer.json()["breaches"]] == ["/query/at"]
