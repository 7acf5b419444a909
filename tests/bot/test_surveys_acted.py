"""The joint survey talked over on real tables: joint times, a lost race, the waiting list."""

import base64

import orjson

from bot.understanding.types import Intent
from models import OutboxRow, Survey
from tests.bot.test_topics_acted import Speaking
from tests.workflow.chat.talks import Talks
from tests.workflow.surveys.fleet import accepted as with_crews
from tests.workflow.surveys.fleet import cancel, fleet
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
