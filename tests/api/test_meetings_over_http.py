"""Meetings over HTTP on both stores: two at once, replays, and what is kept."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api.seeding import connected, ready_for_meeting, seed, seed_meeting
from service import Api
from sqlalchemy import update

from app.api.meeting_examples import ACTION_ID, MEETING_ID
from app.domain.pathway import Stage
from app.store.tables import memberships

PATH = f"/v1/meetings/{MEETING_ID}"
CO, CHAIR, MEMBER = "meeting.coordinator", "meeting.chair", "meeting.member"


async def _booked(api: Api, starts_at: str) -> tuple[str, httpx.Response]:
    """A draft of a child of its own, submitted to the meeting that starts then."""
    draft = await seed(api, Stage.DRAFT, then=ready_for_meeting)
    body = {"series": "weekly", "starts_at": starts_at}
    path = f"/v1/transfers/{draft.id}/submit-to-meeting"
    return draft.id, await api.as_("op.worker").post(path, body, version=draft.version)


async def _meeting(api: Api, **days: str) -> dict[str, Any]:
    """The one meeting that has a case."""
    listed = (await api.as_(CO).get("/v1/meetings", **days)).json()["items"]
    (line,) = [line for line in listed if line["id"]]
    read = await api.as_(CO).get(f"/v1/meetings/{line['id']}")
    assert read.headers["ETag"] == f'"{read.json()["version"]}"'
    return dict(read.json())


async def test_a_submitted_transfer_is_a_case_of_its_meeting(api: Api) -> None:
    starts_at = (api.clock.now + timedelta(days=5)).isoformat()

    transfer, answer = await _booked(api, starts_at)
    meeting = await _meeting(api)

    assert answer.status_code == 200, answer.text
    assert [(c["transfer"], c["standing"], c["late"]) for c in meeting["cases"]] == [
        (transfer, "listed", False)
    ]


@pytest.mark.long
async def test_eight_cases_that_come_at_once_are_all_in_one_meeting(api: Api) -> None:
    starts_at = (api.clock.now + timedelta(days=5)).isoformat()
    await connected(api)

    booked = await asyncio.gather(*(_booked(api, starts_at) for _ in range(8)))
    meeting = await _meeting(api)

    taken = {transfer for transfer, answer in booked if answer.status_code == 200}
    assert {answer.status_code for _, answer in booked} <= {200, 409}
    assert taken
    assert {case["transfer"] for case in meeting["cases"]} == taken


@pytest.mark.long
async def test_of_two_who_circulate_at_once_one_wins(api: Api) -> None:
    await seed_meeting(api)
    await connected(api)

    answers = await asyncio.gather(
        *(api.as_(CO).post(f"{PATH}/circulate-agenda", version=1) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


@pytest.mark.long
async def test_a_case_that_comes_while_the_agenda_goes_round_is_on_it_or_refused(
    api: Api,
) -> None:
    for day in range(1, 6):
        starts_at = (api.clock.now + timedelta(days=day)).isoformat()
        await _booked(api, starts_at)
        days = {"from": starts_at[:10], "to": starts_at[:10]}
        meeting = await _meeting(api, **days)
        path = f"/v1/meetings/{meeting['id']}"
        await connected(api)

        circulated, (late, answer) = await asyncio.gather(
            api.as_(CO).post(f"{path}/circulate-agenda", version=meeting["version"]),
            _booked(api, starts_at),
        )

        after = (await api.as_(CO).get(path)).json()
        there = late in {case["transfer"] for case in after["cases"]}
        assert there == (answer.status_code == 200)
        assert (circulated.status_code, answer.status_code) in {(200, 422), (412, 200)}
        assert (after["agenda_circulated_at"] is None) == (circulated.status_code == 412)


@pytest.mark.long
async def test_the_same_key_decides_once_and_gives_the_same_answer(api: Api) -> None:
    transfer = await seed_meeting(api)
    path = f"{PATH}/cases/{transfer.id}/decision"
    body = {"outcome": "agreed", "rationale": "Why.", "actions": [{"what": "A", "owner": "B"}]}

    first, second = [
        await api.as_(CHAIR).post(path, body, version=1, key="one-wish") for _ in range(2)
    ]

    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len((await api.as_(CO).get(PATH)).json()["cases"][0]["actions"]) == 2


@pytest.mark.long
async def test_who_runs_the_meeting_no_more_is_not_given_an_answer_that_is_kept(api: Api) -> None:
    await seed_meeting(api)
    first = await api.as_(CO).post(f"{PATH}/circulate-agenda", version=1, key="one-wish")
    async with api.store.write() as tx:
        only_read = update(memberships).where(memberships.c.person == CO).values(role="member")
        await tx.connection.execute(only_read)

    again = await api.as_(CO).post(f"{PATH}/circulate-agenda", version=1, key="one-wish")

    assert (first.status_code, again.status_code) == (200, 403)


@pytest.mark.long
async def test_what_is_done_in_a_meeting_is_kept(api: Api) -> None:
    transfer = await seed_meeting(api)
    people = {"people": [{"name": "A", "represents": "One Point", "status": "attended"}]}

    await api.as_(CO).post(f"{PATH}/attendance", people, version=1)
    await api.as_(CO).post(f"{PATH}/attendance", people, version=2)
    done = f"{PATH}/cases/{transfer.id}/actions/{ACTION_ID}/done"
    answer = await api.as_("op.worker").post(done, version=3)
    read = (await api.as_(MEMBER).get(PATH)).json()

    assert answer.status_code == 200, answer.text
    assert read["version"] == 4
    assert [somebody["name"] for somebody in read["attendance"]] == ["A"]
    (action,) = read["cases"][0]["actions"]
    assert (action["done_by"], action["done_at"] is None) == ("op.worker", False)


@pytest.mark.long
@pytest.mark.parametrize(
    "days",
    [
        {"from": "2026-12-01", "to": "2026-11-01"},
        {"from": "2026-01-01", "to": "2027-06-01"},
        {"from": "soon"},
    ],
)
async def test_days_that_cannot_be_listed_are_refused(api: Api, days: dict[str, str]) -> None:
    answer = await api.as_(MEMBER).get("/v1/meetings", **days)

    assert answer.status_code == 422


@pytest.mark.long
async def test_a_case_of_another_council_is_in_no_meeting_of_ours(api: Api) -> None:
    await seed_meeting(api)

    for person in ("ff.chester.manager", "op.chester"):
        for path in (PATH, f"{PATH}/agenda", f"{PATH}/agenda.ics"):
            assert (await api.as_(person).get(path)).status_code in (403, 404)


async def _call_off(api: Api, **more: Any) -> httpx.Response:
    """The co-ordinator calls it off."""
    body = {"reason": "Zebedee the chair is ill."}
    return await api.as_(CO).post(f"{PATH}/call-off", body, **{"version": 1, **more})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_meeting_that_is_called_off_says_so_and_its_case_goes_to_another(api: Api) -> None:
    transfer = await seed_meeting(api, decided=False)
    at = f"/v1/transfers/{transfer.id}"

    answer = await _call_off(api)
    (line,) = [x for x in (await api.as_(CO).get("/v1/meetings")).json()["items"] if x["id"]]
    ((file),) = [(await api.as_(CO).get(f"{PATH}/agenda.ics")).text]
    alerts = (await api.as_("op.manager").get("/v1/alerts")).json()["items"]
    case = (await api.as_("op.worker").get(at)).json()
    body = {"series": "weekly", "starts_at": (api.clock.now + timedelta(days=2)).isoformat()}
    moved = await api.as_("op.worker").post(
        f"{at}/submit-to-meeting", body, version=case["version"]
    )
    read = (await api.as_(MEMBER).get(PATH)).json()

    assert answer.status_code == 200, answer.text
    assert (answer.json()["called_off_by"], answer.json()["version"]) == (CO, 2)
    assert (line["called_off_at"], line["cases"]) == (answer.json()["called_off_at"], 1)
    assert "STATUS:CANCELLED" in file
    assert "SEQUENCE:2" in file
    assert [x["transfer"] for x in alerts if x["kind"] == "meeting_called_off"] == [transfer.id]
    assert "Zebedee" not in str((alerts, case))
    assert (case["milestones"][-1]["name"], case["version"]) == (
        "meeting_called_off",
        transfer.version + 1,
    )
    assert moved.status_code == 200, moved.text
    assert read["cases"][0]["standing"] == "moved"
    assert read["called_off_reason"] == "Zebedee the chair is ill."


@pytest.mark.long
async def test_a_meeting_that_is_called_off_takes_nothing_any_more(api: Api) -> None:
    transfer = await seed_meeting(api, decided=False)
    at = f"/v1/transfers/{transfer.id}"
    await _call_off(api)
    ruling = {"outcome": "agreed", "rationale": "Why."}
    told = {"name": "meeting_decided", "at": api.clock.now.isoformat(), "outcome": "agreed"}
    later = {"series": "weekly", "starts_at": (api.clock.now + timedelta(days=2)).isoformat()}

    refused = [
        await api.as_(CHAIR).post(f"{PATH}/cases/{transfer.id}/decision", ruling, version=2),
        await api.as_(CHAIR).post(f"{at}/milestones", told, version=transfer.version + 1),
        await api.as_(CO).post(f"{PATH}/circulate-agenda", version=2),
    ]
    made = await api.as_(CO).post("/v1/meetings", later)
    made_path = f"/v1/meetings/{made.json()['id']}/call-off"
    off = await api.as_(CO).post(made_path, {"reason": "Nobody can come."}, version=1)
    there = await api.as_("op.worker").post(
        f"{at}/submit-to-meeting", later, version=transfer.version + 1
    )

    assert off.status_code == 200, off.text
    for answer in (*refused, there):
        assert answer.status_code == 422, answer.text
        assert "meeting-called-off" in [x["code"] for x in answer.json()["breaches"]]


@pytest.mark.long
async def test_of_two_who_call_it_off_at_once_one_wins_and_a_replay_is_answered_alike(
    api: Api,
) -> None:
    await seed_meeting(api, decided=False)
    await connected(api)

    answers = await asyncio.gather(*(_call_off(api, key=f"wish-{n}") for n in range(4)))
    won = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
    again = await _call_off(api, key=f"wish-{won}")

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert lost.json()["type"] == "/problems/meeting-called-off"
    assert again.json() == answers[won].json()
    alerts = (await api.as_("op.manager").get("/v1/alerts")).json()["items"]
    assert [x["kind"] for x in alerts].count("meeting_called_off") == 1


@pytest.mark.long
async def test_of_a_decision_and_a_call_off_at_once_one_is_refused(api: Api) -> None:
    transfer = await seed_meeting(api, decided=False)
    told = {"name": "meeting_decided", "at": api.clock.now.isoformat(), "outcome": "agreed"}
    told["note"] = "By hand."
    path = f"/v1/transfers/{transfer.id}/milestones"
    await connected(api)

    off, decided = await asyncio.gather(
        _call_off(api), api.as_(CHAIR).post(path, told, version=transfer.version)
    )

    assert (off.status_code, decided.status_code) in {(200, 412), (200, 422), (422, 200)}


@pytest.mark.long
async def test_why_it_is_called_off_is_for_those_who_see_every_case(api: Api) -> None:
    await seed_meeting(api, decided=False)
    await _call_off(api)

    ours = (await api.as_("op.worker").get(PATH)).json()

    assert (ours["called_off_reason"], ours["called_off_by"]) == (None, CO)
