"""Four eyes on a form that waits for authorisation (DL 17). Hazard 6."""

import pytest
from builders import TODAY, actor, opening, situation, step_down_form, transfer_at

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.errors import SeparationOfDuties
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Membership, Role
from app.domain.transfer import Transfer

JUDGEMENTS = pytest.mark.parametrize("judgement", [c.Authorise(), c.Return("Please complete")])


def manager(name: str) -> Actor:
    """A Team Manager of the origin team who drafts as well."""
    both = {Membership(Role.PRACTITIONER, "ff-bishop"), Membership(Role.TEAM_MANAGER, "ff-bishop")}
    return Actor(name, "durham", frozenset(both))


def waiting(*, author: Actor, editor: Actor | None, submitter: Actor) -> Transfer:
    """A step down that waits for authorisation, by whoever did what to it."""
    transfer = open_transfer(opening(Pathway.STEP_DOWN), author, situation()).after
    if editor is not None:
        edit = c.Edit(step_down_form(comments="Risks have reduced further."))
        transfer = decide(transfer, edit, editor, situation()).after
    return decide(transfer, c.Finalise(), submitter, situation()).after


WORKER = actor("ff.socialworker")


@JUDGEMENTS
def test_h06_the_author_does_not_judge_their_own_form(judgement: c.Command) -> None:
    form = waiting(author=manager("m"), editor=WORKER, submitter=WORKER)

    with pytest.raises(SeparationOfDuties):
        decide(form, judgement, manager("m"), situation())


@JUDGEMENTS
def test_h06_the_last_editor_does_not_judge_the_form(judgement: c.Command) -> None:
    form = waiting(author=WORKER, editor=manager("m"), submitter=WORKER)

    with pytest.raises(SeparationOfDuties):
        decide(form, judgement, manager("m"), situation())


@JUDGEMENTS
def test_h06_the_submitter_does_not_judge_the_form(judgement: c.Command) -> None:
    form = waiting(author=WORKER, editor=WORKER, submitter=manager("m"))

    with pytest.raises(SeparationOfDuties):
        decide(form, judgement, manager("m"), situation())


@JUDGEMENTS
def test_h06_a_drafter_with_two_roles_does_not_judge_what_they_drafted(
    judgement: c.Command,
) -> None:
    deputy = actor("ff.deputy")
    form = waiting(author=deputy, editor=None, submitter=deputy)

    with pytest.raises(SeparationOfDuties):
        decide(form, judgement, deputy, situation())


@JUDGEMENTS
def test_h06_another_manager_of_the_team_judges_it(judgement: c.Command) -> None:
    deputy = actor("ff.deputy")
    form = waiting(author=deputy, editor=None, submitter=deputy)

    judged = decide(form, judgement, actor("ff.manager"), situation()).after

    assert judged.stage in (Stage.DISPATCHED, Stage.DRAFT)
    assert judged.authorised_by == ("ff.manager" if judged.stage is Stage.DISPATCHED else None)


def test_h06_an_edit_in_between_takes_nothing_from_a_manager_who_edited_before() -> None:
    edited = open_transfer(opening(Pathway.STEP_DOWN), WORKER, situation()).after
    for editor in (manager("m"), WORKER):
        edited = decide(edited, c.Edit(step_down_form()), editor, situation()).after
    form = decide(edited, c.Finalise(), WORKER, situation()).after

    authorised = decide(form, c.Authorise(), manager("m"), situation()).after

    assert (authorised.authorised_by, authorised.last_editor) == ("m", "ff.socialworker")


def test_h06_a_return_forgets_the_submitter_and_never_the_author() -> None:
    first = waiting(author=manager("author"), editor=None, submitter=manager("submitter"))

    returned = decide(first, c.Return("Please complete"), actor("ff.manager"), situation()).after

    assert returned.stage is Stage.DRAFT
    assert (returned.author, returned.submitter, returned.authorised_by) == ("author", None, None)


def test_h06_after_a_return_and_a_finalise_by_others_the_author_still_does_not_judge() -> None:
    first = waiting(author=manager("author"), editor=None, submitter=manager("author"))
    returned = decide(first, c.Return("Please complete"), actor("ff.manager"), situation()).after
    edited = decide(returned, c.Edit(step_down_form()), WORKER, situation()).after
    again = decide(edited, c.Finalise(), WORKER, situation()).after

    with pytest.raises(SeparationOfDuties):
        decide(again, c.Authorise(), manager("author"), situation())


def test_h06_after_a_return_the_manager_who_corrects_the_form_does_not_judge_it() -> None:
    returned = decide(
        transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN),
        c.Return("Please complete"),
        actor("ff.manager"),
        situation(),
    ).after
    corrected = decide(returned, c.Edit(step_down_form()), actor("ff.manager"), situation()).after
    again = decide(corrected, c.Finalise(), WORKER, situation()).after

    with pytest.raises(SeparationOfDuties):
        decide(again, c.Authorise(), actor("ff.manager"), situation())
    assert decide(again, c.Authorise(), actor("ff.deputy"), situation()).after.authorised_by


def test_h06_a_form_that_was_declined_and_corrected_is_authorised_anew() -> None:
    declined = transfer_at(Stage.DECLINED, Pathway.STEP_DOWN)
    draft = decide(declined, c.Return("Say more"), actor("ff.manager"), situation()).after
    edited = decide(
        draft, c.Edit(step_down_form(date_of_transfer=TODAY)), WORKER, situation()
    ).after

    again = decide(edited, c.Finalise(), WORKER, situation())

    assert again.after.stage is Stage.AWAITING_AUTHORISATION
    assert (again.after.authorised_by, again.messages) == (None, ())


def test_an_author_who_manages_takes_back_what_the_receiver_declined() -> None:
    deputy = actor("ff.deputy")
    form = waiting(author=deputy, editor=None, submitter=deputy)
    sent = decide(form, c.Authorise(), actor("ff.manager"), situation()).after
    declined = decide(
        sent, c.Decline("threshold_not_met", "No", situation().now), actor("op.manager"),
        situation(),
    ).after  # fmt: skip

    draft = decide(declined, c.Return("Say more"), deputy, situation()).after

    assert draft.stage is Stage.DRAFT
