"""Open: create the pathway stage in draft (DL 2, 11)."""

from app.domain.commands import Open
from app.domain.open_transfer import open_transfer as decide_open
from app.domain.pathway import Pathway
from app.store.protocol_versions import keep_version
from app.store.re_referrals import stepped_down
from app.usecases.call import Call, Decided


async def open_transfer(call: Call, command: Open) -> Decided:
    """The new transfer, linked to the step down after which one of its children comes back.

    Raises:
        NotVisible, NotPermitted, RulesBroken: see domain.open_transfer.
        ChildInTransfer: a child has an open transfer already, up or down.
        VersionChanged: the protocol's file was changed without a new version.
    """
    protocol = await call.protocol_in_force()
    teams = (command.origin_team, command.form.recipient)
    situation = await call.situation_under(protocol, *teams)
    children = [child.child_id for child in command.children]
    up = command.pathway is Pathway.STEP_UP
    earlier = await stepped_down(call.tx, call.actor.authority, children, call.now) if up else []
    decision = decide_open(command, call.actor, situation, earlier)
    kept = call.book.protocols.kept(protocol.code, protocol.version)
    await keep_version(
        call.tx, protocol.code, protocol.version, digest=kept.digest, text=kept.text, now=call.now
    )
    return await call.record(decision, situation)
