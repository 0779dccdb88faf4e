from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.long
NOON = {"now": "2026-11-20T12:00:00Z"}


@pytest.fixture
async def referral(lcs: httpx.AsyncClient, step_up: dict[str, Any], start: Any) -> str:
    await lcs.put("/admin/clock", json=NOON)
    started = await start(lcs, step_up)
    return f"/referrals/{started['records'][0]['record_id']}"


async def amend(lcs: httpx.AsyncClient, referral: str, day: str) -> httpx.Response:
    tag = (await lcs.get(referral)).headers["ETag"]
    return await lcs.patch(referral, json={"date_of_referral": day}, headers={"If-Match": tag})


async def test_h08_a_new_referral_wrongly_has_the_date_of_the_episode_and_is_late_at_once(
    lcs: httpx.AsyncClient, referral: str, step_up: dict[str, Any]
) -> None:
    shown = (await lcs.get(referral)).json()

    assert shown["date_of_referral"] == step_up["origin_record"]["started_on"] == "2026-03-02"
    assert shown["created_at"] == "2026-11-20T12:00:00Z"
    assert shown["next_step_late"] is True
    assert shown["contact_record"] == step_up["forms"][0]["fields"]
    assert shown["source"] == "5D"
    assert shown["reference"] == step_up["reference"]
    assert shown["child"]["name"] == "Jordan Example"


@pytest.mark.parametrize(("said", "shown"), [("5C", "5C"), ("10", "10"), (None, "5D")])
async def test_a_referral_has_the_source_that_its_task_said_or_early_help(
    lcs: httpx.AsyncClient, step_up: dict[str, Any], start: Any, said: str | None, shown: str
) -> None:
    started = await start(lcs, step_up | {"referral_source": said})

    referral = await lcs.get(f"/referrals/{started['records'][0]['record_id']}")

    assert referral.json()["source"] == shown


async def test_h08_amending_the_date_puts_the_next_step_back_in_time(
    lcs: httpx.AsyncClient, referral: str, step_up: dict[str, Any]
) -> None:
    saved = await amend(lcs, referral, "2026-11-20")

    assert saved.json()["date_of_referral"] == "2026-11-20"
    assert saved.json()["assessment_due_on"] == "2027-01-27"
    assert saved.json()["next_step_late"] is False
    assert saved.headers["ETag"] == '"2"'
    task = (await lcs.get(f"/duty-tasks/{step_up['reference']}")).json()
    assert task["records"][0]["dated"] == "2026-11-20"


async def test_the_next_step_is_late_from_the_day_after_it_is_due(
    lcs: httpx.AsyncClient, referral: str
) -> None:
    await amend(lcs, referral, "2026-11-20")

    await lcs.put("/admin/clock", json={"now": "2027-01-27T23:59:59Z"})
    assert (await lcs.get(referral)).json()["next_step_late"] is False
    await lcs.put("/admin/clock", json={"now": "2027-01-28T00:00:00Z"})
    assert (await lcs.get(referral)).json()["next_step_late"] is True


async def test_h08_half_past_midnight_in_summer_is_the_new_day(
    lcs: httpx.AsyncClient, referral: str
) -> None:
    await lcs.put("/admin/clock", json={"now": "2027-06-09T23:30:00Z"})

    assert (await amend(lcs, referral, "2027-06-11")).json()["code"] == "census_8600"
    assert (await amend(lcs, referral, "2027-06-10")).status_code == 200


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-21", "census_8600"), ("2013-08-01", "census_8606")]
)
async def test_an_impossible_date_is_refused_under_its_census_code(
    lcs: httpx.AsyncClient, referral: str, day: str, code: str
) -> None:
    answer = await amend(lcs, referral, day)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await lcs.get(referral)).json()["version"] == 1


async def test_a_date_after_the_closure_is_refused(lcs: httpx.AsyncClient, referral: str) -> None:
    closure = {"reason": "RC9", "closed_on": "2026-11-18"}
    closed = await lcs.post(f"{referral}/close", json=closure)

    late = await amend(lcs, referral, "2026-11-19")

    assert (closed.json()["state"], closed.json()["closure_reason"]) == ("closed", "RC9")
    assert (late.status_code, late.json()["code"]) == (422, "census_8630")


async def test_saving_needs_the_version_that_was_read(
    lcs: httpx.AsyncClient, referral: str
) -> None:
    note = {"referral_note": "Date amended"}

    missing = await lcs.patch(referral, json=note)
    first = await lcs.patch(referral, json=note, headers={"If-Match": '"1"'})
    stale = await lcs.patch(referral, json=note, headers={"If-Match": '"1"'})
    weak = await lcs.patch(referral, json=note, headers={"If-Match": 'W/"2"'})
    unknown = await lcs.patch("/referrals/none", json=note, headers={"If-Match": '"1"'})

    assert missing.status_code == 428
    assert (first.status_code, first.json()["referral_note"]) == (200, "Date amended")
    assert stale.status_code == weak.status_code == 412
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_referral")


async def test_saving_one_field_leaves_the_others(lcs: httpx.AsyncClient, referral: str) -> None:
    change = {"contact_record": {"ethnicity": "Not yet asked"}}

    saved = (await lcs.patch(referral, json=change, headers={"If-Match": "*"})).json()

    assert set(saved["contact_record"]) == {"reason_for_contact", "ethnicity"}
    assert saved["date_of_referral"] == "2026-03-02"


async def test_a_referral_is_finalised_then_allocated_then_closed(
    lcs: httpx.AsyncClient, referral: str, step_up: dict[str, Any]
) -> None:
    worker = {"worker": "sw-104"}

    early = await lcs.post(f"{referral}/allocate", json=worker)
    finalised = await lcs.post(f"{referral}/finalise")
    twice = await lcs.post(f"{referral}/finalise")
    allocated = await lcs.post(f"{referral}/allocate", json=worker)
    closure = {"reason": "RC8", "closed_on": "2026-11-20"}
    closed = await lcs.post(f"{referral}/close", json=closure)
    after = await lcs.post(f"{referral}/allocate", json=worker)

    assert (early.status_code, early.json()["code"]) == (409, "not_finalised")
    assert finalised.json()["state"] == "finalised"
    assert (twice.status_code, twice.json()["code"]) == (409, "already_finalised")
    assert (allocated.json()["state"], allocated.json()["allocated_to"]) == ("allocated", "sw-104")
    assert closed.json()["closed_on"] == "2026-11-20"
    assert (after.status_code, after.json()["code"]) == (409, "already_closed")
    task = (await lcs.get(f"/duty-tasks/{step_up['reference']}")).json()
    assert (task["state"], task["allocated_to"]) == ("started", "sw-104")


@pytest.mark.parametrize(
    ("closure", "code"),
    [
        ({"reason": "RC10", "closed_on": "2026-11-20"}, "invalid"),
        ({"reason": "RC9", "closed_on": "2026-11-21"}, "closed_in_future"),
        ({"reason": "RC9", "closed_on": "2026-03-01"}, "census_8630"),
        ({"reason": "RC9"}, "invalid"),
    ],
)
async def test_an_impossible_closure_is_refused(
    lcs: httpx.AsyncClient, referral: str, closure: dict[str, str], code: str
) -> None:
    answer = await lcs.post(f"{referral}/close", json=closure)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await lcs.get(referral)).json()["state"] == "open"
