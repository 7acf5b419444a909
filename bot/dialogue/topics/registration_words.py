"""A registration of intent in words: who has called, who still owes a call, what came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.dialogue import clock
from bot.dialogue.topics.progress_words import lights
from config.texts.chat import chat

Json = Mapping[str, Any]
_OPEN = frozenset({"received", "visited", "ready", "parked"})


def registration(body: Json, now: datetime) -> str:
    """Where it stands."""
    received = clock.date_of(body.get("received_at"), now)
    number = f"{body['number']} " if body.get("number") else ""
    lines = [
        chat("registration.head", number=number, at=received),
        chat("registration.stage", stage=body.get("state_label") or ""),
        *(_visit(each, now) for each in _all(body, "visits") if each.get("visited_at")),
        *(_owed(each, now) for each in _all(body, "deadlines")),
    ]
    if at := clock.moment(body.get("agreed_connection_at"), now):
        lines.append(chat("registration.connection", at=at))
    made = [str(each["number"]) for each in _all(body, "applications") if each.get("number")]
    if made:
        lines.append(chat("registration.applications", numbers="、".join(made)))
    elif body.get("state") in _OPEN:
        lines.append(chat("registration.next"))
    return "\n".join(lines)


def _all(body: Json, name: str) -> list[Json]:
    return [each for each in body.get(name) or () if isinstance(each, Mapping)]


def _visit(each: Json, now: datetime) -> str:
    name, at = each.get("organization") or "", clock.date_of(each.get("visited_at"), now)
    return chat("registration.visited", name=name, at=at)


def _owed(each: Json, now: datetime) -> str:
    name, at = each.get("holder") or "", clock.moment(each.get("due_at"), now)
    return chat("registration.owed", name=name, at=at, **lights(each)) if at else ""
