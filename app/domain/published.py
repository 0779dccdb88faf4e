"""What a decision tells to subscribers: thin events of ids and codes, never a person's data."""

from collections.abc import Iterator, Mapping

from app.domain.decision import Decision, Event
from app.domain.event_types import EventType
from app.domain.milestone_names import (
    DISAGREEMENT_ESCALATED,
    DISAGREEMENT_RAISED,
    DISAGREEMENT_RESOLVED,
    ORIGIN_CLOSED,
    TEAM_SUCCEEDED,
)
from app.domain.pathway import Action, Stage
from app.domain.published_event import PublishedEvent
from app.domain.succession import REDIRECTED
from app.domain.transfer import Transfer

BY_ACTION: Mapping[str, EventType] = {
    Action.OPEN: EventType.TRANSFER_OPENED,
    Action.SUBMIT_TO_MEETING: EventType.TRANSFER_SUBMITTED_TO_MEETING,
    Action.FINALISE: EventType.TRANSFER_FINALISED,
    Action.AUTHORISE: EventType.TRANSFER_AUTHORISED,
    Action.RETURN: EventType.TRANSFER_RETURNED,
    Action.REDIRECT: EventType.TRANSFER_REDIRECTED,
    Action.PICK_UP: EventType.TRANSFER_PICKED_UP,
    Action.RELEASE: EventType.TRANSFER_RELEASED,
    Action.DECLINE: EventType.TRANSFER_DECLINED,
    Action.START: EventType.TRANSFER_STARTED,
    Action.ALLOCATE: EventType.TRANSFER_ALLOCATED,
    Action.COMPLETE: EventType.TRANSFER_COMPLETED,
    Action.CANCEL: EventType.TRANSFER_CANCELLED,
    TEAM_SUCCEEDED: EventType.TRANSFER_TEAM_SUCCEEDED,
    ORIGIN_CLOSED: EventType.TRANSFER_CLOSED_AT_SOURCE,
    "referral_date_corrected": EventType.REFERRAL_DATE_CORRECTED,
    "consent_recorded": EventType.CONSENT_RECORDED,
    "consent_withdrawn": EventType.CONSENT_WITHDRAWN,
    "withdrawal_decided": EventType.WITHDRAWAL_DECIDED,
    DISAGREEMENT_RAISED: EventType.DISAGREEMENT_RAISED,
    DISAGREEMENT_ESCALATED: EventType.DISAGREEMENT_ESCALATED,
    DISAGREEMENT_RESOLVED: EventType.DISAGREEMENT_RESOLVED,
    "feedback_given": EventType.FEEDBACK_GIVEN,
    "clock_paused": EventType.CLOCK_PAUSED,
    "clock_resumed": EventType.CLOCK_RESUMED,
}
"""The audit's actions that are published; any other, an edit say, concerns nobody else."""
SENDS = (Action.FINALISE, Action.AUTHORISE, Action.REDIRECT)
MILESTONE = "milestone:"


def published(decision: Decision) -> tuple[PublishedEvent, ...]:
    """What there is to tell of a decision, in the order in which it happened."""
    told = ((kind, event, codes) for event in decision.events for kind, codes in _kinds(event))
    return tuple(
        _of(decision.after, event, kind, codes, place)
        for place, (kind, event, codes) in enumerate(told, 1)
    )


def _kinds(event: Event) -> Iterator[tuple[EventType, tuple[str, ...]]]:
    kind = BY_ACTION.get(event.action)
    if kind is not None:
        yield kind, event.codes
    elif event.action.startswith(MILESTONE):
        name = event.action.removeprefix(MILESTONE)
        yield EventType.MILESTONE_RECORDED, (name, *event.codes)
    if _sends(event):
        yield EventType.TRANSFER_DISPATCHED, ()


def _sends(event: Event) -> bool:
    """Whether a task is on its way since: a closed team's, too, that waits in its tray."""
    follows = event.action == TEAM_SUCCEEDED and REDIRECTED in event.codes
    return (event.action in SENDS or follows) and event.to_stage is Stage.DISPATCHED


def _of(
    after: Transfer, event: Event, kind: EventType, codes: tuple[str, ...], place: int
) -> PublishedEvent:
    return PublishedEvent(
        type=kind,
        revision=f"{after.version}-{place}",
        at=event.at,
        transfer=after.id,
        reference=after.reference if after.dispatch else None,
        pathway=after.pathway.value,
        route=after.route,
        from_stage=event.from_stage.value if event.from_stage else None,
        stage=event.to_stage.value if event.to_stage else None,
        version=event.version,
        origin_team=after.origin_team,
        sent_to=after.sent_to,
        codes=codes,
    )
