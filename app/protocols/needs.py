"""From one `needs` of a protocol file to the domain's kind of rule."""

from collections.abc import Callable
from typing import Any

from app.domain import rules as r
from app.protocols.file_shape import NeedsShape

RECIPIENT: dict[str, Callable[[], r.Need]] = {
    "active": r.RecipientActive,
    "same_authority": r.RecipientInAuthority,
    "another_team": r.RecipientIsAnother,
}
ORIGIN: dict[str, Callable[[], r.Need]] = {
    "allowed_by_route": r.OriginAllowed,
    "names_its_stage": r.OriginNamesItsStage,
}
KINDS: dict[str, Callable[[Any], r.Need]] = {
    "field": r.FieldGiven,
    "origin": lambda which: ORIGIN[which](),
    "origin_record": lambda _: r.OriginRecordActive(),
    "form_attached": r.FormAttached,
    "form_refused": r.FormRefused,
    "recipient": lambda which: RECIPIENT[which](),
    "recipient_kind": r.RecipientKind,
    "recipient_records_in": r.RecipientRecordsIn,
    "recipient_not": lambda names: r.RecipientNotNamed(tuple(names)),
    "milestone": r.MilestoneReached,
    "milestone_with_recipient": r.MilestoneWithRecipient,
}


def need(shape: NeedsShape) -> r.Need:
    """The one rule that a `needs` names."""
    (kind,) = shape.model_fields_set
    return KINDS[kind](getattr(shape, kind))
