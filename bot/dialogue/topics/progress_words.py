"""Progress of one application in words: where it stands, who holds it until when, what to do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.dialogue import clock, correcting
from config.cities import City
from config.texts.chat import chat
from rules.forms import form_of

Json = Mapping[str, Any]

OVER = frozenset({"closed", "withdrawn", "rejected"})
ENDED_REQUESTS = frozenset({"connected", "declined", "withdrawn"})
DUTIES = ("fill", "correction", "agree_plan", "rating")
"""Steps that wait for the applicant, most urgent first."""
CHANCES = {"book_survey": "may_book_survey", "agree_connection_time": "may_agree_connection"}
"""Steps the applicant may hasten."""


def requests_of(body: Json, utilities: Sequence[str] = ()) -> tuple[Json, ...]:
    """The requests of a case; those of some utilities where such are named."""
    found = [each for each in body.get("requests") or () if isinstance(each, dict)]
    if not utilities:
        return tuple(found)
    return tuple(each for each in found if each.get("utility") in utilities)


def head(body: Json) -> str:
    """Which case it is."""
    number, name = body.get("number") or chat("cases.draft"), body.get("enterprise_name") or ""
    return chat("status.head", number=number, name=name).strip()


def progress(body: Json, city: City, now: datetime, utilities: Sequence[str] = ()) -> str:
    """All of it, for one utility where that was asked for."""
    if body.get("stage") in OVER:
        return "\n".join(_lines(head(body), _over(body, now), _latest(body, now)))
    asked = requests_of(body, utilities)
    missing = [each for each in utilities if not requests_of(body, (each,))]
    note = _not_in_case(body, city, missing) if missing and requests_of(body) else ""
    one = asked[0] if utilities and len(asked) == 1 else None
    step: Json = (one or body).get("now") or {}
    requests = asked or requests_of(body)
    several = one is None and (len(requests) > 1 or bool(utilities))
    return "\n".join(
        _lines(
            head(body),
            note,
            _stage(body, one),
            _now(step),
            _deadline(step, now),
            _connection(one, now),
            *(_each(requests, step, now) if several else ()),
            _survey(body, now),
            chat("status.following", next=step["next"]) if step.get("next") else "",
            *duties(body, now),
            returned_for(body, city),
            _latest(body, now),
        )
    )


def returned_for(body: Json, city: City) -> str:
    """All a returned application was returned for; empty for any other."""
    return correcting.words(body.get("to_correct") or (), form_of(city, "B"))


def _lines(*lines: str) -> list[str]:
    return [line for line in lines if line]


def _stage(body: Json, one: Json | None) -> str:
    if one is None:
        return chat("status.stage", stage=body.get("stage_label") or "")
    state = one.get("state_label") or ""
    return chat("status.one", utility=one.get("utility_label") or "", state=state)


def _now(step: Json) -> str:
    label = step.get("label") or ""
    if not label or step.get("holder") == "nobody":
        return chat("status.now_nobody", step=label) if label else ""
    if step.get("holder") == "applicant":
        return chat("status.now_you", step=label)
    return chat("status.now", step=label, holder=step.get("holder_name") or "")


def _deadline(step: Json, now: datetime) -> str:
    if step.get("paused"):
        reason = step.get("paused_for")
        return chat("status.paused" if reason else "status.paused_no_reason", reason=reason or "")
    due = clock.moment(step.get("due_at"), now)
    if not due:
        return ""
    return chat("status.deadline", due=chat("status.due", at=due), **lights(step))


def lights(step: Json) -> dict[str, str]:
    """The light of a clock and whether it is certain, in words; empty while all is well."""
    light = step.get("light")
    return {
        "light": chat(f"status.{light}") if light in ("yellow", "red") else "",
        "unsure": chat("status.unsure") if step.get("provisional") else "",
    }


def _each(requests: Sequence[Json], step: Json, now: datetime) -> list[str]:
    """A line for each; where all wait for the same that was said already, and is not again."""
    names = ("step", "due_at", "holder_name")
    live = [each.get("now") or {} for each in requests if each.get("state") not in ENDED_REQUESTS]
    same = all(all(one.get(name) == step.get(name) for name in names) for one in live)
    called = names_of(requests)
    return [
        _request(each, utility, now, briefly=same)
        for each, utility in zip(requests, called, strict=True)
    ]


def names_of(requests: Sequence[Json]) -> list[str]:
    """Requests by their utility; by their provider too, where a utility has several (carriers)."""
    labels = [str(each.get("utility_label") or "") for each in requests]
    return [
        chat("status.of_provider", utility=label, name=each.get("provider") or "")
        if labels.count(label) > 1
        else label
        for each, label in zip(requests, labels, strict=True)
    ]


def _request(each: Json, utility: str, now: datetime, *, briefly: bool) -> str:
    """One utility's line."""
    state = each.get("state_label") or ""
    if each.get("state") in ENDED_REQUESTS:
        at = clock.date_of(each.get("connected_at"), now)
        at = chat("status.request_at", at=at) if at else ""
        return chat("status.request_over", utility=utility, state=state, at=at)
    step: Json = each.get("now") or {}
    if briefly:
        return chat("status.request_over", utility=utility, state=state, at="")
    due = clock.moment(step.get("due_at"), now)
    inline = ""
    if step.get("paused"):
        inline = chat("status.paused_inline", reason=step.get("paused_for") or "")
    elif due:
        inline = chat("status.due_inline", due=chat("status.due", at=due), **lights(step))
    holder = step.get("holder_name")
    holder = chat("status.holder", name=holder) if holder else ""
    label = step.get("label") or ""
    return chat(
        "status.request", utility=utility, state=state, step=label, holder=holder, due=inline
    )


def _connection(one: Json | None, now: datetime) -> str:
    at = clock.moment((one or {}).get("connection_at"), now)
    return chat("status.connection_at", at=at) if at else ""


def _survey(body: Json, now: datetime) -> str:
    at = clock.read(body.get("survey_at"))
    return chat("status.survey", at=clock.moment(at, now)) if at and at > now else ""


def _latest(body: Json, now: datetime) -> str:
    events = body.get("timeline")
    last = events[-1] if isinstance(events, list) and events else None
    if not isinstance(last, dict) or not last.get("text"):
        return ""
    return chat("status.latest", at=clock.moment(last.get("at"), now), text=last["text"])


def _over(body: Json, now: datetime) -> str:
    at = clock.date_of(body.get("closed_at"), now)
    ended = chat("status.over_at", at=at) if at else ""
    return chat("status.over", state=body.get("stage_label") or "", at=ended)


def _not_in_case(body: Json, city: City, missing: Iterable[str]) -> str:
    known = city.utilities
    uses = "、".join(known[each].use if each in known else chat("cases.other") for each in missing)
    have = "、".join(dict.fromkeys(str(e.get("utility_label")) for e in requests_of(body)))
    return chat("status.not_in_case", uses=uses, have=have)


def steps_of(body: Json) -> tuple[str, ...]:
    """Steps that are waited for: of the case, then of its requests."""
    steps = [body.get("now"), *[each.get("now") for each in requests_of(body)]]
    return tuple(dict.fromkeys([str(s.get("step")) for s in steps if isinstance(s, dict)]))


def duties(body: Json, now: datetime) -> list[str]:
    """What the applicant itself must do now, and what it may."""
    steps, clocks = steps_of(body), body.get("deadlines") or ()
    due = {str(each.get("step")): each.get("due_at") for each in clocks if isinstance(each, dict)}
    must = [chat(f"status.do_{step}", due=_by(due, step, now)) for step in DUTIES if step in steps]
    if "gap_papers" in due:
        must.append(chat("status.do_gap_papers", due=_by(due, "gap_papers", now)))
    may = [chat(f"status.{code}") for step, code in CHANCES.items() if step in steps]
    return [*must, *may] or [chat("status.do_nothing")]


_CLOCK = {"agree_plan": "offer_lapse", "rating": "rating_close"}
"""Steps whose clock goes by another name."""


def _by(due: Mapping[str, Any], step: str, now: datetime) -> str:
    at = clock.moment(due.get(_CLOCK.get(step, step)), now)
    return chat("status.by", at=at) if at else ""
