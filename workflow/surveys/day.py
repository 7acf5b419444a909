"""今日踏勘: a crew's day on a phone, by time: where, whom to meet, what is asked for, who comes.

Whom to meet is masked until the day of the visit, and again when it is over.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from config.cities import City
from config.texts import words
from models import Application, Registration, UtilityRequest
from models.queries import days as query
from models.queries.days import Row
from rules.actors import Role
from rules.errors import Code, DomainError
from rules.forms import show
from rules.staffing import GOES_OUT
from rules.states import DEAD_REQUESTS, SurveyState, VisitState
from rules.travel import Travel
from rules.visibility import mask
from rules.worktime import instant, midnight
from workflow.cases.draft import own_values, today
from workflow.encoding import shown
from workflow.inputs import Day, Input
from workflow.reading.wording import use_of
from workflow.surveys.columns import Place, centre
from workflow.surveys.view import ANSWERS
from workflow.unit import Answer, Unit
from workflow.values import APPLICATION_PURPOSE, REGISTRATION_PURPOSE, form_b, unseal

Json = dict[str, Any]
WHO = tuple(dict.fromkeys(GOES_OUT.values()))
"""Roles that go out with crews."""
OVER = frozenset({VisitState.DONE, VisitState.MISSED})


class DayQuery(Input):
    """Which day, in Shanghai; today without."""

    date: Day | None = None


async def day(unit: Unit, asked: DayQuery) -> Answer:
    """The visits of a day. The read is audited in each city it shows personal data of."""
    person = unit.actor.person
    if person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    now = today(unit.now)
    wanted = asked.date or now
    since = instant(midnight(wanted))
    rows = await query.of_person(person, since, since + timedelta(days=1))
    board = await _Board.of(unit, rows, on_the_day=wanted == now)
    items = [board.item(row) for row in rows]
    for city in sorted({row["city"] for row in rows}):
        shown_here = [row for row in rows if row["city"] == city]
        role = _role(unit, shown_here[0])
        unit.audit(city, role, "read_day", "day", wanted.isoformat(), visits=len(shown_here))
    return Answer({"date": wanted.isoformat(), "items": items})


def _role(unit: Unit, row: Row) -> Role:
    orgs = {m.org: m.role for m in unit.actor.memberships if m.role in WHO}
    return orgs.get(row["organization_id"], Role.CREW)


class _Board:
    """All that the visits of a day need to be told."""

    def __init__(self, unit: Unit, rows: Sequence[Row], *, on_the_day: bool) -> None:
        self._unit = unit
        self._on_the_day = on_the_day
        self._applications: Mapping[UUID, Application] = {}
        self._registrations: Mapping[UUID, Registration] = {}
        self._requests: Mapping[UUID, list[UtilityRequest]] = {}
        self._coming: Mapping[UUID, list[Row]] = {}
        self._before = _before(rows)

    @classmethod
    async def of(cls, unit: Unit, rows: Sequence[Row], *, on_the_day: bool) -> "_Board":
        board = cls(unit, rows, on_the_day=on_the_day)
        applications = _ids(rows, "application_id")
        found = await Application.filter(id__in=applications)
        board._applications = {each.id: each for each in found}
        registered = await Registration.filter(id__in=_ids(rows, "registration_id"))
        board._registrations = {each.id: each for each in registered}
        requests: dict[UUID, list[UtilityRequest]] = {}
        for each in await UtilityRequest.filter(application_id__in=applications).order_by("id"):
            requests.setdefault(each.application_id, []).append(each)
        board._requests = requests
        coming: dict[UUID, list[Row]] = {}
        for row in await query.others(_ids(rows, "survey_id")):
            coming.setdefault(row["survey_id"], []).append(row)
        board._coming = coming
        return board

    def item(self, row: Row) -> Json:
        """One stop of the day."""
        case = self._case(row)
        city = self._unit.services.cities.on(row["city"], case.judged_on or today(self._unit.now))
        return {
            "visit": _text(row["id"]),
            "survey": str(row["survey_id"]),
            "application": _text(row["application_id"]),
            "registration": _text(row["registration_id"]),
            "request": _text(row["request_id"]),
            "number": _number(city, case),
            "at": shown(row["at"]),
            "ends_at": shown(row["ends_at"]),
            "state": row["state"],
            "state_label": words.state("visit", row["state"]),
            "survey_state": row["survey_state"],
            "arrived_at": shown(row["arrived_at"]),
            "late_minutes": row["late_minutes"],
            "applicant_late_minutes": row["applicant_late"],
            "crew_name": row["crew_name"],
            "enterprise_name": case.enterprise_name,
            "address": _address(city, case),
            "point": _point(city, row, case),
            "contact": self._contact(row, case),
            "needs": self._needs(city, row, case),
            "coming": self._others(row),
            "way": self._way(city, row),
            "version": row["version"],
            "allowed": list(ANSWERS) if _open(row) else [],
        }

    def _case(self, row: Row) -> Application | Registration:
        if row["application_id"] is not None:
            return self._applications[row["application_id"]]
        return self._registrations[row["registration_id"]]

    def _contact(self, row: Row, case: Application | Registration) -> Json:
        purpose = APPLICATION_PURPOSE if isinstance(case, Application) else REGISTRATION_PURPOSE
        values = own_values(unseal(self._unit.services.seal, case.personal_sealed, purpose))
        clear = self._on_the_day and row["state"] not in OVER
        told = {key: values.get(f"contact.{key}") for key in ("name", "phone")}
        return {
            **{
                key: value if value is None or clear else mask(f"contact.{key}", value)
                for key, value in told.items()
            },
            "masked": not clear,
        }

    def _needs(self, city: City, row: Row, case: Application | Registration) -> list[Json]:
        """Of every utility the kind; of one's own all that form B says."""
        if isinstance(case, Registration):
            return [_need(city, utility, None, []) for utility in case.utilities]
        return [
            _need(
                city,
                each.utility,
                each.kind,
                _said(city, each.utility, case) if each.id == row["request_id"] else [],
            )
            for each in self._requests.get(case.id, [])
            if each.state not in DEAD_REQUESTS
        ]

    def _others(self, row: Row) -> list[Json]:
        return [
            {
                "organization_name": each["organization_name"],
                "crew_name": each["crew_name"],
                "state": each["state"],
                "state_label": words.state("visit", each["state"]),
            }
            for each in self._coming.get(row["survey_id"], [])
            if each["organization_id"] != row["organization_id"]
        ]

    def _way(self, city: City, row: Row) -> Json | None:
        """From the stop before on the same lane, or from where the crew's day begins."""
        if row["lane"] is None:
            return None
        rules = city.survey_rules
        travel = Travel(float(rules.travel_kmh), rules.travel_least_minutes)
        before = self._before.get(row["id"])
        if before is not None:
            start = _place(city, before["lon"], before["lat"], before["town"])
        else:
            start = _place(city, row["base_lon"], row["base_lat"], row["base_town"])
        lon, lat = np.array([start[0]]), np.array([start[1]])
        minutes = travel.minutes(lon, lat, _place(city, row["lon"], row["lat"], row["town"]))
        return {"from": "visit" if before is not None else "base", "minutes": int(minutes[0])}


def _open(row: Row) -> bool:
    """Whether the crew may still answer that it comes."""
    waits = row["state"] in (VisitState.PLANNED, VisitState.CONFIRMED)
    return row["id"] is not None and waits and row["survey_state"] == SurveyState.CONFIRMED


def _before(rows: Sequence[Row]) -> dict[UUID, Row]:
    """Visit → the one before it on the same lane."""
    last: dict[int, Row] = {}
    found = {}
    for row in rows:
        if row["lane"] is None:
            continue
        if (known := last.get(row["lane"])) is not None:
            found[row["id"]] = known
        last[row["lane"]] = row
    return found


def _need(city: City, utility: str, kind: str | None, said: list[Json]) -> Json:
    known = city.utilities.get(utility)
    found = known.kinds.get(kind) if known and kind else None
    return {
        "utility": utility,
        "utility_label": use_of(city, utility),
        "kind": kind,
        "kind_label": found.label if found else None,
        "fields": said,
    }


def _said(city: City, utility: str, case: Application) -> list[Json]:
    """A utility's part of form B, as it was filled in; nothing personal."""
    values = case.fields_
    return [
        {"key": field.key, "label": field.label, "text": show(field, values[field.key])}
        for section in form_b(city).sections
        for field in section.fields
        if field.utility == utility
        and not field.personal
        and values.get(field.key) not in (None, "", [])
    ]


def _number(city: City, case: Application | Registration) -> str | None:
    if isinstance(case, Registration) or case.year is None or case.sequence is None:
        return None
    return city.numbering.format(case.year, case.sequence)


def _address(city: City, case: Application | Registration) -> str:
    town = next((each.label for each in city.towns if each.code == case.town), "")
    return town + str(case.fields_.get("site.address") or "")


def _point(city: City, row: Row, case: Application | Registration) -> Json:
    """Where to go; ``exact`` unless it is only the middle of the town."""
    lon, lat = _place(city, row["lon"], row["lat"], row["town"])
    told = isinstance(case.fields_.get("site.point"), dict)
    return {"lat": lat, "lng": lon, "system": "gcj02", "exact": told}


def _place(city: City, lon: float | None, lat: float | None, town: str | None) -> Place:
    return (lon, lat) if lon is not None and lat is not None else centre(city, town)


def _ids(rows: Sequence[Row], name: str) -> list[UUID]:
    return list(dict.fromkeys(row[name] for row in rows if row[name] is not None))


def _text(value: UUID | date | None) -> str | None:
    return None if value is None else str(value)
