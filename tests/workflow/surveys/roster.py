"""Crews of the cast and what they have to do, made through the use cases where there are any."""

from datetime import datetime
from typing import Any
from uuid import UUID

from models import Crew, Organization, Survey, SurveyVisit
from models.base import new_id
from models.crews import LANES
from rules.actors import Actor, OrgKind, Role
from rules.states import VisitState
from tests.workflow.drive import Drive
from tests.workflow.world import World
from workflow.surveys import crews, shifts

Json = dict[str, Any]
CITY = "zhoukou"
DAY = (("08:30", "12:00"), ("14:30", "17:30"))


async def organization(code: str, city: str = CITY, kind: OrgKind = OrgKind.UTILITY) -> Any:
    """An organisation by its code."""
    return await Organization.get(city=city, kind=kind, code=code)


async def keeper(world: World, code: str, city: str = CITY) -> Actor:
    """A clerk of a utility, who keeps its crews."""
    return await world.clerk(city, (await organization(code, city)).id)


async def administrator(world: World, city: str = CITY) -> Actor:
    """The city's system administrator, at the desk."""
    return await world.staff(city, Role.SYSTEM_ADMIN, OrgKind.ADMINISTRATION, "administration")


async def entered(world: World, code: str = "water", name: str = "一班", **more: Any) -> Json:
    """A crew of a utility that works the whole week."""
    actor = await keeper(world, code)
    org = await organization(code)
    body = crews.NewCrew(organization=org.id, name=name, **({"town": "chuanhui"} | more))
    made = await world.act(actor, lambda unit: crews.create(unit, body))
    return await week(world, actor, made)


async def week(world: World, actor: Actor, crew: Json, hours: Any = DAY, **more: Any) -> Json:
    """The same hours on every day from Monday to Friday."""
    rows = tuple(
        shifts.ShiftInput(weekday=day, starts=starts, ends=ends)
        for day in range(1, 6)
        for starts, ends in hours
    )
    body = shifts.Week(shifts=rows, **more)
    return await world.act(
        actor,
        lambda unit: shifts.set_week(unit, UUID(crew["id"]), body, expect=crew["version"]),
    )


async def booked(drive: Drive, crew: Json, at: datetime, lane: int = 0) -> SurveyVisit:
    """A crew comes to the case's appointment, which is moved to ``at``."""
    survey = await Survey.filter(application_id=drive.id).order_by("-created_at").first()
    assert survey is not None
    length = survey.ends_at - survey.at
    await Survey.filter(id=survey.id).update(at=at, ends_at=at + length)
    row = await Crew.get(id=crew["id"])
    requests = {r.organization_id: r.id for r in await drive.requests()}
    return await SurveyVisit.create(
        id=new_id(),
        survey_id=survey.id,
        city=row.city,
        organization_id=row.organization_id,
        request_id=requests.get(row.organization_id),
        crew_id=row.id,
        lane=row.number * LANES + lane,
        at=at,
        ends_at=at + length,
        lon=114.65,
        lat=33.62,
        state=VisitState.CONFIRMED,
    )


async def visits(drive: Drive) -> list[tuple[UUID, bool, VisitState]]:
    """(crew, active, state) of every visit of the case, oldest first."""
    rows = await SurveyVisit.filter(survey__application_id=drive.id).order_by("id")
    return [(row.crew_id, row.active, row.state) for row in rows]
