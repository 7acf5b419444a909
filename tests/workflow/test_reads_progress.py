"""Progress: who holds a case now, until when, and what happened, to those it concerns."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from miniprogram_api.reading_answers import Progress
from models import Upload, UploadUse
from models.base import new_id
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE, ZHOUKOU
from tests.workflow.world import SHANGHAI, World
from workflow.cases import pausing
from workflow.encoding import encode
from workflow.reading.progress import progress


async def seen(drive: Drive, actor: Actor | None = None) -> dict[str, Any]:
    """Progress as the actor (the owner) gets it."""
    world = drive.world
    answer = await progress(world.services, actor or drive.owner, drive.id, world.clock.now())
    return dict(answer.body)


async def attach_documents(drive: Drive) -> None:
    """Everything the city asks for, as uploads would leave it."""
    now = drive.world.clock.now()
    for document in drive.world.services.cities.on(drive.city, now.date()).documents:
        upload = await Upload.create(
            id=new_id(), digest="0" * 64, media_type="image/jpeg", size=1, name="样例.jpg",
            created_at=now,
        )  # fmt: skip
        await UploadUse.create(
            id=new_id(), upload_id=upload.id, application_id=drive.id, purpose=document.code,
            added_at=now,
        )  # fmt: skip


async def test_each_step_names_its_holder_and_due_time(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    assert (await seen(drive))["now"]["holder_name"] == "申请人"

    await drive.submit()
    body = await seen(drive)
    window = world.services.cities.on("zhoukou", world.clock.now().date()).window.name
    assert body["number"] == "2026（000001）号"
    assert body["stage_label"] == "待受理"
    assert body["now"]["step"] == "acceptance"
    assert body["now"]["holder_name"] == window
    # half of 6.5 working hours from Monday nine o'clock
    assert body["now"]["due_at"] == "2026-03-16T14:45:00+08:00"
    assert body["light"] == "normal"
    assert [line["text"] for line in body["timeline"]] == ["申请已提交"]

    await drive.accept()
    body = await seen(drive)
    assert body["now"]["step"] == "survey"
    assert body["now"]["holder_name"] == "市城市管理局"
    assert body["survey_at"] == "2026-03-18T09:00:00+08:00"
    assert {r["utility_label"] for r in body["requests"]} >= {"用水", "用电", "用气"}

    world.clock.forward(days=2, hours=1)
    requests = await drive.requests()
    for request in requests:
        await drive.find(request)
    body = await seen(drive)
    assert body["now"]["step"] == "plan"
    assert body["now"]["holder_name"] in {r["provider"] for r in body["requests"]}

    for request in requests:
        await drive.draw(request)
    body = await seen(drive)
    assert (body["now"]["step"], body["now"]["holder_name"]) == ("agree_plan", "申请人")
    assert body["now"]["next"].startswith("同意方案后")

    await drive.agree()
    assert (await seen(drive))["now"]["step"] == "start_works"


async def test_lights_and_pauses_show(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    await drive.submit()
    world.clock.set(datetime(2026, 3, 16, 14, 30, tzinfo=SHANGHAI))
    assert (await seen(drive))["light"] == "yellow"
    world.clock.set(datetime(2026, 3, 16, 14, 46, tzinfo=SHANGHAI))
    assert (await seen(drive))["light"] == "red"

    version = (await drive.app()).version
    pause = pausing.Pause(reason="heavy_pollution")
    await world.act(
        await world.window("zhoukou"),
        lambda unit: pausing.pause(unit, drive.id, pause, expect=version),
    )
    body = await seen(drive)
    assert body["now"]["paused"] is True
    assert body["now"]["paused_for"] == "停工令：重污染天气"
    assert body["light"] is None
    assert body["timeline"][-1]["text"] == "暂停计时：停工令：重污染天气"


async def test_only_those_with_a_part_in_it_see_it(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    window = await world.window("zhoukou")
    with pytest.raises(DomainError) as draft:
        await seen(drive, window)
    assert draft.value.code is Code.NOT_FOUND

    await drive.submit()
    assert (await seen(drive, window))["stage"] == "submitted"
    assert (await seen(drive, await world.coordinator("zhoukou")))["stage"] == "submitted"
    water = await world.staff("zhoukou", Role.UTILITY_CLERK, OrgKind.UTILITY, "water")
    mobile = await world.staff("zhoukou", Role.UTILITY_CLERK, OrgKind.CARRIER, "mobile")
    strangers = [
        await world.person("王"),
        await world.window("daye"),
        await world.coordinator("daye"),
        await world.staff("zhoukou", Role.AUDITOR, OrgKind.ADMINISTRATION, "administration"),
        await world.staff("zhoukou", Role.APPROVER, OrgKind.DEPARTMENT, "chengguan"),
        water,
        Actor(person=None, roles=frozenset()),
    ]
    for stranger in strangers:
        with pytest.raises(DomainError) as refused:
            await seen(drive, stranger)
        assert (refused.value.code, refused.value.data) == (Code.NOT_FOUND, {})

    await drive.accept()
    assert (await seen(drive, water))["stage"] == "surveying"
    with pytest.raises(DomainError):
        await seen(drive, mobile)  # the case asks for another carrier
    with pytest.raises(DomainError) as unknown:
        await progress(world.services, drive.owner, uuid4(), world.clock.now())
    assert unknown.value.code is Code.NOT_FOUND


async def test_staff_see_more_of_the_timeline(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    await drive.submit()
    await drive.accept()
    world.clock.forward(days=2, hours=1)
    requests = await drive.requests()
    for request in requests:
        await drive.find(request)
        await drive.draw(request)
    mine = [line["event"] for line in (await seen(drive))["timeline"]]
    theirs = [
        line["event"] for line in (await seen(drive, await world.window("zhoukou")))["timeline"]
    ]
    assert "submit_segment" not in mine
    assert theirs.count("submit_segment") == len(requests)
    assert [e for e in theirs if e != "submit_segment"] == mine


@pytest.mark.parametrize("city", ["daye", "zhoukou"])
async def test_progress_accompanies_a_whole_life(world: World, city: str) -> None:
    drive = await Drive.drafted(world, city, {"daye": DAYE, "zhoukou": ZHOUKOU}[city])
    steps: list[str] = []

    async def look() -> dict[str, Any]:
        body = await seen(drive)
        Progress.model_validate_json(encode(body))
        said = [line["text"] for line in body["timeline"]]
        assert not any("{" in text or not text for text in said)
        assert body["now"]["label"]
        assert body["now"]["holder_name"] or body["now"]["holder"] == "nobody"
        steps.append(body["now"]["step"])
        return body

    await look()
    await drive.submit()
    await look()
    await attach_documents(drive)
    await drive.accept()
    assert [each["stage"] for each in (await look())["path"]][:3] == [
        "submitted",
        "accepted",
        "surveying",
    ]
    world.clock.forward(days=2, hours=1)
    requests = await drive.requests()
    for request in requests:
        dug = {"line_m": 300, "road_excavated": True, "crossing_m": 20, "road_class": "branch"}
        await drive.find(request, **(dug if request is requests[0] else {}))
    await look()
    for request in requests:
        await drive.draw(request)
    await look()
    await drive.agree()
    body = await look()
    listing = next(r for r in body["requests"] if r["id"] == str(requests[0].id))
    assert listing["now"]["step"] == "document_list"
    assert "、" in listing["now"]["holder_name"]  # several departments at once
    await drive.permit_jointly(requests[0])
    await look()
    for request in requests:
        await drive.build(request)
    await look()
    for request in requests:
        await drive.connect(request)
    assert (await look())["stage"] == "connected"
    assert steps == [
        "fill",
        "acceptance",
        "survey",
        "plan",
        "agree_plan",
        "document_list",
        "start_works",
        "agree_connection_time",
        "road_check",
    ]
    said = [line["text"] for line in (await look())["timeline"]]
    assert "各项报装全部接通" in said
    assert any(text.endswith("已签署用水审批意见：同意") for text in said)
    assert any("联合验收：合格" in text for text in said)
