"""Administrators: invitations, memberships, calendars, the audit trail; each in its own city."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import AuditEntry, CalendarYear, Invitation, Membership, Organization, OutboxRow, Person
from rules.actors import ADMIN_ROLES, STAFF_ROLES, Actor, OrgKind, Role
from rules.errors import Code, DomainError
from rules.staffing import HOMES, fits
from tests.workflow.identity_world import DAYE, ZHOUKOU, World, world
from workflow.background import calendar_days
from workflow.people import invitations, staff
from workflow.people.identity import SessionKind, actor_of
from workflow.reading import audit_trail

__all__ = ["world"]


async def refusal(awaited: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        await awaited
    return refused.value


async def organization(city: str, kind: OrgKind, code: str) -> UUID:
    return (await Organization.get(city=city, kind=kind, code=code)).id


async def invited(
    world: World,
    admin: Actor,
    role: Role = Role.CREW,
    place: tuple[OrgKind, str] = (OrgKind.UTILITY, "gas"),
    city: str = DAYE,
) -> dict[str, Any]:
    org = await organization(city, *place)
    body = invitations.Invite(city=city, organization=org, role=role)
    return await world.act(admin, invitations.invite, body)


async def accept(world: World, actor: Actor, code: str) -> dict[str, Any]:
    return await world.act(actor, invitations.accept, invitations.Accept(code=code))


async def test_an_invitation_makes_staff(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    invitation = await invited(world, admin)
    person = await world.person()
    answer = await accept(world, await world.actor(person), invitation["code"].lower())
    assert (answer["role"], answer["city"]) == ("crew", DAYE)
    actor = await world.actor(person)
    assert [(m.role, m.org_code) for m in actor.memberships] == [(Role.CREW, "gas")]
    actions = [row.action for row in await AuditEntry.all().order_by("id")]
    assert actions == ["invite", "join"]


async def test_only_the_hash_of_a_code_is_kept(world: World) -> None:
    invitation = await invited(world, await world.admin(Role.SECURITY_ADMIN))
    row = await Invitation.get(id=invitation["id"])
    assert invitation["code"].replace("-", "") not in row.code_hash
    entry = await AuditEntry.get(action="invite")
    assert invitation["code"] not in str(entry.detail)


async def test_a_code_works_once_even_at_once(world: World) -> None:
    invitation = await invited(world, await world.admin(Role.SECURITY_ADMIN))
    people = [await world.actor(await world.person()) for _ in range(6)]
    tries = [accept(world, actor, invitation["code"]) for actor in people]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, DomainError)]
    assert len(refused) == 5
    assert {each.code for each in refused} == {Code.INVITATION_INVALID}
    assert await Membership.filter(role=Role.CREW).count() == 1
    assert await AuditEntry.filter(action="join", success=False).count() == 5


async def test_a_code_ends_after_seven_days(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    invitation = await invited(world, admin)
    world.clock.forward(days=7)
    late = await refusal(accept(world, await world.actor(await world.person()), invitation["code"]))
    assert late.code is Code.INVITATION_INVALID


async def test_a_revoked_code_is_worthless(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    invitation = await invited(world, admin)
    listed = await invitations.open_invitations(world.services, admin, DAYE)
    assert [each["id"] for each in listed["items"]] == [invitation["id"]]
    assert "code" not in listed["items"][0]
    await world.act(admin, invitations.revoke, UUID(invitation["id"]))
    actor = await world.actor(await world.person())
    assert (await refusal(accept(world, actor, invitation["code"]))).code is Code.INVITATION_INVALID
    assert not (await invitations.open_invitations(world.services, admin, DAYE))["items"]
    again = await refusal(world.act(admin, invitations.revoke, UUID(invitation["id"])))
    assert again.code is Code.CONFLICT


async def test_an_unknown_code_is_refused(world: World) -> None:
    actor = await world.actor(await world.person())
    assert (await refusal(accept(world, actor, "ABCDE"))).code is Code.INVITATION_INVALID


async def test_nobody_accepts_its_own_invitation(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    assert admin.person is not None
    invitation = await invited(world, admin, Role.WINDOW_CLERK, (OrgKind.WINDOW, "window"))
    phone = await world.actor(admin.person)
    assert (await refusal(accept(world, phone, invitation["code"]))).code is Code.FORBIDDEN


async def test_an_invitation_is_not_accepted_from_a_desk(world: World) -> None:
    invitation = await invited(world, await world.admin(Role.SECURITY_ADMIN))
    seated = await world.actor(await world.person(), SessionKind.DESK)
    assert (await refusal(accept(world, seated, invitation["code"]))).code is Code.FORBIDDEN


@pytest.mark.parametrize("held", sorted(ADMIN_ROLES))
async def test_the_three_administrators_are_three_people(world: World, held: Role) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    person = await world.person()
    place = (OrgKind.ADMINISTRATION, "administration")
    await world.employ(person, held, ZHOUKOU, *place)
    for role in ADMIN_ROLES:
        invitation = await invited(world, admin, role, place)
        refused = await refusal(accept(world, await world.actor(person), invitation["code"]))
        assert refused.code is Code.ADMIN_ROLES_SEPARATE


async def test_the_same_role_twice_is_told_and_keeps_the_code(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    actor = await world.actor(await world.person())
    await accept(world, actor, (await invited(world, admin))["code"])
    second = await invited(world, admin)
    assert (await refusal(accept(world, actor, second["code"]))).code is Code.ALREADY_MEMBER
    assert await accept(world, await world.actor(await world.person()), second["code"])


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMIN}))
async def test_nobody_else_invites(world: World, role: Role) -> None:
    person = await world.person()
    if role in STAFF_ROLES:
        kind = next(iter(HOMES[role]))
        org = await Organization.filter(city=DAYE, kind=kind).first()
        assert org is not None
        await world.employ(person, role, DAYE, kind, org.code)
    actor = await world.actor(person, SessionKind.DESK)
    assert (await refusal(invited(world, actor))).code is Code.FORBIDDEN


async def test_an_administrator_acts_at_a_desk_and_in_its_own_city(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    assert admin.person is not None
    phone = await world.actor(admin.person)
    assert (await refusal(invited(world, phone))).code is Code.TOTP_NEEDED
    assert (await refusal(invited(world, admin, city=ZHOUKOU))).code is Code.FORBIDDEN
    foreign = await organization(ZHOUKOU, OrgKind.UTILITY, "gas")
    body = invitations.Invite(city=DAYE, organization=foreign, role=Role.CREW)
    refused = await refusal(world.act(admin, invitations.invite, body))
    assert (refused.code, refused.faults[0].field) == (Code.INVALID, "organization")


async def test_a_role_is_held_where_it_belongs(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    for role in (Role.APPROVER, Role.APPLICANT, Role.SYSTEM):
        refused = await refusal(invited(world, admin, role))
        assert (refused.code, refused.faults[0].field) == (Code.INVALID, "role")


def test_every_role_of_staff_has_a_home_and_no_other() -> None:
    assert set(HOMES) == STAFF_ROLES
    assert not fits(Role.PLATFORM, OrgKind.PLATFORM)


async def test_the_command_line_lets_the_first_administrator_in(world: World) -> None:
    code = await invitations.bootstrap_invitation(world.services, DAYE, Role.SECURITY_ADMIN)
    person = await world.person()
    await accept(world, await world.actor(person), code)
    assert (await world.actor(person)).holds(Role.SECURITY_ADMIN, DAYE)
    assert (await AuditEntry.get(action="invite")).role == "system"
    with pytest.raises(ValueError, match="crew"):
        await invitations.bootstrap_invitation(world.services, DAYE, Role.CREW)
    with pytest.raises(LookupError):
        await invitations.bootstrap_invitation(world.services, "nowhere", Role.AUDITOR)


async def test_staff_is_listed_by_pages_and_the_read_is_audited(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    person = await world.person()
    for utility in ("gas", "water", "electricity"):
        await world.employ(person, Role.CREW, DAYE, OrgKind.UTILITY, utility)
    await world.employ(person, Role.CREW, ZHOUKOU, OrgKind.UTILITY, "heat")
    seen: list[str] = []
    cursor = None
    for _ in range(2):
        asked = staff.StaffQuery(city=DAYE, role=Role.CREW, after=cursor, limit=2)
        answer = await world.act(admin, staff.staff, asked)
        seen += [each["organization_name"] for each in answer["items"]]
        cursor = answer["next"]
    assert cursor is None
    assert seen == ["华润燃气公司", "清润水务集团", "国家电网大冶公司"]
    rows = await AuditEntry.filter(action="read_staff").order_by("id")
    assert [row.detail["rows"] for row in rows] == [2, 1]


async def test_an_ended_role_is_gone_with_the_next_request(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    person = await world.person()
    membership = await world.employ(person, Role.CREW, DAYE, OrgKind.UTILITY, "gas")
    phone, _ = await world.session(person)
    seated, _ = await world.session(person, SessionKind.DESK)
    await world.act(admin, staff.end_membership, membership)
    actor = await actor_of(world.services.tokens, phone, world.clock.at)
    assert actor.roles == {Role.APPLICANT}
    with pytest.raises(DomainError, match="unauthenticated"):
        await actor_of(world.services.tokens, seated, world.clock.at)
    again = await refusal(world.act(admin, staff.end_membership, membership))
    assert again.code is Code.NOT_FOUND


async def test_a_membership_elsewhere_does_not_exist_and_ones_own_stays(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    person = await world.person()
    foreign = await world.employ(person, Role.CREW, ZHOUKOU, OrgKind.UTILITY, "heat")
    for membership in (foreign, uuid4()):
        for act in (staff.end_membership, staff.reset_totp):
            assert (await refusal(world.act(admin, act, membership))).code is Code.NOT_FOUND
    own = admin.memberships[0].id
    for act in (staff.end_membership, staff.reset_totp):
        assert (await refusal(world.act(admin, act, own))).code is Code.FORBIDDEN


async def test_a_lost_factor_is_taken_away(world: World) -> None:
    admin = await world.admin(Role.SECURITY_ADMIN)
    person = await world.person()
    membership = await world.employ(person, Role.CREW, DAYE, OrgKind.UTILITY, "gas")
    await Person.filter(id=person).update(totp_sealed=b"x", locked_until=world.clock.at)
    await world.act(admin, staff.reset_totp, membership)
    row = await Person.get(id=person)
    assert (row.totp_sealed, row.locked_until) == (None, None)
    assert await AuditEntry.filter(action="totp_reset", city=DAYE).count() == 1


async def test_the_calendar_is_the_system_administrators(world: World) -> None:
    admin = await world.admin(Role.SYSTEM_ADMIN)
    day = date(2027, 2, 8)
    off = calendar_days.SetDay(city=DAYE, day=day, working=False, note="春节")
    await world.act(admin, calendar_days.set_day, off)
    worked = calendar_days.SetDay(city=DAYE, day=date(2027, 2, 14), working=True)
    await world.act(admin, calendar_days.set_day, worked)
    year = calendar_days.YearOf(city=DAYE, year=2027)
    await world.act(admin, calendar_days.declare_year, year)
    set_ = await calendar_days.load(DAYE)
    assert set_.days == {day: False, date(2027, 2, 14): True}
    assert set_.years == {2027}
    listed = await calendar_days.days_of_year(world.services, year)
    assert (listed["published"], len(listed["items"])) == (True, 2)
    told = [(row.topic, row.payload) for row in await OutboxRow.all()]
    assert told == [("calendar_changed", {"city": DAYE, "year": 2027})] * 3
    await world.act(admin, calendar_days.clear_day, calendar_days.Day(city=DAYE, day=day))
    await world.act(admin, calendar_days.withdraw_year, year)
    assert (await calendar_days.load(DAYE)).years == frozenset()


async def test_a_year_nobody_entered_is_not_published(world: World) -> None:
    admin = await world.admin(Role.SYSTEM_ADMIN)
    saturday = calendar_days.SetDay(city=DAYE, day=date(2027, 1, 2), working=False)
    await world.act(admin, calendar_days.set_day, saturday)
    year = calendar_days.YearOf(city=DAYE, year=2027)
    refused = await refusal(world.act(admin, calendar_days.declare_year, year))
    assert refused.code is Code.CALENDAR_INCOMPLETE
    assert not await CalendarYear.all().count()


async def test_yesterday_is_not_set_today_is(world: World) -> None:
    admin = await world.admin(Role.SYSTEM_ADMIN)
    yesterday = calendar_days.SetDay(city=DAYE, day=date(2026, 3, 1), working=True)
    refused = await refusal(world.act(admin, calendar_days.set_day, yesterday))
    assert refused.faults[0].code == "date_past"
    now = calendar_days.SetDay(city=DAYE, day=date(2026, 3, 2), working=False)
    assert await world.act(admin, calendar_days.set_day, now)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR])
async def test_the_other_administrators_leave_the_calendar_alone(world: World, role: Role) -> None:
    admin = await world.admin(role)
    off = calendar_days.SetDay(city=DAYE, day=date(2027, 2, 8), working=False)
    assert (await refusal(world.act(admin, calendar_days.set_day, off))).code is Code.FORBIDDEN


async def test_the_auditor_pages_through_its_citys_trail(world: World) -> None:
    auditor = await world.admin(Role.AUDITOR)
    for number in range(5):
        await AuditEntry.create(
            city=DAYE if number != 2 else ZHOUKOU,
            at=world.clock.at,
            person_id=auditor.person,
            role="crew",
            action="check_in",
            object_kind="visit",
            object_id=str(number),
            success=number != 3,
        )
    found: list[str] = []
    cursor = None
    for _ in range(3):
        asked = audit_trail.AuditQuery(city=DAYE, action="check_in", limit=2, after=cursor)
        answer = await world.act(auditor, audit_trail.audit_trail, asked)
        found += [each["object_id"] for each in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert found == ["4", "3", "1", "0"]
    failed = audit_trail.AuditQuery(city=DAYE, success=False)
    answer = await world.act(auditor, audit_trail.audit_trail, failed)
    assert [each["object_id"] for each in answer["items"]] == ["3"]
    assert await AuditEntry.filter(action="read_audit").count() == 3
    foreign = audit_trail.AuditQuery(city=ZHOUKOU)
    refused = await refusal(world.act(auditor, audit_trail.audit_trail, foreign))
    assert refused.code is Code.FORBIDDEN


async def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    auditor = await world.admin(Role.AUDITOR)
    for cursor in ("", "nonsense", "WyJzdGFmZiIsIiIsIjEiXQ", "W10"):
        asked = audit_trail.AuditQuery(city=DAYE, after=cursor)
        refused = await refusal(world.act(auditor, audit_trail.audit_trail, asked))
        assert refused.code is Code.INVALID
