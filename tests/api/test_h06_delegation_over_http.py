"""Dated delegation over HTTP: held on its days, bound by the delegator, and over when ended."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from api.seeding import DOWN, seed, seed_delegation
from service import Api

from app.domain.london import local_date
from app.domain.pathway import Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
long = pytest.mark.long
DELEGATE = "ff.coordinator"


def _body(api: Api, **changes: Any) -> dict[str, Any]:
    today = local_date(api.clock.now).isoformat()
    usual = {"delegator": "ff.manager", "delegate": DELEGATE, "role": "team_manager"}
    return usual | {"team": "ff-bishop", "from_date": today, "to_date": today} | changes


async def _authorise(api: Api, form: Transfer, person: str = DELEGATE) -> httpx.Response:
    path = f"/v1/transfers/{form.id}/authorise"
    return await api.as_(person).post(path, version=form.version)


@one_store
async def test_h06_a_delegate_authorises_for_the_manager_on_the_days_that_were_given(
    api: Api,
) -> None:
    form = await seed(api, Stage.AWAITING_AUTHORISATION, DOWN)
    assert (await _authorise(api, form)).status_code == 403

    made = await api.as_("ff.manager").post("/v1/delegations", _body(api))

    assert made.status_code == 201, made.text
    me = (await api.as_(DELEGATE).get("/v1/me")).json()
    assert {"role": "team_manager", "team": "ff-bishop", "meeting": None} | {
        "delegated_by": ["ff.manager"]
    } in me["memberships"]
    waits = await api.as_(DELEGATE).get("/v1/transfers", waiting_for_me=True)
    assert [x["id"] for x in waits.json()["items"]] == [form.id]
    assert (await _authorise(api, form)).status_code == 200
    history = (await api.as_("ff.manager").get(f"/v1/transfers/{form.id}/history")).json()
    assert (history[-1]["actor"], history[-1]["codes"]) == (DELEGATE, ["for:ff.manager"])
    api.clock.move(days=1)
    me = (await api.as_(DELEGATE).get("/v1/me")).json()
    assert [x["role"] for x in me["memberships"]] == ["team_coordinator"]


@long
@one_store
async def test_h06_by_the_delegation_alone_nobody_judges_what_the_delegator_wrote(
    api: Api,
) -> None:
    form = await seed(api, Stage.AWAITING_AUTHORISATION, DOWN, then=_written_by_the_manager)
    await seed_delegation(api, DELEGATE)

    refused = await _authorise(api, form)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/separation-of-duties")
    waits = await api.as_(DELEGATE).get("/v1/transfers", waiting_for_me=True)
    assert waits.json()["items"] == []
    assert (await _authorise(api, form, "ff.deputy")).status_code == 200


def _written_by_the_manager(transfer: Transfer) -> Transfer:
    return replace(transfer, author="ff.manager")


@long
@one_store
@pytest.mark.parametrize("who", ["ff.manager", DELEGATE])
async def test_h06_a_delegation_that_either_ends_counts_no_more(api: Api, who: str) -> None:
    form = await seed(api, Stage.AWAITING_AUTHORISATION, DOWN)
    made = await seed_delegation(api, DELEGATE)

    ended = await api.as_(who).post(f"/v1/delegations/{made.id}/end", version=1)
    again = await api.as_(who).post(f"/v1/delegations/{made.id}/end", version=1)
    last = await api.as_(who).post(f"/v1/delegations/{made.id}/end", version=2)

    assert (ended.json()["ended_by"], ended.headers["ETag"]) == (who, '"2"')
    assert (again.status_code, last.status_code) == (412, 422)
    assert (await _authorise(api, form)).status_code == 403


@long
@one_store
async def test_h06_a_delegate_hands_nothing_on(api: Api) -> None:
    await seed_delegation(api, DELEGATE)
    chain = _body(api, delegator=DELEGATE, delegate="ff.socialworker")

    by_delegate = await api.as_(DELEGATE).post("/v1/delegations", chain)
    of_manager = await api.as_(DELEGATE).post(
        "/v1/delegations", _body(api, delegate="ff.socialworker")
    )

    assert (by_delegate.status_code, of_manager.status_code) == (403, 403)


@long
@one_store
async def test_delegations_are_listed_to_the_team_and_to_those_whom_they_concern(
    api: Api,
) -> None:
    first = await seed_delegation(api, DELEGATE)
    second = await seed_delegation(api, "op.worker")

    seen = {
        person: [x["id"] for x in (await api.as_(person).get("/v1/delegations")).json()["items"]]
        for person in ("ff.socialworker", "op.worker", "op.manager", "systems.team")
    }
    page = (await api.as_("ff.manager").get("/v1/delegations", limit=1)).json()
    rest = (await api.as_("ff.manager").get("/v1/delegations", after=page["next"])).json()

    both = [first.id, second.id]
    assert seen == {
        "ff.socialworker": both,
        "op.worker": both,
        "op.manager": [],
        "systems.team": both,
    }
    assert [x["id"] for x in (*page["items"], *rest["items"])] == both


@long
@one_store
async def test_h06_who_may_not_delegate_is_told_so_or_nothing(api: Api) -> None:
    answers = {
        person: (await api.as_(person).post("/v1/delegations", _body(api))).status_code
        for person in ("ff.socialworker", "systems.team", "op.manager", "lcs.service")
    }
    wrong = _body(api, delegate="ff.manager", to_date="2020-01-01", role="chair")
    refused = await api.as_("ff.manager").post("/v1/delegations", wrong)

    assert answers == {
        "ff.socialworker": 403, "systems.team": 403, "op.manager": 404, "lcs.service": 404,
    }  # fmt: skip
    assert {x["code"] for x in refused.json()["breaches"]} == {
        "delegation-to",
        "delegation-role",
        "delegation-days",
    }
