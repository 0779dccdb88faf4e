"""Reading and saving over the gateway, where the date can go wrong (DL 9)."""

import asyncio
from dataclasses import replace
from datetime import date

from adapters.mock_gateway.call import must_match
from adapters.mock_gateway.gateway import Gateway
from adapters.mock_gateway.problems import Refusal
from adapters.mock_gateway.record import Record, RecordChild
from adapters.mock_gateway.records import Change

SOMEONE_ELSE = RecordChild(
    child_id="C-999999", name="Robin Someone-Else", date_of_birth=date(2011, 1, 31)
)


def read(gateway: Gateway, operation: str, record_id: str) -> Record:
    """Read a record; the fault `swap_child` shows another child's name on it (hazard 13)."""
    record = gateway.records.get(record_id)
    if gateway.faults.take(operation, "swap_child"):
        return replace(record, child=SOMEONE_ELSE)
    return record


def save(
    gateway: Gateway, operation: str, record_id: str, if_match: str | None, change: Change
) -> Record:
    """Save a record that was read before; faults may refuse, ignore or undo a new date.

    Raises:
        Refusal: Someone else saved it first, the date is impossible, or a fault refuses it.
    """
    must_match(if_match, gateway.records.get(record_id).version)
    if change.dated is None:
        return gateway.records.save(record_id, change)
    if gateway.faults.take(operation, "refuse_amendment"):
        raise Refusal("amendment_refused", "The date is locked.")
    if gateway.faults.take(operation, "ignore_amendment"):
        return gateway.records.save(record_id, replace(change, dated=None))
    record = gateway.records.save(record_id, change)
    recopy = gateway.faults.take(operation, "recopy_date")
    if recopy:
        loop = asyncio.get_running_loop()
        loop.call_later(recopy.seconds, gateway.records.copy_date_again, record_id)
    return record
