"""Crews put straight into the tables, and the acts on a joint survey in short words."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models import Crew, CrewShift, Organization, Survey, SurveyVisit
from models.base import new_id
from models.db import pool
from rules.actors import Actor, OrgKind
from rules.errors import DomainError
from tests.workflow.drive import Drive
from tests.workflow.steps import TWO, refused
from tests.workflow.world import World
from workflow.surveys import answering, booking, missing, view, waiting

Json = dict[str, Any]
CITY = "zhoukou"
MORNING, AFTERNOON = (510, 720), (870, 1050)


async def crew(
    code: str,
    number: int = 1,
    *,
    lanes: int = 1,
    kind: OrgKind = OrgKind.UTILITY,
    hours: tuple[tuple[int, int], ...] = (MORNING, AFTERNOON),
    point: tuple[float, float] | None = None,
    city: str = CITY,
    days: tuple[int, ...] = (1, 2, 3, 4, 5),
) -> Crew:
    """One crew of an organisation that works the city's hours from Monday to Friday."""
    org = await Organization.get(city=city, kind=kind, code=code)
    row = await Crew.create(
        id=new_id(),
        number=await pool().fetchval("SELECT nextval('crew_numbers')"),
        city=city,
        organization_id=org.id,
        name=f"{code}{number}班",
        town="chuanhui" if city == CITY else "jinhu",
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        lanes=lanes,
        created_at=datetime(2026, 1, 1).astimezone(),
    )
    await CrewShift.bulk_create(
        [
            CrewShift(id=new_id(), crew_id=row.id, weekday=day, starts=starts, ends=ends)
            for day in days
            for starts, ends in hours
        ]
    )
    return row


async def fleet(*codes: str, each: int = 1, **more: Any) -> list[Crew]:
    """So many crews of each utility."""
    return [await crew(code, number, **more) for code in codes for number in range(1, each + 1)]


async def drafted(world: World, when: str | None = None, values: Json = TWO) -> Drive:
    """A draft that wishes for a time."""
    told = {k: v for k, v in values.items() if k != "survey.time"}
    if when is not None:
        told["survey.time"] = f"2026-03-{when}+08:00"
    return await Drive.drafted(world, CITY, told)


async def accepted(world: World, when: str | None = None, values: Json = TWO) -> Drive:
    """An accepted case; without a time, nothing is booked: the organiser has cancelled it."""
    drive = await drafted(world, when or "27T16:30", values)
    await drive.submit()
    await drive.accept()
    if when is None:
        await cancel(drive, await world.organiser(CITY))
    return drive


async def book(drive: Drive, at: datetime, actor: Actor | None = None, reason: str = "") -> Json:
    """Book or move."""
    body = booking.Booking(at=at, reason=reason)
    return await drive.world.act(
        actor or drive.owner, lambda unit: booking.book_survey(unit, drive.id, body, expect=None)
    )


async def no_book(
    drive: Drive, at: datetime, actor: Actor | None = None, reason: str = ""
) -> DomainError:
    """The refusal of a booking."""
    body = booking.Booking(at=at, reason=reason)
    return await refused(
        drive.world,
        actor or drive.owner,
        lambda unit: booking.book_survey(unit, drive.id, body, expect=None),
    )


async def cancel(drive: Drive, actor: Actor | None = None) -> Json:
    """Cancel."""
    body = booking.Cancellation(reason="另约")
    return await drive.world.act(
        actor or drive.owner, lambda unit: booking.cancel_survey(unit, drive.id, body, expect=None)
    )


async def hold(drive: Drive, at: datetime) -> UUID:
    """Keep a time; its survey."""
    body = booking.Hold(at=at)
    await drive.world.act(
        drive.owner, lambda unit: booking.hold_survey(unit, drive.id, body, expect=None)
    )
    (kept,) = [each for each in (await page(drive))["kept"] if each["reason"] == "hold"]
    return UUID(kept["id"])


async def take(drive: Drive, survey: UUID) -> Json:
    """Take what is kept."""
    body = booking.Kept(survey=survey)
    return await drive.world.act(
        drive.owner, lambda unit: booking.take_time(unit, drive.id, body, expect=None)
    )


async def wait(drive: Drive, **told: Any) -> Json:
    """Wait for an earlier time."""
    body = waiting.Waiting(**told)
    return await drive.world.act(
        drive.owner, lambda unit: waiting.wait_earlier(unit, drive.id, body, expect=None)
    )


async def page(drive: Drive, actor: Actor | None = None) -> Json:
    """The survey as somebody sees it."""
    return await drive.world.act(
        actor or drive.owner, lambda unit: view.of_application(unit, drive.id)
    )


async def visit_of(drive: Drive, code: str, kind: OrgKind = OrgKind.UTILITY) -> SurveyVisit:
    """The visit of an organisation to the case's appointment, while it stands."""
    org = await Organization.get(city=drive.city, kind=kind, code=code)
    survey = await appointment(drive)
    return await SurveyVisit.get(survey_id=survey.id, organization_id=org.id, active=True)


async def visits(drive: Drive) -> list[SurveyVisit]:
    """The active visits to the appointment."""
    survey = await appointment(drive)
    return await SurveyVisit.filter(survey_id=survey.id, active=True).order_by("id")


async def appointment(drive: Drive) -> Survey:
    """The appointment that stands or is held."""
    return await Survey.get(application_id=drive.id, state__in=["held", "confirmed"])


async def comes(drive: Drive, code: str, kind: OrgKind = OrgKind.UTILITY) -> Actor:
    """Somebody of the crews of an organisation."""
    org = await Organization.get(city=drive.city, kind=kind, code=code)
    if kind is OrgKind.DEPARTMENT:
        return await drive.world.approver(drive.city, org.id)
    return await drive.world.crew(drive.city, org.id)


async def decline(drive: Drive, code: str) -> Json:
    """The crew of a utility cannot come."""
    visit = await visit_of(drive, code)
    body = answering.Decline(reason="车辆故障")
    return await drive.world.act(
        await comes(drive, code),
        lambda unit: answering.decline_visit(unit, visit.survey_id, visit.id, body),
    )


async def absent(drive: Drive, actor: Actor, organization: UUID | None) -> Json:
    """Somebody tells that somebody was not there."""
    body = missing.Absence(absent=organization)
    return await drive.world.act(
        actor, lambda unit: missing.report_absence(unit, drive.id, body, expect=None)
    )


def minutes(count: int) -> timedelta:
    """So many."""
    return timedelta(minutes=count)
