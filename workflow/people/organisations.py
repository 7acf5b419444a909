"""The organisations of every city, from its file: who there is to belong to, or to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from config.cities import City, CityBook
from models import Organization
from models.base import new_id
from models.db import in_transaction
from rules.actors import OrgKind

WINDOW = "window"
LEAD = "lead"
REGULATOR = "regulator"
ADMINISTRATION = "administration"
SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One organisation as a city's file names it. ``code`` is unique within city and kind."""

    kind: OrgKind
    code: str
    name: str
    utility: str | None = None
    town: str | None = None


def town_code(department: str, town: str) -> str:
    """The code of a town's own part of a department that is one per town (属地)."""
    return f"{department}-{town}"


def wanted(city: City) -> Iterator[Wanted]:
    """Every organisation of one snapshot of a city."""
    yield Wanted(OrgKind.WINDOW, WINDOW, city.window.name)
    yield Wanted(OrgKind.LEAD, LEAD, city.lead.label)
    yield Wanted(OrgKind.REGULATOR, REGULATOR, f"{city.name}行业主管部门（督导）")
    yield Wanted(OrgKind.ADMINISTRATION, ADMINISTRATION, f"{city.name}联合报装平台管理")
    for code, utility in city.utilities.items():
        yield Wanted(
            OrgKind.UTILITY, code, utility.provider or f"{utility.label}服务单位", utility=code
        )
        for carrier in utility.carriers:
            yield Wanted(OrgKind.CARRIER, carrier.code, carrier.label, utility=code)
    for code, department in city.departments.items():
        yield Wanted(OrgKind.DEPARTMENT, code, department.name)
        for town in city.towns if department.by_town else ():
            name = f"{town.label}（{department.label}）"
            yield Wanted(OrgKind.DEPARTMENT, town_code(code, town.code), name, town=town.code)
    source = city.source
    yield Wanted(OrgKind.PLATFORM, source.registration_department, source.registration_platform)
    yield Wanted(OrgKind.PLATFORM, SERVICE, source.service_platform)


_UPSERT = """
INSERT INTO organizations (id, city, kind, code, name, utility, town, active)
SELECT id, $1, kind, code, name, utility, town, true
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
     AS given (id, kind, code, name, utility, town)
ON CONFLICT (city, kind, code) DO UPDATE
SET name = excluded.name, utility = excluded.utility, town = excluded.town, active = true
WHERE (organizations.name, organizations.utility, organizations.town, organizations.active)
      IS DISTINCT FROM (excluded.name, excluded.utility, excluded.town, true)
RETURNING id
"""

_RETIRE = """
UPDATE organizations SET active = false
WHERE city = $1 AND active
  AND (kind, code) NOT IN (SELECT * FROM unnest($2::text[], $3::text[]))
RETURNING id
"""


async def sync(cities: CityBook, day: date) -> int:
    """Make the table say what the files say on ``day`` (Asia/Shanghai); how many rows changed.

    Organisations no longer named become inactive: cases and people keep pointing at them. Cities
    that are not in the book stay as they are. Safe to run again, and by two at once.
    """
    changed = 0
    async with in_transaction() as connection:
        for code in cities.codes():
            there = sorted(wanted(cities.on(code, day)), key=lambda one: (one.kind, one.code))
            kinds, codes = [one.kind.value for one in there], [one.code for one in there]
            upserted = await connection.execute_query_dict(
                _UPSERT,
                [
                    code,
                    [new_id() for _ in there],
                    kinds,
                    codes,
                    [one.name for one in there],
                    [one.utility for one in there],
                    [one.town for one in there],
                ],
            )
            retired = await connection.execute_query_dict(_RETIRE, [code, kinds, codes])
            changed += len(upserted) + len(retired)
    return changed


async def listed(city: str) -> list[Organization]:
    """Every organisation of a city that is in force, by kind and code."""
    return await Organization.filter(city=city, active=True).order_by("kind", "code")
