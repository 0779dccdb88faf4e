"""Siblings told apart over HTTP: by a manager, by a case system, and what comes after."""

from typing import Any
from uuid import uuid4

import pytest
from api.seeding import UP, call_back, callback, seed
from builders import child
from service import Api

from app.api import examples
from app.domain.pathway import Stage
from app.domain.transfer import Transfer

AT = "2026-11-20T09:30:00Z"


async def two(api: Api, stage: Stage = Stage.PICKED_UP) -> tuple[Transfer, str, str]:
    """A transfer of two siblings, and who they are."""
    ids = uuid4().hex[:12], uuid4().hex[:12]
    transfer = await seed(api, stage, children=tuple(child(x) for x in ids))
    return transfer, *ids


def one_of_two(taken: str, left: str) -> dict[str, Any]:
    """A start for one of them."""
    record = {"child_id": taken, "record_id": f"REF-{taken}", "created_at": AT, "dated": AT[:10]}
    return {"records": [record], "not_taken": [{"child_id": left, "reason": "threshold_not_met"}]}


def opening(child_id: str) -> dict[str, Any]:
    """Another step up for that child."""
    ours = {"child_id": child_id, "name": "Alex Example", "date_of_birth": "2017-03-09"}
    return examples.STEP_UP | {"children": [ours]}


async def test_a_child_who_is_not_taken_is_the_origin_s_and_may_be_in_another_transfer(
    api: Api,
) -> None:
    held, taken, left = await two(api)
    manager, worker = api.as_("ff.manager"), api.as_("op.worker")
    at = f"/v1/transfers/{held.id}"

    before = await worker.post("/v1/transfers", opening(left))
    started = await manager.post(f"{at}/start", one_of_two(taken, left), version=held.version)
    version = started.json()["version"]
    given = await manager.post(f"{at}/allocate", {"worker": "ff.socialworker"}, version=version)
    again = await worker.post("/v1/transfers", opening(left))
    other = await worker.post("/v1/transfers", opening(taken))
    led = [
        [hold["team"] for hold in (await worker.get(f"{at}/custody", child=x)).json()["holds"]]
        for x in (taken, left)
    ]
    stranger = await worker.get(f"{at}/custody", child="DUR9999")
    sent = (await worker.get("/v1/teams/op-bishop/outgoing")).json()["items"]
    alerts = (await api.as_("op.manager").get("/v1/alerts")).json()["items"]

    assert (before.status_code, started.status_code, given.status_code) == (409, 200, 200)
    assert (again.status_code, other.status_code) == (201, 409), "exactly one open (hazard 9)"
    assert led == [["op-bishop", "ff-bishop"], ["op-bishop"]]
    assert stranger.status_code == 404
    (line,) = (x for x in sent if x["id"] == held.id)
    assert [x["outcome"] for x in line["children"]] == ["taken", "not_taken"]
    assert line["children"][1]["outcome_reason"] == "threshold_not_met"
    assert [x["kind"] for x in alerts if x["transfer"] == held.id] == ["child_not_taken"]


@pytest.mark.long
async def test_h13_a_case_system_reports_whom_it_did_not_take_or_is_refused_as_a_whole(
    api: Api,
) -> None:
    sent, taken, left = await two(api, Stage.DISPATCHED)
    record = one_of_two(taken, left)["records"]
    told = {"reference": sent.reference, "worker": "ff.manager", "records": record}
    reason = "Lives with an aunt"

    short = await call_back(api, "lcs", callback("referral.created", **told))
    swapped = [{"child_id": "DUR9999", "reason": reason}]
    wrong = await call_back(api, "lcs", callback("referral.created", **told, not_taken=swapped))
    right = [{"child_id": left, "reason": reason}]
    heard = await call_back(api, "lcs", callback("referral.created", **told, not_taken=right))
    again = await call_back(api, "lcs", callback("referral.created", **told, not_taken=right))
    shown = (await api.as_("op.worker").get(f"/v1/transfers/{sent.id}")).json()

    assert [x.status_code for x in (short, wrong, heard, again)] == [409, 409, 200, 200]
    assert (heard.json(), again.json()) == ({"noted": True}, {"noted": False})
    assert shown["stage"] == "started"
    assert [x["outcome"] for x in shown["children"]] == ["taken", "not_taken"]
    assert shown["children"][1]["outcome_reason"] == "declined_in_tray"
    assert reason in str(shown["milestones"]), "in the record"


@pytest.mark.long
async def test_a_repeated_start_is_answered_again_and_another_one_under_its_key_is_not(
    api: Api,
) -> None:
    held, taken, left = await two(api)
    manager, at = api.as_("ff.manager"), f"/v1/transfers/{held.id}/start"
    body = one_of_two(taken, left)

    first = await manager.post(at, body, version=held.version, key="one-start")
    again = await manager.post(at, body, version=held.version, key="one-start")
    reused = await manager.post(at, one_of_two(left, taken), version=held.version, key="one-start")

    assert (first.status_code, again.status_code, reused.status_code) == (200, 200, 422)
    assert first.json() == again.json()


@pytest.mark.long
@pytest.mark.parametrize(
    ("left", "where"),
    [
        ({"child_id": "DUR1", "reason": "Not a code"}, "/body/not_taken/0/reason"),
        ({"child_id": "D 1", "reason": "other"}, "/body/not_taken/0/child_id"),
        ({"child_id": "DUR1", "reason": "other", "comment": " "}, "/body/not_taken/0/comment"),
        ({"child_id": "DUR1"}, "/body/not_taken/0/reason"),
        ({"child_id": "DUR1", "reason": "other", "more": 1}, "/body/not_taken/0"),
    ],
)
async def test_a_child_who_is_left_out_badly_is_refused_where_it_stands(
    api: Api, left: dict[str, Any], where: str
) -> None:
    held = await seed(api, Stage.PICKED_UP, UP)
    body = one_of_two(held.children[0].child_id, "x") | {"not_taken": [left]}

    refused = await api.as_("ff.manager").post(
        f"/v1/transfers/{held.id}/start", body, version=held.version
    )

    assert refused.status_code == 422
    assert [x["where"] for x in refused.json()["breaches"]] == [where]


@pytest.mark.long
async def test_h01_the_origin_says_what_it_does_for_a_child_who_was_not_taken_before_it_closes(
    api: Api,
) -> None:
    held, taken, left = await two(api)
    manager, worker, at = api.as_("ff.manager"), api.as_("op.worker"), f"/v1/transfers/{held.id}"
    started = await manager.post(f"{at}/start", one_of_two(taken, left), version=held.version)
    allocate = {"worker": "A. Worker"}
    given = await manager.post(f"{at}/allocate", allocate, version=started.json()["version"])
    version, day = given.json()["version"], api.clock.now.date().isoformat()
    elsewhere = {"child_id": left, "outcome": "another_transfer"}

    before = (await worker.get(f"{at}/closing")).json()
    silent = await worker.post(f"{at}/closing", {"closed_on": day}, version=version)
    early = {"closed_on": day, "remaining": [elsewhere]}
    untrue = await worker.post(f"{at}/closing", early, version=version)
    other = await worker.post("/v1/transfers", opening(left))
    since = (await worker.get(f"{at}/closing")).json()
    closed = await worker.post(f"{at}/closing", {"closed_on": day}, version=version)
    after = (await worker.get(f"{at}/closing")).json()

    assert (before["to_tell_of"], since["to_tell_of"], after["to_tell_of"]) == ([left], [], [])
    assert [x["code"] for x in silent.json()["breaches"]] == ["closing-remaining"]
    assert [x["code"] for x in untrue.json()["breaches"]] == ["closing-remaining-transfer"]
    assert left not in silent.text + untrue.text
    assert (other.status_code, closed.status_code) == (201, 200)
    assert after["closed"]["remaining"] == [elsewhere | {"comment": None}]


@pytest.mark.long
@pytest.mark.parametrize(
    ("outcome", "comment"), [("stays_open", None), ("no_further_help", "Safe with an aunt")]
)
async def test_h01_the_closing_keeps_what_is_done_for_a_child_who_was_not_taken(
    api: Api, outcome: str, comment: str | None
) -> None:
    held, taken, left = await two(api)
    manager, worker, at = api.as_("ff.manager"), api.as_("op.worker"), f"/v1/transfers/{held.id}"
    started = await manager.post(f"{at}/start", one_of_two(taken, left), version=held.version)
    allocate = {"worker": "A. Worker"}
    given = await manager.post(f"{at}/allocate", allocate, version=started.json()["version"])
    told = {"child_id": left, "outcome": outcome, "comment": comment}
    body = {"closed_on": api.clock.now.date().isoformat(), "remaining": [told]}

    closed = await worker.post(f"{at}/closing", body, version=given.json()["version"])
    read = (await api.as_("op.manager").get(at)).json()

    assert closed.status_code == 200, closed.text
    assert read["closing"]["remaining"] == [told]
    assert read["children"][1]["outcome"] == "not_taken"


@pytest.mark.long
async def test_h01_a_child_whose_other_transfer_ended_without_them_is_told_of_again(
    api: Api,
) -> None:
    held, taken, left = await two(api)
    manager, worker, at = api.as_("ff.manager"), api.as_("op.worker"), f"/v1/transfers/{held.id}"
    await manager.post(f"{at}/start", one_of_two(taken, left), version=held.version)
    other = (await worker.post("/v1/transfers", opening(left))).json()

    carried = (await worker.get(f"{at}/closing")).json()["to_tell_of"]
    path = f"/v1/transfers/{other['id']}/cancel"
    ended = await api.as_("op.manager").post(
        path, {"reason": "entered_in_error", "comment": "After all not."}, version=other["version"]
    )

    assert ended.status_code == 200, ended.text
    assert (carried, (await worker.get(f"{at}/closing")).json()["to_tell_of"]) == ([], [left])
