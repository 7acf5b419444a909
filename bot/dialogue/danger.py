"""Danger in what somebody writes, known by its words, whatever else the utterance may want.

Too many warnings cost a moment, one too few may cost a life: what is said to be there now is always
danger. What is only feared, asked about, over or denied is none.
"""

import re
from enum import StrEnum

from bot.dialogue.hearing import HEARD
from bot.understanding.types import Intent, Understood


class Danger(StrEnum):
    """What threatens."""

    GAS = "gas"
    SPARK = "spark"
    """Current, fire, or somebody who calls for help."""


UNSURE = 0.25
"""From here on a fault of gas is warned of, though it may have been something else."""
_GAS = r"(?:煤气|燃气|天然气|天燃气|液化气|沼气|瓦斯|气管|气罐|气表|(?<![a-z])gas(?![a-z]))"
_NEAR = r"[^,，。;；!！?？]{0,8}"
_HIT = r"(?:挖|碰|铲|撞|弄|打|钻|顶|压|砸|刨|钩|搞|整)(?:破|断|爆|漏|穿|坏|裂|到漏)"
_BURST = r"断裂|破裂|爆裂|爆炸|爆燃|(?<!不)着火|起火|失火|(?:断|破|爆|裂|炸|撞)(?:开|掉|上)?了|脱落"
_ESCAPES = r"泄漏|泄露|洩漏|漏|跑了|跑气|冒|喷|味"
_HISS = "(?:呲呲|嘶嘶|滋滋|丝丝|哧哧|咝咝|吱吱|呼呼|刺刺)"
_FOUL = "刺鼻|怪味|异味|臭味|难闻|呛人"
_SICK = "头晕|头疼|头痛|恶心|想吐|呕吐|晕倒|昏倒|喘不过气|胸闷|眼睛疼"
_INDOORS = "屋|家里|厨房|房间|楼道|楼梯|车间|锅炉|灶|食堂|宿舍|地下室|井"

_LEAK = re.compile(
    rf"{_GAS}{_NEAR}(?:{_HIT}|{_BURST}|{_ESCAPES})"
    rf"|(?:{_HIT}|泄漏|泄露|洩漏|漏|闻到|闻着|闻见|一股|有股)了?{_NEAR}{_GAS}"
    rf"|{_GAS}.{{0,10}}(?:满屋|一屋|全是|都是|好大|很大|一股)[^,，。]{{0,3}}味"
    r"|(?:气|瓶)[^,，。]{0,6}报警(?!器|电话)|臭鸡蛋[^,，。]{0,2}味|漏气|跑气了|冒气|喷气"
    r"|(?:煤气|燃气|天然气|瓦斯|一氧化碳)[^,，。]{0,4}中毒"
    r"|报警器[^,，。]{0,6}(?:(?<!不)响|在叫|一直叫|报警|滴滴|闪)"
    rf"|(?:灶|炉|阀门|管|罐|表|热水器|气)[^,，。]{{0,6}}{_HISS}(?=.{{0,20}}(?:气|味|漏|冒))|{_GAS}{_NEAR}{_HISS}"
    r"|leak[^.!?]{0,16}gas|smell[^.!?]{0,16}gas"
    r"|(?<![a-z])gas[^.!?]{0,16}(?:leak|smell)"
)
_SMELT = re.compile(
    rf"(?:{_FOUL}|味)[^。]{{0,12}}(?:{_SICK})|(?:{_SICK})[^。]{{0,12}}(?:{_FOUL}|味|{_GAS})"
    rf"|(?:{_INDOORS})[^。]{{0,10}}(?:{_FOUL})"
)
_SPARKS = re.compile(
    r"触电|电死|电着人|漏电|冒火[花星]|打火花|电火花|(?<!不)着火|起火|失火|冒[黑浓白]?烟|爆炸"
    r"|(?:电线|电缆|高压线)[^,，。]{0,6}(?:断|掉|垂|落)|(?:电线?|线)杆[^,，。]{0,6}(?:倒|断|歪)"
    r"|变压器[^,，。]{0,4}(?:炸|烧)|救命|有人(?:晕倒|昏迷|受伤|被埋)|^(?:都|要)?炸了[!！。~]{0,5}$"
)
_NOT_HERE = re.compile(
    r"如果|万一|假如|要是|会不会|预防|防止|防范|避免|防[漏爆泄]|(?<!恐)怕(?!是)|担心|演练|演习|培训|宣传"
    r"|去年|前年|上次|以前|之前|曾经|过一次|没有?(?:闻到|漏|泄|味|煤气|燃气|天然气)|不漏|不会漏|轮胎|车胎|气球|气管炎"
)
_OF_WORKS = re.compile(
    "报警器|探测器|检测|检查|试验|改造|报装|安装|[新重]装|申请|保护器|怎么办理|多少钱|要不要|保险|气密性|措施"
    "|方案|有限公司|多久"
)
_WHAT_TO_DO = re.compile("怎么办(?!理)|咋办|怎么处理|打什么电话|打哪|该怎么做")
_RIGHT_NOW = re.compile(
    r"(?:漏|泄漏|泄露|断|破|爆|裂|响|叫|着火|火|味|烟|掉|倒)气?(?:了|啦|着)|正在|一直|在[漏响叫喷冒]"
    r"|快来|赶紧|救命|好大|很大|不停|关不上|闻到|又[漏有]|头晕|恶心|中毒|报警了"
)
_URGENT = re.compile(
    "快来|救命|正在|头晕|恶心|不停|好大|很大|越来越|又[漏有闻]|现在[^,，。]{0,4}[漏味]"
)
_ASKS = re.compile("[?？]|吗$|多远|多少|多久|几|怎么|什么|哪|谁|要不要|能不能|可以")
_NO_SUPPLY = re.compile("停气|没气|没有气|不来气|打不着|点不着|欠费|气压|不通气|不出气|气小")


def of(said: Understood) -> Danger | None:
    """The danger that is told of; None where there is none now."""
    text = said.text.lower()
    if said.slots.company:
        text = text.replace(said.slots.company.lower(), "")
    if _LEAK.search(text) or _SMELT.search(text):
        return Danger.GAS if _now(text) else None
    if _SPARKS.search(text):
        threat = Danger.GAS if re.search(_GAS, text) else Danger.SPARK
        return threat if _now(text) else None
    return Danger.GAS if _fault_of_gas(said, text) else None


def _now(text: str) -> bool:
    """Whether it is said to be there now, or is asked what to do when it is."""
    if _NOT_HERE.search(text):
        asked = _WHAT_TO_DO.search(text) is not None and not _OF_WORKS.search(text)
        return asked or _URGENT.search(text) is not None
    return not _OF_WORKS.search(text) or _RIGHT_NOW.search(text) is not None


def _fault_of_gas(said: Understood, text: str) -> bool:
    """A fault that has to do with gas, however unsure: nobody is asked to be exact here."""
    if said.intent is not Intent.REPORT_FAULT or _NO_SUPPLY.search(text):
        return False
    about = "gas" in said.slots.utilities or re.search(_GAS, text) is not None
    if not about or _NOT_HERE.search(text) or _ASKS.search(text):
        return False
    smells = re.search("味|臭|漏|泄|响|炸|断|破", text) is not None
    return smells or UNSURE <= said.confidence < HEARD
