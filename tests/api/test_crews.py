"""Crews, their day, and calendars over HTTP: as a desk, a phone and a calendar program ask."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from icalendar import Calendar

from models import Crew, Membership, Survey, SurveyVisit
from models.base import new_id
from models.crews import LANES
from rules.actors import Role
from rules.states import VisitState
from tests.api.journey import accepted
from tests.api.service import Caller, Service, codes, ok, problem

CITY = "zhoukou"
WEEK = [
    {"weekday": day, "starts": starts, "ends": ends}
    for day in range(1, 6)
    for starts, ends in (("08:00", "12:00"), ("14:00", "18:00"))
]


async def crew_of(service: Service, code: str, name: str) -> tuple[Caller, dict[str, Any]]:
    """A crew with its usual week and the one crew person of the cast, and who keeps it."""
    clerk, person = await service.clerk(CITY, code), await service.crew(CITY, code)
    member = await Membership.get(person_id=person.person)
    new = {"organization": str(member.organization_id), "name": name, "town": "chuanhui"}
    made = ok(await clerk.post("/crews", new), 201)
    path = f"/crews/{made['id']}"
    members = {"members": [str(member.id)]}
    manned = ok(await clerk.put(f"{path}/members", members, version=made["version"]))
    answer = await clerk.put(f"{path}/shifts", {"shifts": WEEK}, version=manned["version"])
    week = ok(answer)
    assert answer.headers["etag"] == f'"{week["version"]}"'
    assert [each["membership"] for each in week["people"]] == [str(member.id)]
    return clerk, week


async def comes(app: dict[str, Any], crew: dict[str, Any]) -> SurveyVisit:
    """The crew comes to the survey of a case, whatever was planned before."""
    survey = await Survey.get(application_id=app["id"], state="confirmed")
    row = await Crew.get(id=crew["id"])
    await SurveyVisit.filter(survey_id=survey.id, organization_id=row.organization_id).delete()
    request = next(r["id"] for r in app["requests"] if r["utility"] == crew["utility"])
    return await SurveyVisit.create(
        id=new_id(),
        survey_id=survey.id,
        city=CITY,
        organization_id=row.organization_id,
        request_id=UUID(request),
        crew_id=row.id,
        lane=row.number * LANES,
        at=survey.at,
        ends_at=survey.ends_at,
        state=VisitState.CONFIRMED,
    )


async def test_a_crew_is_kept_at_its_version(service: Service) -> None:
    clerk, crew = await crew_of(service, "heat", "供热一班")
    path = f"/crews/{crew['id']}"
    renamed = ok(await clerk.patch(path, {"name": "供热甲班"}, version=crew["version"]))
    assert renamed["visits"] == []
    problem(
        await clerk.patch(path, {"name": "乙班"}, version=crew["version"]), 412, "version_stale"
    )
    problem(await clerk.patch(path, {"name": "乙班"}), 428, "version_needed")
    wrong = {"shifts": [{"weekday": 6, "starts": "8:00", "ends": "24:01"}]}
    refusal = problem(
        await clerk.put(f"{path}/shifts", wrong, version=renamed["version"]), 422, "invalid"
    )
    assert set(codes(refusal)) == {"shifts.0.weekday", "shifts.0.starts", "shifts.0.ends"}
    crowded = {"name": "", "town": "Nowhere!", "lanes": 17}
    refusal = problem(await clerk.patch(path, crowded, version=1), 422, "invalid")
    assert set(codes(refusal)) == {"name", "town", "lanes"}
    await service.clerk(CITY, "gas")
    problem(await (await service.clerk(CITY, "gas")).get(path), 404, "not_found")
    problem(await (await service.owner()).get(path), 403, "forbidden")
    admin = await service.administrator(CITY, Role.SYSTEM_ADMIN)
    listed = ok(await admin.get(f"/crews?city={CITY}&search=供热"))
    assert [each["name"] for each in listed["items"]] == ["供热甲班"]
    away = {
        "starts_at": (service.clock.now() + timedelta(days=1)).isoformat(),
        "ends_at": (service.clock.now() + timedelta(days=2)).isoformat(),
        "reason": "培训",
    }
    added = ok(await admin.post(f"{path}/absences", away, version=renamed["version"]), 201)
    gone = await admin.delete(
        f"{path}/absences/{added['absences'][0]['id']}", version=added["version"]
    )
    left = ok(gone)
    assert left["absences"] == []
    ok(await clerk.patch(path, {"active": False}, version=left["version"]))
    people = ok(await clerk.get(f"{path}/people"))["items"]
    assert [each["member"] for each in people] == [True]


async def test_a_change_that_breaks_a_visit_is_listed_then_accepted(service: Service) -> None:
    app = await accepted(service, CITY)
    clerk, crew = await crew_of(service, "gas", "燃气一班")
    visit = await comes(app, crew)
    path = f"/crews/{crew['id']}"
    refusal = problem(
        await clerk.patch(path, {"active": False}, version=crew["version"]), 409, "visits_broken"
    )
    [listed] = refusal["visits"]
    assert listed["number"] == app["number"]
    assert listed["id"] == str(visit.id)
    assert listed["who"]
    assert listed["times"]
    body = {"active": False, "accept": True}
    done = ok(await clerk.patch(path, body, version=crew["version"]))
    assert [each["outcome"] for each in done["visits"]] == ["declined"]
    inbox = ok(await (await service.owner()).get("/inbox"))["items"]
    told = next(each for each in inbox if each["code"] == "lose_visit")
    assert "班组工作安排有变" in told["text"]
    assert "年" in told["text"].partition("最近可选的时间：")[2]
    timeline = ok(await (await service.owner()).get(f"/applications/{app['id']}/progress"))
    assert "不能到场" in str(timeline)


async def test_a_day_on_a_phone(service: Service) -> None:
    app = await accepted(service, CITY)
    _, crew = await crew_of(service, "water", "水一班")
    visit = await comes(app, crew)
    phone = await service.crew(CITY, "water")
    on = visit.at.astimezone().date().isoformat()
    [stop] = ok(await phone.get(f"/me/day?date={on}"))["items"]
    assert stop["visit"] == str(visit.id)
    assert stop["contact"]["masked"]
    assert ok(await phone.get("/me/day"))["items"] == []
    problem(await phone.get("/me/day?date=morgen"), 422, "invalid")
    problem(await (await service.owner()).get("/me/day"), 403, "forbidden")


async def test_a_calendar_program_subscribes(service: Service) -> None:
    owner, app = await service.owner(), await accepted(service, "daye")
    answer = await owner.post("/me/calendar-links", key=None)
    link = ok(answer, 201)
    path = link["url"].partition("/calendar/")[2]
    http = service.nobody.http
    first = await http.get(f"/calendar/{path}")
    service.judge.check("GET", f"/calendar/{path}", first)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, no-cache"
    summaries = [str(event["summary"]) for event in Calendar.from_ical(first.content).events]
    assert any(app["number"] in summary for summary in summaries)
    tag = first.headers["etag"]
    for told in (tag, f"W/{tag}", f'"x", {tag}'):
        again = await http.get(f"/calendar/{path}", headers={"if-none-match": told})
        assert (again.status_code, again.content) == (304, b"")
    await Survey.filter(application_id=app["id"]).update(version=7)
    changed = await http.get(f"/calendar/{path}", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert path.removesuffix(".ics") not in service.log.getvalue()
    assert len(ok(await owner.get("/me/calendar-links"))["items"]) == 1
    ok(await owner.delete(f"/me/calendar-links/{link['id']}"))
    problem(await http.get(f"/calendar/{path}"), 404, "link_invalid")
    problem(await owner.delete(f"/me/calendar-links/{link['id']}"), 404, "not_found")
