"""Who must come to a joint visit (domain §7), and where it is."""

from collections.abc import Iterable
from uuid import UUID

from config.cities import City
from models import Application, Registration, UtilityRequest
from rules.states import Course, RequestState
from workflow import directory
from workflow.cases.case import Case
from workflow.registrations.case import RegistrationCase
from workflow.surveys.columns import Place, centre
from workflow.surveys.planning import Needed, Site
from workflow.values import carriers_of, kind_of


async def site_of_case(case: Case, without: Iterable[UUID] = ()) -> Site:
    """The joint visit of an application: of a draft by what it says so far."""
    app = case.app
    return Site(
        city=case.city,
        calendar=case.clocks.calendar,
        now=case.unit.now,
        town=app.town,
        place=_place(case.city, app),
        needed=await (_accepted(case) if app.accepted_at is not None else _to_be(case)),
        without=tuple(without),
        declined_for=(app.id, app.registration_id),
    )


async def site_of_registration(case: RegistrationCase, without: Iterable[UUID] = ()) -> Site:
    """The joint visit of a registration: every utility it names, each carrier where there are."""
    row = case.row
    everyone = await directory.all_providers(case.city.code)
    wanted = set(row.utilities) or set(case.city.utilities)
    return Site(
        city=case.city,
        calendar=case.clocks.calendar,
        now=case.unit.now,
        town=row.town,
        place=_place(case.city, row),
        needed=tuple(Needed(each.id) for each in everyone if each.utility in wanted),
        without=tuple(without),
        declined_for=(None, row.id),
    )


def to_survey(requests: Iterable[UtilityRequest]) -> list[UtilityRequest]:
    """Requests with an external line that nobody has looked at yet."""
    return [r for r in requests if r.course is Course.FULL and r.state is RequestState.PENDING]


async def _accepted(case: Case) -> tuple[Needed, ...]:
    """Whoever is still to survey; departments where one of them expects a permit."""
    waiting = to_survey(case.live_requests())
    found = {r.organization_id: Needed(r.organization_id, r.id) for r in reversed(waiting)}
    if any(request.permit.get("permit_likely") for request in waiting):
        for code in case.city.survey_rules.departments:
            department = await directory.department(case.app.city, code, case.app.town)
            found.setdefault(department.id, Needed(department.id))
    return tuple(found.values())


async def _to_be(case: Case) -> tuple[Needed, ...]:
    """Whoever would get a request at acceptance; 更名 and 过户 have no line to look at."""
    values = case.app.fields_
    wanted = {
        utility: carriers_of(case.city, values, utility)
        for utility in case.app.utilities
        if utility in case.city.utilities and not kind_of(case.city, values, utility).account_change
    }
    return tuple(Needed(each) for each in await directory.provider_ids(case.app.city, wanted))


def _place(city: City, row: Application | Registration) -> Place:
    """The point on the form, or the middle of the town."""
    point = row.fields_.get("site.point")
    if isinstance(point, dict) and "lng" in point and "lat" in point:
        return float(point["lng"]), float(point["lat"])
    return centre(city, row.town)
