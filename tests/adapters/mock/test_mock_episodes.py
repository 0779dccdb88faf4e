from typing import Any

import httpx
import pytest

from adapters.mock_gateway.case_system import CaseSystem

pytestmark = pytest.mark.long


@pytest.fixture
async def episode(ehm: httpx.AsyncClient, step_down: dict[str, Any], start: Any) -> str:
    await ehm.put("/admin/clock", json={"now": "2026-11-23T12:00:00Z"})
    started = await start(ehm, step_down)
    return f"/episodes/{started['records'][0]['record_id']}"


async def test_an_episode_starts_on_the_date_of_transfer_and_needs_no_amending(
    ehm: httpx.AsyncClient, episode: str, step_down: dict[str, Any]
) -> None:
    shown = (await ehm.get(episode)).json()

    assert shown["start_date"] == step_down["date_of_transfer"] == "2026-11-20"
    assert shown["created_at"] == "2026-11-23T12:00:00Z"
    assert (shown["state"], shown["lead_professional"], shown["record"]) == ("active", None, {})


async def test_an_episode_record_is_completed_allocated_and_closed(
    ehm: httpx.AsyncClient, episode: str
) -> None:
    record = {"record": {"plan": "Weekly visits"}}
    closure = {"reason": "Needs met", "closed_on": "2026-11-23"}

    saved = await ehm.patch(episode, json=record, headers={"If-Match": '"1"'})
    early = await ehm.post(f"{episode}/allocate", json={"lead_professional": "kw-017"})
    await ehm.post(f"{episode}/finalise")
    allocated = await ehm.post(f"{episode}/allocate", json={"lead_professional": "kw-017"})
    closed = await ehm.post(f"{episode}/close", json=closure)

    assert saved.json()["record"] == {"plan": "Weekly visits"}
    assert early.json()["code"] == "not_finalised"
    assert allocated.json()["lead_professional"] == "kw-017"
    assert (closed.json()["state"], closed.json()["end_reason"]) == ("closed", "Needs met")


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-24", "start_in_future"), ("2013-08-01", "start_before_birth")]
)
async def test_an_episode_cannot_start_on_an_impossible_day(
    ehm: httpx.AsyncClient, episode: str, day: str, code: str
) -> None:
    answer = await ehm.patch(episode, json={"start_date": day}, headers={"If-Match": "*"})

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_record_from_before_the_transfer_can_be_seeded_and_closed(
    mock: httpx.AsyncClient, system: CaseSystem
) -> None:
    child = {"child_id": "C1", "name": "Sam Example", "date_of_birth": "2015-01-01"}
    seed = {"record_id": "OLD-1", "child": child, "started_on": "2026-03-02", "worker": "kw-1"}

    seeded = await mock.post(f"/admin/{system.records}", json=seed)
    shown = (await mock.get(f"/{system.records}/OLD-1")).json()
    closure = {"reason": "RC9", "closed_on": "2026-03-03"}
    closed = await mock.post(f"/{system.records}/OLD-1/close", json=closure)

    assert (seeded.status_code, seeded.json()) == (201, {"record_id": "OLD-1"})
    assert (shown["reference"], shown["state"], shown["child"]) == (None, "allocated", child)
    assert closed.json()["state"] == "closed"
