"""On whose behalf a delegate acts, for the audit."""

from collections.abc import Callable

from app.domain.people import Actor


def on_behalf(actor: Actor, is_theirs: Callable[[Actor], bool]) -> tuple[str, ...]:
    """Codes `for:<person>` of those whose delegation the act rests on; none where it is their own.

    `is_theirs` says whether it would be for somebody with less.
    """
    if not actor.delegated or is_theirs(actor.own):
        return ()
    delegators = {x.by for x in actor.delegated}
    return tuple(
        f"for:{one}"
        for one in sorted(delegators)
        if is_theirs(actor.without_delegations_by(delegators - {one}))
    )
