"""The OpenAPI document: the framework's, mended once where it says less or more than is true."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.api.callback_bodies import CallbackBody
from app.api.links import add_links
from app.api.problems import Problem
from app.api.request_headers import LONGEST_KEY, VERSION_PATTERN

DESCRIPTION = """
Owns the transfers of children's cases between Early Help (recorded in EHM) and children's social
care (recorded in LCS): *Step Up to Children's Social Care* and *Step Down to Early Help*.

Every request carries a bearer token of the council's identity provider. A POST that changes
something takes an `Idempotency-Key`: a repeat gets the first answer. A change of a transfer takes
`If-Match` with its version. Every refusal is an RFC 9457 problem that lists all breaches at once,
each rule with its code and the clause of the council's procedure that it is from.
"""
TAGS = [
    {"name": "Transfers", "description": "Open, read and edit"},
    {"name": "Boards", "description": "Find and count transfers; what became of what was sent"},
    {"name": "Actions", "description": "What moves a transfer from stage to stage"},
    {"name": "Around the transfer", "description": "What happened, the family's team"},
    {"name": "Consent", "description": "What the family consents to, or another basis for sharing"},
    {"name": "Meetings", "description": "Agendas, decisions and attendance of a series' meetings"},
    {
        "name": "Restricted records",
        "description": "From whom a transfer is withheld, and who broke the glass",
    },
    {"name": "Clocks", "description": "What is due, nearly late and late, and the checklist"},
    {"name": "Directory", "description": "People, teams, councils and their protocols"},
    {"name": "Deliveries", "description": "Messages to the case systems, alerts, replay"},
    {"name": "Audit", "description": "Who did what, and who was shown what"},
    {"name": "Subscriptions", "description": "Events for the council's other systems"},
    {"name": "People's rights", "description": "Subject access, and legal hold"},
    {"name": "Callbacks", "description": "What LCS and EHM report to us"},
    {"name": "Health", "description": "For the operator"},
]
REQUIRED_HEADERS = {
    "idempotency-key": {"type": "string", "pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
    "if-match": {"type": "string", "pattern": VERSION_PATTERN},
}
"""Optional and any text to the framework, so that a fault gets its own status (400, 412, 428)."""
FRAMEWORK_ONLY = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Have the app serve the mended document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _mended(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _mended(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        webhooks=app.webhooks.routes,
        tags=TAGS,
    )
    schemas = made["components"]["schemas"]
    _, extra = models_json_schema(
        [(Problem, "validation"), (CallbackBody, "validation")],
        ref_template="#/components/schemas/{model}",
    )
    schemas.update(extra["$defs"])
    for name in FRAMEWORK_ONLY:
        schemas.pop(name, None)
    for path in made["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in REQUIRED_HEADERS:
                    parameter["required"] = True
                    shown = parameter["schema"].get("examples", [])
                    parameter["schema"] = {**REQUIRED_HEADERS[parameter["name"]], "examples": shown}
    add_links(made)
    return made
