"""Acts that concern the person itself: complaining, and being known from the mini-program."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.acts import Complain, Link, ReadComplaints, ReadJoined, ReadLink, Unlink
from rules.states import Channel
from workflow.chat import complaints, links
from workflow.chat.turns import Talk
from workflow.unit import Unit

Told = Mapping[str, Any]


async def complain(act: Complain, unit: Unit, talk: Talk) -> Told:
    """Record a complaint."""
    body = complaints.NewComplaint(city=act.city, text=act.text, application_id=act.case)
    return (await complaints.complain(unit, body, channel=Channel.CHAT)).body


async def read_complaints(act: ReadComplaints, unit: Unit, talk: Talk) -> Told:
    """What the person has complained about, with the answers."""
    return (await complaints.own(unit.services, unit.actor, unit.now)).body


async def link(act: Link, unit: Unit, talk: Talk) -> Told:
    """Join this chat to the person of the code; from then on the unit's actor is that person."""
    return (await links.join(unit, talk.id, act.code)).body


async def read_link(act: ReadLink, unit: Unit, talk: Talk) -> Told:
    """Whose code it is; a wrong one is counted."""
    return (await links.look(unit, talk.id, act.code)).body


async def read_joined(act: ReadJoined, unit: Unit, talk: Talk) -> Told:
    """Whom this chat is joined to."""
    return (await links.standing(unit, talk.id)).body


async def unlink(act: Unlink, unit: Unit, talk: Talk) -> Told:
    """Take the chat apart again; from then on the unit's actor is the chat's own person."""
    return (await links.leave(unit, talk.id)).body


CARRIERS: Mapping[type, Any] = {
    Complain: complain,
    ReadComplaints: read_complaints,
    ReadLink: read_link,
    Link: link,
    ReadJoined: read_joined,
    Unlink: unlink,
}
