"""Acts that concern the person itself: complaining, and being known from the mini-program."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.acts import Complain, Link
from rules.states import Channel
from workflow.chat import complaints, links
from workflow.chat.turns import Talk
from workflow.unit import Unit

Told = Mapping[str, Any]


async def complain(act: Complain, unit: Unit, talk: Talk) -> Told:
    """Record a complaint."""
    body = complaints.NewComplaint(city=act.city, text=act.text, application_id=act.case)
    return (await complaints.complain(unit, body, channel=Channel.CHAT)).body


async def link(act: Link, unit: Unit, talk: Talk) -> Told:
    """Join this chat to the person of the code; from then on the unit's actor is that person."""
    return (await links.join(unit, talk.id, act.code)).body


CARRIERS: Mapping[type, Any] = {Complain: complain, Link: link}
