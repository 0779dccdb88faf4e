"""Gather a child's records for release, and hand out what was released."""

from collections.abc import Sequence
from datetime import timedelta

import orjson

from app.domain.answer_subject_access import Case, require_may_download
from app.domain.custody import ledger
from app.domain.errors import NotVisible
from app.domain.export_document import document
from app.domain.held_records import Held, named_in
from app.domain.party import Parties
from app.domain.subject_access import SubjectAccess
from app.domain.subject_access_export import Export as Released
from app.domain.transfer import Transfer
from app.domain.withheld import reader
from app.store.held_records import cases_of, names_of, readers_of, sent_of
from app.store.subject_access import Export, keep_export, load_export
from app.usecases.call import Call


async def release_export(
    call: Call, request: SubjectAccess, transfers: Sequence[Transfer], days: int
) -> Export:
    """Keep what of these transfers is released, for so many days."""
    held = tuple([await _held(call, transfer, request.child_id) for transfer in transfers])
    names = await names_of(call.tx, request.authority, named_in(held))
    released = document(Released(request, held, names), call.now)
    content = orjson.dumps(released, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2)
    return await keep_export(call.tx, request.id, content, call.now + timedelta(days=days))


async def download_export(call: Call, request: SubjectAccess, who: Parties) -> Export:
    """What was released.

    Raises:
        NotPermitted, Settled: see require_may_download.
        NotVisible: it is kept no longer, or some of the child's records are withheld from them.
    """
    require_may_download(request, who)
    export = await load_export(call.tx, request.id, call.now)
    if export is None or (await case_of(call, request.child_id)).withheld:
        raise NotVisible("subject-access export")
    return export


async def case_of(call: Call, child_id: str) -> Case:
    """What there is of a child of their council, for the actor."""
    actor = call.actor
    return (await cases_of(call.tx, actor.authority, {child_id}, reader(actor)))[child_id]


async def _held(call: Call, transfer: Transfer, child_id: str) -> Held:
    child = transfer.child(child_id)
    return Held(
        transfer=transfer,
        custody=ledger(transfer, await call.rules(transfer), child),
        sent=await sent_of(call.tx, transfer.id),
        read_by=await readers_of(call.tx, transfer.id),
    )
