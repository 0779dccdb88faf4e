"""What a decision tells to subscribers."""

from dataclasses import asdict, fields, replace

import pytest
from builders import NOW, actor, sample_directory, situation, transfer_at

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Decision, Event
from app.domain.event_types import SUBSCRIBABLE, EventType
from app.domain.pathway import Action, Pathway, Stage
from app.domain.published import BY_ACTION, published
from app.domain.published_event import PublishedEvent
from app.domain.succession import Succession, succeed

UP, DOWN = Pathway.STEP_UP, Pathway.STEP_DOWN
SENT = transfer_at(Stage.DISPATCHED)


def _told(action: str, to: Stage | None = Stage.DRAFT, *codes: str) -> list[tuple[str, ...]]:
    event = Event(action, "op.worker", NOW, Stage.DRAFT, to, 7, codes)
    return [(told.type.value, *told.codes) for told in published(Decision(SENT, SENT, (event,)))]


def test_a_step_down_that_is_authorised_tells_that_it_was_and_that_it_went() -> None:
    waiting = transfer_at(Stage.AWAITING_AUTHORISATION, DOWN)

    decision = decide(waiting, c.Authorise(), actor("ff.manager"), situation())

    told = published(decision)
    assert [event.type for event in told] == ["transfer.authorised", "transfer.dispatched"]
    assert {event.version for event in told} == {waiting.version + 1}
    assert told[0].reference == f"{waiting.id}.1"
    assert [event.revision for event in told] == [
        f"{waiting.version + 1}-1", f"{waiting.version + 1}-2",
    ]  # fmt: skip


def test_a_form_that_waits_for_its_authorisation_is_not_dispatched() -> None:
    assert _told("finalise", Stage.AWAITING_AUTHORISATION) == [("transfer.finalised",)]
    assert _told("finalise", Stage.DISPATCHED) == [
        ("transfer.finalised",),
        ("transfer.dispatched",),
    ]


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (Stage.DISPATCHED, ["transfer.team_succeeded", "transfer.dispatched"]),
        (Stage.PICKED_UP, ["transfer.team_succeeded"]),
    ],
)
def test_what_passes_from_a_closed_team_is_told_and_a_task_in_its_tray_as_sent_anew(
    stage: Stage, told: list[str]
) -> None:
    teams = {team.id: team for team in sample_directory().teams}
    closed, successor = teams["ff-bishop"], teams["ff-east"]
    asked = Succession(closed, successor, "Her words")
    where = situation()
    without = {**where.teams, closed.id: replace(closed, active=False)}

    decision = succeed(
        transfer_at(stage), asked, actor("systems.team"), replace(where, teams=without)
    )

    events = published(decision)
    assert [event.type for event in events] == told
    assert {event.sent_to for event in events} == {"ff-east"}
    assert "Her words" not in repr(events)


def test_where_its_author_s_team_was_closed_no_task_is_sent_anew() -> None:
    assert _told("team_succeeded", Stage.DISPATCHED, "from:a", "to:b", "origin") == [
        ("transfer.team_succeeded", "from:a", "to:b", "origin")
    ]


def test_a_task_that_is_free_again_was_not_dispatched_anew() -> None:
    assert _told("release", Stage.DISPATCHED) == [("transfer.released",)]


def test_an_edit_concerns_nobody_else() -> None:
    assert _told("edit") == []
    assert _told("replay") == []
    assert _told("report:received_in_tray") == []


def test_a_milestone_is_told_by_its_name_and_outcome() -> None:
    assert _told("milestone:meeting_decided", Stage.DRAFT, "agreed") == [
        ("milestone.recorded", "meeting_decided", "agreed")
    ]


def test_the_events_of_one_decision_are_told_apart_and_in_order() -> None:
    first = Event("allocate", "lcs", NOW, Stage.STARTED, Stage.ALLOCATED, 7)
    last = replace(first, action="complete", to_stage=Stage.COMPLETED)

    told = published(Decision(SENT, SENT, (first, last)))

    assert [(event.type, event.stage) for event in told] == [
        ("transfer.allocated", "allocated"), ("transfer.completed", "completed"),
    ]  # fmt: skip
    assert len({event.revision for event in told}) == 2


@pytest.mark.parametrize("action", [a for a in Action if a is not Action.EDIT])
def test_every_action_that_moves_a_transfer_is_told(action: Action) -> None:
    assert _told(action.value)


def test_every_kind_of_event_is_told_by_something() -> None:
    elsewhere = {kind for kind in EventType if kind.startswith(("delivery.", "clock."))}
    made = {*BY_ACTION.values(), EventType.MILESTONE_RECORDED, EventType.TRANSFER_DISPATCHED}

    assert made | elsewhere == set(SUBSCRIBABLE)


def test_an_event_has_these_fields_and_no_others() -> None:
    """A field more is a decision on what leaves the service: nothing of a person may."""
    assert [field.name for field in fields(PublishedEvent)] == [
        "type", "revision", "at", "transfer", "reference", "pathway", "route", "from_stage",
        "stage", "version", "origin_team", "sent_to", "codes", "clock", "due_at", "team",
        "delivery", "destination", "message",
    ]  # fmt: skip


def test_nothing_of_a_child_or_a_worker_is_in_an_event() -> None:
    decision = decide(
        transfer_at(Stage.DISPATCHED), c.Decline("not_ours", "Her words", NOW), actor("ff.manager"),
        situation(),
    )  # fmt: skip

    (event,) = published(decision)

    said = repr(asdict(event))
    assert event.type == "transfer.declined"
    for child in SENT.children:
        assert child.child_id not in said
        assert child.name not in said
    assert "Her words" not in said
    assert "ff.manager" not in said


def test_an_event_says_what_the_transfer_is_and_between_which_stages_it_went() -> None:
    decision = decide(transfer_at(Stage.DRAFT), c.Finalise(), actor("op.worker"), situation())

    told = published(decision)[0]

    after = decision.after
    assert (told.pathway, told.route) == (after.pathway.value, after.route)
    assert (told.from_stage, told.stage) == ("draft", "dispatched")
    assert (told.origin_team, told.sent_to) == (after.origin_team, after.sent_to)
    assert (told.transfer, told.at) == (after.id, NOW)


def test_a_draft_that_is_opened_comes_from_no_stage_and_has_no_reference_yet() -> None:
    draft = transfer_at(Stage.DRAFT)
    event = Event("open", "op.worker", NOW, None, Stage.DRAFT, 1)

    (told,) = published(Decision(None, draft, (event,)))

    assert (told.from_stage, told.stage, told.reference) == (None, "draft", None)
    assert (told.sent_to, told.version) == (None, 1)


def test_what_leads_to_no_stage_is_told_without_one() -> None:
    event = Event("consent_recorded", "op.worker", NOW, None, None, 7, ("share",))

    (told,) = published(Decision(SENT, SENT, (event,)))

    assert (told.from_stage, told.stage, told.reference) == (None, None, SENT.reference)
