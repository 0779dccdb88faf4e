"""What the protocol refuses, over HTTP: every breach at once, with its clause, and nothing kept."""

import copy
from typing import Any

import httpx
import pytest
from api.seeding import DOWN, UP, seed
from service import Api

from app.api import examples
from app.domain.pathway import Pathway, Stage

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BODIES: dict[Pathway, dict[str, Any]] = {UP: examples.STEP_UP, DOWN: examples.STEP_DOWN}
AUTHORS = {UP: "op.worker", DOWN: "ff.socialworker"}
MANAGERS = {UP: "op.manager", DOWN: "ff.manager"}
NUMBERS = {UP: "DL-3", DOWN: "DL-14"}
REFUSED: dict[tuple[Pathway, str], set[str]] = {
    (UP, "op-bishop"): {"recipient-kind", "recipient-system", "recipient-other"},
    (UP, "op-chester"): {"recipient-kind", "recipient-system"},
    (UP, "referral-to-progress"): {"referral-to-progress"},
    (UP, "no-such-team"): {"recipient-authority"},
    (DOWN, "ff-bishop"): {"recipient-kind", "recipient-system", "recipient-other"},
    (DOWN, "ff-chester"): {"recipient-kind", "recipient-system"},
    (DOWN, "referral-to-progress"): {
        "recipient-kind",
        "recipient-system",
        "referral-to-progress",
    },
    (DOWN, "no-such-team"): {"recipient-authority"},
}


@one_store
@pytest.mark.parametrize("how", ["open", "edit", "redirect"])
async def test_h02_a_recipient_that_is_none_is_refused_with_every_reason(
    api: Api, how: str
) -> None:
    found = {}

    for pathway, recipient in REFUSED:
        answer = await _choose(api, how, pathway, recipient)
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/rules-broken"
        codes = {breach["code"] for breach in answer.json()["breaches"]}
        found[pathway, recipient] = {c.removeprefix(f"{NUMBERS[pathway]}-") for c in codes}

    assert found == REFUSED


async def test_a_refused_recipient_leaves_the_draft_as_it_was(api: Api) -> None:
    draft = await seed(api, Stage.DRAFT)
    worker = api.as_("op.worker")

    refused = await worker.patch(
        f"/v1/transfers/{draft.id}", {"recipient": "op-bishop"}, version=draft.version
    )
    after = await worker.get(f"/v1/transfers/{draft.id}")

    assert refused.status_code == 422
    assert after.json()["form"]["recipient"] == draft.form.recipient
    assert after.headers["ETag"] == f'"{draft.version}"'


@one_store
@pytest.mark.parametrize("pathway", Pathway)
async def test_an_empty_form_is_refused_with_every_rule_and_its_clause(
    api: Api, pathway: Pathway
) -> None:
    author = api.as_(AUTHORS[pathway])
    draft = (await author.post("/v1/transfers", {**BODIES[pathway], "form": {}})).json()

    answer = await author.post(f"/v1/transfers/{draft['id']}/finalise", version=1)

    breaches = answer.json()["breaches"]
    musts = {breach["code"] for breach in breaches if breach["severity"] == "must"}
    assert answer.status_code == 422
    assert musts == (
        {"DL-3-date", "DL-3-comments", "DL-3-recipient", "DL-5-contact-record"}
        if pathway is UP
        else {"DL-13-date", "DL-13-comments", "DL-14-recipient"}
    )
    assert all(breach["says"] and breach["source"] and breach["found"] for breach in breaches)
    assert {breach["severity"] for breach in breaches} == {"must", "should"}


@one_store
async def test_what_only_warns_comes_back_with_the_transfer(api: Api) -> None:
    worker = api.as_("op.worker")
    body = copy.deepcopy(examples.STEP_UP)
    del body["form"]["meeting"]
    draft = (await worker.post("/v1/transfers", body)).json()

    sent = await worker.post(f"/v1/transfers/{draft['id']}/finalise", version=1)

    assert sent.status_code == 200
    assert {warning["code"] for warning in sent.json()["warnings"]} == {
        "DL-4-meeting-date",
        "DL-4-meeting-decision",
    }


@one_store
@pytest.mark.parametrize(
    ("pathway", "changes", "codes"),
    [
        (DOWN, {"origin": {"kind": "manual"}}, {"DL-11-origin"}),
        (UP, {"origin": {"kind": "child_in_need_plan_finalised"}}, {"DL-2-origin", "DL-2-stage"}),
        (
            UP,
            {"origin_record": {"record_id": "E", "started_on": "2026-01-01", "active": False}},
            {"DL-2-active-episode"},
        ),
        (UP, {"route": "no_such_route"}, {"route"}),
    ],
)
async def test_a_transfer_that_may_not_begin_so_is_refused(
    api: Api, pathway: Pathway, changes: dict[str, Any], codes: set[str]
) -> None:
    answer = await api.as_(AUTHORS[pathway]).post("/v1/transfers", BODIES[pathway] | changes)

    assert answer.status_code == 422
    assert {breach["code"] for breach in answer.json()["breaches"]} == codes


@one_store
async def test_h14_a_chronology_does_not_travel_in_a_step_down(api: Api) -> None:
    body = copy.deepcopy(examples.STEP_DOWN)
    body["form"]["forms"].append({"form": "chronology", "record_id": "CHR-77", "fields": {}})

    answer = await api.as_("ff.socialworker").post("/v1/transfers", body)

    assert answer.status_code == 422
    assert [breach["code"] for breach in answer.json()["breaches"]] == ["DL-16-chronology"]


@one_store
async def test_h13_a_start_names_every_child_and_no_other(api: Api) -> None:
    transfer = await seed(api, Stage.PICKED_UP)
    record = {
        "child_id": "DURANOTHER",
        "record_id": "REF-5001",
        "created_at": "2026-11-20T09:30:00Z",
        "dated": "2026-05-04",
    }

    answer = await api.as_("ff.manager").post(
        f"/v1/transfers/{transfer.id}/start",
        {"records": [record]},
        version=transfer.version,
    )

    assert answer.status_code == 422
    assert [breach["code"] for breach in answer.json()["breaches"]] == ["record-per-child"]


@one_store
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "no_such_thing"}, "milestone"),
        ({"at": "2199-01-01T00:00:00Z"}, "milestone-time"),
        ({"name": "origin_closed"}, "milestone"),
        ({"name": "receiving_manager_contacted"}, "milestone-person"),
        ({"name": "receiving_manager_contacted", "person": "op.manager"}, "milestone-person"),
        ({"name": "receiving_manager_contacted", "person": "nobody"}, "milestone-person"),
        ({"person": "nobody"}, "milestone-person"),
        ({"team": "nobodys"}, "milestone-team"),
        ({"team": "ff-bishop"}, "milestone-team"),
        ({"outcome": "agreed"}, "milestone-outcome"),
        ({"until": "2199-01-01T00:00:00Z"}, "milestone-until"),
    ],
)
async def test_a_milestone_that_cannot_be_is_refused(
    api: Api, changes: dict[str, str], code: str
) -> None:
    transfer = await seed(api, Stage.DISPATCHED)
    body = {"name": "origin_closing_begun", "at": api.clock.now.isoformat()} | changes

    answer = await api.as_("op.worker").post(
        f"/v1/transfers/{transfer.id}/milestones", body, version=transfer.version
    )

    assert answer.status_code == 422
    assert [breach["code"] for breach in answer.json()["breaches"]] == [code]


async def test_h07_immediate_risk_is_sent_without_a_meeting_once_the_managers_have_spoken(
    api: Api,
) -> None:
    worker = api.as_("op.worker")
    body = copy.deepcopy(examples.STEP_UP) | {"route": "immediate_risk"}
    del body["form"]["meeting"]
    path = f"/v1/transfers/{(await worker.post('/v1/transfers', body)).json()['id']}"
    spoken = {
        "name": "receiving_manager_contacted",
        "at": api.clock.now.isoformat(),
        "person": "ff.manager",
    }

    too_soon = await worker.post(f"{path}/finalise", version=1)
    told = await worker.post(f"{path}/milestones", spoken, version=1)
    sent = await worker.post(f"{path}/finalise", version=2)

    assert [breach["code"] for breach in too_soon.json()["breaches"]] == ["DL-1-contact"]
    assert told.status_code == 200
    assert sent.json()["stage"] == "dispatched"
    assert sent.json()["warnings"] == []


async def test_the_longest_values_that_the_document_allows_are_kept(api: Api) -> None:
    worker, words, line = api.as_("op.worker"), "\u00e9" * 20_000, "\U0001f600" * 200
    child = {**examples.CHILD, "name": line, "child_id": "D" * 20, "upn": "A" + "0" * 12}
    form = {
        "comments": words,
        "meeting": {"chair": line, "decision": line, "notes": words},
        "forms": [{"form": "f" * 64, "record_id": "~" * 64, "fields": {line: words}}],
        "references": [{"form": "f" * 64, "record_id": "!" * 64}] * 50,
    }
    body = examples.STEP_UP | {
        "children": [child],
        "form": form,
        "origin": {"kind": "manual", "stage_record_id": "R" * 64},
        "origin_record": {"record_id": "R" * 64, "started_on": "2199-12-31", "active": True},
    }

    opened = await worker.post("/v1/transfers", body, key="~" * 255)
    read = await worker.get(f"/v1/transfers/{opened.json()['id']}")

    assert opened.status_code == 201
    assert read.json()["form"]["comments"] == words
    assert read.json()["form"]["forms"][0]["fields"] == {line: words}
    assert read.json()["children"][0]["name"] == line


@pytest.mark.parametrize(
    ("action", "stage", "person"),
    [("allocate", Stage.STARTED, "ff.manager"), ("pick-up", Stage.DISPATCHED, "lcs.service")],
)
async def test_the_longest_name_of_a_worker_is_kept(
    api: Api, action: str, stage: Stage, person: str
) -> None:
    transfer = await seed(api, stage)

    answer = await api.as_(person).post(
        f"/v1/transfers/{transfer.id}/{action}", {"worker": "w" * 200}, version=transfer.version
    )

    assert answer.status_code == 200


async def _choose(api: Api, how: str, pathway: Pathway, recipient: str) -> httpx.Response:
    if how == "open":
        body = copy.deepcopy(BODIES[pathway])
        body["form"]["recipient"] = recipient
        return await api.as_(AUTHORS[pathway]).post("/v1/transfers", body)
    if how == "edit":
        draft = await seed(api, Stage.DRAFT, pathway)
        return await api.as_(AUTHORS[pathway]).patch(
            f"/v1/transfers/{draft.id}", {"recipient": recipient}, version=draft.version
        )
    sent = await seed(api, Stage.DISPATCHED, pathway)
    return await api.as_(MANAGERS[pathway]).post(
        f"/v1/transfers/{sent.id}/redirect",
        {"recipient": recipient, "comment": "Moved"},
        version=sent.version,
    )
