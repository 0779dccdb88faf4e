"""What children and families say: by both sides, at every stage, and never out of the record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, TODAY, actor, durham, situation, somebody, transfer_at

from app.domain.dispatch import duty_task
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, StaleVersion
from app.domain.feedback import About, Feedback, Heard, Voice
from app.domain.give_feedback import give_feedback
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.milestone_names import FEEDBACK_SOUGHT
from app.domain.pathway import Pathway, Stage
from app.domain.people import Role

SAID = Feedback(
    Voice.CHILD, About.TRANSFER, "Zebedee came along", TODAY, Heard.ORAL, "op.worker", NOW
)
STAGES = [stage for stage in Stage if stage is not Stage.AWAITING_AUTHORISATION]


@pytest.mark.parametrize("stage", STAGES)
def test_ce_m28_feedback_is_taken_at_every_stage_and_moves_nothing(stage: Stage) -> None:
    transfer = transfer_at(stage)

    decision = give_feedback(transfer, SAID, actor("op.worker"), situation())

    assert decision.after.feedback == (SAID,)
    assert (decision.after.stage, decision.after.version) == (stage, transfer.version + 1)
    assert decision.messages == ()


@pytest.mark.parametrize("person", ["op.worker", "op.manager", "ff.socialworker", "ff.manager"])
def test_practitioners_and_managers_of_both_sides_record_it(person: str) -> None:
    decision = give_feedback(transfer_at(Stage.ALLOCATED), SAID, actor(person), situation())

    assert decision.events[0].codes == ("child", "transfer")


def test_nobody_else_does_nor_on_another_version() -> None:
    transfer = transfer_at(Stage.ALLOCATED)

    with pytest.raises(NotPermitted):
        give_feedback(transfer, SAID, somebody("x", Role.AUDITOR), situation())
    with pytest.raises(NotVisible):
        give_feedback(transfer, SAID, actor("ff.chester.manager"), situation())
    with pytest.raises(StaleVersion):
        give_feedback(transfer, SAID, actor("op.worker"), situation(), expected_version=1)


def test_it_is_of_a_child_of_the_transfer_and_of_a_day_that_has_come() -> None:
    wrong = replace(SAID, child_id="DUR9999", given_on=TODAY + timedelta(days=1))

    with pytest.raises(RulesBroken) as refusal:
        give_feedback(transfer_at(Stage.ALLOCATED), wrong, actor("op.worker"), situation())

    assert [x.code for x in refusal.value.breaches] == ["feedback-child", "feedback-day"]


def test_h14_the_words_are_in_no_line_of_the_audit_and_in_no_task() -> None:
    draft = transfer_at(Stage.DRAFT)

    decision = give_feedback(draft, SAID, actor("op.worker"), situation())

    assert "Zebedee" not in repr(decision.events)
    assert "Zebedee" not in repr(duty_task(decision.after, situation()))


@pytest.mark.parametrize("voice", Voice)
def test_ro_07_a_child_s_and_a_young_person_s_voice_are_marked(voice: Voice) -> None:
    marked = replace(SAID, said_by=voice).childs_voice

    assert marked == (voice in {Voice.CHILD, Voice.YOUNG_PERSON})


def test_ce_m28_the_first_feedback_implies_that_the_family_was_asked() -> None:
    kind = MilestoneKind(FEEDBACK_SOUGHT, "They were asked", Side.EITHER, "CE M28")
    half = durham().pathways[Pathway.STEP_UP]
    asks = replace(half, milestones={**half.milestones, FEEDBACK_SOUGHT: kind})
    where = situation(
        protocol=replace(durham(), pathways={**durham().pathways, Pathway.STEP_UP: asks})
    )
    transfer, worker = transfer_at(Stage.ALLOCATED), actor("op.worker")

    once = give_feedback(transfer, SAID, worker, where).after
    twice = give_feedback(once, SAID, worker, where).after
    elsewhere = give_feedback(transfer, SAID, worker, situation()).after

    sought = [mark for mark in twice.milestones if mark.name == FEEDBACK_SOUGHT]
    assert [mark.inferred for mark in sought] == [True]
    assert elsewhere.reached(FEEDBACK_SOUGHT) is None


def test_ce_m28_what_one_child_of_the_transfer_said_is_kept_as_theirs() -> None:
    transfer = transfer_at(Stage.ALLOCATED)
    theirs = replace(SAID, child_id=transfer.children[0].child_id)

    after = give_feedback(transfer, theirs, actor("op.worker"), situation()).after

    assert after.feedback == (theirs,)
