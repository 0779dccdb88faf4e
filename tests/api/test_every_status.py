"""Every refusal that the document promises is provoked, of every operation that promises it.

Each test takes its operations from the document: one that promises a status and does not give it
fails, and so does a status that nobody thought of.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from api.contract import document, operations
from api.seeding import (
    DOWN,
    UP,
    call_back,
    callback,
    seed,
    seed_delegation,
    seed_delivery,
    seed_hold,
    seed_meeting,
    seed_request,
    seed_subscription,
)
from api.signing import forge
from builders import NOW, TRANSFER_ID, child
from service import Api, Person, in_process, settings_for

from app.api import caller
from app.api.around_examples import CLOCK, MEMBER_ID
from app.api.consent_examples import CONSENT_ID
from app.api.disagreement_bodies import DISAGREEMENT_ID
from app.api.meeting_examples import ACTION_ID, MEETING_ID
from app.api.rights_examples import HOLD_ID, REQUEST_ID
from app.api.subscription_examples import SUBSCRIPTION_ID
from app.domain.disagreement import Disagreement
from app.domain.pathway import Stage
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.subject_access import RequestState
from app.domain.subscription import SubscriptionState
from app.domain.transfer import Transfer
from app.store.delivery_rows import DeliveryState
from app.store.idempotency import KeyInUse

OPERATIONS = operations()
CALLBACKS = {"receiveLcsCallback": "lcs", "receiveEhmCallback": "ehm"}
STATUSES = {
    (name, int(status))
    for name, found in OPERATIONS.items()
    for status in found["responses"]
    if int(status) >= 400
}
ORIGIN, RECEIVER = "ff.manager", "op.manager"
SENT = Stage.DISPATCHED
AT: dict[str, tuple[str, Stage]] = {
    "editTransfer": (ORIGIN, Stage.DRAFT),
    "submitToMeeting": (ORIGIN, Stage.DRAFT),
    "finaliseTransfer": (ORIGIN, Stage.DRAFT),
    "authoriseTransfer": (ORIGIN, Stage.AWAITING_AUTHORISATION),
    "returnTransfer": (ORIGIN, Stage.AWAITING_AUTHORISATION),
    "redirectTransfer": (ORIGIN, Stage.DISPATCHED),
    "pickUpTransfer": (RECEIVER, Stage.DISPATCHED),
    "releaseTransfer": (RECEIVER, Stage.PICKED_UP),
    "declineTransfer": (RECEIVER, Stage.DISPATCHED),
    "startTransfer": (RECEIVER, Stage.PICKED_UP),
    "allocateTransfer": (RECEIVER, Stage.STARTED),
    "completeTransfer": (RECEIVER, Stage.ALLOCATED),
    "cancelTransfer": (ORIGIN, Stage.DRAFT),
}
AROUND = (
    *("recordMilestone", "recordConsent", "withdrawConsent", "decideWithdrawal"),
    *("recordSharingBasis", "stepIn", "stepOut", "pauseClock", "resumeClock", "closeAtSource"),
    *("raiseDisagreement", "escalateDisagreement", "resolveDisagreement"),
    *("recordReview", "giveFeedback", "restrictTransfer", "liftRestriction"),
)
"""These go with every stage: their one conflict is with a twin."""
IN_A_MEETING = (
    *("circulateAgenda", "recordMilestoneForMeeting", "recordAttendance", "decideCase"),
    "callOffMeeting",
    "finishAction",
)
CHAIR = "meeting.chair"
ADMINISTRATOR = "systems.team"
SUBSCRIPTIONS = ("changeSubscription", "rotateSecret", "endSubscription", "testSubscription")
OF_REQUEST = (
    *("reviewSubjectAccess", "extendSubjectAccess", "decideSubjectAccess"),
    *("downloadSubjectAccess", "printSubjectAccess"),
)
OPERATIONS_MANAGER = "operations.manager"
DELEGATING = ("delegateRole", "endDelegation")
BULK = ("reassignWork", "renameTeam", "closeTeam")
"""These go with many transfers: so is theirs."""
one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _promised(status: int) -> list[str]:
    return [name for name in OPERATIONS if (name, status) in STATUSES]


def _body(name: str) -> Any:
    if name == "pickUpTransfer" or "requestBody" not in OPERATIONS[name]:
        return None
    shown = OPERATIONS[name]["requestBody"]["content"]["application/json"]["examples"]
    return next(iter(shown.values()))["value"]


def _path(name: str, **ids: Any) -> str:
    known = {
        "transfer_id": TRANSFER_ID,
        "member_id": MEMBER_ID,
        "disagreement_id": DISAGREEMENT_ID,
        "consent_id": CONSENT_ID,
        "clock": CLOCK,
        "team": "op-bishop",
        "code": "durham",
        "version": "2026-11",
        "delivery_id": 1,
        "meeting_id": MEETING_ID,
        "action_id": ACTION_ID,
        "person": "op.worker",
        "subscription_id": SUBSCRIPTION_ID,
        "delegation_id": 1,
        "hold_id": HOLD_ID,
        "request_id": REQUEST_ID,
    }
    path: str = OPERATIONS[name]["path"].format(**known | ids)
    return path


async def _send(
    person: Person, name: str, path: str | None = None, *, body: Any = None, version: int | None = 1
) -> httpx.Response:
    method, path = OPERATIONS[name]["method"], path or _path(name)
    if method == "GET":
        return await person.get(path)
    if method == "PATCH":
        return await person.patch(path, body or _body(name), version=version)
    return await person.post(path, body or _body(name), version=version)


def _bytes(name: str, content: bytes, media_type: str) -> tuple[str, str, bytes, dict[str, str]]:
    headers = {"Content-Type": media_type}
    return OPERATIONS[name]["method"], _path(name), content, headers


async def test_400_of_what_cannot_be_read(storeless: Api) -> None:
    found = {
        name: await _raw(storeless, *_bytes(name, b"{", "application/json"))
        for name in _promised(400)
    }

    assert found == dict.fromkeys(_promised(400), 400)


async def test_413_of_what_is_too_large(storeless: Api) -> None:
    found = {
        name: await _raw(storeless, *_bytes(name, b" " * 1_000_001, "application/json"))
        for name in _promised(413)
    }

    assert found == dict.fromkeys(_promised(413), 413)


async def test_415_of_what_is_not_json(storeless: Api) -> None:
    found = {
        name: await _raw(storeless, *_bytes(name, b"{}", "text/plain")) for name in _promised(415)
    }

    assert found == dict.fromkeys(_promised(415), 415)


async def test_401_of_somebody_who_shows_nothing(storeless: Api) -> None:
    unsigned = {"webhook-id": "m", "webhook-timestamp": "0", "webhook-signature": "v1,AA"}

    found = {
        name: await _raw(
            storeless,
            OPERATIONS[name]["method"],
            _path(name),
            json.dumps(_body(name)).encode() if _body(name) else b"",
            {"Content-Type": "application/json", **unsigned},
        )
        for name in _promised(401)
    }

    assert found == dict.fromkeys(_promised(401), 401)


async def test_428_without_a_version(storeless: Api) -> None:
    manager = storeless.as_(ORIGIN)

    found = {
        name: (await _send(manager, name, version=None)).status_code for name in _promised(428)
    }

    assert found == dict.fromkeys(_promised(428), 428)


@one_store
async def test_403_of_somebody_whom_the_directory_does_not_know(api: Api) -> None:
    nobody = Person(api.client, forge(api.key).token(sub="nobody"))
    up, down = await seed(api, Stage.DISPATCHED, UP), await seed(api, Stage.DISPATCHED, DOWN)

    found = {
        name: (await _send(nobody, name)).status_code
        for name in _promised(403)
        if name not in CALLBACKS
    }
    for name, system in CALLBACKS.items():
        others = down if system == "lcs" else up
        found[name] = await _called_back(api, system, others)

    assert found == dict.fromkeys(_promised(403), 403)


@one_store
async def test_404_of_what_is_not_there(api: Api) -> None:
    ids = {"team": "nobodys", "code": "nowhere", "delivery_id": 7, "delegation_id": 7}
    stranger = api.as_("ff.chester.manager")
    hidden = await seed(api, Stage.DRAFT)

    found = {
        name: (await _send(stranger, name, _path(name, transfer_id=hidden.id, **ids))).status_code
        for name in _promised(404)
        if name not in (*CALLBACKS, "breakGlass", "placeLegalHold", "requestSubjectAccess")
    }
    on_nothing = {"reason": "litigation", "transfer": TRANSFER_ID}
    placing = await _send(api.as_(OPERATIONS_MANAGER), "placeLegalHold", body=on_nothing)
    found["placeLegalHold"] = placing.status_code
    await seed(api, Stage.DISPATCHED, children=(child("DUR1001"),), then=_denied)
    asking = await _send(api.as_(RECEIVER), "requestSubjectAccess")
    found["requestSubjectAccess"] = asking.status_code
    found["breakGlass"] = (await _send(stranger, "breakGlass")).status_code
    for name, system in CALLBACKS.items():
        report = callback("duty_task.received", reference=f"{TRANSFER_ID}.1")
        found[name] = (await call_back(api, system, report)).status_code

    assert found == dict.fromkeys(_promised(404), 404)


@one_store
async def test_409_of_what_the_stage_does_not_allow(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = await seed(api, Stage.COMPLETED, DOWN)
    delivered = await seed_delivery(api, over, DeliveryState.DELIVERED)
    found = {}

    for name, (person, _) in AT.items():
        path = _path(name, transfer_id=over.id)
        found[name] = (await _send(api.as_(person), name, path, version=over.version)).status_code
    again = _path("replayDelivery", delivery_id=delivered)
    found["replayDelivery"] = (await _send(api.as_(ORIGIN), "replayDelivery", again)).status_code
    opening = [await _send(api.as_(ORIGIN), "openTransfer") for _ in range(2)]
    found["openTransfer"] = opening[1].status_code
    for name, system in CALLBACKS.items():
        ended = await seed(api, Stage.CANCELLED, UP if system == "lcs" else DOWN)
        found[name] = await _called_back(api, system, ended)
    await seed_subscription(api, state=SubscriptionState.ENDED)
    for name in SUBSCRIPTIONS:
        found[name] = (await _send(api.as_(ADMINISTRATOR), name)).status_code
    await seed_hold(api, lifted_at=api.clock.now, lifted_by="a.leaver")
    lifting = await _send(api.as_(ADMINISTRATOR), "liftLegalHold")
    found["liftLegalHold"] = lifting.status_code
    await seed_request(api, state=RequestState.REFUSED)
    for name in OF_REQUEST:
        found[name] = (await _send(api.as_(OPERATIONS_MANAGER), name)).status_code
    monkeypatch.setattr(caller, "claim_key", _in_use)
    alike = (
        "placeLegalHold",
        "requestSubjectAccess",
        "subscribe",
        *DELEGATING,
        "breakGlass",
        *AROUND,
        *BULK,
        *IN_A_MEETING,
        "planMeeting",
    )
    twins = {name: await _send(api.as_(ORIGIN), name) for name in alike}
    found |= {name: twin.status_code for name, twin in twins.items()}

    assert found == dict.fromkeys(_promised(409), 409)
    assert {twin.headers["Retry-After"] for twin in twins.values()} == {"1"}


@one_store
async def test_412_of_a_version_that_is_past(api: Api) -> None:
    found = {}

    for name, (person, stage) in {**AT, **dict.fromkeys(AROUND, (ORIGIN, SENT))}.items():
        transfer = await seed(api, stage, DOWN, then=_disputed)
        path = _path(name, transfer_id=transfer.id)
        version = transfer.version - 1
        found[name] = (await _send(api.as_(person), name, path, version=version)).status_code

    transfer = await seed_meeting(api)
    for name in IN_A_MEETING:
        path = _path(name, transfer_id=transfer.id)
        found[name] = (await _send(api.as_(CHAIR), name, path, version=7)).status_code
    delegation = await seed_delegation(api)
    await seed_hold(api)
    lifting = await _send(api.as_(ADMINISTRATOR), "liftLegalHold", version=7)
    found["liftLegalHold"] = lifting.status_code
    await seed_request(api)
    for name in OF_REQUEST:
        if name in _promised(412):
            answer = await _send(api.as_(OPERATIONS_MANAGER), name, version=7)
            found[name] = answer.status_code
    path = _path("endDelegation", delegation_id=delegation.id)
    ending = await _send(api.as_(ORIGIN), "endDelegation", path, version=7)
    found["endDelegation"] = ending.status_code
    await seed_subscription(api)
    for name in SUBSCRIPTIONS:
        if name in _promised(412):
            answer = await _send(api.as_(ADMINISTRATOR), name, version=7)
            found[name] = answer.status_code

    assert found == dict.fromkeys(_promised(412), 412)


async def test_422_of_what_cannot_be(storeless: Api) -> None:
    manager = storeless.as_(ORIGIN)
    found = {}

    for name in _promised(422):
        ids = (
            *("transfer_id", "team", "code", "delivery_id", "meeting_id", "person"),
            *("subscription_id", "delegation_id", "hold_id", "request_id"),
        )
        bad = dict.fromkeys(ids, "%00")
        path = _path(name, **bad)
        body = {"Zebedee": 1} if "requestBody" in OPERATIONS[name] else None
        if name in CALLBACKS:
            answer = await call_back(storeless, CALLBACKS[name], {})
        elif "%00" in path or body:
            answer = await _send(manager, name, path, body=body)
        else:
            answer = await manager.get(path, limit=-1, to="soon")
        found[name] = answer.status_code

    assert found == dict.fromkeys(_promised(422), 422)


async def test_503_while_the_database_is_away(api_without_database: Api) -> None:
    manager = api_without_database.as_(ORIGIN)
    names = [name for name in _promised(503) if name not in CALLBACKS]

    answers = dict(
        zip(names, await asyncio.gather(*(_send(manager, name) for name in names)), strict=True)
    )
    for name, system in CALLBACKS.items():
        report = callback("duty_task.received", reference=f"{TRANSFER_ID}.1")
        answers[name] = await call_back(api_without_database, system, report)

    assert {n: a.status_code for n, a in answers.items()} == dict.fromkeys(_promised(503), 503)
    assert {answer.headers["Retry-After"] for answer in answers.values()} == {"1"}


def test_there_is_no_status_that_these_tests_do_not_know() -> None:
    assert {status for _, status in STATUSES} == {
        400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503,
    }  # fmt: skip
    assert set(_promised(503)) == set(OPERATIONS) - {"live"}
    assert document()["openapi"].startswith("3.")


@pytest.fixture
def api_without_database(issuer_key: Path) -> Api:
    """The API on a PostgreSQL that is not there."""
    return in_process(settings_for("postgresql://nobody@127.0.0.1:1/nothing", issuer_key))


def _disputed(transfer: Transfer) -> Transfer:
    found = Disagreement(DISAGREEMENT_ID, ("other",), "Risk", "op.worker", NOW)
    return replace(transfer, disagreements=(found,))


def _denied(transfer: Transfer) -> Transfer:
    kind, reason = RestrictionKind.CONFLICT_OF_INTEREST, RestrictionReason.KNOWS_THE_FAMILY
    kept = Restriction(kind, RECEIVER, reason, "A neighbour", ORIGIN, NOW)
    return replace(transfer, restrictions=(kept,))


async def _in_use(*_: object) -> Callable[[], None]:
    raise KeyInUse


async def _called_back(api: Api, system: str, transfer: Transfer) -> int:
    report = callback("duty_task.picked_up", reference=f"{transfer.id}.1", worker="w")
    return (await call_back(api, system, report)).status_code


async def _raw(api: Api, method: str, path: str, content: bytes, headers: dict[str, str]) -> int:
    answer = await api.client.request(method, path, content=content, headers=headers)
    return answer.status_code
