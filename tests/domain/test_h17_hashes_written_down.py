"""What the chain hashes of an event never changes: an older release's chain holds in every later.

Each hash here is of a LINK of version 1, and stands for ever. What is to be hashed otherwise is a
new LINK, with its own number in it, and a walk that knows both.
"""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from domain.chains import AT, Kept, chain_of, verified

from app.domain.audit_chain import link, start_of
from app.domain.audit_handles import (
    Handle,
    HandleKind,
    Recorded,
    child_code,
    digest,
    erased,
    handles,
    without,
)
from app.domain.audit_walk import DIGEST, HANDLE_ERASED, Fault, Salted, Walk, Wrong
from app.domain.checkpoint import Checkpoint, Pace, digest_of, read_checkpoint

TRANSFER = "6f1b1a52-9d3e-4b0e-8a53-0a8f5c1f2e10"
OPENING = "6f1b1a52-9d3e-4b0e-8a53-0a8f5c1f2e11"
IN_SUMMER = datetime(2026, 7, 1, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
SALTS = {HandleKind.PERSON: b"p" * 32, HandleKind.CHILD: b"c" * 32, HandleKind.RECORD: b"r" * 32}
GONE = "#" + "ab" * 32
PERSON = Handle(HandleKind.PERSON, "op.worker")
CHILD = Handle(HandleKind.CHILD, "durham:DUR1001")
RECORD = Handle(HandleKind.RECORD, TRANSFER)


def recorded(action: str, *codes: str, **more: object) -> Recorded:
    """An event of no transfer, with those codes; `more` replace fields."""
    event = Recorded(1, action, "op.worker", AT, None, None, None, None, codes)
    return replace(event, **more)  # type: ignore[arg-type]


EVENTS = (
    recorded("list", "équipe"),
    recorded("edit", at=IN_SUMMER, from_stage="draft", to_stage="draft", version=2, id=2),
    recorded("dispatch", "to:op-bishop", transfer=TRANSFER, version=3, id=3),
    recorded("worker_changed", "from:op.worker", "to:op.colleague", transfer=TRANSFER, id=4),
    recorded("delegated", "from:op.manager", "to:op.deputy", "until:2026-12-01", id=5),
    recorded("glass_broken", f"opening:{OPENING}", "reason:missing_child", id=6),
    recorded("read", "for:op.manager", "person:op.colleague", OPENING, id=7),
    recorded("legal_hold_placed", f"hold:{OPENING}", child_code("durham", "DUR1001"), id=8),
    recorded("read", f"person:{GONE}", f"hold:{GONE}", GONE, actor=GONE, transfer=GONE, id=9),
    recorded(HANDLE_ERASED, "person", DIGEST + "ab" * 32, actor="retention", id=10),
)
"""One of each kind that is recorded, in the order of the chain."""


def written_down(events: tuple[Recorded, ...]) -> list[str]:
    """The hashes of the chain over these events, with digests that are written down as well."""
    last, made = start_of("durham"), []
    for sequence, event in enumerate(events, 1):
        digests = {one: digest(SALTS[one.kind], one) for one in handles(event)}
        last = link("durham", sequence, last, event, digests)
        made.append(last)
    return made


def test_h17_the_hash_before_the_first_link_is_the_one_that_is_written_down() -> None:
    assert start_of("durham") == "e17c49f27f003718ecce9307f4c6b11cabb55e34409721874b9a4619d85e20fd"


def test_h17_the_hashes_of_a_chain_are_those_that_are_written_down() -> None:
    assert written_down(EVENTS) == [
        "218cc897707e0c851082e7ad0ba62274c18678bbedba404ab8da814ee3fc37bb",
        "db988874a418ca32add1cf2cdae76d9f023f61ac4c5ddcd720af80356072e57d",
        "6227f12c3a7784d50291d7ec778fae374064037a1447eefa0321fa9291c875db",
        "fac9b78e237149c687327bd136c472ce59fe738e4cbbca4ec91ceab0e1a27fb2",
        "f42f2103a71ce3e8d3d2fcf30253d0157d9988d068d8212c8109f58f99419b28",
        "075dc68c645ff7dec6211fbb84ebd7b2bf61afe711fe3fbdc433cb535c567cc4",
        "e2881227038fecf4a165b787efe251e328da66570bb3580421c33f53365baf4c",
        "c3bc640b36723d2a5da79d4d56c4da8ce077dc30ff401f3290b30f91b404268f",
        "287711646dc931bd0dc518ba24eeaaae1623c8c443ff5299d3b911333882db95",
        "6879f3e72f4e653d3dea91578778020cba770facb60571a12f3611afcbd7666e",
    ]


@pytest.mark.parametrize(
    ("handle", "said"),
    [
        (PERSON, "d15d08f8972805570a5c9a038524bc54dad8d054d9934243e2c4bb6a31d4730f"),
        (CHILD, "f43632381cc031b92977101283dde561b9275a5ed2e6db66d54bd547a7c31e65"),
        (RECORD, "b7dcd7cb761643906d15c08d42e9aeed63157a9db323b1ab2945def750e93bca"),
    ],
)
def test_h17_the_digest_of_a_handle_is_the_one_that_is_written_down(
    handle: Handle, said: str
) -> None:
    assert digest(SALTS[handle.kind], handle) == said


def test_h17_what_the_next_checkpoint_names_one_by_is_written_down() -> None:
    assert (
        digest_of("a checkpoint as it is kept")
        == "a3568e34be7f0014947d3b7b81c457d188db50c5e44c930346ba37f80bdba525"
    )


def test_h17_a_checkpoint_says_its_time_in_utc_with_microseconds() -> None:
    checkpoint = Checkpoint("durham", 7, "ab", IN_SUMMER, None)

    assert checkpoint.said() == (
        b'{"at":"2026-07-01T08:00:00.000005+00:00","hash":"ab","previous":null,"sequence":7,'
        b'"stream":"durham"}'
    )
    assert read_checkpoint(checkpoint.said()) == checkpoint


@pytest.mark.parametrize(
    ("since", "after", "due"),
    [
        (1, timedelta(), False),
        (1, timedelta(hours=1), True),
        (1, timedelta(microseconds=-1), True),
        (0, timedelta(microseconds=-1), False),
        (2, timedelta(), True),
    ],
)
def test_a_checkpoint_is_due_too_where_a_clock_was_set_back(
    since: int, after: timedelta, *, due: bool
) -> None:
    assert Pace(2, timedelta(hours=1)).is_due(since, AT, AT + after) is due


def test_a_child_is_named_with_their_council_for_anothers_may_have_the_same_id() -> None:
    assert child_code("durham", "DUR1001") == "child:durham:DUR1001"
    assert handles(recorded("read", child_code("durham", "DUR1001"))) == {PERSON, CHILD}


def test_h17_who_was_handed_work_is_erased_where_they_stood_and_a_team_is_not() -> None:
    handed = recorded("worker_changed", f"from:{GONE}", "to:op.worker")
    moved = recorded("team_succeeded", f"from:{GONE[:-1]}", "to:op.worker")

    assert erased(handed) == {GONE[1:]}
    assert erased(moved) == frozenset()
    assert handles(handed) == handles(moved) == {PERSON}
    assert without(handed, {PERSON: "cd"}).codes == (f"from:{GONE}", "to:#cd")
    assert without(moved, {PERSON: "cd"}).codes == moved.codes


@pytest.mark.parametrize("code", [f"hold:{TRANSFER}", TRANSFER])
def test_h17_a_record_is_erased_where_it_stood_and_what_stood_before_it_stays(code: str) -> None:
    assert without(recorded("read", code), {RECORD: "cd"}).codes == (code.replace(TRANSFER, "#cd"),)


def walked(kept: Kept) -> Walk:
    """A walk to the end of a chain that holds."""
    walk = Walk("durham", start_of("durham"))
    for one in kept.links:
        assert walk.step(one, kept.salts) is None
    return walk


def fault(wrong: Wrong, sequence: int, says: str, event: int | None = None) -> Fault:
    """What is found at that link of durham's chain."""
    return Fault("durham", sequence, event, wrong, says)


def test_h17_where_a_chain_ends_is_held_against_its_head() -> None:
    kept = chain_of(EVENTS[:2])
    walk = walked(kept)
    last = kept.links[1].hash
    another = "the head says that there are {} links, of which the last is another".format

    assert walk.end(None, (2, last)) is None
    assert walk.end(None, None) == fault(Wrong.TRUNCATED, 3, "the chain's head is not there")
    assert walk.end(None, (3, last)) == fault(Wrong.TRUNCATED, 3, another(3))
    assert walk.end(None, (2, "0" * 64)) == fault(Wrong.INSERTED, 3, another(2))
    assert walk.end(None, (1, last)) == fault(Wrong.INSERTED, 3, another(1))
    assert Walk("durham", start_of("durham")).end(None, None) is None


def test_h17_a_chain_without_the_links_of_a_checkpoint_is_truncated() -> None:
    walk = walked(chain_of(EVENTS[:2]))

    assert walk.end(Checkpoint("durham", 4, "ab", AT, None), (2, walk.hash)) == fault(
        Wrong.TRUNCATED, 3, "a checkpoint says that there were 4 links"
    )


def test_h17_a_link_that_cannot_be_read_is_altered_and_an_event_that_is_gone_is_missing() -> None:
    kept = chain_of(EVENTS[1:2])
    walk = Walk("durham", start_of("durham"))
    (found,) = kept.links
    unread = fault(Wrong.ALTERED, 1, "the event or its link cannot be read", 2)

    assert walk.step(replace(found, at=None), kept.salts) == unread
    assert walk.step(replace(found, at=None, event=None), kept.salts) == unread
    assert walk.step(replace(found, event=None), kept.salts) == fault(
        Wrong.MISSING, 1, "the event is not there", 2
    )
    assert walk.step(found, kept.salts) is None


def test_h17_of_two_salts_that_are_gone_the_first_by_kind_is_named() -> None:
    event = recorded("read", child_code("durham", "DUR1001"), transfer=TRANSFER)
    (found,) = chain_of((event,)).links

    def first_of(salts: dict[Handle, Salted]) -> Fault | None:
        return Walk("durham", start_of("durham")).step(found, salts)

    says = "a {} in it has no salt, though nobody was erased there".format
    assert first_of({}) == fault(Wrong.SALT, 1, says("child"), 1)
    salted = {CHILD: chain_of((event,)).salts[CHILD]}
    assert first_of(salted) == fault(Wrong.SALT, 1, says("person"), 1)
    assert first_of({CHILD: Salted(b"x", "ab")}) == fault(
        Wrong.HANDLE, 1, "a child in it does not match its digest", 1
    )


def test_h17_once_an_event_said_that_somebody_is_erased_any_later_event_may_lack_them() -> None:
    said = recorded(HANDLE_ERASED, "person", DIGEST + "ab" * 32, actor="retention")
    other = recorded(HANDLE_ERASED, "person", DIGEST + "cd" * 32, actor="retention", id=2)
    later = recorded("read", f"person:{GONE}", "person:#" + "cd" * 32, id=3)
    earlier = recorded("read", f"person:{GONE}")
    again = replace(said, id=2)

    for told in ((said, other, later), (earlier, again, replace(later, codes=(f"person:{GONE}",)))):
        walk = walked(chain_of(told))
        assert walk.end(None, (3, walk.hash)) is None

    walk = walked(chain_of((said, replace(later, id=2))))
    says = "somebody was erased in it, and no later event says so"
    assert walk.end(None, (2, walk.hash)) == fault(Wrong.ERASED, 2, says, 2)


def test_h17_the_chain_that_is_written_down_holds() -> None:
    assert verified(chain_of(EVENTS)) is None


def test_a_person_is_named_whole_though_their_id_has_a_colon() -> None:
    handed = recorded("worker_changed", "from:systems:lcs", "to:op.worker")

    assert handles(handed) == {PERSON, Handle(HandleKind.PERSON, "systems:lcs")}
