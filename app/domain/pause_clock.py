"""Pausing and resuming a clock of a transfer, with a reason."""

from dataclasses import replace

from app.domain.authority import require, require_version
from app.domain.breach import must
from app.domain.clocks import Clock
from app.domain.decision import Decision, Situation
from app.domain.errors import NotVisible, RulesBroken
from app.domain.pauses import Pause, Why
from app.domain.people import Actor
from app.domain.recording import recorded
from app.domain.rights import Act
from app.domain.timescales import Within
from app.domain.transfer import Transfer


def pause_clock(  # noqa: PLR0913 - which clock, why, by whom
    transfer: Transfer,
    code: str,
    why: Why,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with that clock paused from now on; for a manager of either team.

    Raises:
        NotVisible: no such clock, or as in decide. NotPermitted, StaleVersion: as in decide.
        RulesBroken: the clock does not run, or is measured before a meeting.
    """
    clock = _clock(Act.PAUSE_CLOCK, transfer, code, actor, situation, expected_version)
    if not isinstance(clock.kind.timescale, Within):
        says = "It is measured before the meeting: submit to another meeting instead"
        raise RulesBroken(
            (must("clock-pause", says, "a time before a meeting", clock.kind.source),)
        )
    if not clock.going:
        says = "Pause a clock that runs"
        found = clock.state(situation.now)
        raise RulesBroken((must("clock-pause", says, found, clock.kind.source),))
    pause = Pause(code, situation.now, actor.id, why.reason, why.comment)
    pauses = (*transfer.pauses, pause)
    after = replace(transfer, pauses=pauses, version=transfer.version + 1)
    return recorded(transfer, after, "clock_paused", actor, situation, (code, why.reason))


def resume_clock(  # noqa: PLR0913 - which clock, why, by whom
    transfer: Transfer,
    code: str,
    why: Why,
    actor: Actor,
    situation: Situation,
    *,
    expected_version: int | None = None,
) -> Decision:
    """The transfer with that clock running again; what the pause took is given back.

    Raises:
        NotVisible, NotPermitted, StaleVersion: as in pause_clock.
        RulesBroken: the clock is not paused.
    """
    clock = _clock(Act.RESUME_CLOCK, transfer, code, actor, situation, expected_version)
    if clock.paused_at is None:
        found = clock.state(situation.now)
        says = "Resume a clock that is paused"
        raise RulesBroken((must("clock-resume", says, found, clock.kind.source),))
    pauses = tuple(
        replace(
            p,
            ended_at=situation.now,
            ended_by=actor.id,
            ended_reason=why.reason,
            ended_comment=why.comment,
        )
        if p.clock == code and p.ended_at is None
        else p
        for p in transfer.pauses
    )
    after = replace(transfer, pauses=pauses, version=transfer.version + 1)
    return recorded(transfer, after, "clock_resumed", actor, situation, (code, why.reason))


def _clock(  # noqa: PLR0913 - which clock, what for, by whom
    act: Act,
    transfer: Transfer,
    code: str,
    actor: Actor,
    situation: Situation,
    expected: int | None,
) -> Clock:
    require(act, actor, transfer)
    require_version(transfer, expected)
    for clock in situation.clocks(transfer):
        if clock.kind.code == code:
            return clock
    raise NotVisible(code)
