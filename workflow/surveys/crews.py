"""踏勘班组: crews entered, changed, looked at, listed."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from config.cities import City
from models import Crew, CrewShift, Organization
from models.base import new_id
from models.crews import LANES
from models.db import pool
from models.writes import insert
from rules.actors import OrgKind
from rules.errors import Code, DomainError, Fault
from rules.places import Place, System, to_gcj02
from rules.rosters import FRIDAY, MONDAY
from rules.staffing import GOES_OUT
from rules.worktime import DAY
from workflow.cases.draft import city_today
from workflow.inputs import CodeName, Input, Line
from workflow.reading.cursor import PAGE, Cursor, PageSize, decode, encode, uuid_of
from workflow.surveys import crew_view, keeping
from workflow.surveys.breaking import Change, carry_out
from workflow.unit import Answer, Unit

_LIST = "crews"

Name = Annotated[Line, Field(max_length=60)]
Lanes = Annotated[int, Field(ge=1, le=LANES)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Point(Input):
    """Where a crew's day begins."""

    lat: Degrees
    lng: Degrees
    system: Literal["gcj02", "wgs84"]


class NewCrew(Input):
    """A crew of one organisation: where its day begins, how many visits it makes at once.

    It works in all of the city's working time until it is given shifts.
    """

    organization: UUID
    name: Name
    town: CodeName
    point: Point | None = None
    lanes: Lanes = 1


class CrewChange(Input):
    """What is to be otherwise; the rest stays. ``accept``: booked visits that break are moved."""

    name: Name | None = None
    town: CodeName | None = None
    point: Point | None = None
    no_point: bool = False
    """Begin in the middle of the town again."""
    lanes: Lanes | None = None
    active: bool | None = None
    accept: bool = False


class CrewQuery(Input):
    """Crews of a city, narrowed by what is named."""

    city: CodeName
    organization: UUID | None = None
    utility: CodeName | None = None
    town: CodeName | None = None
    active: bool | None = None
    search: Annotated[Line, Field(max_length=60)] | None = None
    """The beginning of the name."""
    after: Cursor | None = None
    limit: PageSize = PAGE


async def create(unit: Unit, body: NewCrew) -> Answer:
    """Enter a crew. Every fault at once."""
    org = await Organization.filter(id=body.organization, active=True).first()
    if org is None:
        raise DomainError(Code.NOT_FOUND)
    role = keeping.keeps(unit.actor, org)
    city = city_today(unit, org.city)
    faults = [*_unfit(city, org), *_place_faults(city, body.town, body.point)]
    faults += await _name_faults(org.id, body.name)
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    crew = Crew(
        id=new_id(),
        number=await pool().fetchval("SELECT nextval('crew_numbers')"),
        city=org.city,
        organization_id=org.id,
        name=body.name,
        town=body.town,
        lanes=body.lanes,
        created_at=unit.now,
        **_kept(body.point),
    )
    await insert([crew])
    await insert(whole_week(crew.id))
    unit.audit(org.city, role, "create_crew", "crew", crew.id, name=crew.name)
    return Answer(await crew_view.whole(unit, crew, org), 201, 1, f"/crews/{crew.id}")


async def change(unit: Unit, crew_id: UUID, body: CrewChange, *, expect: int | None) -> Answer:
    """Rename, resettle, widen or narrow, give up or take up again.

    Raises ``VISITS_BROKEN`` when booked visits could not be kept and the body does not accept it.
    """

    async def effect(crew: Crew, org: Organization) -> Change:
        values = _changes(body)
        faults = await _change_faults(unit, crew, org, body)
        if faults:
            raise DomainError(Code.INVALID, faults=tuple(faults))
        await crew.change(**values)
        return Change("change_crew", {"fields": sorted(values)})

    return await carry_out(unit, crew_id, expect, effect, accept=body.accept)


def whole_week(crew: UUID) -> list[CrewShift]:
    """Shifts that leave it to the city when a crew works."""
    return [
        CrewShift(id=new_id(), crew_id=crew, weekday=day, starts=0, ends=DAY)
        for day in range(MONDAY, FRIDAY + 1)
    ]


async def read(unit: Unit, crew_id: UUID) -> Answer:
    """One crew with its people, week and absences; the read is audited."""
    crew, org, role = await keeping.to_look(unit.actor, crew_id)
    unit.audit(crew.city, role, "read_crew", "crew", crew.id)
    return Answer(await crew_view.whole(unit, crew, org), version=crew.version)


async def listed(unit: Unit, query: CrewQuery) -> Answer:
    """Crews the actor may look at, in the order in which they were entered."""
    city = unit.services.cities
    if query.city not in city.codes():
        raise DomainError(Code.FORBIDDEN)
    found = Crew.filter(city=query.city)
    if not keeping.sees_all(unit.actor, query.city):
        own = {m.org for m in unit.actor.memberships_in(query.city) if m.org_kind in GOES_OUT}
        if not own:
            raise DomainError(Code.FORBIDDEN)
        found = found.filter(organization_id__in=own)
    rows = (
        await _narrowed(found, query)
        .order_by("id")
        .limit(query.limit + 1)
        .prefetch_related("organization")
    )
    page: list[Any] = rows[: query.limit]
    sizes = await crew_view.counted([each.id for each in page])
    last = encode(_LIST, "", page[-1].id) if len(rows) > query.limit else None
    items = [crew_view.brief(each, each.organization, unit, sizes.get(each.id, 0)) for each in page]
    return Answer({"items": items, "next": last})


def _narrowed(found: Any, query: CrewQuery) -> Any:
    named = {
        "organization_id": query.organization,
        "organization__utility": query.utility,
        "town": query.town,
        "active": query.active,
        "name__startswith": query.search,
    }
    found = found.filter(**{key: value for key, value in named.items() if value is not None})
    after = decode(_LIST, query.after)
    return found if after is None else found.filter(id__gt=uuid_of(after[1]))


def _unfit(city: City, org: Organization) -> list[Fault]:
    """A utility that is served by carriers goes out with theirs."""
    served = org.kind in GOES_OUT
    if org.kind is OrgKind.UTILITY and city.utilities[org.code].carriers:
        served = False
    return [] if served else [Fault("organization", "no_crews_there")]


async def _change_faults(
    unit: Unit, crew: Crew, org: Organization, body: CrewChange
) -> list[Fault]:
    city = city_today(unit, org.city)
    faults = _place_faults(city, body.town, body.point)
    if body.name is not None and body.name != crew.name:
        faults += await _name_faults(org.id, body.name)
    if body.no_point and body.point is not None:
        faults.append(Fault("no_point", "value_wrong"))
    return faults


def _changes(body: CrewChange) -> dict[str, Any]:
    given = body.model_dump(exclude_none=True, include={"name", "town", "lanes", "active"})
    if body.point is not None or body.no_point:
        given |= _kept(body.point)
    return given


def _kept(point: Point | None) -> dict[str, float | None]:
    if point is None:
        return {"lon": None, "lat": None}
    place = _place(point)
    return {"lon": round(place.lon, 6), "lat": round(place.lat, 6)}


def _place(point: Point) -> Place:
    return to_gcj02(Place(point.lng, point.lat, System(point.system)))


def _place_faults(city: City, town: str | None, point: Point | None) -> list[Fault]:
    faults = []
    if town is not None and town not in {each.code for each in city.towns}:
        faults.append(Fault("town", "not_town"))
    box = city.box
    if point is not None:
        place = _place(point)
        if not (box.south <= place.lat <= box.north and box.west <= place.lon <= box.east):
            faults.append(Fault("point", "point_outside"))
    return faults


async def _name_faults(organization: UUID, name: str) -> list[Fault]:
    taken = await Crew.filter(organization_id=organization, name=name).exists()
    return [Fault("name", "name_taken", "班组名称")] if taken else []
