"""Transfers in and out of their rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.errors import ChildInTransfer, StaleVersion
from app.domain.form import Form
from app.domain.pathway import ENDED, Pathway, Stage
from app.domain.referral_date import DateStanding
from app.domain.transfer import (
    BookedMeeting,
    Child,
    ChildOutcome,
    CreatedRecord,
    Origin,
    OriginRecord,
    Transfer,
)
from app.store.closings import keep_closing, load_closings
from app.store.engine import Transaction
from app.store.part_rows import keep_parts, load_parts
from app.store.rows import change_rows, of_several
from app.store.statement import Row, Statement
from app.store.tables import ONE_OPEN_TRANSFER, transfer_children, transfers

Change = tuple[Transfer, Transfer]
"""A transfer as it was, and as it will be."""

_form = TypeAdapter(Form)
_PLAIN = ("id", "authority", "route", "protocol", "protocol_version", "author")
_OF_OPENING = ("re_referral_of",)
_MOVING = (
    *("version", "dispatch", "origin_team", "sent_to", "worker", "origin_lead"),
    *("last_editor", "submitter", "authorised_by", "holder"),
)
_TO_READ, _TO_CHANGE = (
    of_several(transfers.c.id, query)
    for these in [select(transfers).order_by(transfers.c.id)]
    for query in (these, these.with_for_update())
)
_CHILDREN = of_several(
    transfer_children.c.transfer,
    select(transfer_children).order_by(transfer_children.c.position),
)
_MOVE = Statement(
    update(transfers).where(
        transfers.c.id == bindparam("known"),
        transfers.c.version == bindparam("seen"),
        transfers.c.stage == bindparam("stood"),
    ),
    (
        *_MOVING,
        *("lead_professional", "stage", "meeting_series", "meeting_at", "recipient_team"),
        *("form", "changed_at"),
    ),
)


async def load_transfer(
    tx: Transaction, transfer_id: str, *, to_change: bool = False
) -> Transfer | None:
    """The transfer of that id with all its parts, or None.

    `to_change` keeps its row for this transaction, so that a rival's change is seen, not raced.
    """
    return (await load_transfers(tx, (transfer_id,), to_change=to_change)).get(transfer_id)


async def load_transfers(
    tx: Transaction, ids: Collection[str], *, to_change: bool = False
) -> dict[str, Transfer]:
    """The transfers of those ids that there are; `to_change`: as above, in the order of their ids.

    One query a table, however many they are.
    """
    rows = await tx.rows(_TO_CHANGE if to_change else _TO_READ, {"ids": list(ids)})
    there = [row["id"] for row in rows]
    if not there:
        return {}
    children: dict[str, list[Row]] = {transfer: [] for transfer in there}
    for child in await tx.rows(_CHILDREN, {"ids": there}):
        children[child["transfer"]].append(child)
    parts = await load_parts(tx, there)
    closings = await load_closings(tx, there)
    return {
        row["id"]: _transfer(
            row, children[row["id"]], parts[row["id"]] | {"closing": closings.get(row["id"])}
        )
        for row in rows
    }


async def insert_transfer(tx: Transaction, transfer: Transfer, now: datetime) -> None:
    """A new transfer.

    Raises:
        ChildInTransfer: one of its children has an open transfer already, up or down.
    """
    row = _moving_columns(transfer, now) | {
        **{name: getattr(transfer, name) for name in (*_PLAIN, *_OF_OPENING)},
        "pathway": transfer.pathway.value,
        "origin_kind": transfer.origin.kind,
        "origin_stage_record_id": transfer.origin.stage_record_id,
        "origin_record_id": transfer.origin_record.record_id,
        "origin_record_started_on": transfer.origin_record.started_on,
        "origin_record_active": transfer.origin_record.active,
        "opened_at": now,
    }
    await tx.connection.execute(insert(transfers).values(row))
    rows = [_child_row(transfer, place, child) for place, child in enumerate(transfer.children)]
    rows.sort(key=lambda row: row["child_id"])  # one order for all: rivals never wait in a ring
    try:
        await tx.connection.execute(insert(transfer_children), rows)
    except IntegrityError as error:
        if _is_second_open_transfer(error):
            raise ChildInTransfer(transfer.id) from error
        raise
    await keep_parts(tx, [(None, transfer)])
    await keep_closing(tx, None, transfer)


async def update_transfer(
    tx: Transaction, before: Transfer, after: Transfer, now: datetime
) -> None:
    """The change from `before` to `after`, by compare-and-set on version and stage.

    Raises:
        StaleVersion: the transfer is no longer as `before` says.
    """
    as_it_was = {"known": before.id, "seen": before.version, "stood": before.stage.value}
    if await tx.change(_MOVE, _moving_columns(after, now) | as_it_was) != 1:
        raise StaleVersion(before.id)
    await _keep_what_gathers(tx, [(before, after)])


async def update_transfers(tx: Transaction, changes: Sequence[Change], now: datetime) -> None:
    """Changes of different transfers that this transaction loaded to change: no rival can be.

    Raises:
        StaleVersion: there is one alone, and it is no longer as it was.
    """
    if len(changes) == 1:
        return await update_transfer(tx, *changes[0], now)
    rows = [{"id": after.id} | _moving_columns(after, now) for _, after in changes]
    await change_rows(tx, transfers, rows)
    return await _keep_what_gathers(tx, changes)


async def _keep_what_gathers(tx: Transaction, changes: Sequence[Change]) -> None:
    changed_children = []
    for before, after in changes:
        ended = after.stage in ENDED and before.stage not in ENDED
        changed_children += [
            _child_row(after, place, child)
            for place, child in enumerate(after.children)
            if ended or child != before.children[place]
        ]
    await change_rows(tx, transfer_children, changed_children)
    await keep_parts(tx, changes)
    for before, after in changes:
        await keep_closing(tx, before, after)


def _moving_columns(transfer: Transfer, now: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(transfer, name) for name in _MOVING},
        "lead_professional": transfer.lead_professional,
        "stage": transfer.stage.value,
        "meeting_series": transfer.meeting and transfer.meeting.series,
        "meeting_at": transfer.meeting and transfer.meeting.starts_at,
        "recipient_team": transfer.form.recipient,
        "form": _form.dump_python(transfer.form, mode="json"),
        "changed_at": now,
    }


def _child_row(transfer: Transfer, place: int, child: Child) -> dict[str, Any]:
    record = child.record
    return {
        "transfer": transfer.id,
        "position": place,
        "authority": transfer.authority,
        "child_id": child.child_id,
        "name": child.name,
        "date_of_birth": child.date_of_birth,
        "nhs_number": child.nhs_number,
        "upn": child.upn,
        "upn_unknown": child.upn_unknown,
        "open": transfer.stage not in ENDED and child.outcome is not ChildOutcome.NOT_TAKEN,
        "outcome": child.outcome,
        "outcome_reason": child.outcome_reason,
        "outcome_at": child.outcome_at,
        "record_id": record and record.record_id,
        "record_created_at": record and record.created_at,
        "record_dated": record and record.dated,
        "record_dated_now": record and record.dated_now,
        "record_manual": record and record.manual,
        "record_standing": record and record.standing.value,
        "record_corrections": record and record.corrections,
        "record_allocated_to": record and record.allocated_to,
    }


def _transfer(row: Row, children: Sequence[Row], parts: Mapping[str, Any]) -> Transfer:
    series = row["meeting_series"]
    return Transfer(
        **{name: row[name] for name in (*_PLAIN, *_OF_OPENING, *_MOVING, "lead_professional")},
        pathway=Pathway(row["pathway"]),
        stage=Stage(row["stage"]),
        origin=Origin(row["origin_kind"], row["origin_stage_record_id"]),
        origin_record=OriginRecord(
            row["origin_record_id"], row["origin_record_started_on"], row["origin_record_active"]
        ),
        form=_form.validate_python(row["form"]),
        children=tuple(_child(child) for child in children),
        meeting=series and BookedMeeting(series, row["meeting_at"]),
        **parts,
    )


def _child(row: Row) -> Child:
    child = Child(
        child_id=row["child_id"],
        name=row["name"],
        date_of_birth=row["date_of_birth"],
        nhs_number=row["nhs_number"],
        upn=row["upn"],
        upn_unknown=row["upn_unknown"],
        outcome=row["outcome"] and ChildOutcome(row["outcome"]),
        outcome_reason=row["outcome_reason"],
        outcome_at=row["outcome_at"],
    )
    if row["record_id"] is None:
        return child
    record = CreatedRecord(
        record_id=row["record_id"],
        created_at=row["record_created_at"],
        dated=row["record_dated"],
        dated_now=row["record_dated_now"],
        manual=row["record_manual"],
        standing=DateStanding(row["record_standing"]),
        corrections=row["record_corrections"],
        allocated_to=row["record_allocated_to"],
    )
    return replace(child, record=record)


def _is_second_open_transfer(error: IntegrityError) -> bool:
    words = str(error.orig)
    named = str(ONE_OPEN_TRANSFER.name) in words
    return named or "transfer_children.authority, transfer_children.child_id" in words
