"""Staff over HTTP: from the first invitation to a desk, and what each administrator may."""

from dataclasses import replace
from typing import Any

import pyotp
import pytest

from miniprogram_api import identity_answers as answers
from models import Organization
from rules.actors import ADMIN_ROLES, OrgKind, Role
from tests.api.service import Caller, Service, ok, problem
from tests.wechat.control import Control
from workflow.people.invitations import bootstrap_invitation

DAYE, ZHOUKOU = "daye", "zhoukou"


async def person(service: Service, control: Control, name: str) -> Caller:
    """Somebody outside of the cast, signed in on the phone."""
    await control.post("/people", id=name)
    code = await control.code("login", name)
    body = ok(await service.nobody.post("/sessions", {"kind": "mp", "code": code}, key=None), 201)
    return replace(service.nobody, token=body["token"])


def code_of(service: Service, secret: str) -> str:
    return pyotp.TOTP(secret).at(int(service.clock.at.timestamp()))


async def enrolled(service: Service, phone: Caller) -> str:
    """The person's second factor; its first time step has passed."""
    offer = ok(await phone.post("/me/totp", {}, key=None), 201)
    secret = answers.TotpOffered.model_validate(offer).secret
    proof = {"totp": code_of(service, secret)}
    answers.TotpSet.model_validate(ok(await phone.post("/me/totp/confirm", proof, key=None)))
    service.clock.forward(seconds=60)
    return secret


async def seated(service: Service, phone: Caller, secret: str) -> Caller:
    """The same person at a desk."""
    desk = service.nobody
    opened = answers.DeskLoginOpened.model_validate(
        ok(await desk.post("/desk/logins", key=None), 201)
    )
    path = f"/desk/logins/{opened.id}"
    headers = {"x-desk-secret": opened.secret}
    look = answers.DeskLogin.model_validate(ok(await desk.get(path, headers=headers)))
    assert look.state == "waiting"
    problem(await desk.get(path), 404, "not_found")
    problem(await desk.get(path, headers={"x-desk-secret": "x" * 43}), 404, "not_found")
    answers.DeskConfirmed.model_validate(ok(await phone.post(f"{path}/confirm")))
    finish = {"secret": opened.secret, "totp": code_of(service, secret)}
    body = ok(await desk.post(f"{path}/finish", finish, key=None), 201)
    service.clock.forward(seconds=30)
    return replace(desk, token=answers.SignedIn.model_validate(body).token)


async def organization(city: str, kind: OrgKind, code: str) -> str:
    return str((await Organization.get(city=city, kind=kind, code=code)).id)


async def test_from_the_command_line_to_a_crew(service: Service, control: Control) -> None:
    first = await bootstrap_invitation(service.wiring.services, DAYE, Role.SECURITY_ADMIN)
    phone = await person(service, control, "qian")
    problem(await phone.post("/me/totp", {}, key=None), 403, "forbidden")
    joined = ok(await phone.post("/invitations/accept", {"code": first}), 201)
    assert answers.Joined.model_validate(joined).role is Role.SECURITY_ADMIN
    gas = await organization(DAYE, OrgKind.UTILITY, "gas")
    offer = {"city": DAYE, "organization": gas, "role": "crew"}
    problem(await phone.post("/invitations", offer, key=None), 403, "totp_needed")
    admin = await seated(service, phone, await enrolled(service, phone))
    places = answers.OrganizationList.model_validate(
        ok(await admin.get(f"/organizations?city={DAYE}"))
    )
    (found,) = [each for each in places.items if str(each.id) == gas]
    assert found.roles == [Role.UTILITY_CLERK, Role.CREW]
    made = ok(await admin.post("/invitations", offer, key=None), 201)
    invitation = answers.NewInvitation.model_validate(made)
    waiting = ok(await admin.get(f"/invitations?city={DAYE}"))
    assert str(invitation.id) in [each["id"] for each in waiting["items"]]
    crew = await person(service, control, "zheng")
    ok(await crew.post("/invitations/accept", {"code": invitation.code}), 201)
    (held,) = answers.Me.model_validate(ok(await crew.get("/me"))).memberships
    assert (held.role, held.utility) == (Role.CREW, "gas")
    problem(await crew.post("/invitations", offer, key=None), 403, "forbidden")
    listed = answers.StaffList.model_validate(
        ok(await admin.get(f"/staff?city={DAYE}&organization={gas}"))
    )
    assert held.id in [each.membership for each in listed.items]
    ended = await admin.send("DELETE", f"/memberships/{held.id}")
    answers.MembershipEnded.model_validate(ok(ended))
    assert ok(await crew.get("/me"))["memberships"] == []
    own = ok(await admin.get("/me"))["memberships"][0]["id"]
    problem(await admin.send("DELETE", f"/memberships/{own}"), 403, "forbidden")


async def test_five_wrong_codes_lock_the_desk(service: Service, control: Control) -> None:
    code = await bootstrap_invitation(service.wiring.services, ZHOUKOU, Role.AUDITOR)
    phone = await person(service, control, "feng")
    ok(await phone.post("/invitations/accept", {"code": code}), 201)
    secret = await enrolled(service, phone)
    desk = service.nobody
    opened = ok(await desk.post("/desk/logins", key=None), 201)
    path = f"/desk/logins/{opened['id']}"
    ok(await phone.post(f"{path}/confirm"))
    good = {pyotp.TOTP(secret).at(int(service.clock.at.timestamp()) + 30 * n) for n in (-1, 0, 1)}
    wrong = next(each for each in ("000000", "111111", "222222", "333333") if each not in good)
    body = {"secret": opened["secret"], "totp": wrong}
    for _ in range(4):
        problem(await desk.post(f"{path}/finish", body, key=None), 401, "totp_wrong")
    refused = await desk.post(f"{path}/finish", body, key=None)
    problem(refused, 429, "locked_out")
    assert int(refused.headers["retry-after"]) == 900
    right = {"secret": opened["secret"], "totp": code_of(service, secret)}
    problem(await desk.post(f"{path}/finish", right, key=None), 429, "locked_out")


GETS = {
    Role.SECURITY_ADMIN: ("/staff", "/invitations", "/organizations"),
    Role.AUDITOR: ("/audit",),
    Role.SYSTEM_ADMIN: (),
}


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
async def test_each_administrator_reads_its_own_and_nothing_else(
    service: Service, role: Role
) -> None:
    admin = await service.administrator(DAYE, role)
    for owner, paths in GETS.items():
        for path in paths:
            here = await admin.get(f"{path}?city={DAYE}")
            if owner is role:
                ok(here)
                problem(await admin.get(f"{path}?city={ZHOUKOU}"), 403, "forbidden")
                problem(await admin.get(path), 422, "invalid")
            else:
                problem(here, 403, "forbidden")


async def test_nobody_of_the_cast_but_the_administrator_acts(service: Service) -> None:
    gas = await organization(DAYE, OrgKind.UTILITY, "gas")
    acts: tuple[tuple[str, str, Any, Role], ...] = (
        (
            "POST",
            "/invitations",
            {"city": DAYE, "organization": gas, "role": "crew"},
            Role.SECURITY_ADMIN,
        ),
        (
            "PUT",
            "/calendar-days",
            {"city": DAYE, "day": "2027-02-08", "working": False, "note": "春节"},
            Role.SYSTEM_ADMIN,
        ),
    )
    cast = await service.everyone(DAYE)
    for method, path, body, role in acts:
        for name, caller in cast.items():
            response = await caller.send(method, path, body)
            if name == role.value:
                assert response.status_code in (200, 201), response.text
            elif name == "nobody":
                problem(response, 401, "unauthenticated")
            else:
                problem(response, 403, "forbidden")


async def test_the_calendar(service: Service) -> None:
    admin = await service.administrator(DAYE, Role.SYSTEM_ADMIN)
    year = {"city": DAYE, "year": 2028}
    problem(await admin.send("PUT", "/calendar-years", year), 409, "calendar_incomplete")
    day = {"city": DAYE, "day": "2028-01-26", "working": False, "note": "春节"}
    answers.CalendarDaySet.model_validate(ok(await admin.send("PUT", "/calendar-days", day)))
    answers.CalendarYearSet.model_validate(ok(await admin.send("PUT", "/calendar-years", year)))
    shown = answers.CalendarYear.model_validate(
        ok(await admin.get(f"/calendar-days?city={DAYE}&year=2028"))
    )
    assert (shown.published, len(shown.items)) == (True, 1)
    elsewhere = await admin.get("/calendar-days?city=nowhere&year=2028")
    problem(elsewhere, 404, "not_found")
    path = f"/calendar-days/{DAYE}/2028-01-26"
    answers.CalendarDayCleared.model_validate(ok(await admin.send("DELETE", path)))
    problem(await admin.send("DELETE", path), 404, "not_found")
    problem(await admin.send("DELETE", f"/calendar-days/{DAYE}/soon"), 404, "not_found")
    past = {"city": DAYE, "day": "2026-03-15", "working": True}
    refused = problem(await admin.send("PUT", "/calendar-days", past), 422, "invalid")
    assert refused["fields"][0]["message"] == "日期不能早于今天"
    answers.CalendarYearSet.model_validate(
        ok(await admin.send("DELETE", f"/calendar-years/{DAYE}/2028"))
    )
    problem(await admin.send("DELETE", f"/calendar-years/{DAYE}/2028"), 404, "not_found")


async def test_the_trail_names_who_did_what(service: Service) -> None:
    auditor = await service.administrator(DAYE, Role.AUDITOR)
    admin = await service.administrator(DAYE, Role.SYSTEM_ADMIN)
    day = {"city": DAYE, "day": "2027-10-01", "working": False}
    response = await admin.send("PUT", "/calendar-days", day)
    ok(response)
    asked = f"/audit?city={DAYE}&action=set_day&limit=1"
    page = answers.AuditPage.model_validate(ok(await auditor.get(asked)))
    (row,) = page.items
    assert (row.person, row.object_id, row.success) == (admin.person, "2027-10-01", True)
    assert row.correlation == response.headers["x-request-id"]
    again = ok(await auditor.get(f"/audit?city={DAYE}&action=read_audit"))
    assert again["items"][0]["person"] == str(auditor.person)
    bad = problem(await auditor.get(f"/audit?city={DAYE}&after=x"), 422, "invalid")
    assert bad["fields"][0]["field"] == "after"
