"""Who decides on roads, green space, traffic and planning, and when a promise is enough."""

import re

from bot.dialogue.guide.cited import Asked, Cited, of_guide
from bot.dialogue.guide.commitment import judged
from bot.dialogue.guide.measures import Measures, measures_of
from config.cities import City, PermitKind, Trigger
from config.texts.chat import chat

_CUES: dict[Trigger, re.Pattern[str]] = {
    Trigger.ROAD: re.compile(
        "挖|破路|开挖|掘路|占道|马路|道路|公路|[国省县乡]道|顶管|路面|过路|主干"
    ),
    Trigger.TRAFFIC: re.compile("人行道|围挡|打围|封路|交警|交通(?!局|运输)|断行|半幅|车道"),
    Trigger.GREEN: re.compile("绿化|绿地|占绿|绿带|草坪|树|苗木|园林"),
    Trigger.PLANNING_CHANGE: re.compile("规划|红线|走向"),
    Trigger.NEW_CORRIDOR: re.compile("走廊|管廊"),
    Trigger.NEW_BUILDING: re.compile("新建筑|新建楼|新建厂房|工程建设|施工许可|住建"),
    Trigger.MAJOR_CROSSING: re.compile("铁路|高铁|高速|河|渠|高压|输油|主管线|重大"),
}
_BROKEN = re.compile("做不到|没做到|违反|违约|不兑现|没兑现|失信|不按承诺|会咋样|后果|处罚|惩")


def permits(asked: Asked) -> tuple[Cited, ...]:
    """Which permits and departments, and how the line as described would be judged."""
    said = measures_of(asked.text)
    said = said if said != Measures(road=said.road) else Measures()  # a road alone asks whose it is
    kinds = [_kind(asked.city, each) for each in _named(asked.city, asked.text)]
    verdict = judged(asked, said) if said.any else ()
    return (*verdict, *kinds, *of_guide(asked.city.guide["permits"]))


def commitment(asked: Asked) -> tuple[Cited, ...]:
    """The promise: whether a line as described may go by it, what breaking it brings, its terms."""
    said, city = measures_of(asked.text), asked.city
    verdict = judged(asked, said) if said.any else ()
    broken = sanctions(city) if _BROKEN.search(asked.text) else ()
    return (*verdict, *broken, *of_guide(city.guide["commitment"]))


def of_line(asked: Asked) -> tuple[Cited, ...]:
    """A line described in figures, whatever is asked of it; empty where none is."""
    said = measures_of(asked.text)
    laid = said.line is not None and re.search("管|线|埋|挖", asked.text) is not None
    years = said.opened_years is not None or said.overhauled_years is not None
    if not (laid or years or said.crossing is not None or said.green is not None):
        return ()
    return judged(asked, said)


def _named(city: City, text: str) -> list[PermitKind]:
    found = {trigger for trigger, cue in _CUES.items() if cue.search(text)}
    return [each for each in city.permits.kinds.values() if found & set(each.triggers)]


def _kind(city: City, kind: PermitKind) -> Cited:
    """A permit with the department that decides, and the one for roads of another class: which
    decides on what no policy says, so the city's file does.
    """
    department = city.departments[kind.department].name
    others = [
        chat("guide.road_by", road=chat(f"guide.road_{road}"), department=city.departments[by].name)
        for road, by in kind.by_road_class.items()
        if by != kind.department
    ]
    text = chat("guide.permit_kind", kind=kind.label, department=department)
    return Cited("".join((text, *others, "。")), ours=True)


def sanctions(city: City) -> tuple[Cited, ...]:
    """What follows where a promise is not kept, step by step, or by yearly assessment."""
    rules, told = city.sanctions, []
    if rules.ladder:
        steps = [
            chat("guide.sanction_months", step=each.label, months=each.months)
            if each.months
            else each.label
            for each in rules.ladder
        ]
        told.append(Cited(chat("guide.sanctions", steps=steps), rules.clause))
    if rules.assessment:
        told.append(Cited(rules.assessment_text or chat("guide.assessment"), rules.clause))
    return tuple(told)
