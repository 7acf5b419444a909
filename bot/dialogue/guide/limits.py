"""How long one step may take: the step that was asked about, with the city's figure."""

import re

from bot.dialogue.guide.accounts import account_kinds
from bot.dialogue.guide.cited import Asked, Cited, cited, of_guide, unstated
from config.cities import City, DeadlineRule, Step, limit_words
from config.texts import words
from config.texts.chat import chat

_CUES: tuple[tuple[Step, re.Pattern[str]], ...] = (
    ("first_visit", re.compile("上门对接|登记[^,。]{0,8}(?:上门|对接|联系)|多久[^,。]{0,4}上门")),
    ("correction", re.compile("补正|退回[^,。]{0,6}改")),
    ("acceptance", re.compile("受理")),
    ("survey", re.compile("踏勘|勘察|勘查|看现场|来现场")),
    ("offer_lapse", re.compile("(?:确认|同意|答复)[^,。]{0,4}方案|方案[^,。]{0,6}(?:失效|确认)")),
    ("plan", re.compile("方案")),
    ("document_list", re.compile("事项清单|反馈清单")),
    ("permit_papers", re.compile("报送|报批|提交[^,。]{0,4}(?:资料|材料)")),
    ("commitment", re.compile("承诺制|告知承诺|走承诺|承诺书")),
    ("joint_approval", re.compile("审批|许可|批下来|批复|并联|挖路|破路|占绿|几天批")),
    ("rating_close", re.compile("评价|办结归档|归档")),
    (
        "connection",
        re.compile(
            "接入|接通|接上|通[水电气暖网]|[水电气暖网]通|送[电水气]|送上|开通|装好|能通|挂表"
        ),
    ),
)
_SHADOWED: dict[Step, Step] = {"plan": "offer_lapse", "joint_approval": "permit_papers"}
"""A step whose words stand inside those of another: the longer one is meant."""
_ALL = re.compile("总共|一共|从头到尾|全程|整个|全部|前前后后|从申请到|加起来")
_DAYS_OFF = re.compile(
    "放假|节假日|周末|双休|节日|连着算|自然日|工作日还是|算不算工作日|怎么算|(?:星期|周|礼拜)[六日天]"
    "|算[^,，。]{0,3}工作日|是工作日吗"
)
_LATE = re.compile("超了|超期|超时|逾期|拖|没按时|不按时|做不到")


def time_limits(asked: Asked) -> tuple[Cited, ...]:
    """The figures of the steps asked about; of all of them where none was named."""
    city, text = asked.city, asked.text
    lines: list[Cited] = []
    if _DAYS_OFF.search(text):
        lines.append(Cited(chat("guide.days_off"), ours=True))
    if _LATE.search(text):
        lines.append(Cited(chat("guide.late", lead=city.lead.label), ours=True))
    if asked.slots.kind in account_kinds(city):
        return (*lines, *_account_change(city))
    steps = [] if _ALL.search(text) else named_steps(text)
    for step in steps:
        rule = city.deadlines.get(step)
        lines += [limit_of(step, rule)] if rule else unstated(city, words.step(step).label)
    if steps and steps != ["connection"]:
        return tuple(lines)
    whole = () if lines and not steps else of_guide(city.guide["time_limits"])
    total = (Cited(chat("guide.no_total")),) if _ALL.search(text) else ()
    return (*lines, *whole, *total)


def named_steps(text: str) -> list[Step]:
    """Steps a text names, in order of the procedure."""
    found = [step for step, cue in _CUES if cue.search(text)]
    return [step for step in found if _SHADOWED.get(step) not in found]


def limit_of(step: Step, rule: DeadlineRule) -> Cited:
    """One step's limit in a sentence, with its source."""
    label = words.step(step).label
    if rule.at_once:
        return cited(chat("guide.limit_at_once", step=label, starts=rule.starts), rule)
    code = "guide.limit_aimed" if rule.target else "guide.limit"
    target = limit_words(rule.target) if rule.target else ""
    limit = limit_words(rule.limit)
    return cited(chat(code, step=label, starts=rule.starts, limit=limit, target=target), rule)


def _account_change(city: City) -> tuple[Cited, ...]:
    """更名、过户 go from acceptance straight to connection."""
    steps: tuple[Step, ...] = ("acceptance", "connection")
    limits = (limit_of(step, city.deadlines[step]) for step in steps)
    return (Cited(chat("guide.account_course"), ours=True), *limits)


def connecting(city: City) -> Cited:
    """How soon after the agreed time supply is connected."""
    return limit_of("connection", city.deadlines["connection"])
