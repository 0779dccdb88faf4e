"""How every operation on a transfer is asked: of it, of its meeting, of its delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from api.contract import operations
from api.expected_rights import DENIED, PEOPLE
from service import Api

from app.domain.pathway import Pathway
from app.domain.transfer import Transfer

OPERATIONS = operations()
CLOCK = "HZ-3-pick-up"
ELSEWHERE = {Pathway.STEP_UP: "ff-chester", Pathway.STEP_DOWN: "op-chester"}
PEOPLE_IN_ORDER = [*PEOPLE]
COMMENT = {"comment": "Because"}


@dataclass(frozen=True)
class Before:
    """What is asked of: a transfer, the meeting that it is before, a delivery of it.

    `part` is the id of everything around it: its consent, its member, its disagreement.
    """

    transfer: Transfer
    meeting: str | None = None
    delivery: int | None = None
    part: str | None = None
    version: int | None = None

    async def ask(self, api: Api, person: str, asked: str) -> httpx.Response:
        """Ask it as that person, of `version`, or of the transfer's own."""
        name = asked.partition(" ")[0]
        method, somebody = OPERATIONS[name]["method"], api.as_(person)
        if name == "findTransfers":
            return await somebody.get("/v1/transfers", child_id=self.transfer.children[0].child_id)
        if method == "GET":
            return await somebody.get(self.path(name))
        version = None if name == "replayDelivery" else self.version or self.transfer.version
        send = somebody.patch if method == "PATCH" else somebody.post
        return await send(self.path(name), body_of(asked, self.transfer), version=version)

    def path(self, name: str) -> str:
        """The operation's path."""
        ids = {
            "transfer_id": self.transfer.id,
            "meeting_id": self.meeting,
            "delivery_id": self.delivery,
            "consent_id": self.part,
            "member_id": self.part,
            "disagreement_id": self.part,
            "action_id": self.part,
            "clock": CLOCK,
        }
        path: str = OPERATIONS[name]["path"].format(**ids)
        return path


async def ask_council(api: Api, person: str, name: str, ids: Mapping[str, object]) -> int:
    """The status of what is asked of Durham, its team op-bishop, or what `ids` name."""
    ids = {"team": "op-bishop", "person": "op.worker", **ids}
    ids |= {"code": "durham", "version": "2026-11"}
    one, somebody = OPERATIONS[name], api.as_(person)
    path = one["path"].format(**ids)
    if one["method"] == "GET":
        return (await somebody.get(path)).status_code
    at = api.clock.now + timedelta(days=7, minutes=PEOPLE_IN_ORDER.index(person))
    bodies: dict[str, dict[str, Any]] = {
        "planMeeting": {"series": "weekly", "starts_at": at.isoformat()},
        "requestSubjectAccess": {
            "child_id": "DUR1001",
            "applicant": "child",
            "received_on": f"{api.clock.now:%Y-%m-%d}",
        },
        "closeTeam": COMMENT | {"successor": "op-bishop"},
    }
    version = 77 if "412" in one["responses"] else None
    send = somebody.patch if one["method"] == "PATCH" else somebody.post
    return (await send(path, bodies.get(name) or example_of(name), version=version)).status_code


def answered(asked: str, answer: httpx.Response) -> int:
    """The status; 404 also where a list leaves the transfer out."""
    if asked == "findTransfers" and not answer.json()["items"]:
        return 404
    return answer.status_code


def body_of(asked: str, transfer: Transfer) -> dict[str, Any] | None:
    """What the operation is asked with; its first example in the document where any will do."""
    child = transfer.children[0].child_id
    at = transfer.milestones[0].at.isoformat()
    record = {"record_id": "REC-1", "created_at": "2026-11-20T09:30:00Z", "dated": "2026-05-04"}
    special: dict[str, dict[str, Any] | None] = {
        "editTransfer": {"comments": "Other words"},
        "submitToMeeting": {"series": "weekly", "starts_at": "2027-11-26T14:00:00Z"},
        "redirectTransfer": COMMENT | {"recipient": ELSEWHERE[transfer.pathway]},
        "pickUpTransfer": None,
        "pickUpTransfer for somebody": {"worker": "somebody.else"},
        "startTransfer": {"records": [record | {"child_id": child}]},
        "cancelTransfer": COMMENT | {"reason": "entered_in_error"},
        "stepOut": {"at": at},
        "liftRestriction": {"kind": "conflict_of_interest", "people": [DENIED]},
        "recordMilestone": {"name": "origin_closing_begun", "at": at},
        "recordMilestone of the meeting": {"name": "meeting_decided", "at": at}
        | {"outcome": "deferred"},
    }
    if asked == "giveFeedback":
        return (example_of(asked) or {}) | {"child_id": child}
    return special[asked] if asked in special else example_of(asked)


def example_of(name: str) -> dict[str, Any] | None:
    """The first example of the operation's body; None where it has none."""
    if "requestBody" not in OPERATIONS[name]:
        return None
    shown = OPERATIONS[name]["requestBody"]["content"]["application/json"]["examples"]
    value: dict[str, Any] = next(iter(shown.values()))["value"]
    return value
