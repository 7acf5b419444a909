"""Work queues: each role sees what waits for it, in order, page by page."""

from datetime import timedelta
from typing import Any

import pytest

from models import Application, Opinion
from models.base import new_id
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Channel, Stage
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import World
from workflow.cases.draft import NewDraft, create_draft
from workflow.reading.queue import queue
from workflow.reading.queue_filters import QueueQuery

CITY = "zhoukou"


async def page(world: World, actor: Actor, **asked: Any) -> dict[str, Any]:
    """One page of an actor's queue."""
    answer = await queue(world.services, actor, QueueQuery(**asked), world.clock.now())
    return dict(answer.body)


async def numbers(world: World, actor: Actor, **asked: Any) -> list[str]:
    """The numbers of one page."""
    return [item["application"]["number"] for item in (await page(world, actor, **asked))["items"]]


async def plant(world: World, count: int, **values: Any) -> None:
    """Rows of submitted cases, a minute of due time apart, every third without a clock."""
    now = world.clock.now()
    for index in range(count):
        await Application.create(
            id=new_id(),
            city=CITY,
            channel=Channel.MINIPROGRAM,
            stage=values.get("stage", Stage.SUBMITTED),
            utilities=["water"],
            town="chuanhui",
            enterprise_name=values.get("name", f"样例{index % 4}号厂"),
            year=2026,
            sequence=values.get("first", 1) + index,
            judged_on=now.date(),
            due_at=None if index % 3 == 2 else now + timedelta(minutes=(index * 7) % 11),
            submitted_at=now,
            created_at=now,
            updated_at=now,
        )


async def test_pages_join_without_gap_or_repeat(world: World) -> None:
    await plant(world, 23)
    window = await world.window(CITY)
    whole = await numbers(world, window, limit=100)
    assert len(whole) == 23
    for limit in (1, 4, 22, 23):
        joined: list[str] = []
        after = None
        while True:
            got = await page(world, window, limit=limit, after=after)
            joined += [item["application"]["number"] for item in got["items"]]
            after = got["next"]
            if after is None:
                break
        assert joined == whole
    rows = {r.sequence: r for r in await Application.all()}
    dues = [rows[int(number[5:11])].due_at for number in whole]
    known = [due for due in dues if due is not None]
    assert known == sorted(known)
    assert dues[len(known) :] == [None] * (23 - len(known))


async def test_search_by_number_and_by_how_a_name_begins(world: World) -> None:
    await plant(world, 12)
    await plant(world, 1, first=40, name="样例铸造有限公司", stage=Stage.CLOSED)
    window = await world.window(CITY)
    assert await numbers(world, window, search="2026（000007）号") == ["2026（000007）号"]
    assert await numbers(world, window, search="2026000007") == ["2026（000007）号"]
    assert await numbers(world, window, search="40") == ["2026（000040）号"]  # ended, yet found
    assert await numbers(world, window, search="样例铸") == ["2026（000040）号"]
    assert await numbers(world, window, search="铸造") == []
    assert await numbers(world, window, search="样例%") == []
    by_name: list[str] = []
    after = None
    while True:
        got = await page(world, window, search="样例1", limit=2, after=after)
        by_name += [item["application"]["enterprise_name"] for item in got["items"]]
        after = got["next"]
        if after is None:
            break
    assert by_name == ["样例1号厂"] * 3


async def test_filters_and_lights(world: World) -> None:
    drive = await Drive.drafted(world, CITY, ZHOUKOU)
    window, coordinator = await world.window(CITY), await world.coordinator(CITY)
    assert await numbers(world, window) == []  # somebody's draft is nobody's business
    await drive.submit()
    one = ["2026（000001）号"]
    assert await numbers(world, window, stage="submitted", town="chuanhui", utility="heat") == one
    assert await numbers(world, window, stage="returned") == []
    assert await numbers(world, window, town="huaiyang") == []
    assert await numbers(world, window, channel="window") == []
    assert await numbers(world, window, due_before=world.clock.now()) == []
    assert await numbers(world, coordinator, light="normal") == one
    world.clock.forward(hours=5, minutes=31)
    assert await numbers(world, coordinator, light="normal") == []
    assert await numbers(world, coordinator, light="yellow") == one
    world.clock.forward(hours=1)
    assert await numbers(world, coordinator, light="yellow") == []
    assert await numbers(world, coordinator, light="red") == one
    item = (await page(world, coordinator))["items"][0]
    assert item["light"] == "red"
    assert item["step_label"] == "受理"
    assert item["application"]["waits_for"] == "受理"
    assert item["application"]["town_label"] == "川汇区"
    assert "13800001234" not in str(item)


async def test_a_window_finds_the_drafts_it_entered(world: World) -> None:
    window = await world.window(CITY)
    new = NewDraft(city=CITY, walk_in=True)
    made = await world.act(
        window, lambda unit: create_draft(unit, new, channel=Channel.MINIPROGRAM)
    )
    await Drive.drafted(world, CITY, ZHOUKOU)  # an applicant's own stays unseen
    got = (await page(world, window, stage="draft"))["items"]
    assert [item["application"]["id"] for item in got] == [made["id"]]
    assert (await page(world, window))["items"] == []
    assert (await page(world, await world.window("daye"), stage="draft"))["items"] == []
    regulator = await world.staff(CITY, Role.REGULATOR, OrgKind.REGULATOR, "regulator")
    for other in (await world.coordinator(CITY), regulator):
        with pytest.raises(DomainError) as refused:
            await page(world, other, stage="draft")
        assert refused.value.code is Code.INVALID
        assert [(f.field, f.code) for f in refused.value.faults] == [("stage", "filter_unfit")]


async def test_each_utility_and_crew_has_its_own_part(world: World) -> None:
    drive = await Drive.drafted(world, CITY, ZHOUKOU)
    await drive.submit()
    await drive.accept()
    requests = {r.utility: r for r in await drive.requests()}
    water = requests["water"]
    clerk = await world.clerk(CITY, water.organization_id)
    crew = await world.crew(CITY, water.organization_id)
    items = (await page(world, clerk))["items"]
    assert [item["request"]["utility"] for item in items] == ["water"]
    assert items[0]["request"]["waits_for"] == "联合踏勘"
    assert items[0]["survey_at"] == "2026-03-18T09:00:00+08:00"
    assert len(await numbers(world, crew, task="survey")) == 1
    assert await numbers(world, crew, task="build") == []
    mobile = await world.staff(CITY, Role.UTILITY_CLERK, OrgKind.CARRIER, "mobile")
    assert await numbers(world, mobile) == []
    assert await numbers(world, clerk, search="样例铸造") == ["2026（000001）号"]

    world.clock.forward(days=2, hours=1)
    for request in requests.values():
        await drive.find(request)
    assert await numbers(world, crew, task="survey") == []
    for request in requests.values():
        await drive.draw(request)
    await drive.agree()
    assert len(await numbers(world, crew, task="build")) == 1
    await drive.build(water)
    assert await numbers(world, crew, task="build") == []
    assert await numbers(world, crew, task="connect") == []
    await drive.connect(water)
    assert await numbers(world, clerk) == []
    assert await numbers(world, clerk, state="connected") == ["2026（000001）号"]


async def test_departments_list_sign_and_look_at_roads(world: World) -> None:
    drive = await Drive.drafted(world, CITY, ZHOUKOU)
    await drive.submit()
    await drive.accept()
    world.clock.forward(days=2, hours=1)
    requests = await drive.requests()
    digging = requests[0]
    for request in requests:
        dug = {"line_m": 300, "road_excavated": True, "crossing_m": 20, "road_class": "branch"}
        await drive.find(request, **(dug if request is digging else {}))
        await drive.draw(request)
    await drive.agree()
    opinions = await Opinion.filter(request_id=digging.id)
    assert opinions
    for opinion in opinions:
        approver = await world.approver(CITY, opinion.organization_id)
        got = (await page(world, approver))["items"]
        assert [item["step"] for item in got] == ["document_list"]
        assert len(await numbers(world, approver, task="list")) == 1
        assert await numbers(world, approver, task="sign") == []
    approver = await world.approver(CITY, opinions[0].organization_id)
    await drive.permit_jointly(digging)
    assert await numbers(world, approver) == []
    for request in requests:
        await drive.build(request)
    assert await numbers(world, approver, task="check_road") == ["2026（000001）号"]
    other = await world.staff(CITY, Role.APPROVER, OrgKind.DEPARTMENT, "zhujian")
    assert await numbers(world, other, task="check_road") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "nonsense"},
        {"after": "WyJkdWUiLCJ4IiwieSJd"},  # ["due","x","y"]
        {"after": "WyJkdWUiLCJpbmZpbml0eSIsInkiXQ"},  # ["due","infinity","y"]
        {"after": "WzFd"},
        {"after": "é"},
        {"state": "pending"},
        {"task": "survey"},
        {"search": "  "},
        {"search": "样\u202e例"},
    ],
)
async def test_what_makes_no_sense_is_refused(world: World, asked: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        await page(world, await world.window(CITY), **asked)
    assert refused.value.code is Code.INVALID


async def test_only_who_has_the_role(world: World) -> None:
    await plant(world, 2)
    owner = await world.person("李")
    window = await world.window(CITY)
    auditor = await world.staff(CITY, Role.AUDITOR, OrgKind.ADMINISTRATION, "administration")
    refusals: list[tuple[Actor, dict[str, Any]]] = [
        (owner, {}),
        (auditor, {}),
        (window, {"city": "daye"}),
        (window, {"role": "coordinator"}),
    ]
    for actor, asked in refusals:
        with pytest.raises(DomainError) as refused:
            await page(world, actor, **asked)
        assert refused.value.code is Code.FORBIDDEN
    assert await numbers(world, await world.window("daye")) == []
