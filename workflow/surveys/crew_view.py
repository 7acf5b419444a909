"""A crew as clients get it."""

from typing import Any
from uuid import UUID

from models import Crew, CrewAbsence, CrewMember, CrewShift, Organization, Person
from models.db import pool
from workflow.encoding import SHANGHAI, shown
from workflow.people.me import opened
from workflow.unit import Unit
from workflow.values import PERSON_NAME_PURPOSE

Json = dict[str, Any]


def brief(crew: Crew, org: Organization, unit: Unit, members: int) -> Json:
    """A line of the list."""
    city = unit.services.cities.on(crew.city, unit.now.astimezone(SHANGHAI).date())
    return {
        "id": str(crew.id),
        "city": crew.city,
        "organization": str(org.id),
        "organization_name": org.name,
        "utility": org.utility,
        "name": crew.name,
        "town": crew.town,
        "town_label": next((each.label for each in city.towns if each.code == crew.town), ""),
        "point": point(crew.lon, crew.lat),
        "lanes": crew.lanes,
        "active": crew.active,
        "members": members,
        "version": crew.version,
    }


async def whole(unit: Unit, crew: Crew, org: Organization) -> Json:
    """A crew with its people, its week, and the absences that are not over."""
    people = await members(unit, crew.id)
    shifts = await CrewShift.filter(crew_id=crew.id).order_by("weekday", "starts")
    absences = await CrewAbsence.filter(crew_id=crew.id, ends_at__gt=unit.now).order_by(
        "starts_at", "id"
    )
    return {
        **brief(crew, org, unit, len(people)),
        "people": people,
        "shifts": [
            {"weekday": each.weekday, "starts": clock(each.starts), "ends": clock(each.ends)}
            for each in shifts
        ],
        "absences": [absence(each) for each in absences],
    }


def point(lon: float | None, lat: float | None) -> Json | None:
    """A place in the one coordinate system that is kept."""
    if lon is None or lat is None:
        return None
    return {"lat": lat, "lng": lon, "system": "gcj02"}


def absence(row: CrewAbsence) -> Json:
    """When a crew, or one of its lanes, does not go out."""
    return {
        "id": str(row.id),
        "lane": None if row.lane is None else row.lane + 1,
        "starts_at": shown(row.starts_at),
        "ends_at": shown(row.ends_at),
        "reason": row.reason,
    }


def clock(minutes: int) -> str:
    """Minutes after midnight as ``HH:MM``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


async def members(unit: Unit, crew_id: UUID) -> list[Json]:
    """Who goes out with a crew now: whoever has left its office is none any more."""
    rows = (
        await CrewMember.filter(crew_id=crew_id, membership__ended_at=None)
        .order_by("membership_id")
        .prefetch_related("membership__person")
    )
    return [
        {"membership": str(row.membership_id), "name": name(unit, row.membership.person)}
        for row in rows
    ]


def name(unit: Unit, person: Person) -> str:
    """How colleagues know somebody; empty where no name was given."""
    return opened(unit.services, person.name_sealed, PERSON_NAME_PURPOSE) or ""


async def counted(crews: list[UUID]) -> dict[UUID, int]:
    """How many people each crew has."""
    rows = await pool().fetch(
        "SELECT m.crew_id, count(*) AS people FROM crew_members m"
        " JOIN memberships o ON o.id = m.membership_id AND o.ended_at IS NULL"
        " WHERE m.crew_id = ANY($1::uuid[]) GROUP BY m.crew_id",
        crews,
    )
    return {row["crew_id"]: row["people"] for row in rows}
