"""Lengths, areas and roads named in a question about permits: 管长180米、穿路14米、占绿25平方."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.understanding.quantities.units import NUMERAL, number
from config.cities import RoadClass, Trigger

_QUANTITY = re.compile(
    rf"(?<![0-9.,])(?P<number>{NUMERAL}) ?(?:来|多|几)?"
    r"(?:(?P<area>平方米?|平米|个平方|平(?![行整均时常台])|㎡|[mM]2|[mM]²)|(?P<long>公里|千米|[kK][mM])"
    r"|(?P<metres>米(?![面线粉])|m(?![a-zA-Z0-9²/])))"
)
_CROSSING = re.compile("穿|跨|横过|过马?路|过街|过道|顶管|路宽|路面宽")
_CROSSING_AFTER = re.compile(" ?宽的?(?:马?路|道路|街|公路)")
_GREEN_AFTER = re.compile(" ?的?(?:绿|草坪|树)")
_ROADS: tuple[tuple[RoadClass, re.Pattern[str]], ...] = (
    (RoadClass.EXPRESSWAY, re.compile("快速路")),
    (RoadClass.ARTERIAL, re.compile("(?<!次)主干[道路]")),
    (RoadClass.SECONDARY, re.compile("次干[道路]")),
    (RoadClass.BRANCH, re.compile("支路|巷|背街|小路")),
    (RoadClass.HIGHWAY, re.compile("[国省县乡]道|公路|高速")),
)
_YEARS = rf"(?P<less>不到|未满|不满|没到|才|刚)?(?P<years>{NUMERAL}) ?年(?P<inside>之?内|以内)?"
_OPENED = re.compile(
    rf"(?:新修|新建|改建|扩建|通车|交付|建成|刚修|(?<!大)修好|(?<!大)修了|新路|新的?路)[^,。0-9]{{0,8}}?{_YEARS}"
)
_OVERHAULED = re.compile(rf"大修[^,。0-9]{{0,8}}?{_YEARS}")
_MAJOR = re.compile("铁路|高铁|河道|河流|过河|渠|高压(?:线|走廊)|输油|长输|主管线|重大管")
_PLANNING = re.compile("改变?规划|规划性质|变更规划|调整规划")


@dataclass(frozen=True, slots=True)
class Measures:
    """What was said of a line: metres, m², years; None where nothing was.

    ``opened_years``: years since the road was opened (new, rebuilt, expanded), ``overhauled_years``
    since its overhaul; ``less`` where it was said to be less.
    """

    line: Decimal | None = None
    crossing: Decimal | None = None
    green: Decimal | None = None
    road: RoadClass | None = None
    opened_years: int | None = None
    overhauled_years: int | None = None
    less: bool = False
    triggers: frozenset[Trigger] = frozenset()

    @property
    def any(self) -> bool:
        """Whether there is anything to judge by."""
        return self != Measures()


def measures_of(text: str) -> Measures:
    """What a question states. Several stretches of one kind are summed."""
    found: dict[str, Decimal] = {}
    before = 0
    for match in _QUANTITY.finditer(text):
        value = number(match["number"])
        if value is not None and value.is_finite() and 0 <= value < 10**6:
            kind = _kind(match, text[before : match.start()], text[match.end() :])
            metres = value * 1000 if match["long"] else value
            found[kind] = found.get(kind, Decimal(0)) + metres
        before = match.end()
    opened, overhauled = _OPENED.search(text), _OVERHAULED.search(text)
    return Measures(
        line=found.get("line"),
        crossing=found.get("crossing"),
        green=found.get("green"),
        road=_road(text),
        opened_years=_years(opened),
        overhauled_years=_years(overhauled),
        less=any(_less(each) for each in (opened, overhauled)),
        triggers=frozenset(_triggers(text)),
    )


def _kind(match: re.Match[str], before: str, after: str) -> str:
    if match["area"]:
        return "green"
    last = re.split("[,，。;；、]", before)[-1]
    crossing = _CROSSING.search(last) or _CROSSING_AFTER.match(after)
    return "crossing" if crossing else "line"


def _road(text: str) -> RoadClass | None:
    return next((road for road, cue in _ROADS if cue.search(text)), None)


def _years(found: re.Match[str] | None) -> int | None:
    value = number(found["years"]) if found else None
    return int(value) if value is not None and 0 <= value <= 100 else None


def _less(found: re.Match[str] | None) -> bool:
    return bool(found and (found["less"] or found["inside"]))


def _triggers(text: str) -> Iterable[Trigger]:
    if _MAJOR.search(text):
        yield Trigger.MAJOR_CROSSING
    if _PLANNING.search(text):
        yield Trigger.PLANNING_CHANGE
