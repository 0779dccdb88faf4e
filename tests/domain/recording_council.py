"""Durham with milestones, consents and codes that Durham does not have, to record against."""

from collections.abc import Mapping
from dataclasses import replace

from builders import durham, situation

from app.domain.decision import Situation
from app.domain.milestone_kind import MilestoneKind, Side
from app.domain.milestone_names import Named
from app.domain.pathway import Pathway
from app.domain.people import Role
from app.domain.rules.form import StatementGiven

KINDS = (
    MilestoneKind("told", "Somebody was told", Side.EITHER, "X 1"),
    MilestoneKind(
        "agenda", "The agenda went round", Side.EITHER, "X 2", roles=(Role.TEAM_COORDINATOR,)
    ),
    MilestoneKind("accepted", "It is accepted", Side.RECEIVING, "X 3", roles=(Role.CHAIR,)),
    MilestoneKind("checked", "It is checked", Side.ORIGIN, "X 4", not_by_author=True),
    MilestoneKind(
        "decided", "It is decided", Side.EITHER, "X 5", outcomes={"yes": "Yes", "no": "No"}
    ),
    MilestoneKind(
        "after_yes",
        "It is done",
        Side.EITHER,
        "X 6",
        after=(Named("decided", "yes"), Named("told")),
    ),
    MilestoneKind("time_agreed", "A time is agreed", Side.EITHER, "X 7", gives_time=True),
    MilestoneKind("called", "They were called", Side.ORIGIN, "X 8", about_recipient=True),
    MilestoneKind(
        "passed_on", "It is passed on", Side.RECEIVING, "X 9", passes_to_kind="social_care"
    ),
    MilestoneKind(
        "explained", "It is explained", Side.EITHER, "X 10", needs=StatementGiven("worries")
    ),
    MilestoneKind("proofread", "It is proofread", Side.ORIGIN, "X 11", voided_by_edit=True),
)


def recording(**changes: object) -> Situation:
    """Durham's situation with these kinds, and more; `changes` replace parts of its step up."""
    milestones = durham().pathways[Pathway.STEP_UP].milestones
    more: Mapping[str, object] = {
        "milestones": {**milestones, **{kind.name: kind for kind in KINDS}},
        "consents": {"service": "To the service", "share": "To share"},
        "statements": {"worries": "What people worry about"},
        "factors": {"violence": "Violence"},
        "decline_reasons": {"given": "Help was given"},
    }
    rules = replace(durham().pathways[Pathway.STEP_UP], **{**more, **changes})  # type: ignore[arg-type]
    pathways = {**durham().pathways, Pathway.STEP_UP: rules}
    return situation(protocol=replace(durham(), pathways=pathways))
