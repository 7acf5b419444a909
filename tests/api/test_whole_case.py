"""A whole case over HTTP in both cities, from intent to closed, by its rightful actors."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.api.journey import FORMS, HttpCase, accepted, fields, submitted, survey_time
from tests.api.service import Service, codes, ok, problem
from tests.workflow.registering import FORM_A, TOWNS

PROMISE = {
    "builder": "样例市政工程队",
    "signer": "样例",
    "conditions_met": True,
    "road_restored": True,
    "inspection_accepted": True,
    "pipes_protected": True,
}
DIGGING = {"line_m": 120, "crossing_m": "10.5", "road_class": "branch", "road_excavated": True}


async def survey(case: HttpCase, *, digging: str | None) -> None:
    """Every crew records what it found; one may have to open a road."""
    for id in list(case.requests):
        segment = DIGGING if id == digging else {"line_m": 80}
        body = {
            "visited_at": case.now(),
            "access_point": "样例大道 8 号门前",
            "segments": [segment],
        }
        answer = await case.act(await case.crew(id), "record-findings", body, request=id)
        assert answer["state"] == "surveyed"
    assert case.app["stage"] == "planning"


async def plan(case: HttpCase) -> None:
    """Every utility draws its segment; the applicant agrees to the one plan."""
    for id in list(case.requests):
        body = {
            "route": "样例大道北侧",
            "length_m": 120,
            "depth_m": "1.2",
            "medium": "PE 管",
            "starts_on": case.day(2),
            "days": 5,
        }
        await case.act(await case.clerk(id), "submit-segment", body, request=id)
    agreed = await case.act(await case.service.owner(), "agree-plan")
    assert agreed["plan"] == "agreed"


async def build(case: HttpCase, id: str) -> None:
    """Works and the joint acceptance of one request."""
    crew = await case.crew(id)
    start = {
        "started_at": case.now(),
        "builder": "样例市政工程队",
        "ends_on": case.day(5),
        "briefed": True,
    }
    await case.act(crew, "start-works", start, request=id)
    case.service.clock.forward(hours=1)
    await case.act(
        crew, "finish-works", {"finished_at": case.now(), "road_restored": True}, request=id
    )
    await case.act(await case.organiser(), "inspect", {"result": "passed"}, request=id)
    assert case.requests[id]["state"] == "inspected"


async def connect(case: HttpCase, id: str) -> None:
    """Agree a time, wait for it, connect."""
    service = case.service
    book = service.wiring.cities.on(case.city, service.today)
    calendar = service.wiring.services.calendars.of(book)
    at = calendar.next_working_time(service.clock.now() + timedelta(hours=1))
    owner = await service.owner()
    await case.act(owner, "agree-connection-time", {"at": at.isoformat()}, request=id)
    service.clock.set(at + timedelta(minutes=30))
    body = {
        "connected_at": case.now(),
        "contract": "合同-样例-001",
        "boundary": "厂区红线内一米",
        "safety_checked": True,
        "reading": "0",
    }
    answer = await case.act(await case.crew(id), "connect", body, request=id)
    assert answer["state"] == "connected"


async def to_permits(service: Service, city: str) -> tuple[HttpCase, str]:
    """A case with an agreed plan; one request opens a road."""
    case = HttpCase(service, city, await accepted(service, city))
    assert case.app["stage"] == "surveying"
    service.clock.set(datetime.fromisoformat(case.app["survey_at"]) + timedelta(hours=1))
    digging = next(id for id, each in case.requests.items() if each["utility"] == "water")
    await survey(case, digging=digging)
    await plan(case)
    assert case.app["stage"] == "permitting"
    return case, digging


@pytest.mark.parametrize("city", ["daye", "zhoukou"])
async def test_from_form_to_closed(service: Service, city: str) -> None:
    case, digging = await to_permits(service, city)
    assert case.requests[digging]["permit"] == "committing"
    clerk = await case.clerk(digging)
    if city == "daye":
        await sign_annual(service, clerk)
    committed = await case.act(clerk, "commit", PROMISE, request=digging)
    assert committed["state"] == "permitted"
    for id in list(case.requests):
        await build(case, id)
    for id in list(case.requests):
        await connect(case, id)
    assert case.app["stage"] == "connected"
    owner, window = await service.owner(), await service.window(city)
    early = await window.post(f"/applications/{case.app['id']}/close", version=case.app["version"])
    problem(early, 409, "guard_failed")
    town = FORMS[city]["site.town"]
    await case.act(await service.approver(city, "town", town), "check-road", {"restored": True})
    unexplained = await owner.post(
        f"/applications/{case.app['id']}/rate", {"level": 1}, version=case.app["version"]
    )
    assert codes(problem(unexplained, 422, "invalid")) == {"reason": "reason_needed"}
    rated = await case.act(owner, "rate", {"level": 5})
    assert rated["stage"] == "closed"
    assert rated["allowed"] == []


async def sign_annual(service: Service, clerk: Any) -> None:
    """年度承诺 to every department; a second one for the year is refused."""
    for department in service.wiring.cities.on("daye", service.today).departments:
        body = {
            "city": "daye",
            "department": department,
            "year": service.today.year,
            "promises": ["按原貌修复"],
        }
        ok(await clerk.post("/annual-commitments", body), 201)
        problem(await clerk.post("/annual-commitments", body), 409, "conflict")


async def test_joint_approval(service: Service) -> None:
    """Lists, papers, opinions of every department; a second signature is refused."""
    case, digging = await to_permits(service, "zhoukou")
    clerk = await case.clerk(digging)
    town = FORMS["zhoukou"]["site.town"]
    await case.act(clerk, "choose-joint", {"reason": "工期与道路改造同步"}, request=digging)
    approvers = await opinion_givers(case, digging, town)
    assert approvers
    for approver in approvers:
        await case.act(approver, "list-documents", {"documents": ["施工方案"]}, request=digging)
    await service.attach(UUID(case.app["id"]), "施工方案")
    filing = {"documents": ["施工方案"], "restoration_promised": True}
    await case.act(clerk, "file-papers", filing, request=digging)
    for approver in approvers:
        await case.act(approver, "sign-opinion", {"verdict": "approved"}, request=digging)
    assert case.requests[digging]["permit"] == "granted"
    again = await approvers[0].post(
        f"/requests/{digging}/sign-opinion",
        {"verdict": "approved"},
        version=case.requests[digging]["version"],
    )
    assert "allowed" in problem(again, 409, "move_not_allowed")


async def opinion_givers(case: HttpCase, request: str, town: str) -> list[Any]:
    """The approvers whose departments are asked about a request."""
    service, found = case.service, []
    for code, department in service.wiring.cities.on(case.city, service.today).departments.items():
        approver = await service.approver(case.city, code, town if department.by_town else None)
        answer = await approver.post(
            f"/requests/{request}/list-documents",
            {"documents": []},
            version=10**6,
        )
        if answer.json()["code"] == "version_stale":  # it sees the request
            found.append(approver)
    return found


async def test_declined_everywhere_ends_the_case(service: Service) -> None:
    case = HttpCase(service, "daye", await accepted(service, "daye"))
    reasons = ok(await service.nobody.get("/cities/daye"))["reasons"]["decline"]
    for id in list(case.requests):
        body = {"reason": reasons[0]["code"], "explanation": "管网尚未覆盖"}
        answer = await case.act(await case.clerk(id), "decline", body, request=id)
        assert answer["state"] == "declined"
    assert case.app["stage"] == "rejected"


async def test_the_clocks_stop_and_go_on(service: Service) -> None:
    case = HttpCase(service, "daye", await accepted(service, "daye"))
    window = await service.window("daye")
    reasons = ok(await service.nobody.get("/cities/daye"))["reasons"]["pause"]
    paused = await case.act(window, "pause", {"reason": reasons[0]["code"]})
    assert "resume" in paused["allowed"]
    resumed = await case.act(window, "resume", {})
    assert "pause" in resumed["allowed"]
    one = next(iter(case.requests))
    await case.act(await service.owner(), "withdraw-request", {}, request=one)
    await case.act(await service.owner(), "cancel-survey", {"reason": "厂区停工"})
    book = {"at": "2026-03-16T03:00:00+08:00"}
    answer = await (await service.owner()).post(
        f"/applications/{case.app['id']}/book-survey", book, version=case.app["version"]
    )
    assert codes(problem(answer, 422, "invalid")) == {"at": "time_past"}
    withdrawn = await case.act(await service.owner(), "withdraw", {})
    assert withdrawn["stage"] == "withdrawn"


async def test_returned_corrected_and_accepted(service: Service) -> None:
    owner, window = await service.owner(), await service.window("zhoukou")
    time = {"survey.time": survey_time(service, "zhoukou")}
    case = HttpCase(service, "zhoukou", await submitted(owner, "zhoukou", **time))
    reasons = ok(await service.nobody.get("/cities/zhoukou"))["reasons"]["return"]
    told = {"faults": [{"field": "site.address", "reason": reasons[0]["code"]}]}
    returned = await case.act(window, "return-for-correction", told)
    assert returned["stage"] == "returned"
    draft = ok(await owner.get(f"/applications/{case.app['id']}/draft"))
    saved = ok(
        await owner.patch(
            f"/applications/{case.app['id']}/draft",
            fields({"site.address": "庆丰路 14 号"}, draft["revisions"]),
        )
    )
    case.app["version"] = saved["version"]
    number = case.app["number"]
    again = await case.act(owner, "submit")
    assert again["stage"] == "submitted"
    assert again["number"] == number
    assert (await case.act(window, "accept", {}))["stage"] == "surveying"


async def test_from_intent_to_an_application(service: Service) -> None:
    owner = await service.owner()
    values = {**FORM_A, "site.town": TOWNS["zhoukou"]}
    made = ok(await owner.post("/registrations", {"city": "zhoukou", "values": values}), 201)
    path = f"/registrations/{made['id']}"
    coordinator = await service.coordinator("zhoukou")
    visit = {"visited_at": service.clock.now().isoformat(), "note": "年内投产"}
    visited = ok(await coordinator.post(f"{path}/record-visit", visit, version=made["version"]))
    assert visited["state"] == "visited"
    parked = ok(await owner.post(f"{path}/park", {}, version=visited["version"]))
    permit = {"issued_on": service.today.isoformat()}
    reminded = ok(
        await owner.post(f"{path}/planning-permit-issued", permit, version=parked["version"])
    )
    draft = ok(await owner.post(f"{path}/convert", {}, version=reminded["version"]), 201)
    assert draft["values"]["enterprise.name"] == FORM_A["enterprise.name"]
    assert draft["registration"]["state"] == "converted"
    problem(await (await service.stranger()).post(f"{path}/park", {}, version=1), 404, "not_found")


async def test_no_log_line_names_anybody(service: Service) -> None:
    """After whole cases: every line is JSON, none holds a person, phone, code or address."""
    await accepted(service, "daye")
    lines = service.log.getvalue().splitlines()
    assert sum(json.loads(line).get("event") == "request" for line in lines) > 3
    for canary in ("13800001234", "李样", "样例铸造", "91420281MA49QK7T17", "样例大道"):
        assert canary not in service.log.getvalue()
