"""The joint survey over HTTP: times, a lost race, holds, crews' answers, the page, no-show."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models import Crew, CrewShift, Organization, UtilityRequest
from models.base import new_id
from models.db import pool
from rules.actors import OrgKind
from tests.api.journey import accepted, drafted
from tests.api.service import Caller, Service, codes, ok, problem

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def crews(service: Service, app: dict[str, Any]) -> None:
    """One crew of everybody who has a request."""
    for request in await UtilityRequest.filter(application_id=app["id"]):
        org = await Organization.get(id=request.organization_id)
        row = await Crew.create(
            id=new_id(),
            number=await pool().fetchval("SELECT nextval('crew_numbers')"),
            city=org.city,
            organization_id=org.id,
            name=f"样例{new_id().hex[-6:]}",
            town="jinhu",
            created_at=service.clock.now(),
        )
        for day in range(1, 6):
            for starts, ends in ((510, 720), (870, 1050)):
                await CrewShift.create(
                    id=new_id(), crew_id=row.id, weekday=day, starts=starts, ends=ends
                )


async def page(caller: Caller, app: dict[str, Any]) -> dict[str, Any]:
    """The survey's page."""
    return ok(await caller.get(f"/applications/{app['id']}/survey"))


async def act(caller: Caller, app: dict[str, Any], verb: str, body: Any = None) -> Any:
    """A move at the version that stands."""
    version = (await page(caller, app))["version"]
    return await caller.post(f"/applications/{app['id']}/{verb}", body, version=version)


async def test_times_booking_and_a_lost_race(service: Service) -> None:
    owner = await service.owner()
    one, two = await accepted(service, "daye"), await accepted(service, "daye")
    await crews(service, one)
    found = ok(await owner.get(f"/applications/{one['id']}/survey/times?days=7&most=5"))
    assert found["needed"]
    assert len(found["times"]) == 5
    assert found["own_arrangement"] == []
    when = found["times"][1]["at"]
    draft = await drafted(owner, "daye")
    ok(await owner.get(f"/applications/{draft['id']}/survey/times"))
    problem(await owner.get(f"/applications/{one['id']}/survey/times?days=0"), 422, "invalid")

    assert ok(await act(owner, one, "book-survey", {"at": when}))["survey_at"] == when
    lost = problem(await act(owner, two, "book-survey", {"at": when}), 409, "slot_taken")
    assert lost["times"][0]["at"] > when
    assert lost["choices"][0] in lost["detail"]
    held = lost["times"][0]["at"]
    ok(await act(owner, two, "hold-survey", {"at": held}))
    (kept,) = (await page(owner, two))["kept"]
    assert (kept["at"], kept["reason"]) == (held, "hold")
    taken = ok(await act(owner, two, "take-time", {"survey": kept["id"]}))
    assert taken["survey_at"] == held
    gone = problem(await act(owner, two, "take-time", {"survey": str(new_id())}), 422, "invalid")
    assert codes(gone) == {"survey": "not_held"}

    crew = await service.crew("daye", "water")
    (mine,) = [each for each in (await page(crew, two))["visits"] if each["allowed"]]
    path = f"/surveys/{taken_survey(await page(crew, two))}/visits/{mine['id']}"
    assert ok(await crew.post(f"{path}/confirm"))["state"] == "confirmed"
    declined = ok(await crew.post(f"{path}/decline", {"reason": "车辆故障"}))
    assert declined["replaced"] is False
    assert declined["choices"]
    problem(await crew.post(f"{path}/confirm"), 404, "not_found")
    stranger = await service.stranger()
    problem(await stranger.get(f"/applications/{two['id']}/survey"), 404, "not_found")

    ok(await act(owner, two, "wait-earlier", {}))
    assert (await page(owner, two))["waiting"]["state"] == "waiting"
    ok(await act(owner, two, "stop-waiting"))
    problem(await act(owner, two, "stop-waiting"), 409, "guard_failed")
    ok(await act(owner, two, "tell-late", {"minutes": 15}))
    early = problem(await act(owner, two, "report-absence", {"absent": None}), 422, "invalid")
    assert set(codes(early)) == {"absent"}

    service.clock.set(datetime.fromisoformat(held).astimezone(SHANGHAI) + timedelta(minutes=40))
    absent = (await page(owner, two))["visits"][0]["organization_id"]
    missed = ok(await act(owner, two, "report-absence", {"absent": absent}))
    assert missed["survey_at"] is None
    assert missed["times"]
    assert UUID(absent)
    assert (await Organization.get(id=absent)).kind in (OrgKind.UTILITY, OrgKind.CARRIER)


def taken_survey(told: dict[str, Any]) -> str:
    """The appointment's id."""
    return str(told["survey"]["id"])
