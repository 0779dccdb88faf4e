"""Restricted records where they are not read as transfers: exports, holds, logs, kept answers."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from api.seeding import seed, seed_delegation, seed_hold, seed_request, seed_subscription
from api.test_h06_restricted_over_http import deny, name_only
from api.test_subscriptions import _sent
from service import Api

from app.api.rights_examples import HOLD_ID, REQUEST_ID
from app.api.subscription_examples import SUBSCRIPTION_ID
from app.domain.pathway import Stage
from app.domain.people import Role
from app.domain.subject_access import RequestState
from app.domain.transfer import Transfer
from app.store import directory
from app.store.delivery_rows import PARKED

pytestmark = [pytest.mark.long, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
REQUEST, HOLD = f"/v1/subject-access/{REQUEST_ID}", f"/v1/legal-holds/{HOLD_ID}"
ADMINISTRATOR = "systems.team"


async def _requested(
    api: Api, transfer: Transfer, state: RequestState, by: str = "op.worker"
) -> None:
    await seed_request(
        api,
        requested_by=by,
        child_id=transfer.children[0].child_id,
        state=state,
        reviewed_by=None if state is RequestState.REQUESTED else "op.manager",
    )


async def test_h06_a_delegate_of_who_is_denied_does_not_review_the_childs_records(
    api: Api,
) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    await seed_delegation(api, to="ff.coordinator")
    await _requested(api, sent, RequestState.REQUESTED)
    delegate = api.as_("ff.coordinator")
    assert (await delegate.get(REQUEST)).status_code == 200

    assert (await deny(api, sent, "ff.manager")).status_code == 200

    assert (await delegate.get(REQUEST)).status_code == 404
    assert (await delegate.post(f"{REQUEST}/review", version=1)).status_code == 404


async def test_h06_nobody_reviews_for_the_requester_in_their_place(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    await seed_delegation(api, to="ff.coordinator")
    await _requested(api, sent, RequestState.REQUESTED, by="ff.manager")

    taken = await api.as_("ff.coordinator").post(f"{REQUEST}/review", version=1)

    assert taken.status_code == 404


async def test_h06_who_is_denied_a_child_asks_for_nothing_of_theirs_and_is_not_told_again(
    api: Api,
) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    body = {
        "child_id": sent.children[0].child_id,
        "applicant": "parent",
        "received_on": f"{api.clock.now:%Y-%m-%d}",
    }
    asker, path = api.as_("op.keyworker"), "/v1/subject-access"
    assert (await asker.post(path, body, key="before")).status_code == 201

    assert (await deny(api, sent, "op.keyworker")).status_code == 200

    new, again = [await asker.post(path, body, key=key) for key in ("after", "before")]
    unknown = await asker.post(path, body | {"child_id": "DURNOBODY"})
    assert [x.status_code for x in (new, again)] == [404, 404]
    assert new.json()["title"] == "There is no such thing"
    assert unknown.status_code == 201
    listed = (await api.as_("op.manager").get(path)).json()["items"]
    assert [x["child_id"] for x in listed] == [sent.children[0].child_id]


async def test_h06_what_is_open_to_named_people_alone_is_exported_to_nobody_else(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    await _requested(api, sent, RequestState.RELEASED, by="op.keyworker")
    assert (await api.as_("op.keyworker").get(f"{REQUEST}/export")).status_code == 200

    assert (await name_only(api, sent)).status_code == 200

    assert (await api.as_("op.keyworker").get(REQUEST)).status_code == 200
    for part in ("export", "page"):
        assert (await api.as_("op.keyworker").get(f"{REQUEST}/{part}")).status_code == 404
        assert (await api.as_("op.manager").get(f"{REQUEST}/{part}")).status_code == 200


async def test_h06_who_left_fetches_and_decides_nothing_more(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    await _requested(api, sent, RequestState.RELEASED)
    async with api.store.write() as tx:
        for name in ("op.worker", "op.manager"):
            who = directory.Person(name, "durham", name, name)
            yesterday = api.clock.now.date() - timedelta(days=1)
            role, since = Role.TEAM_MANAGER, date(2020, 1, 1)
            over = directory.DatedMembership(name, role, "op-bishop", since, yesterday)
            await directory.save_person(tx, who, [over])

    for name in ("op.worker", "op.manager"):
        assert (await api.as_(name).get(REQUEST)).status_code == 404
        assert (await api.as_(name).get(f"{REQUEST}/export")).status_code == 404


async def test_h06_a_hold_on_what_is_withheld_is_there_for_others_alone(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    await seed_hold(api, child_id=None, transfer=sent.id)
    there = (await api.as_(ADMINISTRATOR).get("/v1/legal-holds")).json()["items"]
    assert [x["transfer"] for x in there] == [sent.id]

    assert (await deny(api, sent, ADMINISTRATOR)).status_code == 200

    assert (await api.as_(ADMINISTRATOR).get("/v1/legal-holds")).json()["items"] == []
    lift = await api.as_(ADMINISTRATOR).post(f"{HOLD}/lift", {"reason": "concluded"}, version=1)
    assert lift.status_code == 404
    others = (await api.as_("operations.manager").get("/v1/legal-holds")).json()["items"]
    assert [x["transfer"] for x in others] == [sent.id]


async def test_h06_nobody_lifts_a_hold_in_the_place_of_who_placed_it(api: Api) -> None:
    await seed_hold(api, placed_by="operations.manager")
    await seed_delegation(
        api, to="op.keyworker", delegator="operations.manager",
        role=Role.OPERATIONS_MANAGER, team="op-bishop",
    )  # fmt: skip

    lift = await api.as_("op.keyworker").post(f"{HOLD}/lift", {"reason": "concluded"}, version=1)

    assert lift.status_code == 403, lift.text


async def test_h06_the_log_of_a_subscriber_tells_nothing_of_what_is_withheld(api: Api) -> None:
    sent, other = await seed(api, Stage.DISPATCHED), await seed(api, Stage.DISPATCHED)
    await seed_subscription(api)
    await _sent(api, PARKED, sent.id, other.id)
    log = f"/v1/subscriptions/{SUBSCRIPTION_ID}/deliveries"
    items = (await api.as_(ADMINISTRATOR).get(log)).json()["items"]
    of = {x["transfer"]: x["id"] for x in items}
    assert set(of) == {sent.id, other.id}

    assert (await deny(api, sent, ADMINISTRATOR)).status_code == 200

    items = (await api.as_(ADMINISTRATOR).get(log)).json()["items"]
    assert {x["transfer"] for x in items} == {other.id}
    again = {"reason": "fixed_in_case_system"}
    hidden = await api.as_(ADMINISTRATOR).post(f"/v1/deliveries/{of[sent.id]}/replay", again)
    shown = await api.as_(ADMINISTRATOR).post(f"/v1/deliveries/{of[other.id]}/replay", again)
    assert (hidden.status_code, shown.status_code) == (404, 200), shown.text


async def test_h06_the_answer_to_who_broke_the_glass_is_given_again(api: Api) -> None:
    sent = await seed(api, Stage.DISPATCHED)
    assert (await name_only(api, sent)).status_code == 200
    stranger, key = api.as_("op.chester.manager"), str(uuid4())
    path = f"/v1/transfers/{sent.id}/break-glass"
    why = {"reason": "missing_child", "note": "The police called"}
    first = await stranger.post(path, why, key=key)

    again = await stranger.post(path, why, key=key)

    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert again.json() == first.json()


async def test_h06_closing_a_team_names_nothing_that_is_withheld(api: Api) -> None:
    held = await seed(api, Stage.PICKED_UP)
    body = {"successor": "referral-to-progress", "comment": "Merged"}
    close = "/v1/teams/ff-bishop/close"
    assert held.id in (await api.as_(ADMINISTRATOR).post(close, body)).text

    assert (await deny(api, held, ADMINISTRATOR)).status_code == 200

    refused = await api.as_(ADMINISTRATOR).post(close, body)
    assert refused.status_code == 422
    assert held.id not in refused.text
