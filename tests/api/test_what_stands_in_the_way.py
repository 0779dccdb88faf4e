"""The checklist: it says beforehand what an action is going to answer."""

import copy

import pytest
from api.seeding import DOWN, UP, seed
from service import Api

from app.api import examples
from app.domain.pathway import Pathway, Stage

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_checklist_names_what_finalise_then_refuses(api: Api) -> None:
    worker = api.as_("op.worker")
    body = copy.deepcopy(examples.STEP_UP) | {"form": {"comments": "Agreed"}}
    path = f"/v1/transfers/{(await worker.post('/v1/transfers', body)).json()['id']}"

    listed = await worker.get(f"{path}/checklist")
    refused = await worker.post(f"{path}/finalise", version=1)

    gates = {gate["gate"]: gate for gate in listed.json()["gates"]}
    rules = gates["finalise"]["rules"] + gates["dispatch"]["rules"]
    broken = {rule["code"] for rule in rules if not rule["holds"]}
    assert {breach["code"] for breach in refused.json()["breaches"]} <= broken
    assert not gates["finalise"]["open"]
    assert [rule for rule in rules if rule["code"] == "DL-3-comments"] == [
        {
            "code": "DL-3-comments",
            "says": "Give the Comments",
            "source": "DL 3",
            "severity": "must",
            "holds": True,
            "found": None,
        }
    ]
    assert listed.headers["ETag"] == '"1"'
    assert (listed.json()["version"], listed.json()["stage"]) == (1, "draft")


STANDINGS = [(UP, Stage.DRAFT), (DOWN, Stage.AWAITING_AUTHORISATION), (UP, Stage.DISPATCHED)]
BODIES = {
    "edit": {"comments": "Other words"},
    "submit_to_meeting": {"series": "weekly", "starts_at": "2199-11-27T14:00:00Z"},
    "return": {"comment": "x"},
    "decline": {"reason": "threshold_not_met", "comment": "x"},
    "allocate": {"worker": "somebody"},
    "complete": {"comment": "x"},
    "cancel": {"reason": "entered_in_error", "comment": "x"},
}
PEOPLE = ("op.worker", "op.manager", "ff.manager", "ff.socialworker", "systems.team")


@one_store
@pytest.mark.parametrize(("pathway", "stage"), STANDINGS)
async def test_the_checklist_says_which_actions_one_can_take_and_why_not_the_others(
    api: Api, pathway: Pathway, stage: Stage
) -> None:
    foretold, found = {}, {}

    for person in PEOPLE:
        somebody = api.as_(person)
        transfer = await seed(api, stage, pathway)
        path = f"/v1/transfers/{transfer.id}"
        listed = await somebody.get(f"{path}/checklist")
        if listed.status_code == 404:
            continue
        for action in listed.json()["available_actions"]:
            name = action["action"]
            if name not in BODIES and name not in ("finalise", "authorise", "release"):
                continue
            send = somebody.patch if name == "edit" else somebody.post
            way = path if name == "edit" else f"{path}/{name.replace('_', '-')}"
            answer = await send(way, BODIES.get(name), version=transfer.version)
            foretold[person, name] = action["why_not"]
            found[person, name] = (
                None if answer.is_success else answer.json()["type"].removeprefix("/problems/")
            )
            if answer.is_success:
                transfer = await seed(api, stage, pathway)
                path = f"/v1/transfers/{transfer.id}"

    assert found == foretold
    assert set(found.values()) >= {None, "not-permitted"}


@one_store
async def test_an_action_that_rules_refuse_is_listed_with_every_breach_and_its_clause(
    api: Api,
) -> None:
    draft = await seed(api, Stage.DRAFT)

    listed = (await api.as_("op.worker").get(f"/v1/transfers/{draft.id}/checklist")).json()

    submit = next(a for a in listed["available_actions"] if a["action"] == "submit_to_meeting")
    assert (submit["available"], submit["why_not"]) == (False, "rules-broken")
    assert [(breach["code"], breach["source"]) for breach in submit["breaches"]] == [
        ("DF-1-discussed", "DF 1"),
        ("DF-2-agreed", "DF 2"),
        ("DF-5-evidence", "DF 5"),
    ]
