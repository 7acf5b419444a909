"""Subscribed calendars: what they tell, how they change, that a revoked link opens nothing."""

from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from models import CalendarLink, Registration, Survey, SurveyVisit
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import SurveyState, VisitState
from tests.workflow.drive import Drive
from tests.workflow.steps import accepted, at
from tests.workflow.surveys.roster import booked, entered
from tests.workflow.surveys.test_day import crew_person, manned
from tests.workflow.world import World
from workflow.people.secret_codes import digest
from workflow.surveys import calendar_feed

TUESDAY = at(3, 17, 9)


async def subscribed(world: World, actor: Actor) -> str:
    """The last part of a new link."""
    body = await world.act(actor, calendar_feed.subscribe)
    url: str = body["url"]
    assert url.startswith("https://example.invalid/calendar/")
    return url.rpartition("/")[2]


async def events(world: World, name: str) -> list[Any]:
    raw = await calendar_feed.feed(world.services, name, world.clock.now())
    return list(Calendar.from_ical(raw).walk("VEVENT"))


async def test_a_link_is_random_kept_as_a_hash_and_shown_once(world: World) -> None:
    actor = await world.person("李")
    first, second = await subscribed(world, actor), await subscribed(world, actor)
    assert first != second
    token = first.removesuffix(".ics")
    assert len(token) >= 22, "128 bits in base64"
    rows = await CalendarLink.all().order_by("created_at", "id")
    assert rows[0].token_hash == digest(token)
    assert token not in str([vars(row) for row in rows])
    listed = (await calendar_feed.links(actor.person)).body["items"]
    assert [set(each) for each in listed] == [{"id", "created_at", "read_at"}] * 2


async def test_a_crews_calendar(world: World) -> None:
    drive = await accepted(world)
    await booked(drive, await manned(world), TUESDAY)
    name = await subscribed(world, await crew_person(world))
    raw = await calendar_feed.feed(world.services, name, world.clock.now())
    [event] = await events(world, name)
    assert event["dtstart"].dt == TUESDAY.astimezone(UTC)
    assert event["dtend"].dt == (TUESDAY + timedelta(hours=1)).astimezone(UTC)
    assert event["status"] == "CONFIRMED"
    app = await drive.app()
    assert app.sequence is not None
    assert f"{app.sequence:06d}" in event["summary"]
    assert event["location"] == "川汇区庆丰路 12 号"
    text = raw.decode()
    for personal in ("李样", "13800001234", "样例铸造", "91411628"):
        assert personal not in text
    assert raw == await calendar_feed.feed(world.services, name, world.clock.now())
    assert "\r\nBEGIN:VEVENT\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


async def test_a_visit_that_moves_keeps_its_uid_and_grows(world: World) -> None:
    drive = await accepted(world)
    crew = await manned(world)
    visit = await booked(drive, crew, TUESDAY)
    name = await subscribed(world, await crew_person(world))
    [before] = await events(world, name)
    old = await Survey.get(id=visit.survey_id)
    await old.change(state=SurveyState.MOVED)
    await visit.change(active=False, state=VisitState.ENDED)
    length = old.ends_at - old.at
    later = at(3, 18, 9)
    await Survey.create(
        application_id=drive.id,
        city=old.city,
        at=later,
        ends_at=later + length,
        state=SurveyState.CONFIRMED,
        created_at=world.clock.now() + timedelta(minutes=1),
    )
    [gone] = await events(world, name)
    assert (gone["uid"], gone["status"]) == (before["uid"], "CANCELLED")
    assert gone["sequence"] > before["sequence"]
    await booked(drive, crew, later)
    [after] = await events(world, name)
    assert (after["uid"], after["status"]) == (before["uid"], "CONFIRMED")
    assert after["sequence"] > gone["sequence"]
    assert after["dtstart"].dt == later.astimezone(UTC)


async def test_a_cancelled_survey_is_told_as_cancelled(world: World) -> None:
    drive = await accepted(world)
    visit = await booked(drive, await manned(world), TUESDAY)
    crew, owner = await crew_person(world), drive.owner
    names = [await subscribed(world, actor) for actor in (crew, owner)]
    assert [(await events(world, name))[0]["status"] for name in names] == ["CONFIRMED"] * 2
    survey = await Survey.get(id=visit.survey_id)
    await survey.change(state=SurveyState.CANCELLED)
    await SurveyVisit.filter(id=visit.id).update(active=False, state=VisitState.ENDED)
    assert [(await events(world, name))[0]["status"] for name in names] == ["CANCELLED"] * 2


async def test_another_crew_comes_the_first_ones_calendar_says_so(world: World) -> None:
    drive = await accepted(world)
    visit = await booked(drive, await manned(world), TUESDAY)
    second = await entered(world, name="二班")
    name = await subscribed(world, await crew_person(world))
    await visit.change(active=False, state=VisitState.ENDED)
    await booked(drive, second, TUESDAY)
    [event] = await events(world, name)
    assert event["status"] == "CANCELLED"
    [owners] = await events(world, await subscribed(world, drive.owner))
    assert owners["status"] == "CONFIRMED"
    assert owners["uid"] == event["uid"]


async def test_the_applicant_sees_a_held_time_as_tentative(world: World) -> None:
    drive = await accepted(world)
    await Survey.filter(application_id=drive.id).update(state=SurveyState.HELD)
    [event] = await events(world, await subscribed(world, drive.owner))
    assert event["status"] == "TENTATIVE"
    for stranger in (await world.person("孙"), await crew_person(world, "gas")):
        assert await events(world, await subscribed(world, stranger)) == []


async def test_a_registrations_survey(world: World) -> None:
    owner = await world.person("李")
    drive = Drive(world, "zhoukou", owner, UUID(int=0))
    row = await Registration.create(
        city=drive.city,
        owner_id=owner.person,
        channel="miniprogram",
        state="visited",
        town="chuanhui",
        fields_={"site.address": "地块一"},
        judged_on=TUESDAY.date(),
        created_at=world.clock.now(),
    )
    await Survey.create(
        registration_id=row.id,
        city=drive.city,
        at=TUESDAY,
        ends_at=TUESDAY + timedelta(hours=1),
        state=SurveyState.CONFIRMED,
        created_at=world.clock.now(),
    )
    [event] = await events(world, await subscribed(world, owner))
    assert event["location"] == "川汇区地块一"
    assert event["summary"].strip() == "联合踏勘"


async def test_what_opens_nothing(world: World) -> None:
    actor, other = await world.person("李"), await world.person("孙")
    name = await subscribed(world, actor)
    link = await CalendarLink.get()
    with pytest.raises(DomainError) as refusal:
        await world.act(other, lambda unit: calendar_feed.revoke(unit, link.id))
    assert refusal.value.code is Code.NOT_FOUND
    await events(world, name)
    assert (await CalendarLink.get()).read_at == world.clock.now()
    await world.act(actor, lambda unit: calendar_feed.revoke(unit, link.id))
    for wrong in (name, name.removesuffix(".ics"), "x.ics", ".ics", f"{name}.ics"):
        with pytest.raises(DomainError) as refusal:
            await calendar_feed.feed(world.services, wrong, world.clock.now())
        assert refusal.value.code is Code.LINK_INVALID
    with pytest.raises(DomainError):
        await world.act(actor, lambda unit: calendar_feed.revoke(unit, link.id))
    assert (await calendar_feed.links(actor.person)).body["items"] == []


async def test_ten_links_are_enough(world: World) -> None:
    actor = await world.person("李")
    for _ in range(calendar_feed.MOST_LINKS):
        await subscribed(world, actor)
    with pytest.raises(DomainError) as refusal:
        await subscribed(world, actor)
    assert refusal.value.code is Code.CONFLICT
