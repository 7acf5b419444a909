"""周口: pushed by 工改平台, joint home visit, five utilities, no documents, to closed."""

from typing import Any
from uuid import uuid4

from server.walk import common, contents, registering, surveying, told
from server.walk.api import Api
from server.walk.signed import Platform
from server.walk.surprise import Surprise
from server.walk.table import ZHOUKOU
from server.walk.walk import Say, Walk

PARTS = {
    "water": "water",
    "electricity": "electricity",
    "gas": "gas",
    "heat": "heat",
    "network": "unicom",
}
ASKED = ("dept-town-chuanhui", "dept-chengguan", "dept-zigui", "dept-jiaojing")
JOBS = ("clerk", "crew1")
LENGTHS = {"water": "150", "electricity": "260", "gas": "70", "heat": "90", "network": "50"}
_HIDDEN = (404, "not_found")
_GUARD = (409, "guard_failed")
_YES = {"verdict": "approved", "codes": [], "remark": ""}
_ROAD = {"restored": True, "remark": ""}


def walk(api: Api, say: Say) -> Walk:
    """The whole case; Surprise at the first thing that is not as expected."""
    this = Walk.begin(api, "zhoukou", ZHOUKOU, say)
    platform = Platform.of(api, "zhujian@zhoukou", "工改平台")
    ref = f"走查-{this.monday:%Y%m%d}-{uuid4().hex[:8]}"
    registration = registering.pushed(this, platform, ref, PARTS.values())
    registering.visited(this, platform, ref, registration)
    _apply(this, registration)
    _accept(this)
    _survey(this)
    _plan(this)
    _permit(this)
    _build(this)
    _connect(this)
    _close(this, platform, ref)
    return this


def _apply(walk: Walk, registration: str) -> None:
    owner = walk.troupe["owner"]
    walk.go(0, "14:50", "登记转为联合报装申请，已知内容不再询问")
    version = owner.get(f"/registrations/{registration}")["version"]
    path = f"/registrations/{registration}/convert"
    made = walk.act(owner, "转为联合报装申请", path, {}, version=version, status=201)
    walk.case = made["id"]
    known = contents.zhoukou_form_a(owner, "", "")
    for key in ("enterprise.name", "enterprise.credit_code", "contact.phone", "site.address"):
        if made["values"].get(key) != known[key]:
            raise Surprise(f"登记时填过的 {key} 没有带入申请表：{made['values'].get(key)}")
    walk.say("  → 企业、联系人、地址、项目代码和五项报装都已带入")
    rest = contents.zhoukou_rest_of_form_b(walk.at(2, "09:00"))
    read = made["revisions"]
    fields = {key: {"value": value, "base": read.get(key, 0)} for key, value in rest.items()}
    draft = f"/applications/{walk.case}/draft"
    saved = walk.act(owner, "补填用量等内容", draft, {"fields": fields}, method="PATCH")
    if saved["faults"] or saved["conflicts"]:
        raise Surprise(f"申请表有问题：{saved['faults']} {saved['conflicts']}")
    walk.go(0, "15:00", "提交申请（零材料）")
    walk.number = walk.on_case(owner, "提交申请", "submit")["number"]
    walk.say(f"  编号 {walk.number}")
    walk.stands("submitted", "提交")


def _accept(walk: Walk) -> None:
    window = walk.troupe["window"]
    walk.may_not("owner", "自己受理自己的申请", "/applications/{case}/accept", {})
    walk.may_not("daye-window", "受理外市申请", "/applications/{case}/accept", {}, expect=_HIDDEN)
    gaps = {"gaps": [{"document": "business_licence", "due_at": walk.at(1, "16:00")}]}
    walk.may_not(
        "window", "零材料城市容缺受理", "/applications/{case}/accept-with-gaps", gaps, expect=_GUARD
    )
    walk.go(0, "15:30", "受理，按单位分派")
    walk.on_case(window, "受理", "accept", {"remark": "零材料受理"})
    if {part["utility"] for part in walk.look()["requests"]} != set(PARTS):
        raise Surprise("受理后没有分成水、电、气、暖、讯五项")
    walk.stands("surveying", "受理")


def _survey(walk: Walk) -> None:
    walk.go(1, "09:00", "改约踏勘，各单位班组确认")
    surveying.choose(walk, 2, "10:00", "09:00")
    codes = surveying.coming(walk, list(PARTS.values()), 2)
    surveying.confirm(walk, codes, 2)
    walk.go(2, "09:00", "牵头单位组织联合踏勘")
    survey = surveying.survey_of(walk)
    nothing = _found(walk)
    walk.may_not_on("heat", "lead", "替供暖单位登记踏勘", "record-findings", nothing)
    walk.may_not_on("heat", "water-crew1", "登记别家的踏勘", "record-findings", nothing, _HIDDEN)
    found = dict(zip(codes, (contents.ZHOUKOU_FOUND[each] for each in PARTS), strict=True))
    surveying.hand_in(walk, codes, 2, found)
    walk.stands("planning", "踏勘")
    surveying.sign_record(walk, codes, survey)


def _found(walk: Walk) -> dict[str, Any]:
    return common.findings(walk, walk.at(2, "09:00"), line_m="1")


def _plan(walk: Walk) -> None:
    owner = walk.troupe["owner"]
    starts_on = walk.day(4).isoformat()
    walk.go(2, "14:30", "各单位方案，一并答复")
    common.draw(walk, PARTS, LENGTHS, starts_on)
    walk.stands("planning", "方案")
    walk.go(2, "15:00", "企业要求调整方案")
    walk.on_case(owner, "要求调整", "ask-plan-change", {"reason": "请避开东门，改走北门"})
    walk.stands("planning", "调整")
    walk.go(2, "15:30", "修改后再次一并答复")
    common.draw(walk, PARTS, LENGTHS, starts_on)
    walk.stands("planning", "方案")
    walk.may_not_on("water", "window", "替供水单位登记踏勘", "record-findings", _found(walk))
    common.trespass(walk, (f"{server}-{job}" for server in PARTS.values() for job in JOBS))
    walk.go(2, "16:00", "同意方案")
    walk.on_case(owner, "同意方案", "agree-plan")
    walk.stands("permitting", "同意")


def _permit(walk: Walk) -> None:
    common.promise(walk, "water", "water")
    common.promise(walk, "heat", "heat")
    walk.stands("permitting", "承诺")
    walk.may_not_on(
        "electricity", "electricity-clerk", "不够条件却承诺", "commit", _PROMISE, _GUARD
    )
    walk.may_not_on("electricity", "regulator", "替部门签署意见", "sign-opinion", _YES)
    walk.may_not_on(
        "electricity", "dept-zhujian", "未被征求意见却签署", "sign-opinion", _YES, _HIDDEN
    )
    walk.go(3, "09:00", "部门反馈审批事项清单")
    common.list_papers(walk, "electricity", ASKED)
    walk.stands("permitting", "清单")
    walk.go(3, "09:30", "并联审批（当日接、当日结）")
    common.file_papers(walk, "electricity", "electricity")
    walk.stands("permitting", "报送")
    for department in ASKED:
        walk.may_not_on("electricity", department, "替供电单位承诺", "commit", _PROMISE)
    walk.go(3, "10:30", "各部门签署意见")
    town, chengguan, zigui, jiaojing = ASKED
    common.sign(walk, "electricity", town, "approved", "同意")
    common.sign(
        walk, "electricity", chengguan, "conditional", "有条件同意", "night_work", "restore_in_time"
    )
    common.sign(walk, "electricity", zigui, "approved", "同意")
    common.sign(walk, "electricity", jiaojing, "conditional", "有条件同意", "half_width")
    walk.stands("constructing", "审批")


_PROMISE = contents.PROMISES


def _build(walk: Walk) -> None:
    walk.go(4, "09:00", "同步施工")
    common.start(walk, PARTS, walk.at(4, "09:00"), walk.day(8).isoformat())
    walk.may_not("owner", "开工后撤回申请", "/applications/{case}/withdraw", {}, expect=_GUARD)
    walk.stands("constructing", "审批")
    walk.go(7, "16:00", "完工")
    for utility, server in PARTS.items():
        common.finish(walk, utility, server, walk.at(7, "15:30"))
    walk.stands("inspecting", "完工")
    walk.go(8, "09:00", "联合验收")
    passed = {"result": "passed", "items": [], "remark": ""}
    walk.may_not_on("water", "window", "替牵头单位组织验收", "inspect", passed)
    for utility in PARTS:
        common.inspect(walk, "lead", utility, "passed")
    walk.stands("connecting", "完工")


def _connect(walk: Walk) -> None:
    walk.go(8, "15:00", "约定接入时间")
    for utility, server in PARTS.items():
        clerk = walk.troupe[f"{server}-clerk"]
        body = {"at": walk.at(9, "09:00")}
        walk.on_part(clerk, "与企业约定次日 9 时接入", utility, "agree-connection-time", body)
    walk.stands("connecting", "约定")
    walk.go(9, "09:00", "一同接入")
    for number, (utility, server) in enumerate(PARTS.items(), start=1):
        common.connect(walk, utility, server, number)
    walk.stands("connected", "接通")


def _close(walk: Walk, platform: Platform, ref: str) -> None:
    walk.go(9, "15:00", "道路核验、评价、办结")
    walk.on_case(walk.troupe["dept-chengguan"], "核验道路已按原貌恢复", "check-road", _ROAD)
    owner = walk.troupe["owner"]
    path = f"/applications/{walk.case}/rate"
    low = owner.send("POST", path, {"level": 2, "reason": ""}, version=walk.look()["version"])
    walk.refused(owner, "评价不满意却不写原因", low, 422, "invalid")
    walk.on_case(owner, "评价：满意", "rate", {"level": 4, "reason": "流程清楚"})
    walk.stands("closed", "办结")
    status = platform.send("GET", f"/registrations/{registering.quoted(ref)}").body
    made = [(each["number"], each["stage"]) for each in status["applications"]]
    if (status["state"], made) != ("converted", [(walk.number, "closed")]):
        raise Surprise(f"{platform} 查询到的结果不对：{status['state']} {made}")
    walk.say(f"  {platform} 查询到：{walk.number} 已办结")
    walk.say("\n【通知与留痕】")
    for code, notices in told.ZHOUKOU.items():
        walk.told(code, *notices)
    common.audited(
        walk,
        "submit",
        "accept",
        "take_time",
        "book_survey",
        "confirm_visit",
        "agree_plan",
        "rate",
        "close",
    )
