"""What the audit says of a read: who was shown what, each record told once."""

from builders import NOW, situation, somebody, transfer_at

from app.domain.authority import own_teams, visible_to
from app.domain.dispatch import duty_task
from app.domain.pathway import Pathway, Stage
from app.domain.people import Delegated, Membership, Role
from app.domain.reading import LIST, READ, ReadPart, reading
from app.domain.withheld import reader


def test_a_record_that_is_shown_is_a_read_of_its_part() -> None:
    event = reading(ReadPart.CUSTODY, "op.worker", NOW, record="t-1", about=("at:now",))

    assert (event.action, event.actor, event.at) == (READ, "op.worker", NOW)
    assert (event.from_stage, event.to_stage, event.version) == (None, None, None)
    assert event.codes == ("custody", "at:now")


def test_a_list_that_is_shown_names_each_of_its_transfers_once() -> None:
    event = reading(ReadPart.TRANSFERS, "x", NOW, about=("stage:draft",), shown=("b", "a", "b"))

    assert (event.action, event.codes) == (LIST, ("transfers", "stage:draft", "b", "a"))


def test_whose_alerts_are_shown_are_the_teams_of_the_reader_or_all_for_who_sees_all() -> None:
    worker = somebody("x", Role.PRACTITIONER, "op-bishop")

    assert own_teams(worker) == frozenset({"op-bishop"})
    assert own_teams(somebody("x", Role.AUDITOR)) is None


def test_what_is_listed_is_held_to_what_restrictions_withhold_from_the_reader() -> None:
    for role, team in ((Role.AUDITOR, None), (Role.TEAM_MANAGER, "op-bishop")):
        person = somebody("x", role, team)
        assert visible_to(person).reader == reader(person)


def test_restrictions_see_of_a_reader_the_teams_that_they_manage_and_whether_they_audit() -> None:
    manager = somebody("x", Role.TEAM_MANAGER, "op-bishop")
    operations = somebody("x", Role.OPERATIONS_MANAGER, "op-east")

    assert (reader(manager).person, reader(manager).manages) == ("x", frozenset({"op-bishop"}))
    assert reader(operations).manages == {"op-east"}
    assert reader(somebody("x", Role.PRACTITIONER, "op-bishop")).manages == frozenset()
    assert reader(somebody("x", Role.TEAM_MANAGER)).manages == frozenset()
    assert reader(somebody("x", Role.AUDITOR)).reads_restricted
    assert not reader(manager).reads_restricted


def test_without_what_one_delegated_a_person_keeps_their_own_and_what_others_did() -> None:
    mine, hers, his = (Membership(Role.TEAM_MANAGER, team) for team in ("a", "b", "c"))
    person = somebody("x", Role.TEAM_MANAGER, "a")
    delegated = frozenset({Delegated(hers, "her"), Delegated(his, "him")})
    standing_in = type(person)("x", "durham", frozenset({mine, hers, his}), delegated)

    left = standing_in.without_delegations_by(["her"])

    assert left.memberships == {mine, his}
    assert left.delegated == {Delegated(his, "him")}
    assert standing_in.own.delegated == frozenset()
    assert person.without_delegations_by(["her"]) == person
    assert person.holds(Role.TEAM_MANAGER)
    assert not person.holds(Role.PRACTITIONER, Role.CHAIR)


def test_a_task_without_some_forms_keeps_the_others() -> None:
    task = duty_task(transfer_at(Stage.DISPATCHED, Pathway.STEP_DOWN), situation())
    first, *others = task.forms

    assert task.without([first.record_id]).forms == tuple(others)
    assert task.without([]) == task
