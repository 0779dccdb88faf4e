"""What the tests keep in a store, and how they look at what is there."""

from dataclasses import asdict, replace
from datetime import date, datetime

from builders import NOW, actor, calendar, child, situation, transfer_at
from sqlalchemy import func, insert, select

from app.domain.commands import Command
from app.domain.decide import decide
from app.domain.decision import Decision
from app.domain.dispatch import duty_task
from app.domain.duty_task import CaseSystem, SharingLimit, TaskNotice
from app.domain.messages import Message, MessageKind, Payload, RecordDateCheck, TaskLookUp
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor
from app.domain.referral_date import DateCheck, RecordIdentity
from app.domain.transfer import Transfer
from app.protocols.shelf import load_protocols
from app.store.deliveries import enqueue, list_deliveries
from app.store.delivery_rows import Delivery, DeliveryState
from app.store.engine import Store, Transaction
from app.store.tables import deliveries, metadata
from app.store.transfers import insert_transfer
from app.store.unit_of_work import record
from app.usecases.call import Call, Rulebook

BOOK = Rulebook(load_protocols(None), calendar())
MANY = 1000


def numbered(number: int) -> str:
    """A transfer's id."""
    return f"00000000-0000-4000-8000-{number:012d}"


def numbered_transfer(
    number: int,
    stage: Stage = Stage.DISPATCHED,
    pathway: Pathway = Pathway.STEP_UP,
    now: datetime = NOW,
    **changes: object,
) -> Transfer:
    """A transfer of its own child, so that many may stand side by side."""
    own = {"id": numbered(number), "children": (child(f"DUR{number}"),)}
    return transfer_at(stage, pathway, now, **(own | changes))


async def keep(store: Store, *transfers: Transfer, now: datetime = NOW) -> None:
    """Put transfers into the store as they are, with nothing that follows from them."""
    async with store.write() as tx:
        for transfer in transfers:
            await insert_transfer(tx, transfer, now)


async def act(
    store: Store, transfer: Transfer, command: Command, who: Actor, now: datetime = NOW
) -> Decision:
    """Decide on a transfer and record all that follows."""
    where = situation(now)
    decision = decide(transfer, command, who, where)
    async with store.write() as tx:
        await record(tx, decision, where)
    return decision


def calling(tx: Transaction, person: str | Actor, now: datetime = NOW) -> Call:
    """What a use case is handed when that person of the sample directory calls."""
    who = actor(person) if isinstance(person, str) else person
    return Call(tx, who, BOOK, now)


def payload(kind: MessageKind, transfer: Transfer) -> Payload:
    """A payload of that kind about a dispatched transfer."""
    first = transfer.children[0]
    match kind:
        case MessageKind.DELIVER_TASK:
            return duty_task(transfer, situation())
        case MessageKind.CHECK_RECORD_DATE:
            identity = RecordIdentity(first.child_id, first.name, first.date_of_birth)
            check = DateCheck("REC-1", NOW.date(), date(2026, 5, 4), identity, may_amend=True)
            return RecordDateCheck(transfer.reference, check)
        case MessageKind.LOOK_UP_TASK:
            return TaskLookUp(transfer.reference)
        case MessageKind.LIMIT_SHARING:
            return SharingLimit(transfer.reference, ("share_plan",), ("PLAN-1",))
        case _:
            return TaskNotice(transfer.reference, "a.worker", "a_reason")


def message(
    kind: MessageKind,
    transfer: Transfer,
    revision: str = "1",
    destination: CaseSystem = CaseSystem.LCS,
) -> Message:
    return Message(transfer.id, destination, kind, revision, payload(kind, transfer))


async def queue(
    store: Store, *messages: Message, now: datetime = NOW, immediate_risk: bool = False
) -> None:
    """Add deliveries in this order, in one transaction."""
    async with store.write() as tx:
        for one in messages:
            await enqueue(
                tx,
                one,
                authority="durham",
                alert_team="op-bishop",
                immediate_risk=immediate_risk,
                now=now,
            )


async def queue_many(store: Store, transfer: Transfer, total: int, now: datetime = NOW) -> None:
    """Add one delivery each for copies of a transfer, quickly."""
    first = replace(transfer, id=numbered(90_000))
    await keep(store, first)
    await queue(store, message(MessageKind.LOOK_UP_TASK, first), now=now)
    async with store.write() as tx:
        (row,) = (await tx.connection.execute(select(deliveries))).mappings().all()
        plain = {name: value for name, value in row.items() if name != "id"}
        copies = [plain | {"key": f"copy-{n}"} for n in range(1, total)]
        for number, copy in enumerate(copies, start=90_001):
            other = replace(first, id=numbered(number), children=(child(f"COPY{number}"),))
            await insert_transfer(tx, other, now)
            copy["transfer"] = other.id
        await tx.connection.execute(insert(deliveries), copies)


async def delivered_rows(store: Store, **filters: str) -> list[Delivery]:
    """Every delivery of Durham."""
    async with store.read() as tx:
        return await list_deliveries(tx, authority="durham", limit=MANY, **filters)  # type: ignore[arg-type]


async def states(store: Store) -> list[DeliveryState]:
    """How every delivery stands, in order."""
    return [row.state for row in await delivered_rows(store)]


async def counted(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    async with store.read() as tx:
        return {
            table.name: (
                await tx.connection.execute(select(func.count()).select_from(table))
            ).scalar_one()
            for table in metadata.sorted_tables
        }


def plain(transfer: Transfer) -> dict[str, object]:
    """Every field, to see at once which differ."""
    return asdict(transfer)
