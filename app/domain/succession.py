"""A closed team's transfers pass to its successor, at one instant and without a gap (hazard 1).

A task that lies in the closed team's tray is withdrawn there and delivered to the successor's; one
that somebody has taken stays where it is, and the team that answers for it is another from now on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain import commands as c
from app.domain.breach import Breach, must
from app.domain.decide import hold_to_rules
from app.domain.decision import Decision, Situation
from app.domain.dispatch import dispatch
from app.domain.effects import Acting, apply
from app.domain.messages import Message
from app.domain.milestone_kind import Side
from app.domain.milestone_names import TEAM_SUCCEEDED
from app.domain.pathway import ENDED, Stage
from app.domain.people import Actor, Team
from app.domain.protocol import Gate
from app.domain.recording import recorded
from app.domain.transfer import Milestone, Transfer

REDIRECTED = "redirected"
"""Of what passes on: a task that waits in the closed team's tray, and in the successor's next."""
MOST = 500
"""So many open transfers move in one act."""
WITH_THE_TEAM = (Stage.PICKED_UP, Stage.DECLINED, Stage.STARTED, Stage.ALLOCATED)
TO_BE_SENT = (Stage.AWAITING_AUTHORISATION, Stage.DISPATCHED, Stage.DECLINED)
"""Where a task goes to the successor next: held to the dispatch, and not to the edit alone."""


@dataclass(frozen=True, slots=True)
class Succession:
    """`successor` takes over from `closed`. `comment` stays in the record."""

    closed: Team
    successor: Team
    comment: str

    def what(self, transfer: Transfer) -> tuple[str, ...]:
        """What of the transfer passes on: `origin`, `receiving`, `redirected`, `recipient`."""
        return tuple(self._what(transfer))

    def _what(self, transfer: Transfer) -> Iterator[str]:
        closed = self.closed.id
        if transfer.stage in ENDED:
            return
        if transfer.origin_team == closed:
            yield "origin"
        if transfer.sent_to == closed and transfer.stage is Stage.DISPATCHED:
            yield REDIRECTED
        elif transfer.sent_to == closed and transfer.stage in WITH_THE_TEAM:
            yield "receiving"
        elif transfer.form.recipient == closed:
            yield "recipient"

    def breaches(self, found: int) -> Iterator[Breach]:
        """Why it cannot be; `found` is the number of open transfers."""
        old, new = self.closed, self.successor
        if not old.active:
            yield must("team-active", "Close a team that is active", "closed before")
        says = "Name another active team of the same council, kind and case system"
        alike = ("authority", "kind", "case_system")
        if old.id == new.id or not new.active:
            yield must("successor", says, "the same team" if old.id == new.id else "not active")
        for name in alike:
            if getattr(old, name) != getattr(new, name):
                yield must("successor", says, f"another {name.replace('_', ' ')}")
        if found > MOST:
            says = f"At most {MOST} open transfers move at once: hand some over or end them"
            yield must("close-too-many", says, f"{found} open transfers")


def succeed(transfer: Transfer, asked: Succession, actor: Actor, situation: Situation) -> Decision:
    """The transfer with the successor, wherever the closed team was.

    Raises:
        RulesBroken: the task may not go to the successor.
    """
    what, new, now = asked.what(transfer), asked.successor.id, situation.now
    mark = Milestone(TEAM_SUCCEEDED, now, actor.id, now, team=new, note=asked.comment)
    after, warnings = transfer, tuple[Breach, ...]()
    messages: tuple[Message, ...] = ()
    if "origin" in what:
        origin = replace(mark, outcome=Side.ORIGIN)
        after = replace(after, origin_team=new).with_milestone(origin)
    if "receiving" in what:
        receiving = replace(mark, outcome=Side.RECEIVING)
        after = replace(after, sent_to=new).with_milestone(receiving)
    if REDIRECTED in what:
        acting = Acting(actor.id, by_system=False, situation=situation)
        after, messages = apply(c.Redirect(new, asked.comment), after, acting)
    elif transfer.form.recipient == asked.closed.id:
        after = replace(after, form=replace(after.form, recipient=new))
    if after.form.recipient != transfer.form.recipient:
        gate = Gate.DISPATCH if transfer.stage in TO_BE_SENT else Gate.EDIT
        warnings = hold_to_rules(after, (gate,), situation)
    if REDIRECTED in what:
        after, task = dispatch(after, actor.id, situation)
        messages = (*messages, task)
    after = replace(after, version=transfer.version + 1)
    codes = (f"from:{asked.closed.id}", f"to:{new}", *what)
    warned = tuple(f"warned:{warning.code}" for warning in warnings)
    decision = recorded(transfer, after, TEAM_SUCCEEDED, actor, situation, codes + warned)
    return replace(decision, messages=(*decision.messages, *messages), warnings=warnings)
