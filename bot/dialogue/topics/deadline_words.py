"""When a case's next step will be done, and when it will be connected: what is known, no more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.dialogue import clock
from bot.dialogue.guide.limits import connecting
from bot.dialogue.topics.progress_words import (
    ENDED_REQUESTS,
    OVER,
    duties,
    head,
    lights,
    names_of,
    progress,
    requests_of,
    returned_for,
)
from config.cities import City
from config.texts.chat import chat

Json = Mapping[str, Any]


def when_done(
    body: Json, city: City, now: datetime, utilities: Sequence[str] = (), *, hoped: bool = False
) -> str:
    """Each request's next due time, the connection as far as it is agreed. ``hoped``: the
    question named a time it should be done by.
    """
    if body.get("stage") in OVER:
        return progress(body, city, now)
    asked = requests_of(body, utilities) or requests_of(body)
    lines = [head(body)]
    called = names_of(asked)
    lines += [_request(e, name, now) for e, name in zip(asked, called, strict=True)]
    lines += [] if asked else [_case(body, now)]
    open_ones = [each for each in asked if each.get("state") not in ENDED_REQUESTS]
    if open_ones or not asked:
        if not all(each.get("connection_at") for each in open_ones) or not asked:
            lines.append(chat("deadline.no_total"))
        lines.append(chat("deadline.connecting", limit=connecting(city).shown))
    if hoped:
        lines.append(chat("deadline.no_promise"))
    lines += [line for line in duties(body, now) if line != chat("status.do_nothing")]
    lines.append(returned_for(body, city))
    return "\n".join(filter(None, lines))


def _case(body: Json, now: datetime) -> str:
    step = body.get("now")
    return _step(chat("deadline.case"), step if isinstance(step, Mapping) else {}, now)


def _request(each: Json, utility: str, now: datetime) -> str:
    if each.get("state") == "connected":
        return chat(
            "deadline.done", utility=utility, at=clock.date_of(each.get("connected_at"), now)
        )
    if each.get("state") in ENDED_REQUESTS:
        return chat("deadline.over", utility=utility, state=each.get("state_label") or "")
    if at := clock.moment(each.get("connection_at"), now):
        return chat("deadline.agreed", utility=utility, at=at)
    step = each.get("now")
    return _step(utility, step if isinstance(step, Mapping) else {}, now)


def _step(utility: str, step: Json, now: datetime) -> str:
    label, due = step.get("label") or "", clock.moment(step.get("due_at"), now)
    if step.get("paused"):
        reason = step.get("paused_for") or ""
        return chat("deadline.step_paused", utility=utility, step=label, reason=reason)
    if step.get("holder") == "applicant":
        by = chat("status.by", at=due) if due else ""
        return chat("deadline.step_you", utility=utility, step=label, due=by)
    if not due:
        return chat("deadline.step_open", utility=utility, step=label)
    return chat("deadline.step", utility=utility, step=label, at=due, **lights(step))
