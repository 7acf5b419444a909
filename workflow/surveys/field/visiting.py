"""One organisation's part in a visit, found by what a phone names and held under lock.

Who works in the organisation that was to come is let in by that, also a department's inspectors,
who have no other part in the case. Locked is the application (or registration), as everywhere.
"""

from dataclasses import dataclass
from uuid import UUID

from config.cities import City
from models import Registration, Survey, SurveyVisit, UtilityRequest
from models.writes import locked
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.places import Place
from rules.states import SurveyState
from workflow.cases.case import Acting, Case, is_owner
from workflow.registrations.claims import shared_enterprise
from workflow.surveys.field.positions import site_of
from workflow.unit import Unit

GOING = (Role.CREW, Role.UTILITY_CLERK, Role.APPROVER)
"""Roles in which people are out for their organisation, the first that they hold."""
LIVE = (SurveyState.HELD, SurveyState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Named:
    """What a report or a URL names; nothing of it ever changes, so it is read without a lock."""

    city: str
    organization: UUID
    application: UUID | None
    registration: UUID | None = None
    survey: UUID | None = None
    visit: UUID | None = None
    request: UUID | None = None


@dataclass(slots=True)
class Visiting:
    """The rows of what was named, under lock, and as whom the actor acts on them."""

    unit: Unit
    named: Named
    city: City
    by: Acting
    site: Place | None
    person: UUID | None
    """Who was there: the actor, or whose report is decided."""
    case: Case | None = None
    registration: Registration | None = None
    survey: Survey | None = None
    visit: SurveyVisit | None = None
    request: UtilityRequest | None = None


def going(actor: Actor, city: str, organization: UUID) -> Role | None:
    """In which role the actor goes out for an organisation, if it does."""
    held = {m.role for m in actor.memberships_in(city) if m.org == organization}
    return next((role for role in GOING if role in held), None)


async def by_visit(ident: UUID) -> Named | None:
    """A visit by its id."""
    visit = await SurveyVisit.filter(id=ident).first()
    return None if visit is None else await _named(visit)


async def by_request(ident: UUID) -> Named | None:
    """A request: its organisation's part in the joint visit that is booked, where there is one."""
    request = await UtilityRequest.filter(id=ident).first()
    if request is None:
        return None
    found = Named(request.city, request.organization_id, request.application_id, request=request.id)
    live = await Survey.filter(application_id=request.application_id, state__in=LIVE).first()
    latest = live or (
        await Survey.filter(application_id=request.application_id, state=SurveyState.DONE)
        .order_by("-at")
        .first()
    )
    if latest is None:
        return found
    visit = await _visit_of(latest, request.organization_id)
    return Named(
        found.city,
        found.organization,
        found.application,
        survey=latest.id,
        visit=visit.id if visit else None,
        request=request.id,
    )


async def by_survey(ident: UUID, actor: Actor) -> Named | None:
    """A survey: the part in it of the organisation for which the actor goes out."""
    survey = await Survey.filter(id=ident).first()
    if survey is None:
        return None
    mine = [m.org for m in actor.memberships_in(survey.city, *GOING)]
    visits = SurveyVisit.filter(survey_id=survey.id, organization_id__in=mine)
    visit = await visits.order_by("-active", "-id").first()
    if visit is not None:
        return await _named(visit)
    request = await UtilityRequest.filter(
        application_id=survey.application_id, organization_id__in=mine
    ).first()
    if survey.application_id is None or request is None:
        return None
    return Named(
        survey.city,
        request.organization_id,
        survey.application_id,
        survey=survey.id,
        request=request.id,
    )


async def hold(
    unit: Unit, named: Named, *, by: Role | None = None, person: UUID | None = None
) -> Visiting:
    """Lock and load what was named. ``NOT_FOUND`` for whoever has no part in it.

    ``by``: somebody decides in that role about what ``person`` has reported.
    """
    role = by or going(unit.actor, named.city, named.organization)
    person = person or unit.actor.person
    if role is None:
        raise DomainError(Code.NOT_FOUND)
    if named.application is not None:
        case = await Case.hold(unit, named.application)
        if case.owner:  # nobody acts in office on a case of its own
            raise DomainError(Code.NOT_FOUND)
        acting = (role, named.organization)
        found = Visiting(unit, named, case.city, acting, site_of(case.app), person, case)
        found.request = _request(case, named)
    else:
        found = await _of_registration(unit, named, role, person)
    if named.survey is not None:
        found.survey = await Survey.get(id=named.survey)
    if named.visit is not None:
        found.visit = await SurveyVisit.get(id=named.visit)
    return found


async def _of_registration(unit: Unit, named: Named, role: Role, person: UUID | None) -> Visiting:
    assert named.registration is not None  # noqa: S101 - a survey is of one or the other
    row = await locked(Registration, named.registration)
    if row is None:
        raise DomainError(Code.NOT_FOUND)
    shared = await shared_enterprise(row.owner_id, unit.actor.person, row.credit_code)
    if await is_owner(unit.actor, row.owner_id, shared):
        raise DomainError(Code.NOT_FOUND)
    city = unit.services.cities.on(row.city, row.judged_on)
    acting = (role, named.organization)
    return Visiting(unit, named, city, acting, site_of(row), person, registration=row)


def _request(case: Case, named: Named) -> UtilityRequest | None:
    """The one that was named, or the organisation's own that is first to be surveyed."""
    if named.request is not None:
        return next(r for r in case.requests if r.id == named.request)
    own = [r for r in case.live_requests() if r.organization_id == named.organization]
    return min(own, key=lambda r: (r.state.value != "pending", r.id), default=None)


async def visit_of(survey: Survey, organization: UUID) -> SurveyVisit | None:
    """An organisation's part in a survey: the active one, else the last."""
    return await _visit_of(survey, organization)


async def _visit_of(survey: Survey, organization: UUID) -> SurveyVisit | None:
    visits = SurveyVisit.filter(survey_id=survey.id, organization_id=organization)
    return await visits.order_by("-active", "-id").first()


async def _named(visit: SurveyVisit) -> Named:
    survey = await Survey.get(id=visit.survey_id)
    return Named(
        city=visit.city,
        organization=visit.organization_id,
        application=survey.application_id,
        registration=survey.registration_id,
        survey=survey.id,
        visit=visit.id,
        request=visit.request_id,
    )
