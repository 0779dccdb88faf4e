"""Fetching what a subject-access request released: as JSON, and as a page to print."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.caller import Answer, CallerNow, Shown
from app.api.export_page import page
from app.api.problems import documented
from app.api.subject_access import RequestId
from app.api.subject_access_bodies import ExportView
from app.domain.reading import ReadPart
from app.usecases.call import Call
from app.usecases.export_records import download_export
from app.usecases.subject_access import seen_request

router = APIRouter(prefix="/v1/subject-access/{request_id}", tags=["People's rights"])
DOWNLOADS = documented(401, 403, 404, 409, 422, 503)
HTML = "text/html"


@router.get(
    "/export",
    operation_id="downloadSubjectAccess",
    summary="Download what was released, as JSON",
    response_model=ExportView,
    responses=DOWNLOADS,
)
async def export(caller: CallerNow, request_id: RequestId) -> Response:
    """Download what the review released, for who made the request or reviewed it, while it is kept.
    Each download is in the audit.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        content = await _released(call, request_id)
        return Shown(Answer(content, headers=_file(request_id, "json")), about=_about(request_id))

    return await caller.read(ReadPart.SUBJECT_ACCESS_EXPORT, work)


@router.get(
    "/page",
    operation_id="printSubjectAccess",
    summary="Show what was released, as a page to print",
    response_class=Response,
    responses={
        200: {"content": {HTML: {"schema": {"type": "string"}}}, "description": "The page"},
        **DOWNLOADS,
    },
)
async def printed(caller: CallerNow, request_id: RequestId) -> Response:
    """Show the same as a plain page without scripts. For the same people."""

    async def work(call: Call) -> Shown:
        content = page(await _released(call, request_id))
        answer = Answer(content, headers=_file(request_id, "html"), media_type=HTML)
        return Shown(answer, about=_about(request_id))

    return await caller.read(ReadPart.SUBJECT_ACCESS_EXPORT, work)


async def _released(call: Call, request_id: str) -> bytes:
    found, who = await seen_request(call, request_id)
    return (await download_export(call, found, who)).content


def _about(request_id: str) -> tuple[str, ...]:
    return (f"request:{request_id}",)


def _file(request_id: str, kind: str) -> dict[str, str]:
    return {"Content-Disposition": f'inline; filename="subject-access-{request_id}.{kind}"'}
