"""Opening: a new transfer in draft, or every reason why not."""

from collections.abc import Iterable
from dataclasses import replace

from app.domain.authority import require_ever
from app.domain.breach import must
from app.domain.commands import Open
from app.domain.decide import GATES, event_of, hold_to_rules
from app.domain.decision import Decision, Situation
from app.domain.errors import NotVisible, RulesBroken
from app.domain.milestone_kind import Side
from app.domain.pathway import Action, Pathway
from app.domain.people import Actor
from app.domain.re_referral import SteppedDown, re_referral_of
from app.domain.relations import at_side, in_team
from app.domain.transfer import Milestone, Transfer


def open_transfer(
    command: Open, actor: Actor, situation: Situation, earlier: Iterable[SteppedDown] = ()
) -> Decision:
    """A new transfer in draft, or every reason why not.

    A step up is linked to the latest of `earlier`, the step downs of its children, that was
    completed within the last 12 months.

    Raises:
        NotVisible: the origin team is not the actor's, as far as they may know.
        NotPermitted: the actor works in the origin team but not as practitioner or manager.
        RulesBroken: the protocol's `open` rules do not hold, the route does not exist, or the
            origin team is closed.
    """
    team = situation.teams.get(command.origin_team)
    if team is None or team.authority != actor.authority or not in_team(actor, team.id):
        raise NotVisible(command.origin_team)
    require_ever(Action.OPEN, at_side(actor, Side.ORIGIN, team.id))
    if not team.active:
        raise RulesBroken((must("origin-active", "Open it from an active team", "a closed team"),))
    rules = situation.protocol.pathways.get(command.pathway)
    if rules is None:
        says = f"{situation.protocol.short_name}'s protocol has no {command.pathway}"
        raise RulesBroken((must("pathway", says, "no such pathway"),))
    if command.route not in rules.routes:
        routes = ", ".join(rules.routes)
        says = f"Choose a route of this pathway: {routes}"
        raise RulesBroken((must("route", says, "no such route"),))
    if team.case_system is not rules.from_system:
        says = f"Open it from a team that records in {rules.from_system.upper()}"
        found = f"a team that records in {team.case_system.upper()}"
        raise RulesBroken((must("origin-system", says, found),))

    now = situation.now
    came_back = re_referral_of(earlier, now)
    after = Transfer(
        id=command.id,
        authority=actor.authority,
        pathway=command.pathway,
        route=command.route,
        protocol=situation.protocol.code,
        protocol_version=situation.protocol.version,
        origin=command.origin,
        origin_record=command.origin_record,
        origin_team=command.origin_team,
        children=command.children,
        form=command.form,
        author=actor.id,
        last_editor=actor.id,
        worker=actor.id,
        origin_lead=command.origin_lead,
        re_referral_of=came_back if command.pathway is Pathway.STEP_UP else None,
    ).with_milestone(
        Milestone("opened", now, actor.id, now, person=command.origin_lead, team=team.id)
    )
    warnings = hold_to_rules(after, GATES[Action.OPEN], situation)
    event = event_of(Action.OPEN, None, after, actor, situation, warnings)
    if after.re_referral_of is not None:
        event = replace(event, codes=(*event.codes, "re_referral"))
    return Decision(None, after, (event,), warnings=warnings)
