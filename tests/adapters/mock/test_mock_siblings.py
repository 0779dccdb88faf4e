"""A mock tells siblings apart: on its page, over its API, and in what it reports."""

from typing import Any

import httpx
import pytest

from adapters.mock_gateway.case_system import CaseSystem

SECOND = {"child_id": "C100235", "name": "Robin Example", "date_of_birth": "2016-02-01"}


@pytest.fixture
def siblings(task: dict[str, Any]) -> dict[str, Any]:
    """The task, with another child."""
    return task | {"children": [*task["children"], SECOND]}


async def deliver(mock: httpx.AsyncClient, task: dict[str, Any]) -> str:
    """Deliver it and pick it up; its address."""
    await mock.post("/duty-tasks", json=task, headers={"Idempotency-Key": "a-key"})
    address = f"/duty-tasks/{task['reference']}"
    await mock.post(f"{address}/pick-up", json={"worker": "tm-1"})
    return address


async def test_a_child_is_left_out_by_a_tick_on_the_page(
    mock: httpx.AsyncClient, siblings: dict[str, Any]
) -> None:
    address = await deliver(mock, siblings)
    tray = f"/trays/{siblings['tray']}"
    form = {"reference": siblings["reference"], "worker": "tm-1", "not_taken": "C100235"}

    shown = (await mock.get(tray)).text
    refused = await mock.post(f"{tray}/start", data=form)
    started = await mock.post(f"{tray}/start", data=form | {"reason": "Safe with an aunt"})
    after = (await mock.get(tray)).text
    task = (await mock.get(address)).json()

    assert "Do not take" in shown
    assert (refused.status_code, "Enter a valid reason." in refused.text) == (422, True)
    assert started.status_code == 303
    assert "Robin Example is not taken: Safe with an aunt" in after
    assert [record["child_id"] for record in task["records"]] == ["C100234"]
    assert task["not_taken"] == [{"child_id": "C100235", "reason": "Safe with an aunt"}]


@pytest.mark.parametrize(
    "left",
    [["C999999"], ["C100235", "C100235"], ["C100234", "C100235"]],
    ids=["a stranger", "one twice", "everybody"],
)
async def test_others_than_some_of_the_task_s_children_cannot_be_left_out(
    mock: httpx.AsyncClient, siblings: dict[str, Any], left: list[str], system: CaseSystem
) -> None:
    address = await deliver(mock, siblings)
    not_taken = [{"child_id": x, "reason": "No"} for x in left]

    refused = await mock.post(
        f"{address}/{system.start.path}", json={"worker": "tm-1", "not_taken": not_taken}
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_child")
    assert (await mock.get(address)).json()["state"] == "picked_up"


@pytest.mark.parametrize("tick", ["not a child", "x" * 200, "<b>"])
async def test_a_tick_that_no_page_has_is_refused_on_the_page(
    mock: httpx.AsyncClient, siblings: dict[str, Any], tick: str
) -> None:
    await deliver(mock, siblings)
    form = {"reference": siblings["reference"], "worker": "tm-1", "not_taken": tick, "reason": "No"}

    refused = await mock.post(f"/trays/{siblings['tray']}/start", data=form)

    assert refused.status_code == 422
