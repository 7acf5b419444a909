"""The other topics talked through on real tables: what the dialogue says of what the acts tell."""

from dataclasses import dataclass, field, replace
from typing import Any

from bot import acting
from bot.dialogue.acts import Act
from bot.dialogue.heard import Done, Heard, Kind, Refused
from bot.dialogue.turn import State
from bot.talking import facts_of, talk_through
from bot.understanding.types import Intent, Slots, Understood
from models import Application, Complaint, Conversation, Event, Rating, Survey
from rules.actors import Actor
from rules.states import Stage
from tests.workflow.chat.talks import Talks
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE
from tests.workflow.steps import accepted, crew, of
from tests.workflow.test_returns import send_back
from workflow.chat import links, turns
from workflow.unit import Unit


@dataclass
class Speaking:
    """Somebody who talks; every turn is one unit of work, the state goes through its dump."""

    talks: Talks
    name: str
    state: State = field(default_factory=State)
    first: bool = False
    """Whether it is the first message of the chat."""

    async def is_of(self, actor: Actor) -> None:
        """The chat belongs to somebody who has cases already."""
        await self.talks.turn(self.name)
        await Conversation.filter(openid=f"oa-{self.name}").update(person_id=actor.person)

    async def is_nobody_known(self) -> None:
        """The platform has had its time to tell who this is."""
        await self.talks.turn(self.name)
        self.talks.world.clock.forward(minutes=1)

    async def says(self, text: str, intent: Intent, **slots: Any) -> str:
        """What is answered, all of it."""
        return await self._hears(Heard(Kind.TEXT, Understood(text, intent, 0.95, Slots(**slots))))

    async def taps(self, choice: str) -> str:
        """A line of a message, by its id."""
        return await self._hears(Heard(Kind.CHOICE, choice=choice))

    async def _hears(self, heard: Heard) -> str:
        async def turn(unit: Unit, talk: turns.Talk) -> str:
            async def carry(act: Act) -> Done | Refused:
                return await acting.carry_out(act, unit, talk)

            before = None if self.first else self.state.dump()
            facts = facts_of(unit.services, replace(talk, state=before), unit.now, "wx-mp")
            said = await talk_through(self.state, heard, facts, carry)
            self.state = State.load(said.state.dump())
            return "\n".join(reply.text for reply in said.replies)

        return str(await self.talks.turn(self.name, turn))


async def test_status_and_deadline_of_the_only_case(talks: Talks) -> None:
    drive = await accepted(talks.world)
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    told = await li.says("我的报装到哪了", Intent.QUERY_STATUS)
    assert "2026（000001）号" in told
    assert "阶段：踏勘中" in told
    assert "由市城市管理局办理" in told
    assert "时限：" in told
    assert "接下来：" in told
    water = await li.says("水什么时候通", Intent.QUERY_DEADLINE, utilities=("water",))
    assert "· 用水：" in water
    assert "用电" not in water
    assert "（依据：周口 四(三)、二(二)）" in water


async def test_a_returned_application_is_told_with_all_it_was_returned_for(talks: Talks) -> None:
    drive = await Drive.drafted(talks.world, "daye", DAYE)
    await drive.submit()
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    assert "退回的原因" not in await li.says("办到哪了", Intent.QUERY_STATUS)
    await send_back(drive, "site.address", "contact.phone")
    told = await li.says("办到哪了", Intent.QUERY_STATUS)
    assert "· 申请地址：填写有误" in told
    assert "· 联系电话：填写有误" in told
    asked = await li.says("接着改", Intent.RESUME_DRAFT)
    assert "· 申请地址：填写有误" in asked
    assert "“联系电话”现在是：" in asked
    phone = "13900005555"
    assert "“申请地址”现在是：" in await li.says(phone, Intent.OUT_OF_SCOPE, phone=phone)
    again = await li.says("办到哪了", Intent.QUERY_STATUS)
    assert "· 联系电话：填写有误（已改）" in again


async def test_the_first_message_waits_for_who_writes_it(talks: Talks) -> None:
    await accepted(talks.world)
    li = Speaking(talks, "li", first=True)
    assert (await li.says("办到哪了", Intent.QUERY_STATUS)).startswith("正在核对您的身份")
    li.first = False
    assert (await li.says("办到哪了", Intent.QUERY_STATUS)).startswith("正在核对您的身份")
    talks.world.clock.forward(minutes=1)
    assert (await li.says("办到哪了", Intent.QUERY_STATUS)).startswith("没有查到您名下的办件")


async def test_a_strangers_case_is_told_like_none(talks: Talks) -> None:
    await accepted(talks.world)
    stranger = Speaking(talks, "stranger")
    await stranger.is_nobody_known()
    for number in ("2026（000001）号", "2026（000777）号"):
        told = await stranger.says(f"查{number}", Intent.QUERY_STATUS, application_no=number)
        assert told.startswith(f"没有查到您名下编号为{number}的办件")
        assert "8位数字" in told


async def test_a_survey_is_booked_moved_and_cancelled_by_talking(talks: Talks) -> None:
    drive = await accepted(talks.world)
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    when = "2026年3月19日下午3点"
    assert "希望什么时间踏勘" in await li.says("改踏勘", Intent.RESCHEDULE_SURVEY)
    assert "3月19日（周四）15:00" in await li.says(when, Intent.OUT_OF_SCOPE, datetime=when)
    assert "15:00" in await li.says("可以", Intent.AFFIRM)
    booked = Survey.filter(application_id=drive.id, state="confirmed")
    assert (await booked.get()).at.isoformat() == "2026-03-19T07:00:00+00:00"
    assert "要取消3月19日" in await li.says("踏勘取消吧", Intent.CANCEL_SURVEY)
    assert "已经取消" in await li.says("1", Intent.OUT_OF_SCOPE)
    assert await booked.count() == 0


async def test_a_complaint_about_the_case(talks: Talks) -> None:
    drive = await accepted(talks.world)
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    read_back = await li.says("踏勘约了三次都没来人", Intent.COMPLAIN)
    assert "2026（000001）号" in read_back
    assert "5个工作日内答复" in read_back
    assert not await Complaint.all().count()
    told = await li.says("提交投诉", Intent.AFFIRM)
    row = await Complaint.get(application_id=drive.id)
    assert row.number in told
    assert "前答复您" in told


async def test_a_rating_with_its_reason(talks: Talks) -> None:
    drive = await accepted(talks.world)
    li = Speaking(talks, "li")
    await li.is_of(drive.owner)
    assert "接通之后就可以正式评价" in await li.says("五星好评", Intent.EVALUATE)
    await Application.filter(id=drive.id).update(stage=Stage.CONNECTED)
    assert "请说说哪里没做好" in await li.says("一星", Intent.EVALUATE)
    assert "评价：非常不满意" in await li.says("拖了两个星期", Intent.COMPLAIN)
    assert "跟进整改" in await li.says("提交评价", Intent.AFFIRM)
    row = await Rating.get(application_id=drive.id)
    assert (row.level, row.reason) == (1, "拖了两个星期")


async def test_a_chat_is_joined_by_the_mini_programs_code(talks: Talks) -> None:
    drive = await accepted(talks.world)
    li = Speaking(talks, "li")
    await li.is_nobody_known()
    assert "8位数字" in await li.says("进度", Intent.QUERY_STATUS)
    assert "不能用来关联" in await li.says("13800001234", Intent.OUT_OF_SCOPE, phone="13800001234")
    assert "不对" in await li.says("00000000", Intent.OUT_OF_SCOPE)
    code = (await talks.world.act(drive.owner, links.offer))["code"]
    assert "关联码来自小程序用户" in await li.says(str(code), Intent.OUT_OF_SCOPE)
    assert "已经关联好了" in await li.says("是我本人，关联", Intent.AFFIRM)
    assert "2026（000001）号" in await li.says("进度", Intent.QUERY_STATUS)


async def test_a_crew_tells_its_arrival(talks: Talks) -> None:
    drive = await accepted(talks.world)
    row = await of(drive, "water")
    team = Speaking(talks, "crew")
    await team.is_of(await crew(drive, "water"))
    asked = await team.says("我们到了", Intent.CONFIRM_VISIT)
    told = await team.says("登记", Intent.AFFIRM) if "现在就登记到场吗" in asked else asked
    assert "已登记到场：用水 2026（000001）号" in told
    assert await Event.filter(name="check_in", request_id=row.id).count() == 1
    refused = await team.says("看完了", Intent.CONFIRM_VISIT)
    told = await team.says("登记", Intent.AFFIRM) if "现在就登记完工吗" in refused else refused
    assert "踏勘结果须在小程序中登记" in told
