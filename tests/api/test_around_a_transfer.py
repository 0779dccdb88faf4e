"""What is recorded around a transfer: the meeting, consents, the team around the family."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from api.seeding import DOWN, ready_for_meeting, seed
from service import Api

from app.api.around_examples import SCHOOL as MEMBER
from app.api.consent_examples import JOINT_VISIT as CONSENT
from app.domain.pathway import Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


async def _post(  # noqa: PLR0913 - who does what to which
    api: Api, person: str, transfer: Transfer, action: str, body: Any, *, later: int = 0
) -> httpx.Response:
    path, version = f"/v1/transfers/{transfer.id}/{action}", transfer.version + later
    return await api.as_(person).post(path, body, version=version)


async def _codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [breach["code"] for breach in answer.json()["breaches"]]


async def test_a_draft_that_is_submitted_stays_a_draft_and_its_clocks_count_to_the_meeting(
    api: Api,
) -> None:
    api.clock.now = NOW
    draft = await seed(api, Stage.DRAFT, then=ready_for_meeting)
    meeting = {"series": "weekly", "starts_at": "2026-11-25T14:00:00+00:00"}
    later = {"series": "weekly", "starts_at": "2026-12-02T14:00:00Z"}

    first = await _post(api, "op.worker", draft, "submit-to-meeting", meeting)
    moved = await _post(api, "op.worker", draft, "submit-to-meeting", later, later=1)

    agenda = [
        next(c for c in answer.json()["clocks"] if c["code"] == "DF-8-agenda")
        for answer in (first, moved)
    ]
    assert (first.json()["stage"], first.json()["meeting"]) == ("draft", meeting)
    assert first.headers["ETag"] == f'"{draft.version + 1}"'
    assert [clock["due_at"] for clock in agenda] == [
        "2026-11-24T14:00:00+00:00",
        "2026-12-01T14:00:00+00:00",
    ]
    assert agenda[0]["timescale"] == "24 hours before"


@one_store
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"series": "tam"}, "meeting-series"),
        ({"starts_at": "2026-11-20T09:00:00Z"}, "meeting-time"),
    ],
)
async def test_a_meeting_that_is_none_is_refused(api: Api, body: dict[str, str], code: str) -> None:
    api.clock.now = NOW
    draft = await seed(api, Stage.DRAFT, then=ready_for_meeting)
    meeting = {"series": "weekly", "starts_at": "2026-11-25T14:00:00Z"}

    answer = await _post(api, "op.worker", draft, "submit-to-meeting", meeting | body)

    assert await _codes(answer) == [code]


async def test_a_consent_is_recorded_with_all_that_was_said_of_it(api: Api) -> None:
    api.clock.now = NOW
    draft = await seed(api, Stage.DRAFT, DOWN)

    answer = await _post(api, "ff.socialworker", draft, "consents", CONSENT)
    read = await api.as_("ff.manager").get(f"/v1/transfers/{draft.id}")

    recorded = {"recorded_by": "ff.socialworker", "recorded_at": "2026-11-20T10:00:00+00:00"}
    (consent,) = answer.json()["consents"]
    assert consent | CONSENT | recorded | {"stands": True, "withdrawn_at": None} == consent
    assert read.json()["consents"] == answer.json()["consents"]
    assert read.headers["ETag"] == answer.headers["ETag"] == f'"{draft.version + 1}"'


@one_store
async def test_a_consent_that_cannot_be_is_refused_with_every_reason(api: Api) -> None:
    api.clock.now = NOW
    draft = await seed(api, Stage.DRAFT)
    body = CONSENT | {"scope": "everything", "given_on": "2026-11-21"}

    answer = await _post(api, "op.worker", draft, "consents", body)

    assert await _codes(answer) == ["consent-scope", "consent-day"]


async def test_a_professional_steps_in_for_a_need_and_out_again(api: Api) -> None:
    api.clock.now = NOW
    draft = await seed(api, Stage.DRAFT)
    named = {name: MEMBER[name] for name in ("name", "agency", "purpose")}
    now = {"at": NOW.isoformat()}

    inside = await _post(api, "op.worker", draft, "team-around-the-family", named)
    [member] = inside.json()["team_around_the_family"]
    action = f"team-around-the-family/{member['id']}/step-out"
    too_soon = {"at": (NOW - timedelta(days=1)).isoformat()}
    refused = await _post(api, "op.worker", draft, action, too_soon, later=1)
    outside = await _post(api, "op.worker", draft, action, now, later=1)
    again = await _post(api, "op.worker", draft, action, now, later=2)
    nobody = f"team-around-the-family/{draft.id}/step-out"
    unknown = await _post(api, "op.worker", draft, nobody, now, later=2)

    since = {"stepped_in_at": "2026-11-20T10:00:00+00:00"}
    assert member | named | since == member
    assert member["stepped_out_at"] is None
    assert await _codes(refused) == ["step-out-time"]
    assert outside.json()["team_around_the_family"][0]["stepped_out_at"] == since["stepped_in_at"]
    assert await _codes(again) == ["step-out"]
    assert unknown.status_code == 404


RECORDERS = {
    "op.worker": 200,
    "op.manager": 200,
    "ff.socialworker": 200,
    "ff.manager": 200,
    "operations.manager": 403,
    "ff.coordinator": 403,
    "lcs.service": 403,
    "systems.team": 403,
    "op.chester.manager": 404,
}


@one_store
@pytest.mark.parametrize(
    ("action", "body"), [("consents", CONSENT), ("team-around-the-family", MEMBER)]
)
async def test_h06_a_practitioner_or_manager_of_either_team_records_around_a_transfer(
    api: Api, action: str, body: dict[str, Any]
) -> None:
    api.clock.now = NOW
    found = {}

    for person in RECORDERS:
        sent = await seed(api, Stage.DISPATCHED)
        found[person] = (await _post(api, person, sent, action, body)).status_code

    assert found == RECORDERS


async def test_a_meetings_outcome_and_an_agreed_time_come_back_as_they_were_recorded(
    api: Api,
) -> None:
    api.clock.now = NOW
    draft = await seed(api, Stage.DRAFT, then=ready_for_meeting)
    meeting = {"series": "weekly", "starts_at": "2026-11-25T14:00:00Z"}
    await _post(api, "op.manager", draft, "submit-to-meeting", meeting)
    api.clock.now = NOW + timedelta(days=6)
    decided = {"name": "meeting_decided", "at": "2026-11-25T14:30:00+00:00", "outcome": "agreed"}
    agreed = {
        "name": "timescale_agreed",
        "at": "2026-11-25T15:00:00+00:00",
        "person": "ff.manager",
        "until": "2026-11-30T12:00:00+00:00",
    }

    await _post(api, "op.manager", draft, "milestones", decided, later=1)
    answer = await _post(api, "op.manager", draft, "milestones", agreed, later=2)

    *_, first, second = answer.json()["milestones"]
    clocks = {clock["code"]: clock["due_at"] for clock in answer.json()["clocks"]}
    assert (first | decided, second | agreed) == (first, second)
    assert clocks["DF-14-sent"] == agreed["until"]


@one_store
async def test_the_census_is_told_what_the_protocol_reads_from_a_transfer(api: Api) -> None:
    up, down = await seed(api, Stage.DISPATCHED), await seed(api, Stage.DRAFT, DOWN)
    worker = api.as_("ff.socialworker")
    path = f"/v1/transfers/{down.id}"
    await worker.patch(path, {"primary_need": "N1"}, version=down.version)

    found = [
        (await worker.get(f"/v1/transfers/{transfer.id}")).json()["census"]
        for transfer in (up, down)
    ]

    assert found == [
        {"referral_source": "5D", "closure_reason": None, "primary_need": None},
        {"referral_source": None, "closure_reason": "RC7", "primary_need": "N1"},
    ]
