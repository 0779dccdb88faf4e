"""Reading who holds custody of a child, at every instant or at one."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.acting import TransferId
from app.api.caller import Answer, CallerNow, Shown
from app.api.custody_views import CustodyOfTransfer, hold_views
from app.api.etag import ETAG, etag
from app.api.fields import ChildId, Instant
from app.api.problems import documented
from app.domain.custody import custody_at, ledger
from app.domain.errors import NotVisible
from app.domain.reading import ReadPart
from app.domain.transfer import Child, Transfer
from app.usecases.call import Call
from app.usecases.read_transfer import read_transfer

router = APIRouter(prefix="/v1/transfers/{transfer_id}", tags=["Transfers"])


@router.get(
    "/custody",
    operation_id="readCustody",
    summary="Read who holds lead responsibility",
    response_model=CustodyOfTransfer,
    responses={200: ETAG, **documented(401, 403, 404, 422, 503)},
)
async def custody(
    caller: CallerNow,
    transfer_id: TransferId,
    at: Annotated[
        Instant | None,
        Query(
            description="Only the hold at this time; an offset's + is written %2B",
            examples=["2026-11-20T10:00:00Z"],
        ),
    ] = None,
    child: Annotated[
        ChildId | None,
        Query(description="Only for this child of the transfer", examples=["DUR1001"]),
    ] = None,
) -> Response:
    """List which team holds lead responsibility for the child from when to when, from before the
    transfer until after it, without a gap and without an overlap. Each hold with its lead
    professional, where one was named, and with who else is involved: the team around the family,
    and the origin's lead for as long as the protocol has them stay. With `at`, the one hold at
    that instant. It tells of the children whom the receiving team took; with `child`, of one: the
    origin leads throughout for a child who was not taken.
    """  # noqa: D205

    async def work(call: Call) -> Shown:
        transfer = await read_transfer(call, transfer_id)
        rules = await call.rules(transfer)
        one = _child(transfer, child)
        if at is None:
            holds = ledger(transfer, rules, one)
        else:
            holds = (custody_at(transfer, rules, at, one),)
        shown = {
            "transfer": transfer.id,
            "version": transfer.version,
            "at": at,
            "child": child,
            "holds": hold_views(holds, transfer, rules, at),
        }
        return Shown(Answer(shown, headers=etag(transfer)), transfer.id)

    return await caller.read(ReadPart.CUSTODY, work)


def _child(transfer: Transfer, child_id: str | None) -> Child | None:
    if child_id is None:
        return None
    found = transfer.child(child_id)
    if found is None:
        raise NotVisible(child_id)
    return found
