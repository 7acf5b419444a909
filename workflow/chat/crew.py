"""What a field crew does by talking: see where it is expected, tell that it has come or is done."""

from typing import Any, Final
from uuid import UUID

from config import texts
from config.texts import words
from models import UtilityRequest
from models.queries import visits as query
from rules.actors import Role
from rules.errors import Code, DomainError
from rules.states import Course, RequestState
from workflow.cases import site_visit, works
from workflow.encoding import SHANGHAI, shown
from workflow.reading.wording import use_of
from workflow.unit import Answer, Unit

MOST: Final = 20
Json = dict[str, Any]


async def visits(unit: Unit, city: str) -> Json:
    """``items``: requests that wait for the actor's crews in a city, soonest first."""
    crews = unit.actor.memberships_in(city, Role.CREW)
    if not crews:
        raise DomainError(Code.FORBIDDEN)
    rows = await query.of_crew([each.org for each in crews], city, MOST)
    return {"items": [_item(unit, row) for row in rows]}


async def arrived(unit: Unit, request_id: UUID) -> Answer:
    """The crew is on site. A talk has no position: at a joint visit that is doubtful, and said."""
    _require_crew(unit)
    body = site_visit.CheckIn(reason=texts.table("field")["chat"]["check_in"])
    return await site_visit.check_in(unit, request_id, body, expect=None)


async def finished(unit: Unit, request_id: UUID) -> Answer:
    """The crew is done: its works end now.

    What else it may have done is told with figures and photographs, which a talk does not take:
    ``GUARD_FAILED`` names what is to be entered in the mini-program instead.
    """
    _require_crew(unit)
    request = await UtilityRequest.filter(id=request_id).first()
    if request is None:
        raise DomainError(Code.NOT_FOUND)
    refusal = _to_enter(request)
    if refusal is not None:
        raise refusal
    return await works.finish_works(
        unit, request_id, works.Finish(finished_at=unit.now), expect=None
    )


def _require_crew(unit: Unit) -> None:
    if not unit.actor.holds(Role.CREW):
        raise DomainError(Code.FORBIDDEN)


def _to_enter(request: UtilityRequest) -> DomainError | None:
    """What must be entered with figures before anything is finished; None: works may end."""
    failed = Code.GUARD_FAILED
    if request.state is RequestState.PENDING and request.course is Course.FULL:
        return DomainError(failed, event="record_findings", guard="findings_needed")
    if request.state in (RequestState.PENDING, RequestState.INSPECTED):
        return DomainError(failed, event="connect", guard="handover_needed")
    building = request.state in (RequestState.PLANNED, RequestState.PERMITTED)
    if building and request.works_started_at is None:
        return DomainError(failed, event="start_works", guard="works_to_start")
    return None


def _item(unit: Unit, row: query.Row) -> Json:
    day = row["judged_on"] or unit.now.astimezone(SHANGHAI).date()
    city = unit.services.cities.on(row["city"], day)
    town = next((each.label for each in city.towns if each.code == row["town"]), "")
    return {
        "request": str(row["id"]),
        "application": str(row["application_id"]),
        "number": city.numbering.format(row["year"], row["sequence"]),
        "utility": row["utility"],
        "utility_label": use_of(city, row["utility"]),
        "enterprise_name": row["enterprise_name"],
        "address": town + (row["address"] or ""),
        "task": row["task"],
        "at": shown(row["at"]),
        "arrived_at": shown(row["arrived_at"]),
        "started": row["started"],
        "state": row["state"],
        "state_label": words.state("request", row["state"]),
        "version": row["version"],
    }
