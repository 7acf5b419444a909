"""Pushed cases: each exactly once, whole or not at all, pulled out without personal data."""

import asyncio
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from models import Application, Person, Registration, StoredAnswer
from rules.actors import Actor
from tests.api.service import Service, codes, ok, problem
from tests.web.platform import Platform
from tests.workflow.forms import DAYE, ZHOUKOU
from web.answers import ApplicationStatus, PermitPushed, RegistrationStatus
from workflow.people import me
from workflow.unit import perform

PROJECT = "2026-420281-33-01-123456"
PERSONAL = ("13800001234", "李样")


def contract(**more: Any) -> dict[str, Any]:
    """Form A as a land authority knows it."""
    return {
        "enterprise.name": "样例铸造有限公司",
        "enterprise.credit_code": "91420281MA49QK7T17",
        "contact.name": "李样",
        "contact.phone": "13800001234",
        "project.code": PROJECT,
        "project.name": "精密铸件二期",
        "land.contract_date": "2026-03-10",
        "land.plot": "样例〔2026〕8号地块",
        **more,
    }


def fresh(values: dict[str, Any], ref: str | None = None) -> dict[str, Any]:
    """A push under a ref of its own."""
    return {"ref": ref or f"LS-{uuid4().hex[:12]}", "values": values}


async def test_a_registration_reaches_every_utility(land: Platform, service: Service) -> None:
    push = fresh(contract())
    body = ok(await land.post("/registrations", push), 201)
    status = RegistrationStatus.model_validate(body)
    assert (status.ref, status.state) == (push["ref"], "received")
    assert {visit.organization for visit in status.visits} >= {"清润水务集团", "中国电信"}
    assert all(deadline.step == "first_visit" for deadline in status.deadlines)
    row = await Registration.get(platform=land.id, platform_ref=push["ref"])
    assert (row.city, row.channel, row.owner_id) == ("daye", "platform", None)
    assert row.contract["land.contract_date"] == "2026-03-10"
    assert not any(word in str(body) for word in PERSONAL)
    page = ok(await (await service.clerk("daye", "gas")).get("/registrations?city=daye"))
    assert str(status.id) in {item["id"] for item in page["items"]}
    seen = ok(await (await service.window("daye")).get(f"/registrations/{status.id}"))
    assert [line["by"] for line in seen["timeline"]] == ["联审平台"]


async def test_in_zhoukou_one_joint_call_is_owed(housing: Platform) -> None:
    values = contract(**{"enterprise.credit_code": "91411628MA40QQ1N8Q"})
    body = ok(await housing.post("/registrations", fresh(values)), 201)
    assert len(body["visits"]) == 1


async def test_every_fault_at_once(land: Platform) -> None:
    values = contract(**{"contact.phone": "12", "site.town": "nowhere", "extra": 1})
    del values["project.name"]
    del values["enterprise.name"]
    refusal = problem(await land.post("/registrations", fresh(values)), 422, "invalid")
    assert codes(refusal) == {
        "contact.phone": "phone_wrong",
        "site.town": "not_town",
        "extra": "unknown_field",
        "project.name": "required",
        "enterprise.name": "required",
    }
    assert not await Registration.filter(enterprise_name=None).exists()


async def test_the_same_ref_with_the_same_content_gives_the_same_answer(land: Platform) -> None:
    push = fresh(contract())
    first = await land.post("/registrations", push)
    turned = {"values": dict(reversed(push["values"].items())), "ref": push["ref"]}
    again = await land.post("/registrations", turned)
    assert again.content == first.content
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    other = fresh(contract(**{"project.name": "三期"}), push["ref"])
    problem(await land.post("/registrations", other), 422, "key_reused")


async def test_even_when_stored_answers_are_gone(land: Platform) -> None:
    push = fresh(contract())
    first = ok(await land.post("/registrations", push), 201)
    await StoredAnswer.all().delete()
    assert ok(await land.post("/registrations", push)) == first
    await StoredAnswer.all().delete()
    other = fresh(contract(**{"project.name": "三期"}), push["ref"])
    problem(await land.post("/registrations", other), 422, "key_reused")


async def test_a_refused_push_may_be_mended_under_its_ref(land: Platform) -> None:
    push = fresh(contract(**{"contact.phone": "12"}))
    problem(await land.post("/registrations", push), 422, "invalid")
    ok(await land.post("/registrations", fresh(contract(), push["ref"])), 201)


async def test_twenty_at_once_make_one_registration(land: Platform) -> None:
    push = fresh(contract())
    answers = await asyncio.gather(*(land.post("/registrations", push) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await Registration.filter(platform_ref=push["ref"]).count() == 1


async def test_twenty_at_once_make_one_application(portal: Platform) -> None:
    push = fresh(DAYE)
    answers = await asyncio.gather(*(portal.post("/applications", push) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert await Application.filter(platform_ref=push["ref"]).count() == 1


async def test_an_application_is_submitted_with_its_number(
    portal: Platform, service: Service
) -> None:
    push = fresh(DAYE)
    answer = await portal.post("/applications", push)
    status = ApplicationStatus.model_validate(ok(answer, 201))
    assert answer.headers["location"] == f"/integration/v1/applications/{push['ref']}"
    assert status.stage == "submitted"
    assert status.number
    assert [deadline.step for deadline in status.deadlines] == ["acceptance"]
    row = await Application.get(platform=portal.id, platform_ref=push["ref"])
    assert (row.city, row.channel, row.owner_id) == ("daye", "platform", None)
    pulled = await portal.get(f"/applications/{push['ref']}")
    assert ok(pulled) == answer.json()
    assert pulled.headers["etag"] == f'"{status.version}"'
    assert not any(word in pulled.text for word in PERSONAL)


async def test_an_incomplete_application_is_not_taken(portal: Platform) -> None:
    values = {key: value for key, value in DAYE.items() if key != "site.address"}
    before = await Application.all().count()
    refusal = problem(await portal.post("/applications", fresh(values)), 422, "invalid")
    assert codes(refusal) == {"site.address": "required"}
    assert await Application.all().count() == before


async def test_a_returned_application_is_corrected(portal: Platform, service: Service) -> None:
    push = fresh(DAYE)
    made = ok(await portal.post("/applications", push), 201)
    path = f"/applications/{push['ref']}"
    again = {"values": {**DAYE, "site.address": "样例大道 18 号"}}
    problem(await portal.put(path, again), 409, "move_not_allowed")
    window = await service.window("daye")
    reason = service.wiring.cities.on("daye", service.today).return_reasons[0].code
    told = {"faults": [{"field": "site.address", "reason": reason}]}
    returning = f"/applications/{made['id']}/return-for-correction"
    ok(await window.post(returning, told, version=made["version"]))
    returned = ok(await portal.get(path))
    assert returned["stage"] == "returned"
    assert returned["corrections"] == [{"field": "site.address", "reason": reason}]
    mended = ok(await portal.put(path, again))
    assert (mended["stage"], mended["number"]) == ("submitted", made["number"])
    assert ok(await portal.put(path, again))["version"] == mended["version"]
    row = await Application.get(id=made["id"])
    assert row.fields_["site.address"] == "样例大道 18 号"
    assert row.revisions["site.address"] > row.revisions["site.town"]


async def test_a_case_belongs_to_who_verifies_the_contacts_phone(
    land: Platform, portal: Platform, service: Service
) -> None:
    phone = "13900004321"
    before = fresh(contract(**{"contact.phone": phone}))
    ok(await land.post("/registrations", before), 201)
    caller = await service.applicant("sun")
    assert ok(await caller.get("/registrations/mine"))["items"] == []
    await _bind(service, await Person.get(id=caller.person), phone)
    after = fresh({**DAYE, "contact.phone": phone})
    ok(await portal.post("/applications", after), 201)
    mine = ok(await caller.get("/registrations/mine"))["items"]
    registration = await Registration.get(platform_ref=before["ref"])
    assert [item["id"] for item in mine] == [str(registration.id)]
    pushed = await Application.get(platform_ref=after["ref"])
    assert pushed.owner_id == caller.person


async def _bind(service: Service, person: Person, phone: str) -> None:
    """As the mini-program's phone button does once the platform has verified the number."""
    services = service.wiring.services
    await perform(services, Actor(person=person.id), lambda unit: me.bind_phone(unit, phone))


async def test_a_planning_permit_reminds_the_parked(land: Platform, service: Service) -> None:
    project = "2026-420281-33-01-777777"
    parked, open_ = (fresh(contract(**{"project.code": project})) for _ in range(2))
    first = ok(await land.post("/registrations", parked), 201)
    ok(await land.post("/registrations", open_), 201)
    for provider in ("water", "electricity", "gas", "telecom", "mobile", "unicom", "broadnet"):
        clerk = await service.clerk("daye", provider)
        visit = {"visited_at": service.clock.now().isoformat()}
        version = ok(await clerk.get(f"/registrations/{first['id']}"))["version"]
        act = f"/registrations/{first['id']}/record-visit"
        ok(await clerk.post(act, visit, version=version))
    window = await service.window("daye")
    version = ok(await window.get(f"/registrations/{first['id']}"))["version"]
    act = f"/registrations/{first['id']}/park"
    ok(await window.post(act, {"reason": "用量未定"}, version=version))
    permit = {"ref": "GH-1", "project_code": project.replace("-", ""), "issued_on": "2026-03-15"}
    answer = await land.post("/planning-permits", permit)
    told = PermitPushed.model_validate(ok(answer, 201))
    assert (told.reminded, told.noted, told.project_code) == (1, 1, project)
    assert (await land.post("/planning-permits", permit)).content == answer.content
    for push in (parked, open_):
        status = ok(await land.get(f"/registrations/{push['ref']}"))
        assert status["planning_permit_on"] == "2026-03-15"


async def test_a_permits_faults_come_at_once(land: Platform) -> None:
    permit = {"ref": "GH-2", "project_code": "12", "issued_on": "2100-01-01"}
    refusal = problem(await land.post("/planning-permits", permit), 422, "invalid")
    assert codes(refusal) == {"project_code": "project_code_wrong", "issued_on": "date_future"}


async def test_a_platform_reaches_its_own_city_and_pushes_only(
    land: Platform, housing: Platform, portal: Platform
) -> None:
    """A foreign case is answered like one that does not exist."""
    project = "2026-420281-33-01-555555"
    push = fresh(contract(**{"project.code": project}))
    ok(await land.post("/registrations", push), 201)
    for other in (housing, portal):
        foreign = problem(await other.get(f"/registrations/{push['ref']}"), 404, "not_found")
        nothing = problem(await other.get("/registrations/none"), 404, "not_found")
        assert {**foreign, "request_id": ""} == {**nothing, "request_id": ""}
    permit = {"ref": "GH-3", "project_code": project, "issued_on": "2026-03-15"}
    assert ok(await housing.post("/planning-permits", permit), 201)["noted"] == 0
    same_ref = ok(await portal.post("/applications", fresh(DAYE, push["ref"])), 201)
    assert same_ref["ref"] == push["ref"]
    towns_elsewhere = fresh(ZHOUKOU)
    refusal = problem(await portal.post("/applications", towns_elsewhere), 422, "invalid")
    assert "site.town" in codes(refusal)


async def test_refs_of_any_script_and_with_slashes(land: Platform) -> None:
    push = fresh(contract(), f"冶土/2026 第{uuid4().hex[:6]}号")
    answer = await land.post("/registrations", push)
    ok(answer, 201)
    path = f"/registrations/{quote(push['ref'], safe='')}"
    assert answer.headers["location"] == f"/integration/v1{path}"
    assert ok(await land.get(path))["ref"] == push["ref"]
    problem(await land.get("/registrations/%00"), 404, "not_found")
    problem(await land.get("/registrations/%FF"), 404, "not_found")


async def test_refs_have_bounds(land: Platform) -> None:
    for ref, code in ((" ", "required"), ("x" * 81, "too_long"), ("a\u202eb", "bad_character")):
        refusal = problem(await land.post("/registrations", fresh(contract(), ref)), 422, "invalid")
        assert codes(refusal) == {"ref": code}
