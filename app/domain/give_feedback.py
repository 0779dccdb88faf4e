"""Recording what a child or a family says, at any stage and after it (CE M28)."""

from dataclasses import replace

from app.domain.authority import require, require_version
from app.domain.breach import must
from app.domain.decision import Decision, Situation
from app.domain.errors import RulesBroken
from app.domain.feedback import Feedback
from app.domain.london import local_date
from app.domain.milestone_names import FEEDBACK_SOUGHT
from app.domain.people import Actor
from app.domain.recording import recorded
from app.domain.rights import Act
from app.domain.transfer import Milestone, Transfer


def give_feedback(
    transfer: Transfer,
    feedback: Feedback,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with what was said. Whoever spoke was asked: that milestone is implied, once.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in decide.
        RulesBroken: the child is not of this transfer, or the day is to come.
    """
    require(Act.GIVE_FEEDBACK, actor, transfer)
    require_version(transfer, expected_version)
    breaches = []
    if feedback.child_id is not None and transfer.child(feedback.child_id) is None:
        says = "Name a child of this transfer"
        breaches.append(must("feedback-child", says, "another child"))
    if feedback.given_on > local_date(situation.now):
        says = "Record it once it was said"
        breaches.append(must("feedback-day", says, "a day in the future"))
    if breaches:
        raise RulesBroken(tuple(breaches))
    after = replace(transfer, feedback=(*transfer.feedback, feedback), version=transfer.version + 1)
    known = FEEDBACK_SOUGHT in situation.rules(transfer).milestones
    if known and transfer.reached(FEEDBACK_SOUGHT) is None:
        now = situation.now
        after = after.with_milestone(Milestone(FEEDBACK_SOUGHT, now, actor.id, now, inferred=True))
    codes = (feedback.said_by.value, feedback.about.value)
    return recorded(transfer, after, "feedback_given", actor, situation, codes)
