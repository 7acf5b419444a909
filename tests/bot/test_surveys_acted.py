"""The joint survey talked over on real tables: joint times, a lost race, the waiting list."""

import base64

import orjson

from bot.understanding.types import Intent
from models import CrewMember, OutboxRow, Survey, SurveyVisit
from models.base import new_id
from rules.actors import Role
from rules.states import VisitState
from tests.bot.test_topics_acted import Speaking
from tests.workflow.chat.talks import Talks
from tests.workflow.steps import at
from tests.workflow.surveys.fleet import accepted as with_crews
from tests.workflow.surveys.fleet import (
    appointment,
    cancel,
    comes,
    drafted,
    fleet,
    visit_of,
)
from workflow.chat.sending import PURPOSE, TOPIC
from workflow.surveys.waiting import offer_earlier


async def test_joint_times_are_talked_over_and_an_earlier_one_comes_as_a_message(
    talks: Talks,
) -> None:
    """Two want the last crew: who comes later takes the next best time, and the earlier one later,
    by a tap on the message that offers it.
    """
    world = talks.world
    await fleet("water", "electricity")
    first, drive = await with_crews(world, "18T09:00"), await with_crews(world)
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    number = "2026（000002）号"
    asked = await li.says(f"约{number}的踏勘", Intent.BOOK_SURVEY, application_no=number)
    assert "一同到场：" in asked
    when = "2026年3月18日上午9点"
    told = await li.says(when, Intent.OUT_OF_SCOPE, datetime=when)
    assert "3月18日（周三）09:00各单位凑不齐" in told
    assert "这样约可以吗" in await li.says("1", Intent.OUT_OF_SCOPE)
    assert "约好了" in await li.says("可以", Intent.AFFIRM)
    booked = await Survey.get(application_id=drive.id, state="confirmed")
    assert "记下了" in await li.says("有更早的时间告诉我", Intent.OUT_OF_SCOPE)
    await cancel(first, await world.organiser("zhoukou"))
    await offer_earlier(world.services)
    offer = await Survey.get(application_id=drive.id, state="offered")
    assert offer.at < booked.at
    (row,) = await OutboxRow.filter(topic=TOPIC)
    (said,) = orjson.loads(
        world.services.seal.open(base64.b64decode(row.payload["sealed"]), PURPOSE)
    )
    assert said["kind"] == "menu"
    assert [each["content"] for each in said["choices"]] == ["要", "不要"]
    assert "改好了" in await li.taps(said["choices"][0]["id"])
    now = await Survey.get(application_id=drive.id, state="confirmed")
    assert now.at == offer.at
    assert "没有办成" in await li.taps(said["choices"][1]["id"])


async def test_a_crew_sees_its_day_and_what_it_says_of_it_is_done(talks: Talks) -> None:
    world = talks.world
    crews = await fleet("water", "electricity", each=2)
    drive = await with_crews(world, "18T09:00")
    visit = await visit_of(drive, "water")
    actor = await comes(drive, "water")
    membership = next(each for each in actor.memberships if each.role is Role.CREW)
    await CrewMember.bulk_create(
        [
            CrewMember(id=new_id(), crew_id=each.id, membership_id=membership.id)
            for each in crews
            if each.organization_id == visit.organization_id
        ]
    )
    chen = Speaking(talks, "chen")
    await chen.is_of(actor)
    listed = await chen.says("后天有哪些踏勘", Intent.OUT_OF_SCOPE)
    assert "09:00" in listed
    assert "138****" in listed  # not before the day
    asked = await chen.says("后天上午的踏勘去不了", Intent.OUT_OF_SCOPE)
    assert "选一个原因" in asked
    told = await chen.says("车辆故障", Intent.OUT_OF_SCOPE)
    assert "由本单位其他班组替您去" in told
    other = await visit_of(drive, "water")
    assert other.crew_id != visit.crew_id
    told = await chen.says("后天上午的踏勘能准时到", Intent.OUT_OF_SCOPE)
    assert "已确认到场" in told
    assert (await visit_of(drive, "water")).state is VisitState.CONFIRMED


async def test_running_late_and_nobody_there_are_told_in_words(talks: Talks) -> None:
    world = talks.world
    await fleet("water", "electricity")
    drive = await with_crews(world, "18T09:00")
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    world.clock.set(at(3, 18, 8, 30))
    assert "大约晚到20分钟" in await li.says("我要晚到20分钟", Intent.OUT_OF_SCOPE)
    survey = await appointment(drive)
    assert survey.late_minutes == 20
    world.clock.set(at(3, 18, 9, 40))
    assert "哪家没有到" in await li.says("师傅还没来", Intent.OUT_OF_SCOPE)
    told = await li.says("1", Intent.OUT_OF_SCOPE)
    assert "可以马上另约" in told
    assert await SurveyVisit.filter(survey_id=survey.id, state=VisitState.MISSED).count() == 1


async def test_the_form_asks_for_its_time_with_joint_ones(talks: Talks) -> None:
    world = talks.world
    await fleet("water", "electricity")
    first, drive = await with_crews(world, "18T09:00"), await drafted(world)
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    await li.says("接着填", Intent.RESUME_DRAFT)
    asked = await li.says("改预约踏勘时间", Intent.MODIFY_APPLICATION)
    assert "一同到场：" in asked
    assert li.state.asked is not None
    offered = [each.id.partition("t:")[2] for each in li.state.asked.choices]
    assert offered
    assert not any(each.startswith("2026-03-18T09:00") for each in offered)
    assert first.id != drive.id
