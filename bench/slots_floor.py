"""The floor of a request for joint times: its statement and its search by hand.

Nobody is asked who reads, the case is not read, nothing is masked; the organisations come by one
narrow statement, their crews by the product's own, the columns and the search are the product's.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sanic import Request, Sanic
from sanic.response import HTTPResponse, raw

from bench import slots
from models.db import pool
from models.queries import lanes
from rules.slots import Visit, find
from rules.travel import Travel
from rules.worktime import instant, midnight
from server.wiring import Wiring
from workflow.encoding import SHANGHAI
from workflow.surveys import planning
from workflow.surveys.columns import centre, crews_of

_CASE = """
SELECT a.city, a.town, array_agg(DISTINCT r.organization_id) AS organizations,
       array_agg(DISTINCT s.id) FILTER (WHERE s.id IS NOT NULL) AS own
FROM applications a JOIN requests r ON r.application_id = a.id
LEFT JOIN surveys s ON s.application_id = a.id
WHERE a.id = $1 GROUP BY a.city, a.town"""
_NAMES = "SELECT id, name, utility FROM organizations WHERE id = ANY($1)"


def install(app: Sanic[Any, Any]) -> None:
    """``GET /times/<application>``."""
    wiring = Wiring.make(app.ctx.settings)

    async def times(_: Request, application: str) -> HTTPResponse:
        body = await _times(wiring, UUID(application))
        return raw(body, content_type="application/json")

    app.add_route(times, "/times/<application:str>", methods=["GET"], name="times")


async def _times(wiring: Wiring, application: UUID) -> bytes:
    now = datetime.now(UTC)
    case = await pool().fetchrow(_CASE, application)
    if case is None:
        raise LookupError(application)
    city = wiring.cities.on(case["city"], now.date())
    rules, calendar = city.survey_rules, wiring.calendars.of(city)
    first = now.astimezone(SHANGHAI).date()
    last = first + timedelta(days=rules.book_ahead_days)
    names = {row["id"]: row for row in await pool().fetch(_NAMES, case["organizations"])}
    row = await lanes.read(case["organizations"], *_bounds(first, last), now, case["own"] or [])
    place = centre(city, case["town"])
    site = planning.Site(city, calendar, now, case["town"], place, ())
    crews = crews_of(row, city, calendar, first, (last - first).days + 1)
    travel = Travel(float(rules.travel_kmh), rules.travel_least_minutes)
    visit = Visit(place, rules.slot_minutes, travel)
    found = find(crews.parties, visit, planning.times(site, first, last), most=slots.ASKED)
    return orjson.dumps(
        {
            "times": [
                {
                    "at": instant(slot.at).astimezone(SHANGHAI).isoformat(timespec="seconds"),
                    "coming": [
                        {
                            "organization": names[UUID(each.party)]["name"],
                            "utility": names[UUID(each.party)]["utility"],
                            "travel_minutes": each.travel_minutes,
                        }
                        for each in slot.coming
                    ],
                }
                for slot in found
            ]
        }
    )


def _bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """With the days before and after, as the product reads them."""
    day = timedelta(days=1)
    return instant(midnight(first)) - day, instant(midnight(last + day)) + day
