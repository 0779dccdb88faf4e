"""A leaver's work reassigned to a colleague of the same team: one act, a decision a transfer.

What somebody did stays theirs: `author`, `last_editor` and `submitter` are history, and count for
the separation of duties whoever works on it now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.breach import Breach, must
from app.domain.decision import Decision, Situation
from app.domain.dispatch import notice
from app.domain.messages import Message, MessageKind
from app.domain.milestone_kind import RECORDERS, Side
from app.domain.milestone_names import LEAD_CHANGED
from app.domain.pathway import Stage
from app.domain.people import Actor
from app.domain.recording import recorded
from app.domain.transfer import Milestone, Transfer

MOST = 500
"""So many transfers move in one act."""
WORKER_CHANGED = "worker_changed"


class Part(StrEnum):
    """What somebody is to a transfer that can be reassigned."""

    WORKER = "worker"
    ORIGIN_LEAD = "origin_lead"
    HOLDER = "holder"
    LEAD_PROFESSIONAL = "lead_professional"


SIDES = {
    Part.WORKER: Side.ORIGIN,
    Part.ORIGIN_LEAD: Side.ORIGIN,
    Part.HOLDER: Side.RECEIVING,
    Part.LEAD_PROFESSIONAL: Side.RECEIVING,
}


@dataclass(frozen=True, slots=True)
class Worker:
    """A person as transfers name them: by their id in the directory, or by their name."""

    id: str
    name: str

    @property
    def names(self) -> frozenset[str]:
        """Every way to name them."""
        return frozenset({self.id, self.name})


@dataclass(frozen=True, slots=True)
class Reassignment:
    """Everything of `team` that is `leaver`'s goes to `to`. `comment` stays in the record."""

    team: str
    leaver: Worker
    to: Worker
    comment: str | None = None

    def parts(self, transfer: Transfer) -> tuple[Part, ...]:
        """What the leaver is to the transfer, in the team."""
        at = {Side.ORIGIN: transfer.origin_team, Side.RECEIVING: transfer.sent_to}
        return tuple(
            part
            for part, side in SIDES.items()
            if at[side] == self.team and getattr(transfer, part) in self.leaver.names
        )


def breaches(asked: Reassignment, to: Actor, found: int) -> Iterator[Breach]:
    """Why it cannot be. `to` is the colleague today, `found` the number of transfers."""
    if asked.to.id == asked.leaver.id:
        yield must("reassign-to", "Name somebody else", "the same person")
    elif not any(to.is_(role, asked.team) for role in RECORDERS):
        says = "Name somebody who is practitioner or team manager of the team today"
        yield must("reassign-to", says, "somebody who is not")
    if found > MOST:
        says = f"Reassign at most {MOST} transfers at once"
        yield must("reassign-too-many", says, f"{found} transfers")


def reassign(
    transfer: Transfer, asked: Reassignment, actor: Actor, situation: Situation
) -> Decision | None:
    """The transfer in the colleague's hands; None where nothing of it is the leaver's.

    A task that is held in its tray is released there by the one and picked up by the other.
    """
    parts = asked.parts(transfer)
    if not parts:
        return None
    now, new = situation.now, asked.to
    mark = Milestone(WORKER_CHANGED, now, actor.id, now, person=new.id, team=asked.team)
    after = transfer.with_milestone(replace(mark, note=asked.comment))
    messages: tuple[Message, ...] = ()
    for part in parts:
        leads = part in (Part.ORIGIN_LEAD, Part.LEAD_PROFESSIONAL)
        named = new.name if getattr(transfer, part) == asked.leaver.name and leads else new.id
        after = replace(after, **{part.value: named})  # type: ignore[arg-type]
        if leads:
            after = after.with_milestone(
                replace(mark, name=LEAD_CHANGED, person=named, outcome=SIDES[part])
            )
    if Part.HOLDER in parts and transfer.stage is Stage.PICKED_UP:
        held_by = transfer.holder or asked.leaver.id
        after = after.with_milestone(replace(mark, name="released", person=held_by, team=None))
        after = after.with_milestone(replace(mark, name="picked_up", team=None))
        messages = (
            notice(MessageKind.RELEASE_TASK, transfer, held_by, situation),
            notice(MessageKind.PICK_UP_TASK, transfer, new.id, situation),
        )
    after = replace(after, version=transfer.version + 1)
    codes = (f"from:{asked.leaver.id}", f"to:{new.id}", *parts)
    decision = recorded(transfer, after, WORKER_CHANGED, actor, situation, codes)
    return replace(decision, messages=(*decision.messages, *messages))
