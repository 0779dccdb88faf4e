"""Who was shown what stands in the audit before they are shown it, whatever they read."""

from typing import Any

import pytest
from api.contract import operations
from api.seeding import (
    seed,
    seed_alert,
    seed_delivery,
    seed_hold,
    seed_meeting,
    seed_request,
    seed_subscription,
)
from api.test_subscriptions import AUDITOR, an_auditor
from builders import TRANSFER_ID
from service import Api
from sqlalchemy import select

from app.api.meeting_examples import MEETING_ID
from app.api.rights_examples import REQUEST_ID
from app.api.subscription_examples import SUBSCRIPTION_ID
from app.domain.pathway import Stage
from app.domain.reading import LIST, READ, ReadPart
from app.domain.subject_access import RequestState
from app.store.engine import Store
from app.store.failures import StoreUnavailable
from app.store.tables import audit_events

on_one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NO_RECORDS = {
    *("readMe", "listAuthorities", "listTeams", "listMembers", "listDelegations"),
    *("readProtocol", "readProtocolVersion"),
    *("live", "ready", "metrics"),
}
"""What shows nobody's record: the directory, protocols, how the process is."""
REQUESTER = "op.worker"
OF_THE_REQUESTER = {"downloadSubjectAccess", "printSubjectAccess"}
GETS = {name: found for name, found in operations().items() if found["method"] == "GET"}
IDS = {
    "transfer_id": TRANSFER_ID,
    "meeting_id": MEETING_ID,
    "subscription_id": SUBSCRIPTION_ID,
    "request_id": REQUEST_ID,
    "team": "op-bishop",
    "code": "durham",
    "version": "2026-11",
}


async def audited(api: Api) -> list[dict[str, Any]]:
    async with api.store.read() as tx:
        query = select(audit_events).where(audit_events.c.action.in_((READ, LIST)))
        found = await tx.connection.execute(query.order_by(audit_events.c.id))
        return [dict(row) for row in found.mappings()]


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(GETS))
async def test_h17_every_read_leaves_one_event_unless_it_shows_no_record(
    api: Api, name: str
) -> None:
    transfer = await seed_meeting(api, id=TRANSFER_ID)
    await seed_delivery(api, transfer)
    await seed_alert(api, "op-bishop", transfer)
    await seed_subscription(api)
    await seed_hold(api)
    await seed_request(api, state=RequestState.RELEASED)
    auditor = await an_auditor(api)

    reader, who = (
        (api.as_(REQUESTER), REQUESTER) if name in OF_THE_REQUESTER else (auditor, AUDITOR)
    )
    answer = await reader.get(GETS[name]["path"].format(**IDS))

    assert answer.status_code == 200, answer.text
    left = await audited(api)
    assert len(left) == (0 if name in NO_RECORDS else 1)
    for event in left:
        assert (event["actor"], event["authority"]) == (who, "durham")
        assert event["codes"][0] in list(ReadPart)
        named = TRANSFER_ID in (event["transfer"], *event["codes"])
        assert named == (TRANSFER_ID in answer.text or "{transfer_id}" in GETS[name]["path"])


async def test_a_list_says_each_transfer_that_it_showed_and_the_child_that_was_sought(
    api: Api,
) -> None:
    first, second = await seed(api, Stage.DRAFT), await seed(api, Stage.DISPATCHED)
    sought = first.children[0].child_id

    auditor = await an_auditor(api)
    await auditor.get("/v1/transfers")
    await auditor.get("/v1/transfers", child_id=sought)
    await auditor.get(f"/v1/transfers/{second.id}/custody")

    whole, one, record = await audited(api)
    assert whole["codes"][0] == "transfers"
    assert set(whole["codes"][1:]) == {first.id, second.id}
    assert one["codes"] == ["transfers", f"child:durham:{sought}", first.id]
    assert (record["action"], record["transfer"], record["codes"]) == (
        READ,
        second.id,
        ["custody"],
    )


@on_one_store
async def test_what_is_refused_was_not_read_and_reads_are_no_part_of_the_history(api: Api) -> None:
    draft = await seed(api, Stage.DRAFT)
    path = f"/v1/transfers/{draft.id}"

    refused = await api.as_("op.chester.manager").get(path)
    await api.as_("op.worker").get(path)
    history = await api.as_("op.worker").get(f"{path}/history")

    assert refused.status_code == 404
    assert [event["actor"] for event in await audited(api)] == ["op.worker", "op.worker"]
    assert [event["action"] for event in history.json()] == []


@on_one_store
async def test_a_read_that_cannot_be_kept_is_not_answered(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await seed(api, Stage.DRAFT)

    def full(_: Store) -> None:
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(Store, "write", full)
    answer = await api.as_("op.worker").get(f"/v1/transfers/{draft.id}")
    monkeypatch.undo()

    assert answer.status_code == 503
    assert draft.children[0].child_id not in answer.text
    again = await api.as_("op.worker").get(f"/v1/transfers/{draft.id}")
    assert again.status_code == 200
    assert len(await audited(api)) == 1
