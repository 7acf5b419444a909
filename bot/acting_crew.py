"""Acts of field crews, in their office."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.acts import ConfirmVisit, ReadVisits
from workflow.chat import crew
from workflow.chat.turns import Talk
from workflow.encoding import shown
from workflow.unit import Unit

Told = Mapping[str, Any]


async def read_visits(act: ReadVisits, unit: Unit, talk: Talk) -> Told:
    """Where the crew is expected."""
    return await crew.visits(unit, act.city)


async def confirm_visit(act: ConfirmVisit, unit: Unit, talk: Talk) -> Told:
    """It has come, or is done."""
    tell = crew.arrived if act.what == "arrived" else crew.finished
    body = (await tell(unit, act.request)).body
    return {
        "request": body["id"],
        "application": body["application"]["id"],
        "number": body["application"]["number"],
        "utility": body["utility"],
        "state": body["state"],
        "at": shown(unit.now),
    }


CARRIERS: Mapping[type, Any] = {ReadVisits: read_visits, ConfirmVisit: confirm_visit}
