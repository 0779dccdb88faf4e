"""Islington's review after a month, with its findings (IS 15)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from procedures.case import Body
from procedures.islington_forms import (
    CHAIR,
    LINE_MANAGER,
    SERVICE,
    SERVICE_WORKER,
    SOCIAL_WORKER,
    IslingtonCase,
    end_of,
)
from service import Api

from app.api.afterwards_examples import REVIEW

ELSEWHERE = "is.ty.manager"
HELD = datetime(2026, 12, 24, 10, tzinfo=UTC)


async def completed(islington: Api) -> IslingtonCase:
    case = await IslingtonCase.started(islington)
    await case.hand_over()
    await case.close(LINE_MANAGER)
    case.at(HELD)
    return case


async def test_is_15_the_chair_s_review_is_kept_with_what_it_found(islington: Api) -> None:
    case = await completed(islington)

    await case.act(CHAIR, "reviews", REVIEW | {"at": HELD.isoformat()})

    (review,) = case.view["reviews"]
    (mark,) = [x for x in case.view["milestones"] if x["name"] == "progress_reviewed"]
    assert (review["by"], review["findings"]) == (CHAIR, REVIEW["findings"])
    assert review["outcome"] == mark["outcome"] == "as_hoped"
    assert mark["note"] is None
    assert case.view["watched_until"] == str(date(2027, 11, 25))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"review": "IS-99-review"}, ["review"]),
        ({"outcome": "fine"}, ["milestone-outcome"]),
        ({"outcome": None}, ["milestone-outcome"]),
        ({"at": "2027-01-01T00:00:00Z"}, ["milestone-time"]),
    ],
)
async def test_is_15_a_review_that_cannot_be_is_refused(
    islington: Api, changes: dict[str, str], codes: list[str]
) -> None:
    case = await completed(islington)

    assert (
        await case.refused(CHAIR, "reviews", REVIEW | {"at": HELD.isoformat()} | changes) == codes
    )


async def test_is_15_nothing_is_reviewed_before_the_transfer(islington: Api) -> None:
    case = await IslingtonCase.started(islington)

    early = await case.refused(CHAIR, "reviews", case.reviewed("IS-15-review", "as_hoped"))

    assert early == ["milestone-order"]


async def listed(api: Api, by: str, **query: str) -> list[Body]:
    """The reviews that somebody finds."""
    answer = await api.as_(by).get("/v1/reviews", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@pytest.mark.long
async def test_is_15_a_month_after_the_transfer_the_chair_reviews_it(islington: Api) -> None:
    case = await IslingtonCase.started(islington)
    [waiting] = await listed(islington, CHAIR, standing="waiting")
    await case.hand_over()
    await case.close(LINE_MANAGER)
    completed, due = case.stage, end_of(2026, 12, 25)
    [found] = await listed(islington, CHAIR)
    alerted = await case.alerted(
        "IS-15-review", due - timedelta(days=20), due, due + timedelta(hours=9)
    )
    [late] = await listed(islington, CHAIR, standing="late")

    await case.act(CHAIR, "reviews", REVIEW | {"at": islington.clock().isoformat()})

    [done] = await listed(islington, CHAIR, standing="done")
    assert (waiting["standing"], waiting["due_at"], waiting["held"]) == ("waiting", None, None)
    assert completed == "completed"
    assert (found["standing"], datetime.fromisoformat(found["due_at"])) == ("due", due)
    assert (found["transfer"], found["review"], found["source"]) == (
        case.view["id"],
        "IS-15-review",
        "IS 15",
    )
    assert sorted(alerted) == sorted(
        [
            (f"clock_{kind}", team)
            for kind in ("nearly_late", "late")
            for team in ("is-cin", SERVICE)
        ]
    )
    assert (late["standing"], late["late_by_seconds"]) == ("late", 9 * 3600)
    assert done["standing"] == "done"
    assert done["held"] == case.view["reviews"][0]
    assert done["held"]["outcomes_achieved"] == REVIEW["outcomes_achieved"]
    assert await listed(islington, CHAIR) == []


@pytest.mark.long
async def test_is_15_a_review_is_listed_to_both_teams_and_to_the_chair_and_to_nobody_else(
    islington: Api,
) -> None:
    await completed(islington)
    people = (SOCIAL_WORKER, SERVICE_WORKER, CHAIR, "is.systems", ELSEWHERE)

    found = {by: len(await listed(islington, by)) for by in people}
    of_a_team = {by: len(await listed(islington, by, team=SERVICE)) for by in people}

    assert found == of_a_team == dict.fromkeys(people, 1) | {ELSEWHERE: 0}


async def test_is_15_the_chair_finds_the_clocks_of_what_is_booked_into_the_meeting(
    islington: Api,
) -> None:
    case = await completed(islington)
    path = "/v1/clocks"

    answers = {by: await islington.as_(by).get(path) for by in (CHAIR, LINE_MANAGER, ELSEWHERE)}

    found = {by: [x["code"] for x in answer.json()["items"]] for by, answer in answers.items()}
    assert "IS-15-review" in found[CHAIR]
    assert set(found[LINE_MANAGER]) <= set(found[CHAIR])
    assert found[ELSEWHERE] == []
    assert {x["transfer"] for x in answers[CHAIR].json()["items"]} == {case.view["id"]}


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ({"from": "2026-12-25", "to": "2026-12-25"}, 1),
        ({"from": "2026-12-26"}, 0),
        ({"to": "2026-12-24"}, 0),
        ({"team": "is-targeted-youth"}, 0),
    ],
)
@pytest.mark.long
async def test_is_15_reviews_are_found_by_the_day_and_the_team(
    islington: Api, query: dict[str, str], many: int
) -> None:
    await completed(islington)

    assert len(await listed(islington, CHAIR, **query)) == many


async def test_reviews_are_not_sought_from_a_day_after_the_last(islington: Api) -> None:
    span = {"from": "2026-12-26", "to": "2026-12-25"}

    answer = await islington.as_(CHAIR).get("/v1/reviews", **span)

    assert answer.status_code == 422
