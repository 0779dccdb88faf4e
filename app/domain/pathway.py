"""The process on one page: pathways, stages, actions, and who may move what where.

Source: the Durham Liquidlogic briefing note (DL), steps 1 to 21. The numbers stand at
each row. The diagram in docs/stages.md is drawn from TRANSITIONS and from nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.party import (
    MANAGERS,
    OPERATIONS_MANAGERS,
    ORIGIN_WORKERS,
    PREPARED_IT,
    Parties,
    Party,
)


class Pathway(StrEnum):
    """The direction of a transfer."""

    STEP_UP = "step_up"
    STEP_DOWN = "step_down"


class Stage(StrEnum):
    """Where a transfer is now."""

    DRAFT = "draft"
    AWAITING_AUTHORISATION = "awaiting_authorisation"
    DISPATCHED = "dispatched"
    PICKED_UP = "picked_up"
    DECLINED = "declined"
    STARTED = "started"
    ALLOCATED = "allocated"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What moves a transfer."""

    OPEN = "open"
    EDIT = "edit"
    SUBMIT_TO_MEETING = "submit_to_meeting"
    FINALISE = "finalise"
    AUTHORISE = "authorise"
    RETURN = "return"
    REDIRECT = "redirect"
    PICK_UP = "pick_up"
    RELEASE = "release"
    DECLINE = "decline"
    START = "start"
    ALLOCATE = "allocate"
    COMPLETE = "complete"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    `sources` is empty for the row that begins a transfer. `gated` is None where the row holds
    for every protocol, else whether the protocol asks for a management authorisation. `awaited`:
    the process stands until one of these actions is taken (waiting.py says for whom). `never`:
    those whose it is not, whatever else they are.
    """

    action: Action
    sources: tuple[Stage, ...]
    target: Stage
    who: Parties
    source: str
    gated: bool | None = None
    awaited: bool = False
    never: Parties = frozenset()


_AUTHORISER: Parties = frozenset({Party.AUTHORISER})
_ORIGIN_MANAGER: Parties = frozenset({Party.ORIGIN_MANAGER})
_RECEIVING_MANAGER: Parties = frozenset({Party.RECEIVING_MANAGER, Party.RECEIVING_SYSTEM})
_RECEIVING_TEAM = _RECEIVING_MANAGER | {Party.RECEIVING_PRACTITIONER}
_HOLDER = _RECEIVING_MANAGER | {Party.HOLDER}
_REDIRECTOR = MANAGERS | OPERATIONS_MANAGERS

_A, _S = Action, Stage
TRANSITIONS: tuple[Transition, ...] = (
    Transition(_A.OPEN, (), _S.DRAFT, ORIGIN_WORKERS, "DL 2, 11"),
    Transition(_A.EDIT, (_S.DRAFT,), _S.DRAFT, ORIGIN_WORKERS, "DL 3-5, 13-16"),
    Transition(
        _A.SUBMIT_TO_MEETING, (_S.DRAFT,), _S.DRAFT, ORIGIN_WORKERS, "DL 1, DF 3, CE M10, IS 7"
    ),
    Transition(_A.FINALISE, (_S.DRAFT,), _S.DISPATCHED, ORIGIN_WORKERS, "DL 6", gated=False),
    Transition(
        _A.FINALISE, (_S.DRAFT,), _S.AWAITING_AUTHORISATION, ORIGIN_WORKERS, "DL 17", gated=True
    ),
    Transition(
        _A.AUTHORISE,
        (_S.AWAITING_AUTHORISATION,),
        _S.DISPATCHED,
        _AUTHORISER,
        "DL 17",
        awaited=True,
        never=PREPARED_IT,
    ),
    Transition(
        _A.RETURN,
        (_S.AWAITING_AUTHORISATION,),
        _S.DRAFT,
        _AUTHORISER,
        "DL 17",
        awaited=True,
        never=PREPARED_IT,
    ),
    Transition(_A.REDIRECT, (_S.DISPATCHED,), _S.DISPATCHED, _REDIRECTOR, "DL 3, 14"),
    Transition(
        _A.PICK_UP, (_S.DISPATCHED,), _S.PICKED_UP, _RECEIVING_TEAM, "DL 8, 19", awaited=True
    ),
    Transition(_A.RELEASE, (_S.PICKED_UP,), _S.DISPATCHED, _HOLDER, "DL 8, 19", awaited=True),
    Transition(
        _A.DECLINE,
        (_S.DISPATCHED, _S.PICKED_UP),
        _S.DECLINED,
        _RECEIVING_MANAGER,
        "DF escalation",
        awaited=True,
    ),
    Transition(
        _A.REDIRECT,
        (_S.DECLINED,),
        _S.DISPATCHED,
        _ORIGIN_MANAGER,
        "DF escalation",
        awaited=True,
    ),
    Transition(_A.RETURN, (_S.DECLINED,), _S.DRAFT, _ORIGIN_MANAGER, "DF escalation", awaited=True),
    Transition(_A.START, (_S.PICKED_UP,), _S.STARTED, _RECEIVING_MANAGER, "DL 8, 19", awaited=True),
    Transition(
        _A.ALLOCATE, (_S.STARTED,), _S.ALLOCATED, _RECEIVING_MANAGER, "DL 10, 21", awaited=True
    ),
    Transition(_A.COMPLETE, (_S.ALLOCATED,), _S.COMPLETED, MANAGERS, "DL 7, 18"),
    Transition(
        _A.CANCEL,
        (_S.DRAFT, _S.AWAITING_AUTHORISATION, _S.DISPATCHED),
        _S.CANCELLED,
        _ORIGIN_MANAGER,
        "DL 3, 14",
    ),
)

ENDED: frozenset[Stage] = frozenset({Stage.COMPLETED, Stage.CANCELLED})


def transition(action: Action, stage: Stage | None, *, gated: bool) -> Transition | None:
    """The one row that `action` takes from `stage`, or None where the table has no such row."""
    for row in TRANSITIONS:
        starts_here = stage in row.sources if stage is not None else not row.sources
        if row.action is action and starts_here and row.gated in (None, gated):
            return row
    return None
