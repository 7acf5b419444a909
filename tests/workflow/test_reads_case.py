"""The view of a case by role: what each sees, what it may do, what is written down of it."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from miniprogram_api.case_answers import CaseView
from models import Application, AuditEntry, Opinion, UtilityRequest
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Stage, Verdict
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE, ZHOUKOU
from tests.workflow.steps import LONG, filed, of, planned
from tests.workflow.world import World
from workflow.cases import acceptance, evaluation, joint, parts, plan
from workflow.cases.view import case_view
from workflow.encoding import encode
from workflow.platforms.status import application_status

CITY = "zhoukou"
CLOCK = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T")


async def view(drive: Drive, actor: Actor | None = None) -> dict[str, Any]:
    """The case as the actor (the owner) gets it."""
    return await drive.world.act(actor or drive.owner, lambda unit: case_view(unit, drive.id))


def fields(body: dict[str, Any]) -> dict[str, Any]:
    """Key → text of every form value shown."""
    return {f["key"]: f["text"] for section in body["form"] for f in section["fields"]}


def times(body: Any) -> list[str]:
    """Every time of an answer, however deep."""
    if isinstance(body, dict | list):
        return [
            at
            for inner in (body.values() if isinstance(body, dict) else body)
            for at in times(inner)
        ]
    return [body] if isinstance(body, str) and CLOCK.match(body) else []


async def reads(drive: Drive) -> list[dict[str, Any]]:
    """What the audit trail says of reads of the case."""
    rows = await AuditEntry.filter(action="read_personal", object_id=str(drive.id)).order_by("id")
    return [{"role": row.role, "person": row.person_id, **row.detail} for row in rows]


@pytest.fixture
async def accepted(world: World) -> Drive:
    """An accepted case of Zhoukou, five utilities."""
    drive = await Drive.drafted(world, CITY, ZHOUKOU)
    await drive.submit()
    await drive.accept()
    return drive


async def test_owner_sees_all_of_its_own(accepted: Drive) -> None:
    body = await view(accepted)
    shown = fields(body)
    assert shown["contact.phone"] == "13800001234"
    assert shown["enterprise.legal_person"] == "李样"
    assert shown["site.town"] == "川汇区"
    assert {"water.daily_amount", "gas.devices", "heat.area"} <= set(shown)
    assert len(body["requests"]) == 5
    assert all(r["detail"] is not None for r in body["requests"])
    assert {"withdraw", "book_survey"} <= set(body["allowed"])
    assert body["version"] == (await accepted.app()).version
    assert await reads(accepted) == []


async def test_window_sees_all_and_is_written_down(accepted: Drive) -> None:
    window = await accepted.world.window(CITY)
    body = await view(accepted, window)
    assert fields(body)["contact.phone"] == "13800001234"
    assert await reads(accepted) == [
        {"role": "window_clerk", "person": window.person, "level": "full"}
    ]


async def test_coordinator_and_regulator_see_masked_contacts(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    await drive.submit()
    coordinator = await world.coordinator("daye")
    regulator = await world.staff("daye", Role.REGULATOR, OrgKind.REGULATOR, "regulator")
    for actor in (coordinator, regulator):
        body = await view(drive, actor)
        assert fields(body)["contact.phone"] == "138****1234"
        assert DAYE["contact.phone"] not in str(body)
    assert (await view(drive, regulator))["allowed"] == []
    assert {row["level"] for row in await reads(drive)} == {"masked"}


async def test_the_coordinator_sees_whom_to_ring_where_it_organises_the_survey(
    accepted: Drive,
) -> None:
    world = accepted.world
    coordinator = await world.coordinator(CITY)
    shown = fields(await view(accepted, coordinator))
    assert shown["contact.phone"] == "13800001234"
    assert shown["enterprise.legal_person"] == "李**"
    regulator = await world.staff(CITY, Role.REGULATOR, OrgKind.REGULATOR, "regulator")
    assert fields(await view(accepted, regulator))["contact.phone"] == "138****1234"
    assert [row["level"] for row in await reads(accepted)] == ["full", "masked"]
    await Application.filter(id=accepted.id).update(stage=Stage.CONNECTING)
    assert fields(await view(accepted, coordinator))["contact.phone"] == "13800001234"
    for done in (Stage.CONNECTED, Stage.CLOSED, Stage.WITHDRAWN):
        await Application.filter(id=accepted.id).update(stage=done)
        assert "13800001234" not in str(await view(accepted, coordinator))


async def test_a_utility_sees_its_own_part_and_only_lines_of_others(accepted: Drive) -> None:
    requests = {r.utility: r for r in await accepted.requests()}
    clerk = await accepted.world.clerk(CITY, requests["water"].organization_id)
    accepted.world.clock.forward(days=2, hours=1)
    await accepted.find(requests["gas"], line_m=77, location="样例路口")
    body = await view(accepted, clerk)
    shown = fields(body)
    assert "water.daily_amount" in shown
    assert not {key for key in shown if key.split(".")[0] in ("gas", "heat", "electricity")}
    assert shown["contact.phone"] == "13800001234"
    by_utility = {r["utility"]: r for r in body["requests"]}
    assert by_utility["water"]["own"] is True
    assert by_utility["water"]["detail"] is not None
    assert "decline" in by_utility["water"]["allowed"]
    gas = by_utility["gas"]
    assert gas["detail"] is None
    assert gas["permit"] is None
    assert gas["allowed"] == []
    assert gas["line"]["found"][0]["line_m"] == "77"
    assert "road_excavated" not in gas["line"]["found"][0]
    assert body["rating"] is None

    crew = await accepted.world.crew(CITY, requests["water"].organization_id)
    seen = await view(accepted, crew)
    assert fields(seen)["contact.phone"] == "13800001234"
    assert "enterprise.legal_person" not in fields(seen)
    assert seen["documents"] is None


async def test_contact_is_masked_once_a_utility_has_done_its_part(accepted: Drive) -> None:
    world = accepted.world
    requests = await accepted.requests()
    water = next(r for r in requests if r.utility == "water")
    clerk = await world.clerk(CITY, water.organization_id)
    world.clock.forward(days=2, hours=1)
    for request in requests:
        await accepted.find(request)
        await accepted.draw(request)
    await accepted.agree()
    assert fields(await view(accepted, clerk))["contact.phone"] == "13800001234"
    await accepted.build(water)
    await accepted.connect(water)
    assert fields(await view(accepted, clerk))["contact.phone"] == "138****1234"
    other = await world.clerk(CITY, next(r for r in requests if r.utility == "gas").organization_id)
    assert fields(await view(accepted, other))["contact.phone"] == "13800001234"


async def test_an_approver_sees_the_case_once_its_opinion_is_asked(accepted: Drive) -> None:
    world = accepted.world
    approver = await world.staff(CITY, Role.APPROVER, OrgKind.DEPARTMENT, "chengguan")
    with pytest.raises(DomainError) as unseen:
        await view(accepted, approver)
    assert unseen.value.code is Code.NOT_FOUND
    world.clock.forward(days=2, hours=1)
    requests = await accepted.requests()
    digging = requests[0]
    for request in requests:
        dug = {"line_m": 300, "road_excavated": True, "crossing_m": 20, "road_class": "branch"}
        await accepted.find(request, **(dug if request is digging else {}))
        await accepted.draw(request)
    await accepted.agree()
    body = await view(accepted, approver)
    asked = next(r for r in body["requests"] if r["id"] == str(digging.id))
    assert asked["detail"] is None
    [found] = asked["line"]["found"]
    assert found == (await UtilityRequest.get(id=digging.id)).findings["segments"][0]
    assert (found["road_excavated"], found["traffic_affected"]) == (True, False)
    assert {"road_opened_on", "major_crossing", "planning_change"} <= set(found)
    for other in body["requests"]:
        if other["id"] != str(digging.id):
            assert set(other["line"]["found"][0]) == set(parts.FOUND)
    assert asked["permit"]["route"] == "joint"
    assert all(reason["text"] for reason in asked["permit"]["reasons"])
    assert "list_documents" in asked["allowed"]
    assert asked["permit"]["opinions"][0]["department_label"]
    assert all(r["permit"] is None for r in body["requests"] if r["id"] != str(digging.id))
    assert fields(body)["contact.phone"] == "138****1234"
    assert "enterprise.legal_person" not in fields(body)
    assert not {key for key in fields(body) if key.startswith(("water.", "gas.", "heat."))}


async def test_it_does_not_exist_for_anybody_else(accepted: Drive) -> None:
    world = accepted.world
    strangers = [
        await world.person("王"),
        await world.window("daye"),
        await world.staff(CITY, Role.AUDITOR, OrgKind.ADMINISTRATION, "administration"),
        await world.staff(CITY, Role.UTILITY_CLERK, OrgKind.CARRIER, "mobile"),
    ]
    for stranger in strangers:
        with pytest.raises(DomainError) as refused:
            await view(accepted, stranger)
        assert (refused.value.code, refused.value.data) == (Code.NOT_FOUND, {})
    assert await reads(accepted) == []


async def test_nobody_in_office_sees_a_draft(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    assert fields(await view(drive))["contact.phone"] == "13800001234"
    with pytest.raises(DomainError) as refused:
        await view(drive, await world.window("daye"))
    assert refused.value.code is Code.NOT_FOUND


async def test_missing_documents_decide_what_the_window_may_do(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    await drive.submit()
    body = await view(drive, await world.window("daye"))
    assert [each["label"] for each in body["documents"]["missing"]] == [
        "营业执照",
        "用地或房产权属证明",
    ]
    assert "accept" not in body["allowed"]
    assert "accept_with_gaps" in body["allowed"]


async def test_a_closed_case_still_tells_everything_it_may(accepted: Drive) -> None:
    world = accepted.world
    world.clock.forward(days=2, hours=1)
    requests = await accepted.requests()
    digging = requests[0]
    for request in requests:
        dug = {"line_m": 300, "road_excavated": True, "crossing_m": 20, "road_class": "branch"}
        await accepted.find(request, **(dug if request is digging else {}))
        await accepted.draw(request)
    await accepted.agree()
    await accepted.permit_jointly(digging)
    for request in requests:
        await accepted.build(request)
    for request in requests:
        await accepted.connect(request)
    opinion = (await Opinion.filter(request_id=digging.id))[0]
    approver = await world.approver(CITY, opinion.organization_id)
    checked = evaluation.RoadCheck(restored=True)
    version = (await accepted.app()).version
    await world.act(
        approver, lambda unit: evaluation.check_road(unit, accepted.id, checked, expect=version)
    )
    good = evaluation.Judgement(level=5, reason="很快")
    later = (await accepted.app()).version
    await world.act(
        accepted.owner, lambda unit: evaluation.rate(unit, accepted.id, good, expect=later)
    )
    readers = {
        "owner": accepted.owner,
        "window": await world.window(CITY),
        "clerk": await world.clerk(CITY, digging.organization_id),
        "approver": approver,
    }
    seen = {name: await view(accepted, reader) for name, reader in readers.items()}
    for body in seen.values():
        CaseView.model_validate_json(encode(body))
        assert body["stage"] == "closed"
        assert body["road"]["checked_at"]
        assert all(at.endswith(":00+08:00") for at in times(body))
    assert seen["owner"]["rating"]["label"] == "非常满意"
    assert seen["clerk"]["rating"] is None
    permit = next(r["permit"] for r in seen["owner"]["requests"] if r["permit"]["opinions"])
    assert permit["state_label"] == "审批通过"
    assert {o["verdict_label"] for o in permit["opinions"]} == {"同意"}
    assert seen["owner"]["plans"][0]["state_label"] == "已同意"
    assert fields(seen["window"])["contact.phone"] == "138****1234"
    assert fields(seen["owner"])["contact.phone"] == "13800001234"
    assert seen["owner"]["allowed"] == []
    for request in seen["owner"]["requests"]:
        assert request["detail"]["findings"]["visited_at"].endswith("+08:00")
        assert request["detail"]["connection"]["connected_at"] == request["connected_at"]
        assert request["detail"]["works"]["start"]["started_at"] == request["works_started_at"]
        assert request["detail"]["inspection"]["at"].endswith("+08:00")


async def test_papers_owed_are_due_in_shanghai_time(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    await drive.submit()
    version = (await drive.app()).version
    due = world.clock.now() + timedelta(days=9)
    gaps = tuple(
        acceptance.Gap(document=code, due_at=due) for code in ("business_licence", "site_right")
    )
    await world.act(
        await world.window("daye"),
        lambda unit: acceptance.accept_with_gaps(
            unit, drive.id, acceptance.AcceptanceWithGaps(gaps=gaps), expect=version
        ),
    )
    owed = (await view(drive))["documents"]["gaps"]
    assert [gap["due_at"] for gap in owed] == ["2026-03-25T09:00:00+08:00"] * 2


async def test_a_return_tells_its_faults_in_words(world: World) -> None:
    drive = await Drive.drafted(world, CITY, ZHOUKOU)
    await drive.submit()
    version = (await drive.app()).version
    told = acceptance.FaultTold(field="site.address", reason="field_wrong", note="缺少门牌号")
    body = acceptance.Return(faults=(told,))
    await world.act(
        await world.window(CITY),
        lambda unit: acceptance.return_for_correction(unit, drive.id, body, expect=version),
    )
    seen = await view(drive)
    CaseView.model_validate_json(encode(seen))
    [correction] = seen["corrections"]
    assert correction["at"] == "2026-03-16T09:00:00+08:00"
    assert [(f["label"], f["reason_label"], f["note"]) for f in correction["faults"]] == [
        ("申请地址", "填写有误", "缺少门牌号")
    ]
    pulled = await application_status(world.services, await drive.app())
    assert [line["holder"] for line in pulled["deadlines"] if not line["paused"]] == ["申请人"]
    # what is typed into a returned form is shown as typed, sound or not
    await drive.save({"plan.use_date": "下个月", "contact.phone": "1380000"})
    assert fields(await view(drive))["contact.phone"] == "1380000"
    regulator = await world.staff(CITY, Role.REGULATOR, OrgKind.REGULATOR, "regulator")
    held = fields(await view(drive, regulator))
    assert "1380000" not in held["contact.phone"]


async def test_remarks_and_the_answer_on_a_plan_stay_with_those_they_concern(
    accepted: Drive,
) -> None:
    world = accepted.world
    world.clock.forward(days=2, hours=1)
    requests = await accepted.requests()
    for request in requests:
        await accepted.find(request)
        row = await UtilityRequest.get(id=request.id)
        segment = plan.Segment(
            route="样例大道北侧",
            length_m=Decimal(120),
            depth_m=Decimal("1.2"),
            medium="样例管",
            crossing_m=Decimal(7),
            starts_on=world.clock.now().date() + timedelta(days=2),
            days=5,
            remark=f"{request.utility} 的备注",
        )
        await world.act(
            await world.clerk(CITY, row.organization_id),
            lambda unit, row=row, segment=segment: plan.submit_segment(  # type: ignore[misc]
                unit, row.id, segment, expect=row.version
            ),
        )
    change, version = plan.PlanChange(reason="请改到南侧"), (await accepted.app()).version
    await world.act(
        accepted.owner,
        lambda unit: plan.ask_plan_change(unit, accepted.id, change, expect=version),
    )
    water = next(r for r in requests if r.utility == "water")

    async def told(actor: Actor) -> tuple[set[str], str]:
        """Utilities whose remark is shown, and the answer; the line is shown of all."""
        [reply] = (await view(accepted, actor))["plans"]
        segments = {each["utility"]: each["segment"] for each in reply["segments"]}
        assert set(segments) == {r.utility for r in requests}
        for each in segments.values():
            assert (each["route"], each["crossing_m"], each["days"]) == ("样例大道北侧", "7", 5)
        return {key for key, each in segments.items() if "remark" in each}, reply["answer"]

    everything = {r.utility for r in requests}
    for actor in (accepted.owner, await world.window(CITY), await world.coordinator(CITY)):
        assert await told(actor) == (everything, "请改到南侧")
    regulator = await world.staff(CITY, Role.REGULATOR, OrgKind.REGULATOR, "regulator")
    assert await told(regulator) == (everything, "")
    for actor in (
        await world.clerk(CITY, water.organization_id),
        await world.crew(CITY, water.organization_id),
    ):
        assert await told(actor) == ({"water"}, "")
        assert "gas 的备注" not in str(await view(accepted, actor))
        assert "请改到南侧" not in str(await view(accepted, actor))


async def test_a_crew_knows_the_conditions_it_digs_under_but_no_remarks(world: World) -> None:
    drive = await planned(world, water=LONG)
    water = await of(drive, "water")
    crew = await world.crew(CITY, water.organization_id)
    early = next(r for r in (await view(drive, crew))["requests"] if r["own"])["permit"]
    assert (early["state"], early["route"], early["opinions"]) == ("listing", "joint", [])
    opinion, *others = await filed(drive, "water")
    condition = world.services.cities.on(CITY, world.clock.now().date()).opinion_conditions[0]
    body = joint.OpinionInput(
        verdict=Verdict.CONDITIONAL, codes=(condition.code,), remark="内部备注"
    )
    row = await of(drive, "water")
    await world.act(
        await world.approver(CITY, opinion.organization_id),
        lambda unit: joint.sign_opinion(unit, row.id, body, expect=row.version),
    )
    for other in others:
        await drive.sign(other, Verdict.APPROVED)
    body_of_crew = await view(drive, crew)
    CaseView.model_validate_json(encode(body_of_crew))
    assert "内部备注" not in str(body_of_crew)
    by_utility = {r["utility"]: r["permit"] for r in body_of_crew["requests"]}
    assert by_utility["electricity"] is None
    seen = by_utility["water"]
    assert (seen["state"], seen["route"], seen["filed"]) == ("granted", "joint", [])
    [told] = seen["opinions"]
    assert (told["verdict"], told["conditions"]) == ("conditional", [condition.label])
    assert (told["documents"], told["remark"]) == ([], "")
    clerk = await world.clerk(CITY, water.organization_id)
    assert "内部备注" in str(await view(drive, clerk))
