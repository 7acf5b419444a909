"""Somebody on site tells that it has come: judged by where it is, asked why where in doubt."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import Event, SitePhoto, Upload, UploadUse
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.places import Place
from rules.states import SurveyState, VisitState
from tests.workflow.field.site import AWAY, HERE, SITE, Site
from tests.workflow.steps import at
from tests.workflow.world import World
from workflow.cases import site_visit
from workflow.chat import crew as chat
from workflow.surveys.field import photos, visit_acts
from workflow.surveys.field.applying import Done

Json = dict[str, Any]
NINE = at(3, 18, 9)


async def come(site: Site, utility: str, actor: Actor | None = None, **body: Any) -> Json:
    """Check in by the visit."""
    given = site_visit.CheckIn.model_validate(body)
    visit = site.visits[utility].id
    who = actor or await site.crew(utility)
    return await site.world.act(who, lambda unit: visit_acts.check_in(unit, visit, given))


async def come_for(site: Site, utility: str, **body: Any) -> Json:
    """Check in by the request."""
    given = site_visit.CheckIn.model_validate(body)
    request = await site.request(utility)
    return await site.world.act(
        await site.crew(utility),
        lambda unit: site_visit.check_in(unit, request.id, given, expect=None),
    )


def here(when: datetime, **more: Any) -> Json:
    """A good position."""
    return HERE | {"fixed_at": when.isoformat()} | more


async def refusal(act: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        await act
    return refused.value


async def test_by_the_visit_and_by_the_request_it_is_the_same(world: World) -> None:
    site = await Site.booked(world)
    now = world.clock.now()
    told = await come(site, "water", position=here(now))
    assert (told["state"], told["doubts"]) == ("arrived", [])
    await come_for(site, "electricity", position=here(now))
    for utility in ("water", "electricity"):
        visit = await site.visit(utility)
        assert (visit.state, visit.arrived_at) == (VisitState.ARRIVED, now)
        assert (await site.request(utility)).arrived_at == now
    assert await Event.filter(application_id=site.drive.id, name="check_in").count() == 2
    again = await come(site, "water", position=here(now))
    assert again == told
    assert await Event.filter(application_id=site.drive.id, name="check_in").count() == 2


async def test_doubts_ask_for_a_reason_and_never_refuse_with_one(world: World) -> None:
    site = await Site.booked(world)
    now = world.clock.now()
    for position, doubts in (
        (AWAY | {"fixed_at": now.isoformat()}, ["far"]),
        (here(now, mock=True), ["mock"]),
        (here(now, accuracy_m=5000.0), ["inaccurate"]),
        (here(now - timedelta(hours=1)), ["stale"]),
        (None, ["no_position"]),
    ):
        for act in (come, come_for):
            refused = await refusal(act(site, "water", position=position))
            assert refused.code is Code.INVALID
            assert [(f.field, f.code) for f in refused.faults] == [("reason", "reason_needed")]
            assert refused.data["doubts"] == doubts
    assert (await site.visit("water")).arrived_at is None
    told = await come(site, "water", reason="手机没有信号")
    assert (told["doubts"], told["reason"], told["metres"]) == (
        ["no_position"],
        "手机没有信号",
        None,
    )


async def test_a_better_proof_takes_the_place_of_a_doubtful_one(world: World) -> None:
    site = await Site.booked(world)
    first = world.clock.now()
    await come(site, "water", reason="手机没有信号")
    world.clock.forward(minutes=10)
    told = await come(site, "water", position=here(world.clock.now()))
    assert told["doubts"] == []
    assert (await site.visit("water")).arrived_at == first
    told = await come(site, "water")
    assert told["doubts"] == []


async def test_wgs84_is_converted(world: World) -> None:
    site = await Site.booked(world)
    now = world.clock.now()
    wrong = here(now, system="wgs84")
    refused = await refusal(come(site, "water", position=wrong))
    assert refused.data["doubts"] == ["far"]
    assert 400 < refused.data["metres"] < 900


async def test_in_the_chat_there_is_no_position_and_that_is_said(world: World) -> None:
    site = await Site.booked(world)
    request = await site.request("water")
    await world.act(await site.crew("water"), lambda unit: chat.arrived(unit, request.id))
    visit = await site.visit("water")
    assert (visit.state, visit.arrival["doubts"]) == (VisitState.ARRIVED, ["no_position"])
    assert visit.reason == "在公众号对话中签到、没有定位"


async def test_a_department_checks_in_by_its_visit(world: World) -> None:
    site = await Site.booked(world, department="chengguan")
    inspector = await world.approver("zhoukou", site.visits["chengguan"].organization_id)
    told = await come(site, "chengguan", inspector, position=here(world.clock.now()))
    assert (told["state"], told["request_id"]) == ("arrived", None)
    left = await world.act(
        inspector, lambda unit: visit_acts.leave(unit, site.visits["chengguan"].id, Done())
    )
    assert left["state"] == "done"


async def test_others_visits_do_not_exist(world: World) -> None:
    site = await Site.booked(world)
    visit = site.visits["water"].id
    others = [
        await site.crew("electricity"),
        site.drive.owner,
        await world.person("孙"),
        await world.coordinator("zhoukou"),
    ]
    for other in others:
        refused = await refusal(come(site, "water", other))
        assert refused.code is Code.NOT_FOUND
        refused = await refusal(world.act(other, lambda unit: visit_acts.visit(unit, visit)))
        assert refused.code is Code.NOT_FOUND


async def test_a_visit_that_is_off_is_told_so_at_once(world: World) -> None:
    site = await Site.booked(world)
    await site.end(SurveyState.CANCELLED)
    refused = await refusal(come(site, "water", reason="到了"))
    assert (refused.code, refused.data["conflict"]) == (Code.CONFLICT, "survey_cancelled")
    refused = await refusal(come(site, "water", at=(NINE + timedelta(days=1)).isoformat()))
    assert [(f.field, f.code) for f in refused.faults] == [("at", "time_future")]


async def keep(site: Site, actor: Actor, upload: Any, utility: str = "water") -> Json:
    body = photos.Photo(upload_id=upload)
    visit = site.visits[utility].id
    return await site.world.act(actor, lambda unit: photos.add_photo(unit, visit, body))


async def test_photos_are_judged_and_their_place_is_forgotten(world: World) -> None:
    site = await Site.booked(world)
    team, now = await site.crew("water"), world.clock.now()
    told = {}
    for name, taken, place in (
        ("good", NINE, SITE),
        ("blank", None, None),
        ("far", NINE, Place(114.75, 33.62)),
        ("old", NINE - timedelta(days=3), SITE),
        ("future", now + timedelta(hours=2), SITE),
    ):
        upload = await site.picture(team, taken=taken, place=place)
        told[name] = (await keep(site, team, upload))["doubts"]
        assert (await Upload.get(id=upload)).evidence["point"] is None
    assert told == {
        "good": [],
        "blank": ["no_time", "no_position"],
        "far": ["far"],
        "old": ["other_day"],
        "future": ["future"],
    }
    rows = await SitePhoto.filter(visit_id=site.visits["water"].id)
    assert sorted(row.metres for row in rows if row.metres is not None)[:2] == [0, 0]


async def test_the_same_photo_counts_once_and_is_known_at_another_survey(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    upload = await site.picture(team, taken=NINE, place=SITE)
    first = await keep(site, team, upload)
    assert await keep(site, team, upload) == first
    assert await SitePhoto.all().count() == 1
    assert await UploadUse.filter(upload_id=upload).count() == 1
    digest = (await Upload.get(id=upload)).digest
    world.clock.set(at(3, 16))
    other = await Site.booked(world)
    again = await other.picture(team, taken=NINE, place=SITE, digest=digest)
    assert (await keep(other, team, again))["doubts"] == ["used_before"]


async def test_photos_of_a_visit_are_bounded(world: World) -> None:
    site = await Site.booked(world)
    team = await site.crew("water")
    visit = site.visits["water"].id
    for _ in range(photos.MOST):
        await SitePhoto.create(
            visit_id=visit,
            upload_id=await site.picture(team),
            taken_at=NINE,
            created_at=NINE,
        )
    refused = await refusal(keep(site, team, await site.picture(team)))
    assert [f.code for f in refused.faults] == ["too_many_rows"]
