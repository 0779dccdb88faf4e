"""From one `needs` of a protocol file to the domain's kind of rule."""

from collections.abc import Callable
from typing import Any

from app.domain.rules import family, form, milestone, origin, recipient
from app.domain.rules.facts import Need
from app.protocols.needs_shape import NeedsShape

RECIPIENT: dict[str, Callable[[], Need]] = {
    "active": recipient.RecipientActive,
    "same_authority": recipient.RecipientInAuthority,
    "another_team": recipient.RecipientIsAnother,
}
ORIGIN: dict[str, Callable[[], Need]] = {
    "allowed_by_route": origin.OriginAllowed,
    "names_its_stage": origin.OriginNamesItsStage,
}
KINDS: dict[str, Callable[[Any], Need]] = {
    "field": form.FieldGiven,
    "origin": lambda which: ORIGIN[which](),
    "origin_record": lambda _: origin.OriginRecordActive(),
    "origin_record_open_at_least": origin.OriginRecordOpenAtLeast,
    "form_attached": lambda kind: form.AnyFormAttached((kind,)),
    "any_form_attached": form.AnyFormAttached,
    "form_named": form.FormNamed,
    "form_refused": form.FormRefused,
    "form_not_older_than": lambda aged: form.FormNotOlderThan(aged.form, aged.age),
    "form_with_consent": lambda shared: family.FormWithConsent(
        shared.form, shared.scope, shared.informed
    ),
    "statement": form.StatementGiven,
    "factor": form.FactorNamed,
    "consent": family.ConsentGiven,
    "informed_consent": lambda scope: family.ConsentGiven(scope, informed=True),
    "explicit_consent": lambda scope: family.ConsentGiven(scope, explicit=True),
    "recipient": lambda which: RECIPIENT[which](),
    "recipient_kind": recipient.RecipientKind,
    "recipient_records_in": recipient.RecipientRecordsIn,
    "recipient_service": recipient.RecipientOfService,
    "recipient_not": recipient.RecipientNotNamed,
    "milestone": lambda name: milestone.AnyMilestone((name,)),
    "any_milestone": milestone.AnyMilestone,
    "milestone_with_recipient": milestone.MilestoneWithRecipient,
    "meeting_decided": milestone.MeetingDecided,
    "settled": lambda pair: milestone.Settled(pair.raised, pair.resolved),
    "lead_professional": lambda _: form.LeadProfessionalIdentified(),
    "team_around_the_family": lambda _: family.TeamAroundNamed(),
    "authorised": lambda _: milestone.Authorised(),
    "meeting": lambda _: milestone.MeetingBooked(),
}


def need(shape: NeedsShape) -> Need:
    """The one rule that a `needs` names."""
    (kind,) = shape.model_fields_set
    return KINDS[kind](getattr(shape, kind))


def need_if_any(shape: NeedsShape | None) -> Need | None:
    """The rule of a `when` or `unless`, where there is one."""
    return None if shape is None else need(shape)
