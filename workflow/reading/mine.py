"""My cases: everything I entered, or an enterprise I act for, newest first."""

from datetime import UTC, datetime
from typing import Any, Literal

from config.cities import City
from config.texts import words
from models.queries import cases as query
from rules.actors import Actor
from rules.errors import Code, DomainError, Fault
from rules.states import ENDED_STAGES, RegistrationState, Stage
from workflow.encoding import SHANGHAI, shown
from workflow.inputs import Input
from workflow.ports import Services
from workflow.reading.cursor import Cursor, PageSize, decode, encode, uuid_of
from workflow.reading.lights import light, worst
from workflow.reading.wording import reasons_of, use_of
from workflow.unit import Answer

Json = dict[str, Any]
LIST = "mine"

OVER = frozenset({RegistrationState.CONVERTED, RegistrationState.WITHDRAWN})
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "all": (tuple(Stage), tuple(RegistrationState)),
    "draft": ((Stage.DRAFT,), ()),
    "open": (
        tuple(stage for stage in Stage if stage not in ENDED_STAGES | {Stage.DRAFT}),
        tuple(state for state in RegistrationState if state not in OVER),
    ),
    "ended": (tuple(ENDED_STAGES), tuple(OVER)),
}
"""Which stages of applications and states of registrations a group holds."""


class MineQuery(Input):
    """Which of my cases, from where on."""

    group: Literal["all", "draft", "open", "ended"] = "all"
    after: Cursor | None = None
    limit: PageSize = 20


async def mine(services: Services, actor: Actor, asked: MineQuery, now: datetime) -> Answer:
    """One page. ``UNAUTHENTICATED`` for nobody in particular."""
    if actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    stages, states = GROUPS[asked.group]
    found = decode(LIST, asked.after)
    before = None if found is None else (_at(found[0]), uuid_of(found[1]))
    rows = await query.of_person(
        actor.person, before=before, limit=asked.limit + 1, stages=stages, states=states
    )
    page = rows[: asked.limit]
    end = page[-1] if len(rows) > asked.limit else None
    return Answer(
        {
            "items": [_item(services, row, now) for row in page],
            "next": encode(LIST, end["sort"], end["id"]) if end else None,
        }
    )


def _at(text: str) -> datetime:
    wrong = DomainError(Code.INVALID, faults=(Fault("after", "cursor_wrong"),))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if at.tzinfo is None:
        raise wrong
    return at


def _item(services: Services, row: query.Row, now: datetime) -> Json:
    day = row["judged_on"] or now.astimezone(SHANGHAI).date()
    city: City = services.cities.on(row["city"], day)
    clocks = query.clocks_of(row)
    running = [clock for clock in clocks if clock[3] is None]
    first = next(iter(running or clocks), None)
    paused = first is not None and first[3] is not None
    at = now.timestamp()
    return {
        "kind": row["kind"],
        "id": str(row["id"]),
        "city": row["city"],
        "city_name": city.name,
        "number": city.numbering.format(row["year"], row["sequence"]) if row["sequence"] else None,
        "enterprise_name": row["enterprise_name"],
        "town": row["town"],
        "utilities": [use_of(city, utility) for utility in row["utilities"]],
        "state": row["state"],
        "state_label": words.state(row["kind"], row["state"]),
        "entered_by_me": row["entered"] is True,
        "registration_id": str(row["registration_id"]) if row["registration_id"] else None,
        "version": row["version"],
        "light": worst(light(clock[1], clock[2], at, clock[3]) for clock in running),
        "step": first[0] if first else None,
        "step_label": words.step(first[0]).label if first else None,
        "holder_name": (first[7] or words.role(first[6])) if first else None,
        "due_at": shown(datetime.fromtimestamp(first[1], UTC)) if first and not paused else None,
        "provisional": bool(first and not paused and first[5]),
        "paused": paused,
        "paused_for": reasons_of(city).get(first[4], first[4]) if first and paused else None,
        "created_at": shown(row["created_at"]),
        "submitted_at": shown(row["submitted_at"]),
    }
