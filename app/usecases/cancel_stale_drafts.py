"""Warn of drafts that nobody touches, then cancel them (a relay tick)."""

from datetime import datetime, timedelta

import structlog

from app.domain.decision import Situation
from app.domain.disposal import Standing
from app.domain.retention import Retention
from app.domain.stale_draft import cancel_stale, warning
from app.protocols.reader import ProtocolError
from app.protocols.shelf import NoSuchVersion
from app.store.directory import load_teams
from app.store.due_transfers import untouched_drafts
from app.store.engine import Store, Transaction
from app.store.standing import standing_of
from app.store.unit_of_work import record, record_alerts
from app.usecases.call import Rulebook
from app.usecases.protocol_of import protocol_of

log = structlog.get_logger()
MOST_AT_ONCE = 100


async def cancel_stale_drafts(
    store: Store, book: Rulebook, retention: Retention, now: datetime
) -> int:
    """See to every draft that nobody touched, each in a transaction; how many were cancelled.

    One whose protocol is nowhere to be found is logged, and stays.
    """
    before = now - timedelta(days=min(retention.draft_warning_days, retention.draft_days))
    cancelled, after = 0, ""
    while True:
        async with store.read() as tx:
            ids = await untouched_drafts(tx, before, after, MOST_AT_ONCE)
        for transfer_id in ids:
            try:
                async with store.write() as tx:
                    cancelled += await _see_to(tx, book, transfer_id, retention, now)
            except (NoSuchVersion, ProtocolError) as error:
                # One draft's fault keeps no other waiting.
                log.error("a protocol is missing", transfer=transfer_id, version=str(error))  # noqa: TRY400 - no traceback
        if len(ids) < MOST_AT_ONCE:
            return cancelled
        after = ids[-1]


async def _see_to(
    tx: Transaction, book: Rulebook, transfer_id: str, retention: Retention, now: datetime
) -> bool:
    """Whether the draft was cancelled."""
    standing = await standing_of(tx, transfer_id)
    if standing is None:
        return False
    situation = await _situation(tx, book, standing, now)
    decision = cancel_stale(standing, retention, situation)
    if decision is not None:
        await record(tx, decision, situation)
        return True
    told = warning(standing, retention, now)
    if told is not None:
        transfer = standing.transfer
        await record_alerts(tx, transfer.authority, transfer.id, (told,), now)
    return False


async def _situation(
    tx: Transaction, book: Rulebook, standing: Standing, now: datetime
) -> Situation:
    transfer = standing.transfer
    protocol = await protocol_of(tx, book.protocols, transfer.protocol, transfer.protocol_version)
    wanted = {transfer.origin_team, transfer.form.recipient}
    teams = await load_teams(tx, {x for x in wanted if x is not None}, relied_on=True)
    return Situation(protocol, teams, book.calendar, now)
