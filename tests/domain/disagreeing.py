"""How the people of a council disagree on a case, take it up the ladder and settle it."""

from random import Random

from domain.council_at_work import AtWork

from app.domain.disagreement import Disagreement
from app.domain.escalate_disagreement import escalate_disagreement
from app.domain.raise_disagreement import raise_disagreement
from app.domain.resolve_disagreement import resolve_disagreement


def disagree(work: AtWork, chance: Random) -> None:
    """Somebody raises a disagreement; where one is open, it rises or is resolved."""
    ladder, found = work.rules.escalation, work.transfer.disagreement
    if ladder is None:
        return
    everybody = chance.sample(work.people, len(work.people))
    if found is None:
        kind = chance.choice(list(ladder.kinds))
        number = str(len(work.transfer.disagreements) + 1)
        work.by_anyone(
            lambda t, x, where: raise_disagreement(
                t, Disagreement(number, (kind,), "In our words.", x.id, work.now), x, where
            ),
            everybody,
        )
    elif chance.choice((True, False)):
        work.by_anyone(
            lambda t, x, where: escalate_disagreement(t, found.id, "Not yet", x, where), everybody
        )
    else:
        outcome = chance.choice(list(ladder.outcomes))
        work.by_anyone(
            lambda t, x, where: resolve_disagreement(t, found.id, outcome, "Why.", x, where),
            everybody,
        )


def settle(work: AtWork, outcome: str | None = None) -> None:
    """The disagreement that is open is resolved, as far up the ladder as that takes."""
    ladder, found = work.rules.escalation, work.transfer.disagreement
    if ladder is None or found is None:
        return
    how = outcome or next(iter(ladder.outcomes))
    for _ in range(len(ladder.levels) + 1):
        if work.by_anyone(
            lambda t, x, where: resolve_disagreement(t, found.id, how, "Why.", x, where)
        ):
            return
        work.by_anyone(lambda t, x, where: escalate_disagreement(t, found.id, "Not yet", x, where))
