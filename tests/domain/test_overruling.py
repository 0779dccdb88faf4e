"""What becomes of a meeting's decision when a disagreement with it is resolved (DF 21, CE M27)."""

from dataclasses import replace

import pytest
from builders import NOW, actor, durham, situation, transfer_at
from domain.test_disagreements import decided

from app.domain.decision import Situation
from app.domain.milestone_kind import MilestoneKind
from app.domain.overruling import agreed_after_all, is_overruled
from app.domain.pathway import Pathway, Stage
from app.domain.transfer import Milestone

KIND = durham().pathways[Pathway.STEP_UP].milestones["meeting_decided"]


def where(*kinds: MilestoneKind) -> Situation:
    """Durham's situation, whose protocol knows these milestones alone."""
    known = {kind.name: kind for kind in kinds}
    half = replace(durham().pathways[Pathway.STEP_UP], milestones=known)
    return situation(protocol=replace(durham(), pathways={Pathway.STEP_UP: half}))


@pytest.mark.parametrize("about", [True, False])
def test_ce_m27_what_is_agreed_after_all_is_recorded_with_its_reason_and_in_whose_words(
    *, about: bool
) -> None:
    kind = replace(KIND, about_recipient=about)
    manager = actor("operations.manager")

    found = agreed_after_all(decided("not_agreed"), "Why.", manager, where(kind))

    assert found == Milestone(
        "meeting_decided",
        NOW,
        manager.id,
        NOW,
        team="ff-bishop" if about else None,
        reason="disagreement_resolved",
        note="Why.",
        outcome="agreed",
    )


def test_only_a_draft_whose_meeting_could_have_agreed_and_did_not_is_overruled() -> None:
    draft = decided("not_agreed")
    never_agrees = replace(KIND, outcomes={"not_agreed": "No", "deferred": "Later"})

    assert is_overruled(draft, where(KIND))
    assert not is_overruled(replace(draft, stage=Stage.DISPATCHED), where(KIND))
    assert not is_overruled(draft, where(never_agrees))
    assert not is_overruled(draft, where())
    assert not is_overruled(decided("agreed"), where(KIND))
    assert not is_overruled(transfer_at(Stage.DRAFT), where(KIND))
