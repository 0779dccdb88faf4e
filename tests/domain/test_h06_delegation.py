"""Dated delegation: a delegate is what the delegator is, and judges nothing that they prepared."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from builders import NOW, TODAY, actor, situation, somebody, transfer_at
from domain.restricting import standing_in

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.delegation import (
    DELEGABLE,
    MOST_DAYS,
    Delegation,
    delegate,
    end,
    require_delegates,
    require_ends,
)
from app.domain.errors import NotPermitted, NotVisible, RulesBroken, SeparationOfDuties
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Membership, Role
from app.domain.transfer import Transfer
from app.domain.waiting import waiting_for

TEAM = "ff-bishop"
MANAGER = actor("ff.manager")
OPERATIONS = somebody("ops", Role.OPERATIONS_MANAGER, TEAM)
WAITS = transfer_at(Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN)
WORKER = somebody("kim", Role.PRACTITIONER, TEAM)
KIM = standing_in("kim", "ff.manager", Role.TEAM_MANAGER, TEAM)
JUDGEMENTS = pytest.mark.parametrize("judgement", [c.Authorise(), c.Return("Please complete")])


def asked(**changes: object) -> Delegation:
    """The manager's role over a fortnight."""
    made = Delegation(
        "durham", "ff.manager", "kim", Role.TEAM_MANAGER, TEAM,
        TODAY, TODAY + timedelta(days=13), "ff.manager", NOW,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def codes_of_refusal(
    wanted: Delegation,
    who: Actor = MANAGER,
    delegator: Actor | None = MANAGER,
    to: Actor | None = WORKER,
) -> set[str]:
    with pytest.raises(RulesBroken) as refused:
        delegate(wanted, who, delegator, to, TODAY)
    return {breach.code for breach in refused.value.breaches}


@JUDGEMENTS
def test_h06_a_delegate_judges_a_form_for_the_manager_and_the_audit_says_for_whom(
    judgement: c.Command,
) -> None:
    decision = decide(WAITS, judgement, KIM, situation())

    (event,) = decision.events
    assert event.actor == "kim"
    assert "for:ff.manager" in event.codes


@JUDGEMENTS
@pytest.mark.parametrize("did", ["author", "last_editor", "submitter"])
def test_h06_a_delegate_judges_no_form_that_the_delegator_prepared(
    judgement: c.Command, did: str
) -> None:
    form = replace(WAITS, **{did: "ff.manager"})  # type: ignore[arg-type]

    with pytest.raises(SeparationOfDuties):
        decide(form, judgement, KIM, situation())


@JUDGEMENTS
@pytest.mark.parametrize("did", ["author", "last_editor", "submitter"])
def test_h06_a_delegate_judges_no_form_that_they_prepared_themselves(
    judgement: c.Command, did: str
) -> None:
    form = replace(WAITS, **{did: "kim"})  # type: ignore[arg-type]

    with pytest.raises(SeparationOfDuties):
        decide(form, judgement, KIM, situation())


@JUDGEMENTS
def test_h06_who_may_judge_without_the_delegation_is_not_bound_by_the_delegator(
    judgement: c.Command,
) -> None:
    own = Membership(Role.TEAM_MANAGER, TEAM)
    both = Actor("kim", "durham", frozenset({own}))
    form = replace(WAITS, author="ff.manager")

    decision = decide(form, judgement, both, situation())

    assert decision.events[0].codes == ()


def test_h06_of_two_delegators_the_one_who_prepared_nothing_lends_the_power() -> None:
    other = standing_in("kim", "other.manager", Role.TEAM_MANAGER, TEAM)
    both = replace(KIM, delegated=KIM.delegated | other.delegated)
    form = replace(WAITS, author="ff.manager")

    decision = decide(form, c.Authorise(), both, situation())

    assert decision.after.stage is Stage.DISPATCHED
    assert "for:other.manager" in decision.events[0].codes or len(decision.events[0].codes) > 1


def test_h06_what_is_the_delegate_s_own_is_not_said_to_be_for_anybody() -> None:
    draft = transfer_at(Stage.DRAFT, Pathway.STEP_DOWN)
    both = replace(KIM, memberships=KIM.memberships | WORKER.memberships)

    decision = decide(draft, c.Finalise(), both, situation())

    assert not [code for code in decision.events[0].codes if code.startswith("for:")]


def _waits_for(who: Actor, form: Transfer) -> bool:
    authorises = {
        Role.TEAM_MANAGER: frozenset({(form.protocol, form.protocol_version, form.pathway)})
    }
    prepared = {form.author, form.last_editor, form.submitter}
    return any(
        one.stage is form.stage
        and form.origin_team in one.teams
        and not one.not_prepared_by & prepared
        for one in waiting_for(who, authorises)
    )


def test_h06_a_form_waits_for_the_delegate_unless_the_delegator_prepared_it() -> None:
    assert _waits_for(KIM, WAITS)
    assert not _waits_for(KIM, replace(WAITS, author="ff.manager"))
    assert not _waits_for(KIM, replace(WAITS, submitter="kim"))


def test_h06_without_delegations_a_delegate_is_who_they_are() -> None:
    own = Membership(Role.PRACTITIONER, TEAM)
    both = replace(KIM, memberships=KIM.memberships | {own})

    assert both.own.memberships == {own}
    assert both.own.delegated == frozenset()
    assert WORKER.own is WORKER


def test_a_manager_and_their_operations_manager_delegate_the_role() -> None:
    assert delegate(asked(), MANAGER, MANAGER, WORKER, TODAY) == asked()
    by_operations = asked(made_by="ops")
    assert delegate(by_operations, OPERATIONS, MANAGER, WORKER, TODAY) == by_operations


def test_an_operations_manager_s_role_is_delegated_by_themselves() -> None:
    wanted = asked(delegator="ops", role=Role.OPERATIONS_MANAGER, made_by="ops")

    assert delegate(wanted, OPERATIONS, OPERATIONS, WORKER, TODAY) == wanted


@pytest.mark.parametrize("role", [role for role in Role if role not in DELEGABLE])
def test_no_other_role_is_delegated(role: Role) -> None:
    both = replace(MANAGER, memberships=MANAGER.memberships | {Membership(role, TEAM)})

    assert codes_of_refusal(asked(role=role), both, both) == {"delegation-role"}


def test_h06_nobody_delegates_to_themselves_nor_an_operations_manager_to_themselves() -> None:
    assert codes_of_refusal(asked(delegate="ff.manager"), to=MANAGER) == {"delegation-to"}
    own = asked(delegate="ops", made_by="ops")
    assert codes_of_refusal(own, OPERATIONS, to=OPERATIONS) == {"delegation-to"}


def test_h06_what_was_delegated_is_not_delegated_again() -> None:
    second = somebody("lee", Role.PRACTITIONER, TEAM)
    both = replace(KIM, memberships=KIM.memberships | WORKER.memberships)

    with pytest.raises(NotPermitted):
        require_delegates(both, "kim", TEAM)
    chain = asked(delegator="kim", delegate="lee", made_by="ops")
    assert codes_of_refusal(chain, OPERATIONS, KIM, second) == {"delegation-role"}


def test_nobody_of_another_council_and_no_case_system_stands_in() -> None:
    stranger = Actor("kim", "islington", frozenset())
    system = Actor("kim", "durham", frozenset({Membership(Role.SYSTEM_LCS)}))

    for to in (None, stranger, system):
        assert codes_of_refusal(asked(), to=to) == {"delegation-to"}


@pytest.mark.parametrize(
    ("first", "last", "right"),
    [
        (TODAY, TODAY, True),
        (TODAY, TODAY + timedelta(days=MOST_DAYS - 1), True),
        (TODAY, TODAY + timedelta(days=MOST_DAYS), False),
        (TODAY - timedelta(days=1), TODAY, False),
        (TODAY + timedelta(days=2), TODAY + timedelta(days=1), False),
    ],
)
def test_a_delegation_is_for_a_year_at_most_from_today_on(
    first: date, last: date, *, right: bool
) -> None:
    wanted = asked(from_date=first, to_date=last)

    if right:
        assert delegate(wanted, MANAGER, MANAGER, WORKER, TODAY) == wanted
    else:
        assert codes_of_refusal(wanted) == {"delegation-days"}


def test_every_breach_of_a_delegation_is_told_at_once() -> None:
    wrong = asked(delegate="ff.manager", role=Role.CHAIR, to_date=TODAY - timedelta(days=1))

    assert codes_of_refusal(wrong, to=MANAGER) == {
        "delegation-to",
        "delegation-role",
        "delegation-days",
    }


OTHERS = {
    "a worker": (WORKER, NotPermitted),
    "another manager of the team": (somebody("m2", Role.TEAM_MANAGER, TEAM), NotPermitted),
    "an auditor": (somebody("a", Role.AUDITOR), NotPermitted),
    "an administrator": (somebody("a", Role.ADMINISTRATOR), NotPermitted),
    "another team's manager": (actor("op.manager"), NotVisible),
    "a chair": (somebody("c", Role.CHAIR, meeting="weekly"), NotVisible),
}


@pytest.mark.parametrize(("who", "refusal"), OTHERS.values(), ids=OTHERS)
def test_h06_nobody_else_delegates_a_manager_s_role(who: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        delegate(asked(made_by=who.id), who, MANAGER, somebody("x", Role.MEMBER), TODAY)


@pytest.mark.parametrize("who", [MANAGER, KIM, WORKER, OPERATIONS], ids=lambda x: x.id)
def test_delegator_delegate_and_operations_manager_end_it(who: Actor) -> None:
    over = end(asked(), who, NOW)

    assert (over.ended_at, over.ended_by, over.version) == (NOW, who.id, 2)
    with pytest.raises(RulesBroken):
        end(over, who, NOW)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (somebody("m2", Role.TEAM_MANAGER, TEAM), NotPermitted),
        (somebody("a", Role.AUDITOR), NotPermitted),
        (actor("op.manager"), NotVisible),
        (Actor("kim", "islington", frozenset()), NotVisible),
    ],
)
def test_h06_nobody_else_ends_it(who: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        require_ends(asked(), who)


def test_h06_a_delegate_of_the_operations_manager_ends_no_other_delegation() -> None:
    deputy = standing_in("lee", "ops", Role.OPERATIONS_MANAGER, TEAM)

    with pytest.raises(NotPermitted):
        require_ends(asked(), deputy)


@pytest.mark.parametrize(("stage", "pathway"), list(product(Stage, Pathway)))
def test_h06_a_delegate_may_what_the_manager_may_at_every_stage(
    stage: Stage, pathway: Pathway
) -> None:
    if (stage, pathway) == (Stage.AWAITING_AUTHORISATION, Pathway.STEP_UP):
        return
    transfer = transfer_at(stage, pathway)
    for command in (c.Complete("done"), c.Cancel("no_longer_needed", "No"), c.Return("again")):
        assert _outcome(transfer, command, KIM) == _outcome(transfer, command, MANAGER)


def _outcome(transfer: Transfer, command: c.Command, who: Actor) -> object:
    try:
        return decide(transfer, command, who, situation()).after.stage
    except Exception as refused:  # noqa: BLE001 - whatever it is
        return type(refused)
