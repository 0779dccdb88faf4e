"""Reconcile: ask the trays about tasks that have been quiet too long (a relay tick)."""

from datetime import datetime, timedelta

from app.domain.messages import Message, MessageKind, TaskLookUp
from app.protocols.shelf import Protocols
from app.store.deliveries import enqueue
from app.store.engine import Transaction
from app.store.quiet import quiet_transfers
from app.usecases.protocol_of import protocol_of

MOST_AT_ONCE = 100


async def reconcile(
    tx: Transaction, protocols: Protocols, *, now: datetime, quiet_for: timedelta
) -> int:
    """Enqueue a look-up for each quiet task, once a quiet time; how many."""
    quiet = await quiet_transfers(tx, since=now - quiet_for, limit=MOST_AT_ONCE)
    for transfer in quiet:
        code, version = transfer.protocol, transfer.protocol_version
        protocol = await protocol_of(tx, protocols, code, version)
        rules = protocol.pathways[transfer.pathway]
        message = Message(
            transfer.id,
            rules.to_system,
            MessageKind.LOOK_UP_TASK,
            f"quiet-{int(now.timestamp())}",
            TaskLookUp(f"{transfer.id}.{transfer.dispatch}"),
        )
        await enqueue(
            tx,
            message,
            authority=transfer.authority,
            alert_team=transfer.origin_team,
            immediate_risk=rules.routes[transfer.route].immediate_risk,
            now=now,
        )
    return len(quiet)
