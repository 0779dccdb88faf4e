"""Give a team another name; its id, its people and its transfers stay."""

from dataclasses import replace

from app.domain.authority import require_right
from app.domain.decision import Event
from app.domain.errors import RulesBroken
from app.domain.people import Team
from app.domain.relations import in_council
from app.domain.rights import Act
from app.domain.team_name import name_breaches, refused_names
from app.store.directory import list_teams, load_teams_to_change, save_team
from app.store.unit_of_work import record_events
from app.usecases.call import Call


async def rename_team(call: Call, team: str, name: str) -> Team:
    """The team under its new name.

    Raises:
        NotVisible: the council has no such team.
        NotPermitted: the actor is no administrator.
        RulesBroken: the name is another team's, cannot be read, or lies on the border between
            the trays that transfers are sent to and the others.
    """
    await require_may_change(Act.RENAME_TEAM, call, team)
    found = (await load_teams_to_change(call.tx, {team}))[team]
    others = await list_teams(call.tx, call.actor.authority)
    refused = refused_names(await call.protocol_in_force())
    broken = tuple(name_breaches(found, name, others, refused))
    if broken:
        raise RulesBroken(broken)
    renamed = replace(found, name=name)
    await save_team(call.tx, renamed)
    event = Event("team_renamed", call.actor.id, call.now, None, None, None, (f"team:{team}",))
    await record_events(call.tx, call.actor.authority, None, (event,))
    return renamed


async def require_may_change(act: Act, call: Call, team: str) -> None:
    """Pass for an administrator of the team's council.

    Raises:
        NotVisible: the council has no such team.
        NotPermitted: the actor is no administrator.
    """
    await call.require_team(team)
    require_right(act, in_council(call.actor))
