"""Links of the document: what may follow an answer, and what of it the next request takes.

Who opens or reads a transfer, a meeting or a subscription is told every operation on it, with the
id of the body and the ETag as If-Match; every such operation leads back to reading it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BODY = "$response.body#"
ETAG = "$response.header.ETag"


@dataclass(frozen=True, slots=True)
class Resource:
    """What has an ETag: where it is, who makes and who reads it, and the parts in its body."""

    path: str
    made_by: str
    read_by: str
    parts: Mapping[str, str]
    """Path parameters by the JSON pointer of their value in the body."""


RESOURCES = (
    Resource(
        "/v1/transfers/{transfer_id}",
        "openTransfer",
        "readTransfer",
        {
            "transfer_id": "/id",
            "consent_id": "/consents/0/id",
            "disagreement_id": "/disagreements/0/id",
            "member_id": "/team_around_the_family/0/id",
            "clock": "/clocks/0/code",
        },
    ),
    Resource(
        "/v1/meetings/{meeting_id}",
        "planMeeting",
        "readMeeting",
        {
            "meeting_id": "/id",
            "transfer_id": "/cases/0/transfer",
            "action_id": "/cases/0/actions/0/id",
        },
    ),
    Resource(
        "/v1/subscriptions/{subscription_id}",
        "subscribe",
        "readSubscription",
        {"subscription_id": "/id"},
    ),
)


def add_links(document: dict[str, Any]) -> None:
    """Put every link among the components, and name them where they hold."""
    named = {
        operation["operationId"]: (path, operation)
        for path, item in document["paths"].items()
        for operation in item.values()
    }
    links = document["components"].setdefault("links", {})
    for resource in RESOURCES:
        here = {name: op for name, (path, op) in named.items() if path.startswith(resource.path)}
        for name, operation in here.items():
            links[name] = _link(name, operation, resource)
        follow = {name: {"$ref": f"#/components/links/{name}"} for name in here}
        for name in (resource.made_by, resource.read_by):
            for answer in _good(named[name][1]):
                answer["links"] = follow
        back = {resource.read_by: follow[resource.read_by]}
        for name in here.keys() - {resource.made_by, resource.read_by}:
            for answer in _good(here[name]) if _shows(here[name], named, resource) else ():
                answer["links"] = back


def _good(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (answer for status, answer in operation["responses"].items() if status < "300")


def _shows(
    operation: Mapping[str, Any], named: Mapping[str, tuple[str, Mapping[str, Any]]], of: Resource
) -> bool:
    """Whether the operation answers with the whole resource, as reading it does."""
    read = next(_good(named[of.read_by][1]))["content"]
    return any(answer.get("content") == read for answer in _good(operation))


def _link(name: str, operation: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    asked = [(x["in"], x["name"]) for x in operation.get("parameters", ())]
    given = {
        f"path.{part}": f"{BODY}{pointer}"
        for part, pointer in resource.parts.items()
        if ("path", part) in asked
    }
    if ("header", "if-match") in asked:
        given["header.if-match"] = ETAG
    return {"operationId": name, "parameters": given, "description": operation["summary"]}
