"""Every refusal of the gateway, in one table, as RFC 9457 problem details."""

from dataclasses import dataclass
from typing import Any

from fastapi.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its status and its title, which never change."""

    status: int
    title: str


KINDS = {
    "malformed": Kind(400, "The body cannot be read"),
    "unsupported_grant_type": Kind(400, "Only client_credentials is granted"),
    "unauthorised": Kind(401, "A valid bearer token is needed"),
    "invalid_client": Kind(401, "The client id or secret is wrong"),
    "not_found": Kind(404, "There is nothing at this address"),
    "unknown_reference": Kind(404, "No task has this reference"),
    "unknown_referral": Kind(404, "No referral has this id"),
    "unknown_episode": Kind(404, "No early help episode has this id"),
    "method_not_allowed": Kind(405, "This address does not take this method"),
    "key_reused": Kind(409, "The idempotency key came before with another body"),
    "duplicate": Kind(409, "The reference was delivered before under another key"),
    "withdrawn": Kind(409, "The reference was withdrawn"),
    "already_started": Kind(409, "The task was started already"),
    "held_by_another": Kind(409, "Someone else holds the task"),
    "not_in_tray": Kind(409, "The task is no longer in the tray"),
    "not_picked_up": Kind(409, "The task must be picked up first"),
    "not_finalised": Kind(409, "The record must be finalised first"),
    "already_finalised": Kind(409, "The record was finalised already"),
    "already_closed": Kind(409, "The record is closed"),
    "stale": Kind(412, "The record has changed since it was read"),
    "too_large": Kind(413, "The body is too large"),
    "invalid": Kind(422, "The request breaks the contract"),
    "unknown_tray": Kind(422, "No team has this duty tray"),
    "unknown_child": Kind(422, "These are not children that can be left out"),
    "wrong_title": Kind(422, "The title is not the one of a transfer into this system"),
    "wrong_pathway": Kind(422, "Tasks of this pathway belong in the other system"),
    "census_8600": Kind(422, "A referral cannot be dated in the future"),
    "census_8606": Kind(422, "A referral cannot be dated over 40 weeks before birth"),
    "census_8630": Kind(422, "A referral cannot be dated after its closure"),
    "start_in_future": Kind(422, "An episode cannot start in the future"),
    "start_before_birth": Kind(422, "An episode cannot start over 40 weeks before birth"),
    "start_after_closure": Kind(422, "An episode cannot start after its closure"),
    "closed_in_future": Kind(422, "A record cannot be closed in the future"),
    "unknown_reason": Kind(422, "The reason is not one that this system knows"),
    "amendment_refused": Kind(422, "The date may not be amended"),
    "if_match_required": Kind(428, "If-Match must say which version is changed"),
    "too_many_requests": Kind(429, "Too many requests"),
    "server_error": Kind(503, "The case system is not available"),
}


class Refusal(Exception):
    """The gateway refuses, with a code of the table and what happened in this case."""

    def __init__(self, code: str, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.code = code
        self.kind = KINDS[code]
        self.detail = detail
        self.members = members

    def answer(self, headers: dict[str, str] | None = None) -> JSONResponse:
        """Write the problem as the response that carries it."""
        return problem(self.code, self.detail, headers=headers, members=self.members)


def problem(
    code: str,
    detail: str,
    *,
    status: int | None = None,
    headers: dict[str, str] | None = None,
    members: dict[str, object] | None = None,
) -> JSONResponse:
    """Answer with a problem of the table; a fault may choose another status."""
    kind = KINDS[code]
    status = status or kind.status
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": status,
        "detail": detail,
        "code": code,
        **(members or {}),
    }
    return JSONResponse(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)
