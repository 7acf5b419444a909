"""Forms filled in by talking on real tables: one draft with the mini-program, a real number."""

from dataclasses import dataclass, field

from bot import acting
from bot.dialogue.acts import Act
from bot.dialogue.heard import Done, Heard, Kind, Place, Refused
from bot.dialogue.turn import State
from bot.talking import facts_of, talk_through
from models import Application, Registration
from rules.states import Channel, RegistrationState, Stage
from tests.bot.dialogue.stage import understood
from tests.workflow.chat.talks import Talks
from workflow.cases import draft as drafts
from workflow.chat import turns
from workflow.unit import Unit


@dataclass
class Applicant:
    """Somebody who fills in a form; every turn is one unit of work."""

    talks: Talks
    name: str = "li"
    state: State = field(default_factory=State)

    async def says(self, text: str, meant: str | None = None) -> str:
        """What is answered to a text."""
        return await self.hears(Heard(Kind.TEXT, understood(text, meant)))

    async def hears(self, heard: Heard) -> str:
        """What is answered, all of it."""

        async def turn(unit: Unit, talk: turns.Talk) -> str:
            async def carry(act: Act) -> Done | Refused:
                return await acting.carry_out(act, unit, talk)

            facts = facts_of(unit.services, talk, unit.now, "wx-mp")
            said = await talk_through(self.state, heard, facts, carry)
            self.state = State.load(said.state.dump())
            return "\n".join(reply.text for reply in said.replies)

        return str(await self.talks.turn(self.name, turn))


async def test_from_the_first_word_to_the_number(talks: Talks) -> None:
    person = Applicant(talks)
    await person.says(
        "周口，申请用水，周口某某面业有限公司，信用代码91420281MA4900001H，联系人王五，电话13800001111，"
        "川汇区庆丰路8号，一天6吨",
        "apply u:water|a:water 6 t/d|p:13800001111|c:91420281MA4900001H|co:周口某某面业有限公司"
        "|pe:王五|ad:川汇区庆丰路8号",
    )
    await person.says("没有")
    await person.says("新开户")
    assert "什么时间踏勘" in await person.says("不用")
    assert person.state.asked is not None
    offered = person.state.asked.choices[0]
    assert "个性化需求" in await person.hears(Heard(Kind.CHOICE, choice=offered.id))
    assert "请核对" in await person.says("没有")
    told = await person.says("提交")
    app = await Application.get()
    assert app.stage is Stage.SUBMITTED
    assert app.channel is Channel.CHAT
    assert app.enterprise_name == "周口某某面业有限公司"
    assert f"（{app.sequence:06}）号" in told
    assert "非居民用户水电气暖讯联合报装服务专窗" in told


async def test_one_draft_in_both(talks: Talks) -> None:
    person = Applicant(talks)
    await person.says("周口，申请用水", "apply u:water")
    app = await Application.get()

    async def elsewhere(unit: Unit, talk: turns.Talk) -> str:
        read = await drafts.read_draft(unit, app.id)
        saved = drafts.FieldSave(value="周口另填食品厂", base=read.body["version"])
        await drafts.save(unit, app.id, drafts.Save(fields={"enterprise.name": saved}))
        return ""

    await talks.turn("li", elsewhere)
    told = await person.says("周口某某面业有限公司")
    assert "两个不同的内容" in told
    told = await person.says("2")
    assert "已记下：申请单位 周口某某面业有限公司" in told
    assert (await Application.get()).enterprise_name == "周口某某面业有限公司"
    told = await person.says("接着填", "resume_draft")
    assert "已填2项" in told


async def test_a_place_on_the_map_and_another_city(talks: Talks) -> None:
    person = Applicant(talks)
    await person.says("周口，申请用水", "apply u:water")
    here = await person.hears(Heard(Kind.LOCATION, place=Place(33.6, 114.65, "庆丰路8号")))
    assert "已记下：地图位置 庆丰路8号" in here
    far = await person.hears(Heard(Kind.LOCATION, place=Place(30.1, 114.9, "大冶")))
    assert "不在本市范围内" in far


async def test_a_registration_by_talking(talks: Talks) -> None:
    person = Applicant(talks)
    await person.says(
        "周口，先登记一下，周口某某面业有限公司，91420281MA4900001H，王五13800001111，太康县产业园3号，"
        "水电都要，计划2027年6月1日投产",
        "register_intent u:water,electricity|p:13800001111|c:91420281MA4900001H"
        "|co:周口某某面业有限公司|pe:王五|ad:太康县产业园3号|d:2027年6月1日",
    )
    await person.says("没有")
    assert "请核对" in await person.says("没有")
    assert "登记成功" in await person.says("登记")
    row = await Registration.get()
    assert row.state is RegistrationState.RECEIVED
    assert row.channel is Channel.CHAT


async def test_a_draft_dropped(talks: Talks) -> None:
    person = Applicant(talks)
    await person.says("周口，申请用水", "apply u:water")
    await person.says("取消")
    assert "草稿已放弃" in await person.says("2")
    assert (await Application.get()).stage is Stage.WITHDRAWN
