"""大冶: four utilities, documents, a return, gaps, a commitment, an objection, to closed."""

from typing import Any

from server.walk import common, contents, papers, surveying, told
from server.walk.api import Api
from server.walk.surprise import Surprise
from server.walk.table import DAYE
from server.walk.walk import Say, Walk

PARTS = {"water": "water", "electricity": "electricity", "gas": "gas", "network": "telecom"}
ASKED = ("dept-town-jinhu", "dept-chengguan", "dept-jiaojing")
COME_ALONG = ("dept-chengguan", "dept-zigui", "dept-jiaojing")
"""Departments that come to the survey, as permits are likely."""
JOBS = ("clerk", "crew1")
LENGTHS = {"water": "120", "electricity": "320", "gas": "80", "network": "60"}


def walk(api: Api, say: Say) -> Walk:
    """The whole case; Surprise at the first thing that is not as expected."""
    this = Walk.begin(api, "daye", DAYE, say)
    _apply(this)
    _accept(this)
    _survey(this)
    _plan(this)
    _permit(this)
    _object(this)
    _build(this)
    _connect(this)
    _close(this)
    return this


def _apply(walk: Walk) -> None:
    owner, colleague = walk.troupe["owner"], walk.troupe["colleague"]
    walk.go(0, "08:50", "年度承诺与填表")
    common.promise_the_year(walk)
    made = walk.act(owner, "新建联合报装申请", "/applications", {"city": "daye"}, status=201)
    walk.case = made["id"]
    values = contents.daye_form_b(owner, colleague, walk.at(2, "09:00"))
    bad = {**values, "enterprise.credit_code": "91420281MA49QK7T18", "contact.phone": "12345"}
    saved = walk.act(owner, "填写申请表（两处有误）", _draft(walk), _fields(bad), method="PATCH")
    wrong = {fault["field"] for fault in saved["faults"]}
    if wrong != {"enterprise.credit_code", "contact.phone"}:
        raise Surprise(f"应一次指出两处错误，实为 {sorted(wrong)}")
    walk.say(f"  → 一次列出全部问题：{'；'.join(fault['message'] for fault in saved['faults'])}")
    right = {key: values[key] for key in wrong}
    walk.act(owner, "更正", _draft(walk), _fields(right, saved["revisions"]), method="PATCH")
    walk.licence = papers.attach(walk, owner, "business_licence", "营业执照.png")
    papers.attach(walk, owner, "authorisation", "授权委托书.pdf")
    papers.stays_shut(walk, walk.troupe["stranger"], walk.licence)
    checked = walk.act(owner, "检查能否提交", f"{_draft(walk)}/validate")
    if checked["faults"]:
        raise Surprise(f"申请表还有问题：{checked['faults']}")
    walk.may_not(
        "stranger", "查看别人的草稿并提交", "/applications/{case}/submit", expect=(404, "not_found")
    )
    walk.go(0, "09:00", "提交申请")
    walk.number = walk.on_case(owner, "提交申请", "submit")["number"]
    walk.say(f"  编号 {walk.number}")
    if not walk.number.startswith(str(walk.monday.year)):
        raise Surprise(f"编号的年份不对：{walk.number}")
    walk.stands("submitted", "提交")


def _draft(walk: Walk) -> str:
    return f"/applications/{walk.case}/draft"


def _fields(values: dict[str, Any], revisions: dict[str, int] | None = None) -> dict[str, Any]:
    """A save's body. Without revisions: at version 1, at which prefilled values were written."""
    read = revisions or dict.fromkeys(values, 1)
    return {"fields": {k: {"value": v, "base": read.get(k, 0)} for k, v in values.items()}}


def _accept(walk: Walk) -> None:
    owner, window = walk.troupe["owner"], walk.troupe["window"]
    common.in_queue(walk)
    walk.may_not("owner", "自己受理自己的申请", "/applications/{case}/accept", {})
    walk.may_not("water-clerk", "受理申请", "/applications/{case}/accept", {}, expect=_HIDDEN)
    walk.may_not(
        "zhoukou-window", "受理外市申请", "/applications/{case}/accept", {}, expect=_HIDDEN
    )
    walk.go(0, "09:30", "退回补正（一次性告知）")
    faults = [
        {"field": "site.address", "reason": "field_wrong", "note": "请写明厂区大门所在道路"},
        {"field": "water.daily_amount", "reason": "field_wrong", "note": "与环评用量不符"},
    ]
    body = {"faults": faults}
    walk.on_case(window, "一次告知两处问题，退回补正", "return-for-correction", body)
    walk.stands("returned", "退回")
    walk.go(0, "10:30", "补正后重新提交")
    read = owner.get(_draft(walk))["revisions"]
    right = {"site.address": "样例大道 8 号（东门）", "water.daily_amount": "22"}
    walk.act(owner, "补正两处", _draft(walk), _fields(right, read), method="PATCH")
    again = walk.on_case(owner, "重新提交", "submit")
    if again["number"] != walk.number:
        raise Surprise(f"补正后编号变成 {again['number']}")
    walk.stands("submitted", "补正")
    walk.go(0, "10:40", "容缺受理，按单位分派")
    reply = window.send(
        "POST", f"/applications/{walk.case}/accept", {}, version=walk.look()["version"]
    )
    walk.refused(window, "材料不齐时直接受理", reply, 409, "guard_failed")
    _accept_with_gaps(walk)
    if {part["utility"] for part in walk.look()["requests"]} != set(PARTS):
        raise Surprise("受理后没有分成水、电、气、网四项")
    walk.stands("surveying", "容缺受理")
    for server in PARTS.values():
        papers.opens(walk, walk.troupe[f"{server}-clerk"], walk.licence)


_HIDDEN = (404, "not_found")


def _accept_with_gaps(walk: Walk) -> None:
    """容缺受理: the land paper comes later; afterwards it is supplied."""
    window = walk.troupe["window"]
    body = {
        "estimates": {
            utility: {"external_line": True, "permit_likely": utility in ("water", "electricity")}
            for utility in PARTS
        },
        "gaps": [{"document": "site_right", "due_at": walk.at(1, "16:00")}],
        "remark": "用地证明容缺，企业承诺周二 16 时前补齐",
    }
    walk.on_case(window, "容缺受理（缺用地证明）", "accept-with-gaps", body)


def _survey(walk: Walk) -> None:
    owner = walk.troupe["owner"]
    walk.go(0, "11:00", "补齐材料，查共同时间，改约踏勘")
    papers.attach(walk, owner, "site_right", "用地证明.pdf")
    walk.on_case(owner, "补齐用地证明", "supply-papers", {"documents": ["site_right"]})
    surveying.only_one_crew(walk, "gas", 2)
    surveying.choose(walk, 2, "10:30", "09:30")
    values = contents.second_form_b(walk.troupe["owner2"])
    surveying.lost_race(walk, "owner2", values, 2, "09:30")
    walk.stands("surveying", "补齐")
    walk.go(1, "15:00", "各单位班组确认")
    crews = surveying.coming(walk, list(PARTS.values()), 2)
    codes = [*surveying.coming(walk, COME_ALONG, 2), *crews]
    surveying.confirm(walk, codes, 2)
    walk.go(2, "09:30", "联合踏勘")
    survey = surveying.survey_of(walk)
    walk.may_not_on("gas", "gas-crew1", "替用户提交方案段", "submit-segment", _segment(walk))
    walk.may_not_on(
        "water", "gas-crew1", "登记别家的踏勘", "record-findings", _found(walk), _HIDDEN
    )
    found = dict(zip(crews, (contents.DAYE_FOUND[each] for each in PARTS), strict=True))
    surveying.hand_in(walk, codes, 2, found)
    walk.stands("planning", "踏勘")
    surveying.sign_record(walk, codes, survey)


def _found(walk: Walk) -> dict[str, Any]:
    return common.findings(walk, walk.at(2, "09:30"), line_m="1")


def _segment(walk: Walk) -> dict[str, Any]:
    return contents.segment("1", walk.day(4).isoformat(), "PE 管")


def _plan(walk: Walk) -> None:
    walk.go(2, "14:30", "各单位方案，一并答复")
    common.draw(walk, PARTS, LENGTHS, walk.day(4).isoformat())
    walk.stands("planning", "方案")
    common.trespass(walk, (f"{server}-{job}" for server in PARTS.values() for job in JOBS))
    walk.go(2, "15:00", "同意方案")
    walk.may_not_on("water", "window", "替供水单位登记踏勘", "record-findings", _found(walk))
    walk.on_case(common.colleague(walk), "代表企业同意方案", "agree-plan")
    walk.stands("permitting", "同意")


def _permit(walk: Walk) -> None:
    common.promise(walk, "water", "water")
    walk.stands("permitting", "承诺")
    walk.may_not_on("electricity", "dept-chengguan", "替供电公司承诺", "commit", contents.PROMISES)
    walk.may_not_on("electricity", "lead", "替部门签署意见", "sign-opinion", _YES)
    walk.may_not_on("electricity", "regulator", "替部门签署意见", "sign-opinion", _YES)
    walk.may_not_on(
        "electricity", "dept-jiaotong", "未被征求意见却签署", "sign-opinion", _YES, _HIDDEN
    )
    walk.go(2, "16:00", "部门反馈审批事项清单")
    common.list_papers(walk, "electricity", ASKED)
    walk.stands("permitting", "清单")
    walk.go(2, "16:30", "并联审批")
    common.file_papers(walk, "electricity", "electricity")
    walk.stands("permitting", "报送")
    works = {"started_at": walk.at(2, "16:30"), "builder": "样例", "briefed": True}
    for department in ASKED:
        body = {**works, "ends_on": walk.day(4).isoformat()}
        walk.may_not_on("electricity", department, "替供电公司开工", "start-works", body)


_YES = {"verdict": "approved", "codes": [], "remark": ""}


def _object(walk: Walk) -> None:
    """交警 objects; the plan is changed and only it looks again."""
    walk.go(3, "09:30", "一个部门不同意，退回方案")
    town, chengguan, jiaojing = ASKED
    common.sign(walk, "electricity", town, "approved", "同意")
    common.sign(
        walk, "electricity", chengguan, "conditional", "有条件同意", "half_width", "restore_in_time"
    )
    common.sign(walk, "electricity", jiaojing, "objected", "不同意：交通组织", "traffic_unsafe")
    walk.stands("planning", "不同意")
    walk.go(3, "10:00", "修改方案，再次答复")
    common.draw(walk, {"electricity": "electricity"}, LENGTHS, walk.day(4).isoformat())
    walk.stands("planning", "再答复")
    walk.on_case(walk.troupe["owner"], "同意修改后的方案", "agree-plan")
    walk.stands("permitting", "再同意")
    walk.go(3, "11:00", "只由不同意的部门再看")
    common.file_papers(walk, "electricity", "electricity")
    walk.stands("permitting", "再报送")
    walk.may_not_on(
        "electricity", chengguan, "重复签署意见", "sign-opinion", _YES, (409, "guard_failed")
    )
    walk.go(3, "15:00", "审批通过，出具综合审批意见单")
    common.sign(walk, "electricity", jiaojing, "approved", "同意（夜间半幅施工）")
    walk.stands("constructing", "审批")


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
    for utility in PARTS:
        if utility == "gas":
            common.inspect(walk, "window", "gas", "failed", "调压箱未设防撞护栏")
        else:
            common.inspect(walk, "window", utility, "passed")
    walk.stands("constructing", "完工")
    walk.go(8, "14:30", "整改后复验")
    common.finish(walk, "gas", "gas", walk.at(8, "14:30"))
    common.inspect(walk, "window", "gas", "passed")
    walk.stands("connecting", "完工")


_GUARD = (409, "guard_failed")


def _connect(walk: Walk) -> None:
    owner = walk.troupe["owner"]
    walk.go(8, "15:00", "约定接入时间")
    times = {"water": "09:00", "electricity": "09:30", "gas": "10:00", "network": "10:30"}
    for utility, at in times.items():
        body = {"at": walk.at(9, at)}
        walk.on_part(owner, f"约定 {at} 接入", utility, "agree-connection-time", body)
    walk.stands("connecting", "约定")
    for number, (utility, at) in enumerate(times.items(), start=1):
        walk.go(9, at, f"接入：{walk.part(utility)['utility_label']}")
        common.connect(walk, utility, PARTS[utility], number)
    walk.stands("connected", "接通")


def _close(walk: Walk) -> None:
    walk.go(9, "15:00", "道路核验、评价、办结")
    walk.may_not("colleague", "替部门核验道路", "/applications/{case}/check-road", _ROAD)
    walk.on_case(walk.troupe["dept-chengguan"], "核验道路已按原貌恢复", "check-road", _ROAD)
    walk.on_case(walk.troupe["owner"], "评价：非常满意", "rate", {"level": 5, "reason": ""})
    walk.stands("closed", "办结")
    walk.may_not(
        "owner",
        "办结后再撤回",
        "/applications/{case}/withdraw",
        {},
        expect=(409, "move_not_allowed"),
    )
    walk.say("\n【通知与留痕】")
    for code, notices in told.DAYE.items():
        walk.told(code, *notices)
    common.audited(
        walk,
        "submit",
        "accept_with_gaps",
        "take_time",
        "book_survey",
        "confirm_visit",
        "agree_plan",
        "rate",
        "close",
    )


_ROAD = {"restored": True, "remark": ""}
