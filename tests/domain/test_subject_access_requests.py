"""A subject-access request: two people, one month, and the serious-harm test before it goes out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import NOW, TODAY, somebody

from app.domain import answer_subject_access as answer
from app.domain import subject_access as sar
from app.domain.answer_subject_access import decide_request, extend
from app.domain.decision import Event
from app.domain.errors import (
    NotPermitted,
    NotVisible,
    RulesBroken,
    SeparationOfDuties,
    StaleVersion,
    TransferError,
)
from app.domain.party import Parties, Party
from app.domain.people import AUTHORITY_WIDE, Actor, Delegated, Membership, Role
from app.domain.settled import Settled
from app.domain.subject_access import RequestState, SubjectAccess

CASE = answer.Case(frozenset({"op-bishop", "ff-bishop"}))
ASKER = somebody("the.asker", Role.PRACTITIONER, "op-bishop")
REVIEWER = somebody("the.reviewer", Role.TEAM_MANAGER, "ff-bishop")
ANOTHER = somebody("another.manager", Role.TEAM_MANAGER, "ff-bishop")
MADE = SubjectAccess(
    "sar-1", "durham", "DUR1001", sar.Applicant.PARENT, TODAY, ASKER.id, NOW, sar.due(TODAY)
)
IN_REVIEW = replace(MADE, state=RequestState.IN_REVIEW, reviewed_by=REVIEWER.id)
LOOKED = sar.Review(serious_harm_considered=True)


def who(person: Actor, found: SubjectAccess) -> Parties:
    """What they are to the request."""
    return answer.to_request(person, found, CASE)


RELEASED = replace(IN_REVIEW, state=RequestState.RELEASED, version=2, decided_at=NOW)
HARM = sar.WithholdReason.SERIOUS_HARM
LAW = "DPA 2018 Sch. 3 Pts 2-5"


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 20), date(2026, 12, 20)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_a_request_is_due_a_calendar_month_after_it_was_received(received: date, due: date) -> None:
    assert sar.due(received) == due


REQUESTS = (Role.PRACTITIONER, Role.TEAM_MANAGER, Role.OPERATIONS_MANAGER, Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", Role)
def test_who_takes_a_request_works_with_cases_manages_or_administers(role: Role) -> None:
    team = None if role in AUTHORITY_WIDE else "op-bishop"
    person = somebody("x", role, team)

    if role in REQUESTS:
        assert answer.request(MADE, person, CASE) == MADE
    else:
        with pytest.raises(NotPermitted):
            answer.request(MADE, person, CASE)


@pytest.mark.parametrize("role", Role)
def test_h06_who_is_denied_a_transfer_of_the_child_asks_for_nothing(role: Role) -> None:
    team = None if role in AUTHORITY_WIDE else "op-bishop"
    person = somebody("x", role, team)

    with pytest.raises(NotVisible if role in REQUESTS else NotPermitted):
        answer.request(MADE, person, replace(CASE, denied=frozenset({"x"})))
    if role in REQUESTS:
        elsewhere = replace(CASE, denied=frozenset({"y"}), withheld=True)
        assert answer.request(MADE, person, elsewhere) == MADE


@pytest.mark.parametrize(
    ("received", "taken"),
    [
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
        (date(TODAY.year - 1, TODAY.month, TODAY.day), True),
        (date(TODAY.year - 1, TODAY.month, TODAY.day) - timedelta(days=1), False),
    ],
)
def test_the_day_on_which_it_was_received_is_within_the_last_year(
    received: date, *, taken: bool
) -> None:
    made = replace(MADE, received_on=received)

    if taken:
        assert answer.request(made, ASKER, CASE) == made
        return
    with pytest.raises(RulesBroken) as refused:
        answer.request(made, ASKER, CASE)
    (breach,) = refused.value.breaches
    assert (breach.code, breach.source) == ("received-on", "UK GDPR art. 12(3)")


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        (ASKER, True),
        (REVIEWER, True),
        (somebody("x", Role.OPERATIONS_MANAGER, "op-bishop"), True),
        (somebody("x", Role.AUDITOR), True),
        (somebody("x", Role.ADMINISTRATOR), True),
        (somebody("x", Role.PRACTITIONER, "op-bishop"), False),
        (somebody("x", Role.TEAM_MANAGER, "op-chester"), False),
        (replace(ASKER, authority="rochdale"), False),
    ],
)
def test_a_request_exists_for_who_made_it_who_may_review_it_and_who_audits(
    person: Any, *, sees: bool
) -> None:
    if sees:
        assert answer.require_sees_request(person, MADE, CASE) == MADE
    else:
        with pytest.raises(NotVisible):
            answer.require_sees_request(person, MADE, CASE)
    kept_from = replace(CASE, denied=frozenset({person.id}))
    with pytest.raises(NotVisible):
        answer.require_sees_request(person, MADE, kept_from)


def test_where_no_team_ever_had_the_case_an_operations_manager_answers() -> None:
    anywhere = somebody("x", Role.OPERATIONS_MANAGER, "anywhere")
    review = Party.MANAGER_OF_THE_CASE

    assert review in answer.to_request(anywhere, MADE, answer.Case())
    assert review not in answer.to_request(REVIEWER, MADE, answer.Case())
    assert review not in answer.to_request(anywhere, MADE, CASE)


def test_h06_who_has_left_neither_decides_nor_fetches() -> None:
    left = replace(REVIEWER, memberships=frozenset())
    asker = replace(ASKER, memberships=frozenset())

    assert Party.REVIEWER in who(REVIEWER, IN_REVIEW)
    assert who(left, IN_REVIEW) == {Party.ANYBODY}
    assert who(asker, IN_REVIEW) == {Party.ANYBODY}


def test_h06_from_whom_some_of_it_is_withheld_they_do_not_review_it() -> None:
    some = replace(CASE, withheld=True)

    theirs = answer.to_request(REVIEWER, IN_REVIEW, some)
    assert theirs.isdisjoint({Party.REVIEWER, Party.MANAGER_OF_THE_CASE})
    assert Party.REQUESTER in answer.to_request(ASKER, IN_REVIEW, some)


@pytest.mark.parametrize("by", [ASKER.id, "the.denied", "a.colleague"])
def test_h06_nobody_reviews_in_the_place_of_the_requester_or_of_who_is_denied(by: str) -> None:
    role = Membership(Role.TEAM_MANAGER, "ff-bishop")
    delegated = frozenset({Delegated(role, by)})
    delegate = Actor("x", "durham", frozenset({role}), delegated)
    case = replace(CASE, denied=frozenset({"the.denied"}))

    reviews = Party.MANAGER_OF_THE_CASE in answer.to_request(delegate, MADE, case)

    assert reviews is (by == "a.colleague")


def test_a_manager_of_a_team_that_has_or_had_the_case_takes_the_review() -> None:
    taken = answer.begin_review(MADE, REVIEWER, who(REVIEWER, MADE), expected_version=1)

    assert taken == replace(IN_REVIEW, version=2)
    assert taken.open


def test_another_takes_over_a_review_and_who_had_it_decides_no_more() -> None:
    extended = replace(IN_REVIEW, extended_on=TODAY, version=2)

    taken = answer.begin_review(extended, ANOTHER, who(ANOTHER, extended), expected_version=2)

    assert taken == replace(extended, reviewed_by=ANOTHER.id, version=3)
    assert Party.REVIEWER in who(ANOTHER, taken)
    with pytest.raises(NotPermitted):
        decide_request(taken, LOOKED, who(REVIEWER, taken), NOW, expected_version=3)


@pytest.mark.parametrize(
    ("found", "person", "version", "refusal"),
    [
        (MADE, ASKER, 1, NotPermitted),
        (replace(MADE, requested_by=REVIEWER.id), REVIEWER, 1, SeparationOfDuties),
        (MADE, REVIEWER, 2, StaleVersion),
        (IN_REVIEW, ASKER, 1, NotPermitted),
        (replace(IN_REVIEW, requested_by=ANOTHER.id), ANOTHER, 1, SeparationOfDuties),
        (IN_REVIEW, REVIEWER, 1, Settled),
        (IN_REVIEW, ANOTHER, 2, StaleVersion),
        (RELEASED, ANOTHER, 2, Settled),
    ],
)
def test_h06_nobody_reviews_their_own_request_nor_one_that_they_took_or_that_is_decided(
    found: SubjectAccess, person: Any, version: int, refusal: type[TransferError]
) -> None:
    with pytest.raises(refusal) as refused:
        answer.begin_review(found, person, who(person, found), expected_version=version)

    assert refused.type is refusal


@pytest.mark.parametrize("person", [ASKER, REVIEWER])
def test_it_is_extended_once_by_two_months_from_when_it_was_received(person: Any) -> None:
    why = sar.ExtensionReason.COMPLEXITY

    more = extend(IN_REVIEW, why, who(person, IN_REVIEW), NOW, expected_version=1)

    assert (more.due_on, more.extended_on) == (date(2027, 2, 20), TODAY)
    assert (more.extended_because, more.version, more.state) == (why, 2, RequestState.IN_REVIEW)
    with pytest.raises(RulesBroken) as refused:
        extend(more, why, who(person, more), NOW, expected_version=2)
    (breach,) = refused.value.breaches
    assert (breach.code, breach.found, breach.source) == (
        "extension",
        "extended already",
        "UK GDPR art. 12(3)",
    )


def test_it_is_extended_until_the_last_day_of_the_first_month_and_not_after() -> None:
    last = NOW.replace(month=12, day=20)
    why = sar.ExtensionReason.NUMBER_OF_REQUESTS

    assert extend(MADE, why, who(ASKER, MADE), last, expected_version=1).extended_on == MADE.due_on
    with pytest.raises(RulesBroken) as refused:
        extend(MADE, why, who(ASKER, MADE), last + timedelta(days=1), expected_version=1)
    assert refused.value.breaches[0].found == "past due"


@pytest.mark.parametrize(
    ("found", "person", "version", "refusal"),
    [
        (IN_REVIEW, ANOTHER, 1, NotPermitted),
        (IN_REVIEW, ASKER, 7, StaleVersion),
        (RELEASED, ASKER, 2, Settled),
    ],
)
def test_only_the_two_who_see_to_it_extend_it_while_it_is_open(
    found: SubjectAccess, person: Any, version: int, refusal: type[TransferError]
) -> None:
    with pytest.raises(refusal):
        extend(
            found,
            sar.ExtensionReason.COMPLEXITY,
            who(person, found),
            NOW,
            expected_version=version,
        )


def test_what_is_released_keeps_what_was_withheld_and_who_else_is_named() -> None:
    review = sar.Review(
        serious_harm_considered=True,
        withheld={sar.Part.FORMS: HARM},
        third_parties=sar.ThirdParties.CONSENTED,
    )

    done = decide_request(IN_REVIEW, review, who(REVIEWER, IN_REVIEW), NOW, expected_version=1)

    assert (done.state, done.version, done.decided_at) == (RequestState.RELEASED, 2, NOW)
    assert (done.withheld, done.third_parties) == (review.withheld, review.third_parties)
    assert done.refused_because is None
    assert not done.open


def test_a_refusal_says_why_and_releases_nothing() -> None:
    review = replace(LOOKED, refused_because=sar.RefusalReason.EXCESSIVE)

    done = decide_request(IN_REVIEW, review, who(REVIEWER, IN_REVIEW), NOW, expected_version=1)

    assert (done.state, done.refused_because) == (RequestState.REFUSED, review.refused_because)
    with pytest.raises(Settled):
        answer.require_may_download(done, who(ASKER, done))


@pytest.mark.parametrize(
    ("review", "broken"),
    [
        (
            sar.Review(serious_harm_considered=False),
            [("serious-harm-test", LAW)],
        ),
        (
            sar.Review(
                serious_harm_considered=True,
                withheld={sar.Part.FORMS: HARM},
                refused_because=sar.RefusalReason.SERIOUS_HARM,
            ),
            [("refused-and-withheld", "UK GDPR art. 15")],
        ),
        (
            sar.Review(serious_harm_considered=False, withheld=dict.fromkeys(sar.Part, HARM)),
            [("serious-harm-test", LAW), ("all-withheld", "UK GDPR art. 15")],
        ),
    ],
)
def test_every_breach_of_a_review_is_named_at_once_with_the_law(
    review: sar.Review, broken: list[tuple[str, str]]
) -> None:
    with pytest.raises(RulesBroken) as refused:
        decide_request(IN_REVIEW, review, who(REVIEWER, IN_REVIEW), NOW, expected_version=1)

    found = refused.value.breaches
    assert [breach.code for breach in found] == [code for code, _ in broken]
    assert all(x.source.startswith(law) for x, (_, law) in zip(found, broken, strict=True))


@pytest.mark.parametrize(
    ("found", "person", "version", "refusal"),
    [
        (IN_REVIEW, ASKER, 1, NotPermitted),
        (replace(IN_REVIEW, requested_by=REVIEWER.id), REVIEWER, 1, SeparationOfDuties),
        (IN_REVIEW, ANOTHER, 1, NotPermitted),
        (IN_REVIEW, REVIEWER, 3, StaleVersion),
        (MADE, REVIEWER, 1, NotPermitted),
        (RELEASED, REVIEWER, 2, Settled),
    ],
)
def test_h06_a_request_is_decided_once_by_who_reviews_it_and_not_by_who_made_it(
    found: SubjectAccess, person: Any, version: int, refusal: type[TransferError]
) -> None:
    with pytest.raises(refusal) as refused:
        decide_request(found, LOOKED, who(person, found), NOW, expected_version=version)

    assert refused.type is refusal


def test_the_two_who_saw_to_it_download_what_is_released_and_nobody_else_does() -> None:
    answer.require_may_download(RELEASED, who(ASKER, RELEASED))
    answer.require_may_download(RELEASED, who(REVIEWER, RELEASED))

    with pytest.raises(NotPermitted):
        answer.require_may_download(RELEASED, who(ANOTHER, RELEASED))
    with pytest.raises(Settled):
        answer.require_may_download(IN_REVIEW, who(REVIEWER, IN_REVIEW))


def test_the_audit_of_a_request_names_the_child_by_id_and_no_transfer() -> None:
    event = sar.access_event("released", RELEASED, REVIEWER.id, NOW, ("withheld:forms",))

    assert (event.action, event.actor, event.at) == ("subject_access_released", REVIEWER.id, NOW)
    assert (event.from_stage, event.to_stage, event.version) == (None, None, None)
    assert event.codes == ("request:sar-1", "child:durham:DUR1001", "withheld:forms")
    assert sar.access_event("made", MADE, ASKER.id, NOW).codes == event.codes[:2]


def test_the_audit_says_that_a_request_was_forgotten_and_not_whose_it_was() -> None:
    assert sar.forgotten(RELEASED, NOW) == Event(
        "subject_access_forgotten", "retention", NOW, None, None, None, ("request:sar-1",)
    )
