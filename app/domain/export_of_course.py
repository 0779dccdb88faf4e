"""The parts of an export that tell how a transfer went: who met, differed, spoke, did and read."""

from dataclasses import asdict

from app.domain.held_records import Held
from app.domain.subject_access_export import DECIDED, Export, Row


def meetings_part(export: Export, held: Held) -> Row:
    """What meetings were told and decided."""
    decided = (mark for mark in export.marks(held.transfer) if mark.name == DECIDED)
    return {
        "form": asdict(held.transfer.form.meeting),
        "decisions": [
            {"at": x.at, "by": export.name(x.by), "outcome": x.outcome, "rationale": x.note}
            for x in decided
        ],
    }


def disagreements_part(export: Export, held: Held) -> Row:
    """Disagreements with their steps."""
    return {
        "disagreements": [
            asdict(x)
            | {"raised_by": export.name(x.raised_by), "resolved_by": export.name(x.resolved_by)}
            | {"steps": [asdict(step) | {"by": export.name(step.by)} for step in x.steps]}
            for x in held.transfer.disagreements
        ]
    }


def feedback_part(export: Export, held: Held) -> Row:
    """What the child and others said of it."""
    return {
        "feedback": [
            asdict(x)
            | {"recorded_by": export.name(x.recorded_by)}
            | {"words": x.words if x.childs_voice else export.other(x.words)}
            for x in held.transfer.feedback
            if export.ours(x.child_id)
        ]
    }


def custody_part(export: Export, held: Held) -> Row:
    """Who had the child, when."""
    return {
        "custody": [
            asdict(x)
            | {"team": export.name(x.team), "lead_professional": export.name(x.lead_professional)}
            for x in held.custody
        ]
    }


def history_part(export: Export, held: Held) -> Row:
    """What was done, when and by whom."""
    return {
        "history": [
            {"what": x.name, "at": x.at, "by": export.name(x.by), "outcome": x.outcome}
            for x in export.marks(held.transfer)
        ]
    }


def deliveries_part(_: Export, held: Held) -> Row:
    """What was sent to case systems."""
    return {"deliveries": [asdict(x) for x in held.sent]}


def readers_part(export: Export, held: Held) -> Row:
    """Who read it."""
    return {"readers": [asdict(x) | {"person": export.name(x.person)} for x in held.read_by]}
