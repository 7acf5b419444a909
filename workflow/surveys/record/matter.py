"""A survey with its record, under lock or to be looked at, and what the actor is to it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from config.cities import City
from models import Registration, Survey, SurveyRecord, SurveyVisit, UtilityRequest
from models.writes import locked
from rules.actors import Role
from rules.errors import Code, DomainError
from rules.lifecycle import Organiser, organiser_role
from workflow.cases.case import Acting, Case, is_owner
from workflow.registrations.claims import shared_enterprise
from workflow.surveys.field.visiting import going
from workflow.surveys.record.parties import own_parties, who_came
from workflow.unit import Unit

LOOKING = frozenset({Role.WINDOW_CLERK, Role.COORDINATOR, Role.REGULATOR})
"""Roles of the city that look at a record without having come."""


@dataclass(slots=True)
class Matter:
    """Whose survey it is, its record if there is one, who came."""

    unit: Unit
    survey: Survey
    city: City
    owner: bool
    claimed: bool
    """Somebody signs in as the applicant; else the window acts in its place."""
    case: Case | None
    registration: Registration | None
    record: SurveyRecord | None
    came: list[UUID]
    own: list[UUID]
    """Of those who came the organisations for which the actor goes out."""

    @property
    def requests(self) -> list[UtilityRequest]:
        """Those of the case; none before acceptance."""
        return self.case.requests if self.case else []

    @property
    def by(self) -> Acting | None:
        """As whom the actor has a say in what the record says; None: it has none."""
        if self.owner:
            return None
        if self.own:
            role = going(self.unit.actor, self.city.code, self.own[0])
            assert role is not None  # noqa: S101 - that is what makes it the actor's own
            return role, self.own[0]
        return None

    @property
    def organises(self) -> bool:
        """Whether the actor organises surveys in the city."""
        role = organiser_role(Organiser.SURVEY, self.city.organisers)
        return not self.owner and self.unit.actor.holds(role, self.city.code)

    @property
    def at_window(self) -> bool:
        """Whether the actor speaks for an applicant who has not signed in yet."""
        clerk = self.unit.actor.holds(Role.WINDOW_CLERK, self.city.code)
        return clerk and not self.claimed and not self.owner


async def load(unit: Unit, survey_id: UUID, *, lock: bool) -> Matter:
    """``NOT_FOUND`` for whoever neither came, nor was to come, nor has a part in the case."""
    survey = await Survey.filter(id=survey_id).first()
    if survey is None:
        raise DomainError(Code.NOT_FOUND)
    if survey.application_id is not None:
        matter = await _of_case(unit, survey, survey.application_id, lock=lock)
    else:
        assert survey.registration_id is not None  # noqa: S101 - of one or the other
        matter = await _of_registration(unit, survey, survey.registration_id, lock=lock)
    if not await _may_look(matter):
        raise DomainError(Code.NOT_FOUND)
    return matter


async def around(case: Case, survey: Survey) -> Matter:
    """A case that is open already."""
    came = await who_came(survey, case.requests)
    return Matter(
        unit=case.unit,
        survey=survey,
        city=case.city,
        owner=case.owner,
        claimed=case.app.owner_id is not None,
        case=case,
        registration=None,
        record=await SurveyRecord.filter(survey_id=survey.id).first(),
        came=came,
        own=own_parties(case.unit, case.app.city, came),
    )


async def _of_case(unit: Unit, survey: Survey, ident: UUID, *, lock: bool) -> Matter:
    if lock:
        return await around(await Case.hold(unit, ident), survey)
    return await around(await Case.look(unit, ident), survey)


async def _of_registration(unit: Unit, survey: Survey, ident: UUID, *, lock: bool) -> Matter:
    row = await (locked(Registration, ident) if lock else Registration.get(id=ident))
    assert row is not None  # noqa: S101 - the survey refers to it
    shared = await shared_enterprise(row.owner_id, unit.actor.person, row.credit_code)
    came = await who_came(survey, [])
    return Matter(
        unit=unit,
        survey=survey,
        city=unit.services.cities.on(row.city, row.judged_on),
        owner=await is_owner(unit.actor, row.owner_id, shared),
        claimed=row.owner_id is not None,
        case=None,
        registration=row,
        record=await SurveyRecord.filter(survey_id=survey.id).first(),
        came=came,
        own=own_parties(unit, row.city, came),
    )


async def _may_look(matter: Matter) -> bool:
    actor, city = matter.unit.actor, matter.city.code
    if matter.owner or matter.own:
        return True
    if any(actor.holds(role, city) for role in LOOKING):
        return True
    if matter.case is not None and matter.case.sees():
        return True
    visits = await SurveyVisit.filter(survey_id=matter.survey.id)
    return bool(own_parties(matter.unit, city, {v.organization_id for v in visits}))


def address(matter: Matter) -> str:
    """Where the visit was."""
    row: Any = matter.case.app if matter.case else matter.registration
    town = next((each.label for each in matter.city.towns if each.code == row.town), "")
    return town + str(row.fields_.get("site.address") or "")
