"""Who sees to a subscription, what it may become, and which secrets sign when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, somebody

from app.domain.errors import NotVisible, RulesBroken, StaleVersion
from app.domain.event_types import EventType
from app.domain.people import Actor, Role
from app.domain.see_to_subscription import (
    MOST,
    SubscriptionHasEnded,
    SubscriptionTerms,
    changed,
    ended,
    event_of,
    ordered,
    require_address,
    require_open,
    require_room,
    require_sees,
    what_changed,
    with_new_secret,
)
from app.domain.subscription import (
    Subscription,
    SubscriptionState,
    destination_of,
    subscription_of,
)
from app.domain.webhook_address import AllowedHosts

ALLOWED = AllowedHosts(frozenset({"events.council.example", "new.council.example"}))
EARLIER = NOW - timedelta(days=3)
HOUR = timedelta(hours=1)
GOING = Subscription(
    id="sub-1",
    authority="durham",
    name="The council's bus",
    url="https://events.council.example/in",
    events=(EventType.TRANSFER_OPENED,),
    secret="sealed-one",
    created_by="an.administrator",
    created_at=EARLIER,
    changed_at=EARLIER,
)
OVER = ended(GOING, NOW)
READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def of_role(role: Role, authority: str = "durham") -> Actor:
    return replace(somebody("some.body", role), authority=authority)


@pytest.mark.parametrize("role", Role)
def test_subscriptions_exist_for_administrators_and_auditors_alone(role: Role) -> None:
    if role in READERS:
        assert require_sees(of_role(role), GOING) == GOING
    else:
        with pytest.raises(NotVisible):
            require_sees(of_role(role), GOING)


def test_a_subscription_of_another_council_does_not_exist_for_anybody_here() -> None:
    for nothing in (None, replace(GOING, authority="rochdale")):
        with pytest.raises(NotVisible, match=r"^subscription$"):
            require_sees(of_role(Role.ADMINISTRATOR), nothing)


def test_a_subscription_is_open_until_it_ends_and_at_the_version_that_was_read() -> None:
    require_open(GOING)
    require_open(GOING, GOING.version)

    with pytest.raises(StaleVersion):
        require_open(GOING, GOING.version + 1)
    with pytest.raises(StaleVersion):
        require_open(OVER, GOING.version)
    with pytest.raises(SubscriptionHasEnded):
        require_open(OVER, OVER.version)
    with pytest.raises(SubscriptionHasEnded):
        require_open(OVER)


def test_an_address_that_is_not_on_the_list_is_refused_with_the_setting_that_lists() -> None:
    require_address("https://new.council.example/in", ALLOWED)

    with pytest.raises(RulesBroken) as refused:
        require_address("https://evil.example/in", ALLOWED)

    (breach,) = refused.value.breaches
    assert (breach.code, breach.source) == ("webhook-address", "TRANSFERS_WEBHOOK_HOSTS")
    assert breach.found == ALLOWED.refuses("https://evil.example/in")


def test_a_council_has_so_many_subscriptions_and_those_that_ended_do_not_count() -> None:
    require_room([*[GOING] * (MOST - 1), OVER, OVER])

    with pytest.raises(RulesBroken) as refused:
        require_room([*[GOING] * MOST, OVER])

    (breach,) = refused.value.breaches
    assert (breach.code, breach.found) == ("subscriptions-most", f"{MOST} subscriptions")
    assert breach.source == "docs/webhooks.md"


def test_events_are_kept_once_in_the_order_of_the_catalogue() -> None:
    first, second, *_ = EventType

    assert ordered([second, first, second]) == (first, second)


def test_what_the_terms_leave_out_stays_as_it_was() -> None:
    same = changed(GOING, SubscriptionTerms(), ALLOWED, NOW)

    assert same == replace(GOING, version=2, changed_at=NOW)
    assert what_changed(GOING, same) == ()


def test_every_term_may_change_at_once_and_the_audit_says_which_did_without_its_words() -> None:
    kinds = (EventType.TRANSFER_CANCELLED, EventType.TRANSFER_OPENED)
    terms = SubscriptionTerms(
        "Another name", "https://new.council.example/in", kinds, SubscriptionState.PAUSED
    )

    after = changed(GOING, terms, ALLOWED, NOW)

    assert (after.name, after.url, after.state) == (terms.name, terms.url, terms.state)
    assert after.events == ordered(kinds)
    assert (after.version, after.changed_at, after.secret) == (2, NOW, GOING.secret)
    assert what_changed(GOING, after) == ("name", "url", "events", "state:paused")


def test_a_subscription_does_not_move_to_an_address_that_is_not_listed() -> None:
    with pytest.raises(RulesBroken):
        changed(GOING, SubscriptionTerms(url="https://evil.example/in"), ALLOWED, NOW)


def test_after_a_new_secret_the_one_before_signs_as_well_until_its_time_is_over() -> None:
    turned = with_new_secret(GOING, "sealed-two", HOUR, NOW)

    assert (turned.version, turned.changed_at) == (2, NOW)
    assert turned.secrets(NOW) == ("sealed-two", "sealed-one")
    assert turned.secrets(NOW + HOUR - timedelta(seconds=1)) == ("sealed-two", "sealed-one")
    assert turned.secrets(NOW + HOUR) == ("sealed-two",)
    assert GOING.secrets(NOW) == ("sealed-one",)


def test_without_an_overlap_the_secret_before_is_forgotten_at_once() -> None:
    turned = with_new_secret(GOING, "sealed-two", timedelta(0), NOW)

    assert turned.secrets(NOW) == ("sealed-two",)
    assert (turned.previous_secret, turned.previous_until) == (None, None)


def test_a_secret_with_no_end_does_not_sign_for_ever() -> None:
    assert replace(GOING, previous_secret="old").secrets(NOW) == ("sealed-one",)
    assert replace(GOING, previous_until=NOW + HOUR).secrets(NOW) == ("sealed-one",)


def test_nothing_is_signed_once_a_subscription_has_ended() -> None:
    over = ended(with_new_secret(GOING, "sealed-two", HOUR, NOW), NOW)

    assert (over.state, over.version, over.changed_at) == (SubscriptionState.ENDED, 3, NOW)
    assert (over.secret, over.previous_secret, over.previous_until) == ("", None, None)


def test_the_audit_of_a_subscription_names_its_destination_and_no_transfer() -> None:
    event = event_of("changed", GOING, "an.administrator", NOW, ("url",))

    assert (event.action, event.actor, event.at) == ("subscription_changed", GOING.created_by, NOW)
    assert (event.from_stage, event.to_stage, event.version) == (None, None, None)
    assert event.codes == ("subscriber:sub-1", "url")
    assert event_of("ended", GOING, "x", NOW).codes == ("subscriber:sub-1",)


def test_a_destination_leads_back_to_its_subscription_and_a_case_system_to_none() -> None:
    assert GOING.destination == destination_of("sub-1")
    assert subscription_of(GOING.destination) == "sub-1"
    assert subscription_of(destination_of("a:b")) == "a:b"
    assert subscription_of("lcs") is None
