"""Makes generated requests able to succeed: ids that exist, the version there is, a key of its own.

A schema cannot know which transfers exist. Without this nearly every generated request ends at
404, 412 or an unknown route, and what lies behind is never asked. Only parts that the schema
calls valid are replaced; what was made invalid on purpose goes out as it is.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import Case, HookContext, Response
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CaseMetadata, TestPhase
from service import CALLBACK_SECRETS
from standardwebhooks import Webhook

from app.domain.pathway import TRANSITIONS, Stage

KEPT, EXAMPLED, OVERLAID = 0.1, 0.6, 0.25
"""How often all but the path stays as generated; a body is an example's; a field of it is not."""
STAGES = {
    row.action.value.replace("_", "-"): {
        stage for other in TRANSITIONS if other.action is row.action for stage in other.sources
    }
    for row in TRANSITIONS
} | {"closing": {Stage.ALLOCATED, Stage.COMPLETED}}
PARTS = {
    "consents": "consent_id",
    "disagreements": "disagreement_id",
    "team_around_the_family": "member_id",
    "clocks": "clock",
}
DIRECTORY = {
    "person": ("op.worker", "ff.socialworker", "op.keyworker", "everybody"),
    "team": ("op-bishop", "ff-bishop", "op-chester", "ff-east"),
    "code": ("durham", "cheshire_east", "islington"),
    "version": ("2026-11",),
}
LISTS = {
    "transfer_id": "transfers?limit=200",
    "meeting_id": "meetings",
    "subscription_id": "subscriptions",
    "delivery_id": "deliveries",
}
MOMENTS = ("at", "stepped_in_at", "created_at", "occurred_at")
DAYS = ("given_on", "closed_on", "dated")
MADE_AT = {
    "/v1/legal-holds": "hold_id",
    "/v1/subject-access": "request_id",
    "/v1/delegations": "delegation_id",
    "/v1/subscriptions": "subscription_id",
    "/v1/meetings": "meeting_id",
}
AnyCase = Case[Any]
_ID = re.compile(r"\{(\w+)\}")


class Journey:
    """What is known of the service's contents, and the requests made from it."""

    def __init__(self, seed: int, insider: httpx.Client) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable, not secret
        self._insider = insider
        self._ids: dict[str, list[Any]] = defaultdict(list)
        self._views: dict[str, Mapping[str, Any]] = {}
        self._versions: dict[str, str] = {}
        self.explore()

    def explore(self) -> None:
        """Look at what there is, as somebody who may see all of it."""
        for name, where in LISTS.items():
            found = self._insider.get(f"/v1/{where}").json()
            items = found["items"] if isinstance(found, dict) else found
            self._ids[name] = [item["id"] for item in items if item["id"]]
        for transfer in self._ids["transfer_id"]:
            self._look("transfers", transfer)

    def before_call(self, _context: HookContext, case: AnyCase, kwargs: dict[str, Any]) -> None:
        """Give the request what it needs to succeed, where it was not made to fail."""
        if case.meta is None:
            return
        if not case.meta.is_negative_at(ParameterLocation.PATH):
            self._settle_path(case)
        if self._random.random() < KEPT:
            return
        if not case.meta.is_negative_at(ParameterLocation.BODY):
            self._settle_body(case)
        if not case.meta.is_negative_at(ParameterLocation.HEADER) or self._beside(case.meta):
            self._settle_headers(case, kwargs)

    def _beside(self, meta: CaseMetadata) -> bool:
        """Whether to mend headers for once: they are looked at first, and something else is bad."""
        elsewhere = any(
            meta.is_negative_at(place) for place in (ParameterLocation.BODY, ParameterLocation.PATH)
        )
        return elsewhere and self._random.random() > KEPT

    def after_call(self, _context: HookContext, case: AnyCase, response: Response) -> None:
        """Learn from an answer."""
        mine = self._resource(case)
        etag = response.headers.get("etag")
        if mine is not None and etag:
            self._versions[mine] = etag[0]
        elif mine is not None and response.status_code in (409, 412):
            self._versions.pop(mine, None)
        if response.status_code in (200, 201):
            self._learn(case.path, response)

    def _learn(self, path: str, response: Response) -> None:
        try:
            body = response.json()
        except (ValueError, UnicodeDecodeError):
            return
        if not isinstance(body, dict) or not body.get("id"):
            return
        if path in MADE_AT:
            self._ids[MADE_AT[path]].append(body["id"])
            if "version" in body:
                self._versions[f"{path.removeprefix('/v1/')}/{body['id']}"] = f'"{body["version"]}"'
        elif "pathway" in body and "stage" in body:
            if body["id"] not in self._views:
                self._ids["transfer_id"].append(body["id"])
            self._views[body["id"]] = body

    def _settle_path(self, case: AnyCase) -> None:
        names = _ID.findall(case.path)
        if not names or self._goes_on(case, names[0]):
            return
        if names[0] == "transfer_id":
            act = "edit" if case.method == "PATCH" else case.path.rpartition("/")[2]
            chosen = self._transfer(act, names)
            case.path_parameters["transfer_id"] = chosen
            for name in names[1:]:
                if parts := self._parts(chosen, name):
                    case.path_parameters[name] = self._random.choice(parts)
        elif names[0] == "meeting_id":
            self._settle_meeting(case, names)
        else:
            for name in names:
                known = self._ids[name] or DIRECTORY.get(name)
                if known:
                    case.path_parameters[name] = self._random.choice(known)

    def _goes_on(self, case: AnyCase, name: str) -> bool:
        """Whether the request follows a link from an answer before it."""
        assert case.meta is not None
        known = case.path_parameters.get(name) in self._ids[name]
        return known and case.meta.phase.name is TestPhase.STATEFUL

    def _settle_meeting(self, case: AnyCase, names: list[str]) -> None:
        chosen = self._random.choice(self._ids["meeting_id"])
        case.path_parameters["meeting_id"] = chosen
        if "transfer_id" not in names:
            return
        answer = self._insider.get(f"/v1/meetings/{chosen}")
        cases = answer.json().get("cases", []) if answer.is_success else []
        if cases:
            one = self._random.choice(cases)
            case.path_parameters["transfer_id"] = one["transfer"]
            if "action_id" in names and one["actions"]:
                case.path_parameters["action_id"] = one["actions"][0]["id"]

    def _transfer(self, act: str, names: list[str]) -> str:
        """One that is at a stage for the act, and has the parts that the path names."""
        stages = STAGES.get(act)
        suited = [
            found
            for found in self._ids["transfer_id"]
            if (stages is None or self._views[found]["stage"] in stages)
            and all(self._parts(found, name) for name in names[1:])
        ]
        chosen: str = self._random.choice(suited or self._ids["transfer_id"])
        return chosen

    def _parts(self, transfer: str, name: str) -> list[str]:
        view = self._views[transfer]
        listed = next((view[part] for part, id_ in PARTS.items() if id_ == name), ())
        return [one.get("id") or one.get("code") for one in listed]

    def _settle_body(self, case: AnyCase) -> None:
        if not isinstance(case.body, dict) or self._random.random() > EXAMPLED:
            return
        content = case.operation.definition.raw["requestBody"]["content"].get("application/json")
        if not content or case.media_type != "application/json":
            return
        examples = [example["value"] for example in content["examples"].values()]
        alike = [shown for shown in examples if shown.get("type") == case.body.get("type")]
        if not alike:
            return
        body = json.loads(json.dumps(self._random.choice(alike)))
        for name, value in case.body.items():
            if self._random.random() < OVERLAID:
                body[name] = value
        case.body = _with(body, self._fitting(case))

    def _fitting(self, case: AnyCase) -> dict[str, Any]:
        """Values of fields, wherever in the body, that fit what the request is about."""
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
        moment, today = now.isoformat().replace("+00:00", "Z"), now.date().isoformat()
        fitting: dict[str, Any] = dict.fromkeys(MOMENTS, moment) | dict.fromkeys(DAYS, today)
        about: Mapping[str, Any] | None = None
        if "{transfer_id}" in case.path:
            about = self._views.get(str(case.path_parameters.get("transfer_id")))
        elif case.path.startswith("/v1/callbacks/"):
            goes = "step_up" if case.path.endswith("lcs") else "step_down"
            there = [x for x in self._views.values() if x["pathway"] == goes and x["reference"]]
            about = self._random.choice(there)
            fitting["reference"] = about["reference"]
        if about is not None:
            fitting["child_id"] = about["children"][0]["child_id"]
        elif case.path == "/v1/transfers":
            fitting["child_id"] = f"F{self._random.getrandbits(60):015x}"
        return fitting

    def _settle_headers(self, case: AnyCase, kwargs: dict[str, Any]) -> None:
        given = {name.lower(): name for name in case.headers}
        if "idempotency-key" in given:
            key = str(UUID(int=self._random.getrandbits(128)))
            case.headers[given["idempotency-key"]] = key
        if "if-match" in given:
            case.headers[given["if-match"]] = self._version(case)
        if "webhook-signature" in given:
            kwargs["auth"] = _Signed(case.path.rpartition("/")[2], self._random)

    def _version(self, case: AnyCase) -> str:
        mine = self._resource(case)
        if mine is None:
            return '"1"'
        if mine not in self._versions:
            self._look(*mine.split("/"))
        return self._versions.get(mine, '"1"')

    def _look(self, kind: str, id_: str) -> None:
        answer = self._insider.get(f"/v1/{kind}/{id_}")
        if not answer.is_success:
            return
        if "ETag" in answer.headers:
            self._versions[f"{kind}/{id_}"] = answer.headers["ETag"]
        if kind == "transfers":
            self._views[id_] = answer.json()

    def _resource(self, case: AnyCase) -> str | None:
        """What the path's first id names, which If-Match is about."""
        match = re.match(r"/v1/([\w-]+)/\{(\w+)\}", case.path)
        if match is None or match[2] not in {*LISTS, *MADE_AT.values()}:
            return None
        return f"{match[1]}/{case.path_parameters.get(match[2])}"


def _with(body: Any, fitting: Mapping[str, Any]) -> Any:
    if isinstance(body, list):
        return [_with(one, fitting) for one in body]
    if isinstance(body, dict):
        return {
            name: fitting[name] if name in fitting and value else _with(value, fitting)
            for name, value in body.items()
        }
    return body


class _Signed(AuthBase):
    """Signs the bytes that are sent as their case system would."""

    def __init__(self, system: str, random: Random) -> None:
        self._secret = CALLBACK_SECRETS[system]
        self._message = f"msg_{random.getrandbits(64):x}"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        content = request.body or b""
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
        at = int(time.time())
        signature = Webhook(self._secret).sign(self._message, datetime.fromtimestamp(at, UTC), text)
        request.headers["webhook-id"] = self._message
        request.headers["webhook-timestamp"] = str(at)
        request.headers["webhook-signature"] = signature
        return request
