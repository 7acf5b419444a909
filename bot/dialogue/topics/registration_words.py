"""A registration of intent in words: who has called, who still owes a call, what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.dialogue import clock
from bot.dialogue.guide.limits import connecting
from bot.dialogue.topics.progress_words import lights
from config.cities import City
from config.texts.chat import chat

Json = Mapping[str, Any]
_OPEN = frozenset({"received", "visited", "ready", "parked"})


def registration(
    body: Json, city: City, now: datetime, utilities: Sequence[str] = (), *, deadline: bool = False
) -> str:
    """Where it stands, for some utilities where that was asked for; ``deadline``: it was asked when
    there will be supply, for which a registration has no time yet.
    """
    received = clock.date_of(body.get("received_at"), now)
    number = f"{body['number']} " if body.get("number") else ""
    lines = [
        chat("registration.head", number=number, at=received),
        chat("registration.stage", stage=body.get("state_label") or ""),
        *(_visit(e, now) for e in _of(body, "visits", utilities) if e.get("visited_at")),
        *(_owed(each, now) for each in _of(body, "deadlines", utilities)),
    ]
    if at := clock.moment(body.get("agreed_connection_at"), now):
        lines.append(chat("registration.connection", at=at))
    elif deadline:
        lines.append(chat("registration.no_deadline", limit=connecting(city).shown))
    made = [str(each["number"]) for each in _all(body, "applications") if each.get("number")]
    if made:
        lines.append(chat("registration.applications", numbers="、".join(made)))
    elif body.get("state") in _OPEN:
        lines.append(chat("registration.next"))
    return "\n".join(lines)


def _of(body: Json, name: str, utilities: Sequence[str]) -> list[Json]:
    """Those of some utilities, and those that are held for all of them."""
    every = _all(body, name)
    wanted = (*utilities, None)
    return [e for e in every if e.get("utility") in wanted] if utilities else every


def _all(body: Json, name: str) -> list[Json]:
    return [each for each in body.get(name) or () if isinstance(each, Mapping)]


def _visit(each: Json, now: datetime) -> str:
    name, at = each.get("organization") or "", clock.date_of(each.get("visited_at"), now)
    return chat("registration.visited", name=name, at=at)


def _owed(each: Json, now: datetime) -> str:
    name, at = each.get("holder") or "", clock.moment(each.get("due_at"), now)
    return chat("registration.owed", name=name, at=at, **lights(each)) if at else ""
