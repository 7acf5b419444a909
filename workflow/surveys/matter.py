"""What a survey belongs to, an application or a registration, with its appointment under lock.

The acts on surveys are written once for both: ``check`` (may the actor?) → plan (crews locked) →
``move`` (event, notices) → rows → ``finishing.finish``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from config.cities import City
from models import Survey, SurveyVisit
from models.base import new_id
from models.db import pool
from models.writes import insert
from rules.actors import Role
from rules.lifecycle import Position, Table, Tell, advance
from rules.moves import APPLICATION, REGISTRATION
from rules.states import Ender, SurveyState, VisitState
from workflow.cases import telling
from workflow.cases.case import Case
from workflow.moving import acting_role
from workflow.registrations.case import RegistrationCase
from workflow.surveys.parties import site_of_case, site_of_registration, to_survey
from workflow.surveys.planning import Planned, Site
from workflow.unit import Unit

LIVE = (SurveyState.HELD, SurveyState.CONFIRMED)
"""An appointment: one that stands or, before acceptance, is held."""
SIDES: Mapping[Role, Ender] = {
    Role.APPLICANT: Ender.APPLICANT,
    Role.CREW: Ender.CREW,
    Role.UTILITY_CLERK: Ender.CREW,
    Role.APPROVER: Ender.CREW,
    Role.WINDOW_CLERK: Ender.ORGANISER,
    Role.COORDINATOR: Ender.ORGANISER,
}
"""On whose side somebody of a role acts; of any other it is the system."""


@dataclass(slots=True)
class Matter:
    """An application or a registration, its appointment and the crews that come to it."""

    unit: Unit
    case: Case | RegistrationCase
    survey: Survey | None
    visits: list[SurveyVisit] = field(default_factory=list)
    """The active ones of the appointment."""

    @classmethod
    async def of(cls, case: Case | RegistrationCase) -> "Matter":
        """The appointment of a case that is open."""
        if isinstance(case, Case):
            survey = case.survey
        else:
            survey = await Survey.filter(
                registration_id=case.row.id, application_id=None, state__in=LIVE
            ).first()
        matter = cls(case.unit, case, survey)
        if survey is not None:
            matter.visits = await visits_of(survey)
        matter._known()
        return matter

    @classmethod
    async def application(cls, unit: Unit, ident: UUID, *, expect: int | None) -> "Matter":
        """An application, locked. Raises as ``Case.open``."""
        return await cls.of(await Case.open(unit, ident, expect=expect))

    @classmethod
    async def registration(cls, unit: Unit, ident: UUID, *, expect: int | None) -> "Matter":
        """A registration, locked. Raises as ``RegistrationCase.open``."""
        return await cls.of(await RegistrationCase.open(unit, ident, expect=expect))

    @property
    def city(self) -> City:
        """Whose rules hold."""
        return self.case.city

    @property
    def ids(self) -> dict[str, UUID | None]:
        """The columns that name it."""
        if isinstance(self.case, Case):
            return {"application_id": self.case.app.id, "registration_id": None}
        return {"application_id": None, "registration_id": self.case.row.id}

    @property
    def owner(self) -> bool:
        """Whether the actor is the applicant."""
        return self.case.owner

    async def site(self, without: Iterable[UUID] = ()) -> Site:
        """What is planned for. ``without``: surveys that are ended by what is planned."""
        if isinstance(self.case, Case):
            return await site_of_case(self.case, without)
        return await site_of_registration(self.case, without)

    @property
    def version(self) -> int:
        """Of the application or the registration, as its ETag."""
        return self.case.app.version if isinstance(self.case, Case) else self.case.row.version

    def parties(self) -> frozenset[UUID]:
        """Organisations still to survey an application, with a crew of ours or by themselves."""
        if isinstance(self.case, Case):
            waiting = to_survey(self.case.live_requests())
            return frozenset(request.organization_id for request in waiting)
        return frozenset()

    async def own(self) -> list[UUID]:
        """The appointment and whatever is held beside it: a new appointment ends them all."""
        rows = await pool().fetch(_OWN, *self.ids.values())
        return [row["id"] for row in rows]

    def check(self, event: str, *, by_system: bool = False) -> Role:
        """In which role the actor may make a move; raises as ``advance``."""
        roles = frozenset({Role.SYSTEM}) if by_system else self.case.standing()
        move = advance(self._table, event, self._position, roles, self.city.organisers)
        return acting_role(move, roles, self.city.organisers)

    async def move(
        self, event: str, data: Mapping[str, Any] | None = None, *, by_system: bool = False
    ) -> None:
        """Note the event with its notices."""
        if isinstance(self.case, RegistrationCase):
            self.case.facts["survey_booked"] = self.survey is not None
        await self.case.move(event, data=data, by_system=by_system)

    async def notify(self, code: str, tells: Sequence[Tell], data: Mapping[str, Any]) -> None:
        """Tell of what is no move, in words of ``notices.toml``."""
        if isinstance(self.case, Case):
            telling.notify(self.case, code, tells, data=data)
        else:
            await self.case.tell(code, tells, data)

    def allowed(self) -> tuple[str, ...]:
        """What the actor may do now."""
        return self.case.allowed()

    # -- rows -----------------------------------------------------------------------------------

    async def enter(
        self,
        site: Site,
        planned: Planned,
        state: SurveyState,
        *,
        held_until: datetime | None = None,
        reason: str = "",
    ) -> Survey:
        """A new survey with its crews, planned under lock; an appointment becomes the case's."""
        survey = Survey(
            id=new_id(),
            **self.ids,
            city=self.city.code,
            town=site.town,
            lon=site.place[0],
            lat=site.place[1],
            at=planned.at,
            ends_at=planned.ends_at,
            state=state,
            held_until=held_until,
            reason=reason,
            created_at=self.unit.now,
        )
        await insert([survey])
        visits = await add_visits(survey, planned)
        if state in LIVE:
            self.take(survey, visits)
        return survey

    async def end(self, state: SurveyState, by: Ender, reason: str) -> None:
        """End the appointment and whatever is held beside it; its crews are free."""
        await pool().execute(_END, *self.ids.values(), state, by, reason)
        self.take(None, [])

    async def replace(self, kept: Survey, visits: list[SurveyVisit], by: Ender) -> None:
        """What was kept beside the appointment takes its place."""
        if self.survey is not None:
            await pool().execute(_END_ONE, self.survey.id, SurveyState.MOVED, by)
        await kept.change(state=SurveyState.CONFIRMED, held_until=None, reason="")
        self.take(kept, visits)

    async def release(self, *keep: UUID) -> None:
        """End what is held beside the appointment, but for some."""
        await pool().execute(_RELEASE, *self.ids.values(), list(keep))

    def take(self, survey: Survey | None, visits: list[SurveyVisit]) -> None:
        """The appointment as it is now."""
        self.survey, self.visits = survey, visits
        if isinstance(self.case, Case):
            self.case.survey = survey
        self._known()

    # -- inside ---------------------------------------------------------------------------------

    @property
    def _table(self) -> Table:
        return APPLICATION if isinstance(self.case, Case) else REGISTRATION

    @property
    def _position(self) -> Position:
        if isinstance(self.case, RegistrationCase):
            self.case.facts["survey_booked"] = self.survey is not None
        return self.case.position()

    def _known(self) -> None:
        """Whoever comes is told what happens to the appointment, before and after a change."""
        self.case.visitors |= {visit.organization_id for visit in self.visits}


_MINE = (
    "(application_id = $1 OR $1::uuid IS NULL AND registration_id = $2 AND application_id IS NULL)"
)
_OWN = f"SELECT id FROM surveys WHERE {_MINE} AND state IN ('held', 'confirmed', 'offered')"  # noqa: S608
_FREE = (
    "UPDATE survey_visits SET active = false, version = version + 1,"
    " state = CASE WHEN state IN ('planned', 'confirmed') THEN 'ended' ELSE state END"
    " WHERE active AND survey_id IN (SELECT id FROM over)"
)
_END = f"""
WITH over AS (
    UPDATE surveys SET version = version + 1, held_until = NULL,
           state = CASE WHEN state = 'offered' THEN 'cancelled' ELSE $3 END,
           ended_by = CASE WHEN state = 'offered' THEN 'system' ELSE $4 END,
           reason = CASE WHEN state = 'offered' THEN reason ELSE $5 END
    WHERE {_MINE} AND state IN ('held', 'confirmed', 'offered') RETURNING id
)
{_FREE}"""  # noqa: S608
_RELEASE = f"""
WITH over AS (
    UPDATE surveys SET version = version + 1, held_until = NULL, state = 'cancelled',
           ended_by = 'system'
    WHERE {_MINE} AND state = 'offered' AND id <> ALL($3::uuid[]) RETURNING id
)
{_FREE}"""  # noqa: S608


_END_ONE = f"""
WITH over AS (
    UPDATE surveys SET version = version + 1, held_until = NULL, state = $2, ended_by = $3
    WHERE id = $1 RETURNING id
)
{_FREE}"""  # noqa: S608


async def visits_of(survey: Survey) -> list[SurveyVisit]:
    """The crews that come to a survey."""
    return await SurveyVisit.filter(survey_id=survey.id, active=True).order_by("id")


async def add_visits(survey: Survey, planned: Planned) -> list[SurveyVisit]:
    """A row for each crew that was planned, under lock, for a survey."""
    visits = [
        SurveyVisit(
            id=new_id(),
            survey_id=survey.id,
            city=survey.city,
            organization_id=part.organization,
            request_id=part.request,
            crew_id=part.crew,
            lane=part.lane,
            at=survey.at,
            ends_at=survey.ends_at,
            lon=survey.lon,
            lat=survey.lat,
            state=VisitState.PLANNED,
        )
        for part in planned.parts
    ]
    if visits:
        await insert(visits)
    return visits
