"""What a subject-access export lets out: everything of this child, and nothing of another's."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import NOW, TODAY, child, transfer_at

from app.domain.closing import Closing, Remaining, RemainingOutcome
from app.domain.consent import Consent, How
from app.domain.custody import Custody
from app.domain.disagreement import Disagreement, Step
from app.domain.export_document import document as document_of
from app.domain.feedback import About, Feedback, Heard, Voice
from app.domain.form import FormReference
from app.domain.held_records import Held, ReadBy, Sent, named_in
from app.domain.pathway import Stage
from app.domain.pauses import Pause
from app.domain.review import Review
from app.domain.sharing_basis import Basis, SharingBasis
from app.domain.subject_access import Applicant, Part, SubjectAccess, ThirdParties, WithholdReason
from app.domain.subject_access_export import THIRD_PARTY, Export
from app.domain.team_around import Member
from app.domain.transfer import Milestone

LATER = NOW + timedelta(hours=1)
ALEX, SIBLING = child(), child("DUR1002", "Sam Example")
REQUEST = SubjectAccess(
    "sar-1", "durham", ALEX.child_id, Applicant.PARENT, TODAY, "the.asker", NOW, TODAY
)
STAYS = RemainingOutcome.STAYS_OPEN
ALEX_STAYS, SIBLING_STAYS = (Remaining(x.child_id, STAYS, x.name) for x in (ALEX, SIBLING))
CONSENT = Consent(
    "c-1", "joint_visit", "A parent", TODAY, How.ORAL, informed=True, explicit=True,
    recorded_by="p.recorded", recorded_at=NOW, withdrawn_at=NOW, withdrawn_by="p.withdrew",
    decided_at=NOW, decided_by="p.decided",
)  # fmt: skip
BASIS = SharingBasis("b-1", "consultation", Basis.COURT_ORDER, "Ordered", "p.based", NOW)
DISPUTE = Disagreement(
    "d-1", ("threshold",), "The threshold", "p.raised", NOW,
    (Step("manager", "p.escalated", NOW, "Up"),), resolved_by="p.resolved",
)  # fmt: skip
REVIEW = Review("quality", None, "Good", None, NOW, "p.reviewed", NOW)
PAUSE = Pause("allocation", NOW, "p.paused", "holiday", "Away")


def said(by: Voice, words: str, child_id: str | None) -> Feedback:
    return Feedback(by, About.TRANSFER, words, TODAY, Heard.ORAL, "p.heard", NOW, child_id)


def mark(name: str, note: str | None = None, person: str | None = None) -> Milestone:
    return Milestone(name, NOW, f"by.{name}", NOW, note=note, person=person, outcome="went_well")


BASE = transfer_at(Stage.DRAFT, children=(ALEX, SIBLING))
TRANSFER = replace(
    BASE,
    sent_to="t.sent",
    worker="p.worker",
    lead_professional="p.lead",
    origin_lead="p.origin",
    form=replace(
        BASE.form, references=(FormReference("chronology", "R-1"),),
        statements={"views": "Heard"}, factors=("1A",), primary_need="N1",
    ),
    closing=Closing(
        date(2026, 11, 25), "RC1", None, "The plan ended", "p.closed", NOW,
        remaining=(ALEX_STAYS, SIBLING_STAYS),
    ),
    consents=(CONSENT,),
    sharing_bases=(BASIS,),
    team_around=(Member("m", "A teacher", "A school", "Lessons", NOW),),
    pauses=(PAUSE,),
    disagreements=(DISPUTE,),
    reviews=(REVIEW,),
    feedback=(
        said(Voice.CHILD, "My own words", ALEX.child_id),
        said(Voice.PARENT, "A parent's words", None),
        said(Voice.CHILD, "Sam's words", SIBLING.child_id),
    ),
    milestones=(
        mark("opened"),
        mark("visited", "We met Alex", ALEX.child_id),
        mark("seen", "We met Sam", SIBLING.child_id),
        mark("meeting_decided", "Because of the risk"),
    ),
)  # fmt: skip
HELD = Held(
    TRANSFER,
    (Custody("t.held", NOW, "p.held", LATER),),
    (Sent("lcs", "create", "delivered", NOW, LATER),),
    (ReadBy("p.read", "form", 2, NOW, LATER),),
)
PEOPLE = {
    "t.sent", "p.worker", "p.lead", "p.origin", "p.recorded", "p.withdrew", "p.decided", "p.based",
    "p.raised", "p.escalated", "p.resolved", "p.reviewed", "p.heard", "t.held", "p.held", "p.read",
    "by.opened", "by.visited", "by.seen", "by.meeting_decided", BASE.origin_team,
}  # fmt: skip
NAMES = {who: f"Name of {who}" for who in PEOPLE}
RELEASED: dict[Part, dict[str, Any]] = {
    Part.TRANSFER: {
        "pathway": "step_up",
        "route": "meeting",
        "stage": "draft",
        "origin": asdict(TRANSFER.origin),
        "origin_record": asdict(TRANSFER.origin_record),
        "origin_team": f"Name of {BASE.origin_team}",
        "sent_to": "Name of t.sent",
        "worker": "Name of p.worker",
        "lead_professional": "Name of p.lead",
        "origin_lead": "Name of p.origin",
        "date_of_transfer": TODAY,
        "child": asdict(ALEX),
        "team_around_the_family": [
            {"name": "A teacher", "agency": "A school", "purpose": "Lessons"}
        ],
        "closed_on": date(2026, 11, 25),
        "closing_reason": "RC1",
    },
    Part.FORMS: {
        "forms": [asdict(x) for x in BASE.form.forms],
        "references": [{"form": "chronology", "record_id": "R-1"}],
        "statements": {"views": "Heard"},
        "factors": ["1A"],
        "primary_need": "N1",
    },
    Part.COMMENTS: {
        "comments": BASE.form.comments,
        "notes": [{"on": "visited", "at": NOW, "note": "We met Alex"}],
        "pauses": [{"clock": "allocation", "comment": "Away"}],
        "reviews": [asdict(REVIEW) | {"by": "Name of p.reviewed"}],
        "closing": "The plan ended",
        "after_closing": [{"outcome": "stays_open", "comment": "Alex Example"}],
    },
    Part.CONSENTS: {
        "consents": [
            asdict(CONSENT)
            | {
                "given_by": THIRD_PARTY,
                "recorded_by": "Name of p.recorded",
                "withdrawn_by": "Name of p.withdrew",
                "decided_by": "Name of p.decided",
            }
        ],
        "sharing_bases": [asdict(BASIS) | {"recorded_by": "Name of p.based"}],
    },
    Part.MEETINGS: {
        "form": asdict(BASE.form.meeting),
        "decisions": [
            {
                "at": NOW,
                "by": "Name of by.meeting_decided",
                "outcome": "went_well",
                "rationale": "Because of the risk",
            }
        ],
    },
    Part.DISAGREEMENTS: {
        "disagreements": [
            asdict(DISPUTE)
            | {
                "raised_by": "Name of p.raised",
                "resolved_by": "Name of p.resolved",
                "steps": [asdict(DISPUTE.steps[0]) | {"by": "Name of p.escalated"}],
            }
        ]
    },
    Part.FEEDBACK: {
        "feedback": [
            asdict(TRANSFER.feedback[0]) | {"recorded_by": "Name of p.heard"},
            asdict(TRANSFER.feedback[1]) | {"recorded_by": "Name of p.heard", "words": THIRD_PARTY},
        ]
    },
    Part.CUSTODY: {
        "custody": [
            asdict(HELD.custody[0])
            | {"team": "Name of t.held", "lead_professional": "Name of p.held"}
        ]
    },
    Part.HISTORY: {
        "history": [
            {"what": name, "at": NOW, "by": f"Name of by.{name}", "outcome": "went_well"}
            for name in ("opened", "visited", "meeting_decided")
        ]
    },
    Part.DELIVERIES: {"deliveries": [asdict(HELD.sent[0])]},
    Part.READERS: {"readers": [asdict(HELD.read_by[0]) | {"person": "Name of p.read"}]},
}


def document(request: SubjectAccess = REQUEST, held: Held = HELD) -> dict[str, Any]:
    return document_of(Export(request, (held,), NAMES), LATER)


@pytest.mark.parametrize("part", Part)
def test_each_part_lets_out_what_is_of_the_child_by_the_names_of_who_acted(part: Part) -> None:
    assert document()["parts"][part] == [RELEASED[part]]


def test_an_export_says_whose_it_is_and_what_is_withheld_for_which_reason() -> None:
    asked = replace(REQUEST, withheld={Part.READERS: WithholdReason.SERIOUS_HARM})

    made = document(asked)

    assert {name: said for name, said in made.items() if name != "parts"} == {
        "request": "sar-1",
        "child_id": ALEX.child_id,
        "received_on": TODAY,
        "made_at": LATER,
        "third_parties": ThirdParties.WITHHELD,
        "withheld": [{"part": Part.READERS, "reason": WithholdReason.SERIOUS_HARM}],
    }
    assert set(made["parts"]) == set(Part) - {Part.READERS}


@pytest.mark.parametrize("let_out", [ThirdParties.CONSENTED, ThirdParties.REASONABLE])
def test_other_people_s_details_go_out_where_the_review_says_so(let_out: ThirdParties) -> None:
    parts = document(replace(REQUEST, third_parties=let_out))["parts"]

    assert parts[Part.CONSENTS][0]["consents"][0]["given_by"] == "A parent"
    assert parts[Part.FEEDBACK][0]["feedback"][1]["words"] == "A parent's words"


def test_nobody_s_name_is_made_up_and_an_unknown_id_stands_for_itself() -> None:
    bare = Held(replace(BASE, worker="p.unknown"))
    released = document(held=bare)["parts"]

    assert released[Part.TRANSFER][0]["worker"] == "p.unknown"
    assert released[Part.TRANSFER][0]["sent_to"] is None
    assert released[Part.TRANSFER][0]["closed_on"] is None
    assert released[Part.COMMENTS][0]["after_closing"] == []


def test_a_transfer_that_no_longer_carries_the_child_tells_of_no_other() -> None:
    alone = Held(replace(TRANSFER, children=(SIBLING,)))

    assert document(held=alone)["parts"][Part.TRANSFER][0]["child"] is None


def test_everybody_whom_an_export_names_is_looked_up() -> None:
    assert named_in([HELD]) == PEOPLE
    assert named_in([HELD, Held(replace(BASE, worker="p.unknown"))]) >= PEOPLE | {"p.unknown"}
