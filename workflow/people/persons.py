"""One person behind several openids: found, made, linked when the platform tells the unionid."""

from datetime import datetime
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from models import Identity, Membership, Person
from models.base import new_id
from models.queries import talks
from models.queries.chat import wait_for_turn
from rules.actors import ADMIN_ROLES
from workflow.ports import PlatformIdentity
from workflow.registrations.claims import take_turn
from workflow.unit import Unit

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


async def person_of(unit: Unit, kind: str, found: PlatformIdentity) -> Person:
    """The person of a platform identity, locked; made at the first sign-in."""
    await hold(unit, found)
    own = await Identity.filter(appid=found.appid, openid=found.openid).first()
    union = await Person.filter(unionid=found.unionid).first() if found.unionid else None
    if own is None:
        person = union or await Person.create(
            id=new_id(), unionid=found.unionid, created_at=unit.now
        )
        await Identity.create(
            person_id=person.id,
            kind=kind,
            appid=found.appid,
            openid=found.openid,
            created_at=unit.now,
        )
        return person
    person = await Person.get(id=own.person_id)
    if found.unionid is None or person.unionid is not None:
        return person  # a unionid once linked is never replaced by another
    if union is not None:
        return await merge(unit, person, union) or person
    return await person.change(unionid=found.unionid)


async def hold(unit: Unit, found: PlatformIdentity) -> None:
    """Hold an identity until the end of the unit: who signs in by it meanwhile waits."""
    names = [f"openid:{found.appid}:{found.openid}"]
    if found.unionid:
        names.append(f"unionid:{found.unionid}")
    for name in sorted(names):
        await unit.connection.execute_query(_LOCK, [name])


async def merge(unit: Unit, one: Person, other: Person) -> Person | None:
    """Two people turn out to be one: all the younger has goes to the elder, who is given back.

    None where they stay apart: one person never holds two administrators' roles (those wait until
    the security administrator has ended one of them), and whom the platform tells apart by their
    unionids is never one. A turn of either in the chat is waited for: it would go on writing as
    somebody who is gone.
    """
    elder, younger = sorted((one, other), key=lambda each: (each.created_at, each.id))
    for appid, openid in await talks.held_by((elder.id, younger.id)):
        await wait_for_turn(appid, openid)
    phones = {elder.phone_lookup, younger.phone_lookup}
    await take_turn(*phones)
    for statement in _CASES_FIRST:
        await unit.connection.execute_query(statement, [younger.id])
    locked = await Person.filter(id__in=[elder.id, younger.id]).order_by("id").select_for_update()
    by_id = {each.id: each for each in locked}
    elder, younger = by_id[elder.id], by_id[younger.id]
    if {elder.phone_lookup, younger.phone_lookup} != phones:
        return None  # a number was bound meanwhile; the next time joins them
    if elder.unionid and younger.unionid:
        return None
    admins = await Membership.filter(
        person_id__in=list(by_id), role__in=list(ADMIN_ROLES), ended_at=None
    ).values_list("person_id", flat=True)
    if len(set(admins)) > 1:
        return None
    await _hand_over(unit.connection, elder, younger, unit.now)
    inherited = _inherited(elder, younger)
    await younger.change(
        unionid=None,
        name_sealed=None,
        phone_sealed=None,
        phone_lookup=None,
        totp_sealed=None,
        totp_pending_sealed=None,
    )
    await elder.change(**inherited)
    for city, role in await cities_of(elder):
        unit.audit(city, role, "merge_person", "person", elder.id, merged=str(younger.id))
    return elder


def _inherited(elder: Person, younger: Person) -> dict[str, Any]:
    """What the elder takes of the younger's own columns: only what it lacks."""
    values = {
        name: getattr(younger, name)
        for name in ("unionid", "name_sealed", "totp_sealed")
        if getattr(elder, name) is None
    }
    if elder.phone_lookup is None:
        values |= {"phone_sealed": younger.phone_sealed, "phone_lookup": younger.phone_lookup}
    return values | {"totp_last": max(elder.totp_last, younger.totp_last)}


_CASES_FIRST = (
    "SELECT FROM applications WHERE owner_id = $1 ORDER BY id FOR UPDATE",
    "SELECT FROM registrations WHERE owner_id = $1 ORDER BY id FOR UPDATE",
)
"""Whoever moves a case holds it before it tells its owner: the same order here."""

_HAND_OVER = (
    "UPDATE identities SET person_id = $1 WHERE person_id = $2",
    "UPDATE sessions SET person_id = $1 WHERE person_id = $2",
    "UPDATE applications SET owner_id = $1 WHERE owner_id = $2",
    "UPDATE registrations SET owner_id = $1 WHERE owner_id = $2",
    "UPDATE uploads SET person_id = $1 WHERE person_id = $2",
    "UPDATE conversations c SET person_id = n.person, home_id = NULLIF(n.home, n.person),"
    " brought = CASE WHEN n.home <> n.person THEN c.brought END,"
    " joined_at = CASE WHEN n.home <> n.person THEN c.joined_at END, version = c.version + 1"
    " FROM (SELECT id, CASE WHEN person_id = $2 THEN $1 ELSE person_id END AS person,"
    "  CASE WHEN home_id = $2 THEN $1 ELSE home_id END AS home"
    "  FROM conversations WHERE person_id = $2 OR home_id = $2) AS n WHERE n.id = c.id",
    "UPDATE chat_links SET person_id = $1 WHERE person_id = $2",
    "UPDATE complaints SET person_id = $1 WHERE person_id = $2",
    "UPDATE enterprises e SET created_by = $1 WHERE created_by = $2 AND NOT EXISTS"
    " (SELECT FROM enterprises x WHERE x.created_by = $1 AND x.credit_code = e.credit_code)",
    "UPDATE enterprise_members m SET relation = 'owner' WHERE person_id = $1 AND EXISTS"
    " (SELECT FROM enterprise_members x WHERE x.person_id = $2 AND x.relation = 'owner'"
    "  AND x.enterprise_id = m.enterprise_id)",
    "UPDATE enterprise_members m SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS"
    " (SELECT FROM enterprise_members x WHERE x.person_id = $1"
    "  AND x.enterprise_id = m.enterprise_id)",
    "UPDATE inbox i SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS"
    " (SELECT FROM inbox x WHERE x.person_id = $1 AND x.origin = i.origin AND x.code = i.code)",
    "INSERT INTO consents AS c"
    " (id, person_id, template, remaining, told_by_client, told_by_platform)"
    " SELECT gen_random_uuid(), $1, template, remaining, told_by_client, told_by_platform"
    " FROM consents WHERE person_id = $2"
    " ON CONFLICT (person_id, template) DO UPDATE SET remaining = c.remaining + excluded.remaining,"
    " told_by_client = c.told_by_client + excluded.told_by_client,"
    " told_by_platform = c.told_by_platform + excluded.told_by_platform",
    "UPDATE calendar_links SET person_id = $1 WHERE person_id = $2",
    "UPDATE crew_members c SET membership_id = x.id FROM memberships m JOIN memberships x"
    " ON x.organization_id = m.organization_id AND x.role = m.role AND x.ended_at IS NULL"
    " WHERE x.person_id = $1 AND m.person_id = $2 AND c.membership_id = m.id AND NOT EXISTS"
    " (SELECT FROM crew_members y WHERE y.crew_id = c.crew_id AND y.membership_id = x.id)",
    "UPDATE memberships m SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS"
    " (SELECT FROM memberships x WHERE x.person_id = $1 AND x.role = m.role"
    "  AND x.organization_id = m.organization_id AND x.ended_at IS NULL)",
)
"""$1: who stays, $2: who goes. What both have already stays once."""

_LEFT_OVER = (
    "DELETE FROM enterprise_members WHERE person_id = $1",
    "DELETE FROM inbox WHERE person_id = $1",
    "DELETE FROM consents WHERE person_id = $1",
)


async def _hand_over(
    connection: BaseDBAsyncClient, elder: Person, younger: Person, now: datetime
) -> None:
    for statement in _HAND_OVER:
        await connection.execute_query(statement, [elder.id, younger.id])
    for statement in _LEFT_OVER:
        await connection.execute_query(statement, [younger.id])
    await Membership.filter(person_id=younger.id, ended_at=None).update(ended_at=now)


async def cities_of(person: Person) -> list[tuple[str, str]]:
    """Each city a person works for, with one role it holds there; for the audit trail."""
    rows = (
        await Membership.filter(person_id=person.id, ended_at=None, organization__active=True)
        .order_by("created_at")
        .values_list("organization__city", "role")
    )
    first: dict[str, str] = {}
    for city, role in rows:
        first.setdefault(city, str(role))
    return list(first.items())
