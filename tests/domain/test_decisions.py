"""What a decision passes on: two as one, what it warns of as it completes, clocks counted once."""

from dataclasses import replace

from builders import NOW, actor, new_records, situation, transfer_at
from domain.recording_council import recording

from app.domain import commands as c
from app.domain.breach import Severity, must
from app.domain.close_at_source import Closed, close_at_source
from app.domain.decide import decide
from app.domain.decision import Alert, Decision
from app.domain.pathway import Pathway, Stage
from app.domain.protocol import Gate, Rule
from app.domain.rules.form import StatementGiven

SENT = transfer_at(Stage.DISPATCHED)
RECEIVER = actor("ff.manager")


def test_two_decisions_as_one_keep_all_that_follows_from_either_in_order() -> None:
    first = decide(SENT, c.PickUp("ann", NOW), RECEIVER, situation())
    then = decide(first.after, c.Start(new_records(SENT.children)), RECEIVER, situation())
    told = [Alert("told", f"told:{n}", "op-bishop", "Look at it") for n in (1, 2)]
    warned = [must(f"rule-{n}", "Do it", "nothing", "X 1") for n in (1, 2)]
    first = replace(first, alerts=(told[0],), warnings=(warned[0],))
    then = replace(then, alerts=(told[1],), warnings=(warned[1],))

    assert first.messages
    assert then.messages
    assert first.then(then) == Decision(
        before=SENT,
        after=then.after,
        events=(*first.events, *then.events),
        messages=(*first.messages, *then.messages),
        alerts=tuple(told),
        warnings=tuple(warned),
    )


def test_clocks_are_counted_once_for_each_transfer() -> None:
    where, another = situation(), transfer_at(Stage.PICKED_UP)

    counted = where.clocks(SENT)

    assert where.clocks(another) is not counted
    assert where.clocks(SENT) is counted


def test_what_only_warns_where_a_transfer_completes_by_itself_is_passed_on() -> None:
    worries = Rule(
        *("X-1-worries", (Gate.COMPLETE,), Severity.SHOULD, StatementGiven("worries")),
        "Say what people worry about",
        "X 1",
    )
    durham = situation().protocol.pathways[Pathway.STEP_UP]
    where = recording(rules=(*durham.rules, worries))
    allocated = transfer_at(Stage.ALLOCATED)

    decision = close_at_source(allocated, Closed(NOW.date()), actor("op.worker"), where)

    assert decision.after.stage is Stage.COMPLETED
    assert [x.code for x in decision.warnings] == ["X-1-worries"]
    assert decision.events[-1].codes == ("warned:X-1-worries",)
