"""Closing at source over HTTP: how it stands, who closes, what the census refuses."""

from itertools import count
from typing import Any

import pytest
from api.seeding import DOWN, UP, seed
from service import Api

from app.domain.pathway import Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLOSERS = {UP: "op.worker", DOWN: "ff.socialworker"}


async def _close(api: Api, transfer: Transfer, by: str, **body: Any) -> Any:
    given = {"closed_on": api.clock.now.date().isoformat()} | body
    path = f"/v1/transfers/{transfer.id}/closing"
    return await api.as_(by).post(path, given, version=transfer.version)


async def test_a_closed_referral_is_kept_with_its_reason_and_what_was_unchecked(api: Api) -> None:
    transfer = await seed(api, Stage.ALLOCATED, DOWN)

    answer = await _close(api, transfer, "ff.socialworker")
    read = (await api.as_("op.manager").get(f"/v1/transfers/{transfer.id}")).json()
    stands = (await api.as_("op.manager").get(f"/v1/transfers/{transfer.id}/closing")).json()

    assert answer.status_code == 200, answer.text
    assert read["stage"] == "completed"
    assert read["closing"] == answer.json()["closing"] == stands["closed"]
    assert read["closing"]["reason"] == read["census"]["closure_reason"] == "RC7"
    assert read["closing"]["unchecked"] == ["1103", "2889", "4015", "8565", "8867"]
    assert [breach["code"] for breach in stands["in_the_way"]] == ["closing-once"]


@pytest.mark.long
@one_store
async def test_the_closing_shows_its_steps_what_is_proposed_and_what_stands_in_the_way(
    api: Api,
) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    path = f"/v1/transfers/{transfer.id}"
    begun = {"name": "origin_closing_begun", "at": api.clock.now.isoformat()}
    await api.as_("op.worker").post(f"{path}/milestones", begun, version=transfer.version)

    shown = (await api.as_("ff.manager").get(f"{path}/closing")).json()

    (step,) = shown["steps"]
    assert (step["milestone"], step["by"]) == ("origin_closing_begun", "op.worker")
    assert (shown["source"], shown["closed"]) == ("DL 7", None)
    assert shown["proposed_reason"] == "step_up"
    assert list(shown["reasons"]) == ["step_up"]
    assert [breach["code"] for breach in shown["in_the_way"]] == ["closing-acceptance"]


@pytest.mark.long
@one_store
@pytest.mark.parametrize(
    ("pathway", "stage"),
    [
        (pathway, stage)
        for pathway in (UP, DOWN)
        for stage in Stage
        if stage not in (Stage.ALLOCATED, Stage.COMPLETED)
        and (pathway, stage) != (UP, Stage.AWAITING_AUTHORISATION)
    ],
)
async def test_h01_nothing_is_closed_at_the_origin_before_the_acceptance(
    api: Api, pathway: Any, stage: Stage
) -> None:
    transfer = await seed(api, stage, pathway)

    answer = await _close(api, transfer, CLOSERS[pathway])

    assert answer.status_code == 422
    assert [x["code"] for x in answer.json()["breaches"]] == ["closing-acceptance"]


@pytest.mark.long
@pytest.mark.parametrize("raised_by", ["op.worker", "ff.manager"])
async def test_h01_nothing_is_closed_at_the_origin_while_it_is_disputed_who_leads(
    api: Api, raised_by: str
) -> None:
    started = await seed(api, Stage.STARTED)
    path, now = f"/v1/transfers/{started.id}", api.clock.now
    versions = count(started.version)

    async def took(by: str, action: str, body: dict[str, Any]) -> Any:
        answer = await api.as_(by).post(f"{path}/{action}", body, version=next(versions))
        assert answer.status_code == 200, answer.text
        return answer.json()

    raised = await took(raised_by, "disagreements", {"kinds": ["not_agreed"], "about": "Risk"})
    allocated = await took("ff.manager", "allocate", {"worker": "ff.socialworker"})
    closing = {"closed_on": now.date().isoformat()}

    early = await api.as_("op.worker").post(
        f"{path}/closing", closing, version=allocated["version"]
    )

    dispute = f"disagreements/{raised['disagreements'][0]['id']}"
    settled = {"outcome": "stays", "rationale": "All that was said."}
    await took("op.manager", f"{dispute}/escalate", {"comment": "We could not agree."})
    await took("operations.manager", f"{dispute}/resolve", settled)
    closed = await took("op.worker", "closing", closing)
    assert early.status_code == 422
    assert [breach["code"] for breach in early.json()["breaches"]] == ["closing-acceptance"]
    assert closed["stage"] == "completed"


@pytest.mark.long
@one_store
@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("op.worker", 200),
        ("op.manager", 200),
        ("ff.manager", 403),
        ("ff.socialworker", 403),
        ("lcs.service", 403),
        ("ehm.service", 403),
        ("systems.team", 403),
        ("op.chester.manager", 404),
        ("ff.chester.manager", 404),
    ],
)
async def test_h06_only_the_origin_closes_its_own_record(
    api: Api, person: str, status: int
) -> None:
    transfer = await seed(api, Stage.ALLOCATED)

    answer = await _close(api, transfer, person)

    assert answer.status_code == status


@pytest.mark.long
@one_store
async def test_a_referral_s_breaches_of_the_census_are_named_by_number_and_echo_nothing(
    api: Api,
) -> None:
    transfer = await seed(api, Stage.ALLOCATED, DOWN)
    activities = {
        "assessments": [{"started_on": "2020-01-01"}],
        "section_47s": [{"started_on": "2020-01-01"}],
        "child_in_need_plan_on": "2020-01-01",
        "latest_on": "2150-01-01",
    }

    answer = await _close(
        api,
        transfer,
        "ff.manager",
        reason="RC8",
        comment="Zebedee was hit",
        activities=activities,
    )

    found = [breach["code"] for breach in answer.json()["breaches"]]
    assert answer.status_code == 422
    assert found == ["1103", "2889", "2990", "4015", "8565", "8867"]
    assert "Zebedee" not in answer.text
    assert "2150" not in answer.text


@pytest.mark.long
@one_store
async def test_two_who_close_at_once_close_it_once(api: Api) -> None:
    transfer = await seed(api, Stage.ALLOCATED)

    first = await _close(api, transfer, "op.worker")
    second = await _close(api, transfer, "op.manager")

    assert (first.status_code, second.status_code) == (200, 412)
