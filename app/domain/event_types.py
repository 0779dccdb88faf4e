"""The events that council systems can subscribe to, each under its name."""

from enum import StrEnum

PREFIX = "transfer-pathways."
"""Stands before an event's name on the wire, where other services' events arrive as well."""


class EventType(StrEnum):
    """The catalogue; docs/webhooks.md is held against it."""

    TRANSFER_OPENED = "transfer.opened"
    TRANSFER_SUBMITTED_TO_MEETING = "transfer.submitted_to_meeting"
    TRANSFER_FINALISED = "transfer.finalised"
    TRANSFER_AUTHORISED = "transfer.authorised"
    TRANSFER_DISPATCHED = "transfer.dispatched"
    TRANSFER_RETURNED = "transfer.returned"
    TRANSFER_REDIRECTED = "transfer.redirected"
    TRANSFER_PICKED_UP = "transfer.picked_up"
    TRANSFER_RELEASED = "transfer.released"
    TRANSFER_DECLINED = "transfer.declined"
    TRANSFER_STARTED = "transfer.started"
    TRANSFER_ALLOCATED = "transfer.allocated"
    TRANSFER_COMPLETED = "transfer.completed"
    TRANSFER_CANCELLED = "transfer.cancelled"
    TRANSFER_TEAM_SUCCEEDED = "transfer.team_succeeded"
    TRANSFER_CLOSED_AT_SOURCE = "transfer.closed_at_source"
    MILESTONE_RECORDED = "milestone.recorded"
    REFERRAL_DATE_CORRECTED = "referral_date.corrected"
    CONSENT_RECORDED = "consent.recorded"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    WITHDRAWAL_DECIDED = "consent.withdrawal_decided"
    DISAGREEMENT_RAISED = "disagreement.raised"
    DISAGREEMENT_ESCALATED = "disagreement.escalated"
    DISAGREEMENT_RESOLVED = "disagreement.resolved"
    FEEDBACK_GIVEN = "feedback.given"
    CLOCK_PAUSED = "clock.paused"
    CLOCK_RESUMED = "clock.resumed"
    CLOCK_NEARLY_LATE = "clock.nearly_late"
    CLOCK_LATE = "clock.late"
    CLOCK_ESCALATED = "clock.escalated"
    DELIVERY_PARKED = "delivery.parked"
    DELIVERY_UNCERTAIN = "delivery.uncertain"
    SUBSCRIPTION_TEST = "subscription.test"


SUBSCRIBABLE = tuple(kind for kind in EventType if kind is not EventType.SUBSCRIPTION_TEST)
"""What a subscription may choose; the test is sent to whoever asks for it."""
