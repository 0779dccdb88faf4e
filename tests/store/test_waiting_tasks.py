"""A task as it waits in the outbox: whole, and readable where an older service wrote it."""

from dataclasses import replace
from datetime import timedelta

from builders import NOW, child, situation, step_up_form, transfer_at

from app.domain.dispatch import duty_task
from app.domain.duty_task import DutyTask
from app.domain.messages import MessageKind
from app.domain.pathway import Stage
from app.domain.team_around import Member
from app.store.delivery_rows import payloads

TASKS = payloads[MessageKind.DELIVER_TASK]
LATER = (
    "referral_source",
    "primary_need",
    "statements",
    "next_lead_professional",
    "team_around_the_family",
)


def full_task() -> DutyTask:
    form = step_up_form(
        statements={"worry_statements": "Out at night"},
        next_lead_professional="A. Head",
        primary_need="N1",
    )
    members = (
        Member("m1", "A. Nurse", "0-19 service", "Sleep", NOW),
        Member("m2", "A. Teacher", "A school", "Attendance", NOW - timedelta(days=9), NOW),
    )
    draft = transfer_at(Stage.DRAFT, children=(replace(child(), upn_unknown="UN3"),))
    return replace(
        duty_task(replace(draft, form=form, team_around=members), situation()), referral_source="5D"
    )


def test_h14_a_task_comes_out_of_the_outbox_as_it_went_in() -> None:
    task = full_task()

    written = TASKS.dump_python(task, mode="json")

    assert TASKS.validate_python(written) == task
    assert [member.name for member in task.team_around_the_family] == ["A. Nurse"]


def test_a_task_that_waited_since_before_these_fields_is_still_read() -> None:
    written = TASKS.dump_python(full_task(), mode="json")
    for name in LATER:
        del written[name]
    for each in written["children"]:
        del each["upn_unknown"]

    task = TASKS.validate_python(written)

    assert isinstance(task, DutyTask)
    assert (task.referral_source, task.primary_need, task.next_lead_professional) == (None,) * 3
    assert (task.statements, task.team_around_the_family) == ({}, ())
    assert task.children[0].upn_unknown is None
