"""Seeding records that existed before any transfer, to be closed after one (DL 7, DL 18)."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from adapters.mock_gateway.fields import Day, FormFields, Identifier, Line
from adapters.mock_gateway.gateway import ThisGateway
from adapters.mock_gateway.record import RecordChild
from adapters.mock_gateway.sent import Sent


class SeedChild(Sent):
    """The child of a seeded record."""

    child_id: Identifier
    name: Line
    date_of_birth: Day


class Seed(Sent):
    """A record as it was before; with a worker, it is allocated."""

    record_id: Identifier | None = None
    child: SeedChild
    started_on: Day
    worker: Line | None = None
    fields: FormFields = Field(default_factory=dict)


class Seeded(BaseModel):
    """The record that was seeded."""

    record_id: str


def seed_routes(records: str) -> APIRouter:
    """Build the control that seeds records of this name."""
    router = APIRouter(prefix="/admin", include_in_schema=False)

    @router.post(f"/{records}", status_code=201)
    async def seed(body: Seed, gateway: ThisGateway) -> Seeded:
        child = RecordChild(**body.child.model_dump())
        record = gateway.records.create(
            None, child, body.started_on, body.fields, record_id=body.record_id
        )
        if body.worker is not None:
            record.state, record.worker = "allocated", body.worker
        return Seeded(record_id=record.record_id)

    return router
