"""The audit over HTTP: an auditor finds out who saw a child's transfer, and leaves a trace too."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from api.seeding import seed, seed_meeting
from api.test_reads_are_audited import on_one_store
from api.test_subscriptions import AUDITOR, an_auditor
from service import Api
from sqlalchemy import select

from app.api.restriction_examples import DENIED
from app.domain.audit_handles import handles
from app.domain.pathway import Stage
from app.domain.reading import LIST, READ
from app.store.audit_seal import recorded
from app.store.tables import audit_events, people
from app.usecases.seal_audit import Sealer

PATH = "/v1/audit"


async def sealed(api: Api) -> None:
    await Sealer(api.store).seal_all(api.clock.now)


def told(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return [(event["actor"], event["codes"][0]) for event in answer.json()["items"]]


async def test_h17_who_saw_a_child_s_transfer_is_answered_lists_included(api: Api) -> None:
    auditor = await an_auditor(api)
    this, other = await seed(api, Stage.DISPATCHED), await seed(api, Stage.DISPATCHED)
    await api.as_("ff.manager").get(f"/v1/transfers/{this.id}")
    await api.as_("op.worker").get(f"/v1/transfers/{other.id}")
    await api.as_("op.worker").get("/v1/transfers", stage="dispatched")
    await api.as_("op.worker").get("/v1/transfers", stage="draft")
    before = await auditor.get(PATH, transfer=this.id)
    await sealed(api)

    found = await auditor.get(PATH, transfer=this.id)
    by_worker = await auditor.get(PATH, actor="op.worker")
    both = await auditor.get(PATH, actor="op.worker", transfer=this.id)

    assert told(before) == []
    assert told(found) == [
        (AUDITOR, "audit"),
        ("op.worker", "transfers"),
        ("ff.manager", "transfer"),
    ]
    assert [code for _, code in told(by_worker)] == ["transfers", "transfers", "transfer"]
    assert told(both) == [("op.worker", "transfers")]
    await sealed(api)
    assert told(await auditor.get(PATH, transfer=this.id))[:2] == [(AUDITOR, "audit")] * 2
    line = found.json()["items"][-1]
    assert (line["transfer"], line["sequence"], len(line["hash"])) == (this.id, 1, 64)


async def test_pages_of_the_audit_hold_everything_once_the_newest_first(api: Api) -> None:
    auditor = await an_auditor(api)
    for _ in range(7):
        await seed(api, Stage.DRAFT)
        await api.as_("op.worker").get("/v1/transfers")
    await sealed(api)

    pages, before = [], None
    while True:
        asked = {"limit": 3} | ({} if before is None else {"before": before})
        page = (await auditor.get(PATH, actor="op.worker", **asked)).json()
        pages.append([event["id"] for event in page["items"]])
        before = page["next"]
        if before is None:
            break

    ids = [id_ for page in pages for id_ in page]
    assert ids == sorted(set(ids), reverse=True)
    assert [len(page) for page in pages] == [3, 3, 1]


@on_one_store
async def test_the_days_of_the_audit_are_london_s_both_included(api: Api) -> None:
    await an_auditor(api)
    api.clock.now = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 on 1 July in London
    await api.as_("op.worker").get("/v1/alerts")
    await sealed(api)

    auditor = api.as_(AUDITOR)
    found = [
        len(told(await auditor.get(PATH, actor="op.worker", **days_of(days))))
        for days in ("2027-06-30/2027-06-30", "2027-07-01/2027-07-01", "2027-06-01/", "/2027-06-30")
    ]

    assert found == [0, 1, 1, 0]


def days_of(days: str) -> dict[str, str]:
    first, last = days.split("/")
    return {name: day for name, day in (("from", first), ("to", last)) if day}


@on_one_store
async def test_the_audit_is_for_auditors_alone_and_its_filters_are_checked(api: Api) -> None:
    auditor = await an_auditor(api)

    others = [await api.as_(one).get(PATH) for one in ("systems.team", "op.manager", "op.worker")]
    wrong = [
        await auditor.get(PATH, **one)
        for one in (
            {"transfer": "no-id"},
            {"before": 0},
            {"limit": 201},
            {"from": "2026-11-02", "to": "2026-11-01"},
            {"who": "me"},
        )
    ]

    assert [answer.status_code for answer in others] == [403, 403, 403]
    assert [answer.status_code for answer in wrong] == [422] * 5


@on_one_store
async def test_of_a_transfer_that_is_withheld_from_an_auditor_the_audit_tells_them_nothing(
    api: Api,
) -> None:
    auditor = await an_auditor(api)
    theirs, other = await seed(api, Stage.DISPATCHED), await seed(api, Stage.DISPATCHED)
    manager = api.as_("op.manager")
    body = DENIED | {"people": [AUDITOR]}
    path = f"/v1/transfers/{theirs.id}"
    answer = await manager.post(f"{path}/restrict", body, version=theirs.version)
    assert answer.status_code in {200, 201}, answer.text
    await manager.get(path)
    await manager.get("/v1/transfers")
    await sealed(api)

    found = await auditor.get(PATH)

    assert other.id in found.text
    assert theirs.id not in found.text


@pytest.mark.long
async def test_h17_no_code_of_the_audit_names_anybody_but_as_a_handle(api: Api) -> None:
    """Whoever is named otherwise could not be erased, and would stand in the clear in the chain."""
    await an_auditor(api)
    transfer = await seed_meeting(api, decided=False)
    manager, path = api.as_("op.manager"), f"/v1/transfers/{transfer.id}"
    await manager.get("/v1/transfers", child_id=transfer.children[0].child_id)
    await manager.post("/v1/people/op.worker/reassign", {"to": "op.manager", "team": "op-bishop"})
    body = DENIED | {"people": [AUDITOR]}
    version = (await manager.get(path)).json()["version"]
    await manager.post(f"{path}/restrict", body, version=version)
    await manager.get("/v1/meetings/" + (await meeting_of(api)))

    async with api.store.read() as tx:
        ids = set((await tx.connection.execute(select(people.c.id))).scalars())
        rows = (await tx.connection.execute(select(audit_events))).mappings().all()

    actions = {row["action"] for row in rows}
    assert {READ, LIST, "worker_changed", "work_reassigned"} <= actions
    secrets = ids | {transfer.id, transfer.children[0].child_id}
    for row in rows:
        event = recorded(dict(row))
        named = {word for handle in handles(event) for word in handle.subject.split(":")}
        words = {word for code in event.codes for word in re.split(r"[:/]", code)}
        assert words & secrets <= named, json.dumps(event.codes)


async def meeting_of(api: Api) -> str:
    found = (await api.as_("systems.team").get("/v1/meetings")).json()["items"]
    return str(next(item["id"] for item in found if item["id"]))
