"""The OpenAPI document: committed as the code says it, complete, and true."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from api.contract import document, operations
from api.seeding import (
    DOWN,
    UP,
    call_back,
    ready_for_meeting,
    seed,
    seed_delegation,
    seed_delivery,
    seed_hold,
    seed_meeting,
    seed_request,
    seed_subscription,
)
from api.signing import forge
from api.test_subscriptions import AUDITOR, an_auditor
from builders import TRANSFER_ID, child
from jsonschema import Draft202012Validator
from procedures.case import with_council
from procedures.conftest import MONDAY
from procedures.islington_forms import CHAIR, IslingtonCase
from service import Api, Person

from app.api.around_examples import CLOCK, MEMBER_ID
from app.api.bulk_examples import PERSON
from app.api.consent_examples import CONSENT_ID
from app.api.disagreement_bodies import DISAGREEMENT_ID
from app.api.meeting_examples import MEETING_ID
from app.api.rights_examples import HOLD_ID, REQUEST_ID
from app.api.subscription_examples import SUBSCRIPTION_ID
from app.cli.document_commands import DOCUMENT, current_document
from app.domain.consent import Consent, How
from app.domain.disagreement import Disagreement
from app.domain.pathway import Pathway, Stage
from app.domain.pauses import Pause
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.subject_access import RequestState
from app.domain.team_around import Member
from app.domain.transfer import Transfer

METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
OPERATIONS = operations()
CHANGES_NO_TRANSFER = ("breakGlass",)
WITH_BODY = {name: found for name, found in OPERATIONS.items() if "requestBody" in found}


def test_the_committed_document_is_the_one_of_this_code() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == current_document(), "run `transfers openapi`"


def test_every_operation_says_what_it_does() -> None:
    tags = {tag["name"] for tag in document()["tags"]}

    for path, item in document()["paths"].items():
        assert set(item) <= METHODS, path
        for operation in item.values():
            said = operation.get("operationId", path)
            assert operation["operationId"], said
            assert operation["summary"], said
            assert len(operation["description"]) > 20, said
            assert operation["tags"], said
            assert set(operation["tags"]) <= tags, said


def test_operations_have_names_of_their_own() -> None:
    named = [
        operation["operationId"]
        for item in document()["paths"].values()
        for operation in item.values()
    ]

    assert len(named) == len(set(named)) > 25


def test_every_parameter_is_described() -> None:
    described = {
        (name, parameter["name"]): bool(
            parameter.get("description")
            or parameter.get("example")
            or parameter["schema"].get("examples")
            or parameter["name"].startswith("webhook-")
        )
        for name, operation in OPERATIONS.items()
        for parameter in operation.get("parameters", ())
    }

    assert [where for where, said in described.items() if not said] == []


def test_every_body_has_examples_that_fit_its_schema() -> None:
    for name, value in _examples():
        schema = WITH_BODY[name]["requestBody"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document()["components"]}
        Draft202012Validator(whole).validate(value)

    assert {name for name, _ in _examples()} == set(WITH_BODY)


def test_every_refusal_is_documented_as_a_problem() -> None:
    problem = {"$ref": "#/components/schemas/Problem"}

    for name, operation in OPERATIONS.items():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert answer["content"] == {"application/problem+json": {"schema": problem}}, name
                assert answer["description"], name


def test_every_change_of_a_transfer_asks_for_a_key_and_a_version() -> None:
    for name, operation in OPERATIONS.items():
        asked = {p["name"]: p["required"] for p in operation.get("parameters", ())}
        of_transfer = "{transfer_id}" in operation["path"]
        by_person = operation.get("security") == [{"bearer": []}]
        if operation["method"] == "POST" and by_person:
            assert asked["idempotency-key"], name
        if operation["method"] != "GET" and of_transfer and name not in CHANGES_NO_TRANSFER:
            assert asked["if-match"], name


def test_everything_but_callbacks_and_health_is_behind_a_token() -> None:
    opened = {
        name
        for name, operation in OPERATIONS.items()
        if operation.get("security") != [{"bearer": []}]
    }

    assert opened == {"receiveLcsCallback", "receiveEhmCallback", "live", "ready", "metrics"}


def test_every_schema_is_used() -> None:
    text = json.dumps(document())

    unused = [
        name
        for name in document()["components"]["schemas"]
        if f'"#/components/schemas/{name}"' not in text
    ]

    assert unused == []


@pytest.mark.parametrize("file", sorted(DOCUMENT.parent.glob("*.json")), ids=lambda at: at.stem)
def test_a_map_is_said_to_take_no_key_but_of_its_pattern(file: Path) -> None:
    maps = [x for x in _objects(json.loads(file.read_bytes())) if "patternProperties" in x]

    assert maps
    assert all(found["additionalProperties"] is False for found in maps)


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    """Each object within, at any depth."""
    if isinstance(found, dict):
        yield found
    if isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from _objects(part)


async def test_the_document_is_served_to_everybody(storeless: Api) -> None:
    answer = await storeless.client.get("/openapi.json")

    assert answer.json() == document()
    assert answer.headers["Content-Type"] == "application/json"


STANDS: dict[str, tuple[Stage, str]] = {
    "editTransfer": (Stage.DRAFT, "origin"),
    "submitToMeeting": (Stage.DRAFT, "origin"),
    "finaliseTransfer": (Stage.DRAFT, "origin"),
    "returnTransfer": (Stage.DECLINED, "origin manager"),
    "redirectTransfer": (Stage.DISPATCHED, "origin manager"),
    "pickUpTransfer": (Stage.DISPATCHED, "system"),
    "declineTransfer": (Stage.DISPATCHED, "receiving manager"),
    "startTransfer": (Stage.PICKED_UP, "receiving manager"),
    "allocateTransfer": (Stage.STARTED, "receiving manager"),
    "completeTransfer": (Stage.ALLOCATED, "origin manager"),
    "cancelTransfer": (Stage.DISPATCHED, "origin manager"),
    "recordMilestone": (Stage.DISPATCHED, "origin"),
    "restrictTransfer": (Stage.DISPATCHED, "origin manager"),
    "liftRestriction": (Stage.DISPATCHED, "receiving manager"),
    "breakGlass": (Stage.DRAFT, "receiving manager"),
    "recordConsent": (Stage.DRAFT, "origin"),
    "giveFeedback": (Stage.COMPLETED, "origin"),
    "closeAtSource": (Stage.ALLOCATED, "origin"),
    "withdrawConsent": (Stage.DISPATCHED, "origin"),
    "decideWithdrawal": (Stage.DISPATCHED, "receiving manager"),
    "recordSharingBasis": (Stage.DRAFT, "origin manager"),
    "stepIn": (Stage.DRAFT, "origin"),
    "stepOut": (Stage.DISPATCHED, "receiving manager"),
    "raiseDisagreement": (Stage.DISPATCHED, "origin"),
    "escalateDisagreement": (Stage.DISPATCHED, "receiving manager"),
    "resolveDisagreement": (Stage.DISPATCHED, "receiving manager"),
    "pauseClock": (Stage.DISPATCHED, "receiving manager"),
    "resumeClock": (Stage.DISPATCHED, "receiving manager"),
}
IN_A_MEETING = ("decideCase", "recordMilestoneForMeeting", "recordAttendance", "callOffMeeting")
PEOPLE = {
    "origin": "op.worker",
    "origin manager": "op.manager",
    "receiving manager": "ff.manager",
    "system": "lcs.service",
}
SUBSCRIPTIONS = ("subscribe", "changeSubscription", "rotateSecret")
BULK = {
    "reassignWork": "op.manager",
    "delegateRole": "op.manager",
    "renameTeam": "systems.team",
    "closeTeam": "systems.team",
}
BULK |= {
    "placeLegalHold": "operations.manager",
    "liftLegalHold": "systems.team",
    "requestSubjectAccess": "op.worker",
    "extendSubjectAccess": "op.worker",
    "decideSubjectAccess": "operations.manager",
}
WHO_READS = {
    "/v1/audit": AUDITOR,
    "subscriptions": "systems.team",
    "legal-holds": "systems.team",
    "subject-access": "operations.manager",
}
EXAMPLE_DAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
REVIEWED = datetime(2026, 12, 24, 10, 0, tzinfo=UTC)
MEMBER = Member(MEMBER_ID, "Kim Example", "A school", "Attendance", EXAMPLE_DAY)
GIVEN = Consent(
    CONSENT_ID, "joint_visit", "Sam Example, mother", EXAMPLE_DAY.date(), How.ORAL,
    informed=True, explicit=True, recorded_by="op.worker", recorded_at=EXAMPLE_DAY,
    )  # fmt: skip
WITHDRAWN = replace(GIVEN, withdrawn_at=EXAMPLE_DAY, withdrawn_by="op.worker")
PAUSED = Pause(CLOCK, EXAMPLE_DAY, "op.manager", "family_away", "Away")
DENIED = Restriction(
    RestrictionKind.CONFLICT_OF_INTEREST, "op.chester.manager",
    RestrictionReason.KNOWS_THE_FAMILY, "A neighbour", "op.manager", EXAMPLE_DAY,
    )  # fmt: skip
DISPUTED = Disagreement(DISAGREEMENT_ID, ("not_agreed",), "Risk", "op.worker", EXAMPLE_DAY)
AROUND: dict[str, dict[str, Any]] = {
    "resumeClock": {"pauses": (PAUSED,)},
    "liftRestriction": {"restrictions": (DENIED,)},
    "withdrawConsent": {"consents": (GIVEN,)},
    "decideWithdrawal": {"consents": (WITHDRAWN,)},
    "escalateDisagreement": {"disagreements": (DISPUTED,)},
    "resolveDisagreement": {"disagreements": (DISPUTED,)},
}
"""What stands around the transfer besides."""
CALLBACK_STAGES = {"duty_task.picked_up": Stage.DISPATCHED, "referral.created": Stage.PICKED_UP}


def _examples() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, operation in WITH_BODY.items():
        for shown in operation["requestBody"]["content"]["application/json"]["examples"].values():
            yield name, shown["value"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "value"), list(_examples()))
async def test_every_example_is_accepted_where_it_stands(
    api: Api, name: str, value: dict[str, Any]
) -> None:
    api.clock.now = EXAMPLE_DAY
    operation = OPERATIONS[name]

    if name.startswith("receive"):
        system = "lcs" if name == "receiveLcsCallback" else "ehm"
        await _example(api, CALLBACK_STAGES[value["type"]], UP if system == "lcs" else DOWN)
        answer = await call_back(api, system, value)
    elif name == "openTransfer":
        team = "op.worker" if value["pathway"] == "step_up" else "ff.socialworker"
        answer = await _somebody(api, team).post(operation["path"], value)
    elif name == "replayDelivery":
        transfer = await _example(api, Stage.DISPATCHED)
        assert await seed_delivery(api, transfer) == 1, "the id of the path's example"
        answer = await _somebody(api, "op.manager").post("/v1/deliveries/1/replay", value)
    elif name == "recordReview":
        case = await _handed_over_in_islington(api)
        answer = await api.as_(CHAIR).post(
            f"{case.path}/reviews", value, version=case.view["version"]
        )
    elif name in SUBSCRIPTIONS:
        if name != "subscribe":
            await seed_subscription(api)
        path = operation["path"].format(subscription_id=SUBSCRIPTION_ID)
        administrator = _somebody(api, "systems.team")
        patch = operation["method"] == "PATCH"
        change = administrator.patch if patch else administrator.post
        answer = await change(path, value, version=1)
    elif name == "planMeeting":
        answer = await _somebody(api, "meeting.chair").post(operation["path"], value)
    elif name in IN_A_MEETING:
        await seed_meeting(api, decided=name != "callOffMeeting", id=TRANSFER_ID)
        path = operation["path"].format(meeting_id=MEETING_ID, transfer_id=TRANSFER_ID)
        answer = await _somebody(api, "meeting.coordinator").post(path, value, version=1)
    elif name in BULK:
        answer = await _of_no_transfer(api, name, value)
    else:
        stage, who = STANDS[name]
        pathway = DOWN if "activities" in value else UP
        told = (*value.get("records", ()), *value.get("not_taken", ()))
        children = tuple(x["child_id"] for x in told) or ("DUR1001",)
        parts = AROUND.get(name, {})
        transfer = await _example(api, stage, pathway, children=children, **parts)
        path = operation["path"].format(
            transfer_id=TRANSFER_ID,
            member_id=MEMBER_ID,
            clock=CLOCK,
            consent_id=CONSENT_ID,
            disagreement_id=DISAGREEMENT_ID,
        )
        somebody = _somebody(api, PEOPLE[who] if pathway is UP else "ff.socialworker")
        change = somebody.patch if operation["method"] == "PATCH" else somebody.post
        answer = await change(path, value, version=transfer.version)

    made = name in (
        *("placeLegalHold", "requestSubjectAccess"),
        *("openTransfer", "planMeeting", "subscribe", "delegateRole", "breakGlass"),
    )
    assert answer.status_code == (201 if made else 200), answer.text


async def test_every_operation_without_a_body_answers_as_documented(api: Api) -> None:
    await an_auditor(api)
    waiting = await seed(api, Stage.AWAITING_AUTHORISATION, DOWN)
    draft, held = await seed(api, Stage.DRAFT), await seed(api, Stage.PICKED_UP)
    await seed_meeting(api)
    await seed_subscription(api)
    delegation = await seed_delegation(api)
    await seed_request(api, state=RequestState.RELEASED)
    asked = REQUEST_ID.replace("c", "d")
    await seed_request(api, id=asked, state=RequestState.REQUESTED, reviewed_by=None)

    answers = await asyncio.gather(
        api.as_("ff.manager").post(
            f"/v1/transfers/{waiting.id}/authorise", version=waiting.version
        ),
        api.as_("op.worker").post(f"/v1/transfers/{draft.id}/finalise", version=draft.version),
        api.as_("ff.manager").post(f"/v1/transfers/{held.id}/release", version=held.version),
        api.as_("meeting.coordinator").post(
            f"/v1/meetings/{MEETING_ID}/circulate-agenda", version=1
        ),
        api.as_("systems.team").post(f"/v1/subscriptions/{SUBSCRIPTION_ID}/test"),
        api.as_("ff.manager").post(f"/v1/delegations/{delegation.id}/end", version=1),
        api.as_("operations.manager").post(f"/v1/subject-access/{asked}/review", version=1),
        *(
            api.as_(_reader(operation["path"])).get(
                operation["path"].format(
                    transfer_id=held.id,
                    team="op-bishop",
                    code="durham",
                    version="2026-11",
                    meeting_id=MEETING_ID,
                    subscription_id=SUBSCRIPTION_ID,
                    request_id=REQUEST_ID,
                )
            )
            for operation in OPERATIONS.values()
            if operation["method"] == "GET"
        ),
    )

    assert {answer.status_code for answer in answers} == {200}


def _reader(path: str) -> str:
    """Whose it is to read."""
    return next((who for part, who in WHO_READS.items() if part in path), "op.manager")


async def _of_no_transfer(api: Api, name: str, value: dict[str, Any]) -> httpx.Response:
    await seed_hold(api)
    await seed_request(api)
    ids = {"person": PERSON, "team": "op-bishop", "hold_id": HOLD_ID, "request_id": REQUEST_ID}
    path = OPERATIONS[name]["path"].format(**ids)
    version = 1 if "412" in OPERATIONS[name]["responses"] else None
    return await _somebody(api, BULK[name]).post(path, value, version=version)


async def _handed_over_in_islington(api: Api) -> IslingtonCase:
    """Whose chair holds the review of the example: Durham knows no reviews."""
    api.clock.now = MONDAY
    case = await IslingtonCase.started(await with_council(api, "islington"))
    await case.hand_over()
    case.at(REVIEWED)
    return case


async def _example(
    api: Api,
    stage: Stage,
    pathway: Pathway = UP,
    children: tuple[str, ...] = ("DUR1001",),
    **parts: Any,
) -> Transfer:
    """The transfer of the examples, at the stage where an example stands."""

    def ready(transfer: Transfer) -> Transfer:
        return replace(ready_for_meeting(transfer), team_around=(MEMBER,), **parts)

    ours = tuple(map(child, children))
    return await seed(api, stage, pathway, then=ready, id=TRANSFER_ID, children=ours)


def _somebody(api: Api, person: str) -> Person:
    """Somebody with a token of the day that the examples are of."""
    now = int(api.clock.now.timestamp())
    token = forge(api.key).token(sub=person, iat=now, nbf=now, exp=now + 3600)
    return Person(api.client, token)
