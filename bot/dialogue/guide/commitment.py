"""Whether a line as described may go by 告知承诺, judged by the city's own thresholds."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.dialogue.guide.cited import Asked, Cited, unstated
from bot.dialogue.guide.measures import Measures
from config.cities import City, RoadClass, Trigger, plain
from config.texts.chat import chat
from rules import permit
from rules.calendar import SHANGHAI

_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class _Described:
    """A line as somebody described it, in the terms of what a crew finds (``rules.findings``)."""

    line_m: Decimal
    crossing_m: Decimal
    green_m2: Decimal
    road_excavated: bool
    road_class: RoadClass | None
    road_opened_on: date | None
    road_overhauled_on: date | None
    planning_change: bool
    major_crossing: bool
    traffic_affected: bool = False
    new_corridor: bool = False
    new_building: bool = False


def judged(asked: Asked, said: Measures) -> tuple[Cited, ...]:
    """The route of a line as described, with the clause, and what remains to be looked at."""
    city = asked.city
    today = asked.now.astimezone(SHANGHAI).date()
    decision = permit.route(city, [_described(city, said, today)], on=today)
    unsaid = said.triggers - set(city.permits.joint.triggers)
    if unsaid and decision.route is permit.Route.COMMITMENT:
        about = "、".join(chat(f"guide.given_{each}") for each in sorted(unsaid))
        return unstated(city, about)
    given = "、".join(_given(said))
    if decision.route is permit.Route.COMMITMENT:
        clause = city.permits.commitment.clause
        within = Cited(chat("guide.may_commit", given=given), clause)
        left = "；".join(_left(city, said))
        also = (Cited(chat("guide.also_needed", left=left), clause),) if left else ()
        return (within, *also, *_young_road(city, said), Cited(chat("guide.survey_decides")))
    head = Cited(chat("guide.may_not_commit", given=given))
    why = (Cited(chat("guide.why", reason=reason.text)) for reason in decision.reasons)
    return (head, *why, Cited(chat("guide.survey_decides")))


def _young_road(city: City, said: Measures) -> tuple[Cited, ...]:
    """A new or overhauled road, where the city's policy says nothing of those."""
    rule = city.permits.commitment
    opened = said.opened_years is not None and rule.years_after_opening is None
    overhauled = said.overhauled_years is not None and rule.years_after_overhaul is None
    return unstated(city, chat("guide.young_road")) if opened or overhauled else ()


def _described(city: City, said: Measures, today: date) -> _Described:
    """What was not said is taken as the policy would still allow it: those who ask mean a line
    that digs up a road.
    """
    rule = city.permits.commitment
    allowed = next((each for each in RoadClass if each not in rule.excluded_roads), None)
    crossing, green = said.crossing or _ZERO, said.green or _ZERO
    return _Described(
        line_m=max(said.line or _ONE, crossing),
        crossing_m=crossing,
        green_m2=green,
        road_excavated=green == _ZERO or said.road is not None,
        road_class=said.road or allowed,
        road_opened_on=_since(today, said.opened_years, said),
        road_overhauled_on=_since(today, said.overhauled_years, said),
        planning_change=Trigger.PLANNING_CHANGE in said.triggers,
        major_crossing=Trigger.MAJOR_CROSSING in said.triggers,
    )


def _since(today: date, years: int | None, said: Measures) -> date | None:
    """The day so many years ago; one day more than that where it was said to be longer ago."""
    if years is None:
        return None
    day = today.replace(year=today.year - years, day=min(today.day, 28))
    return day + timedelta(days=5) if said.less else day - timedelta(days=1)


def _given(said: Measures) -> list[str]:
    given = [
        chat(f"guide.given_{name}", value=plain(value))
        for name, value in (
            ("line", said.line),
            ("crossing", said.crossing),
            ("green", said.green),
        )
        if value is not None
    ]
    if said.road is not None:
        given.append(chat(f"guide.road_{said.road}"))
    given += [chat(f"guide.given_{trigger}") for trigger in sorted(said.triggers)]
    for name, years in (("opened", said.opened_years), ("overhauled", said.overhauled_years)):
        if years is not None:
            code = f"guide.given_{name}_less" if said.less else f"guide.given_{name}"
            given.append(chat(code, value=years))
    return given


def _left(city: City, said: Measures) -> list[str]:
    """Conditions of the promise about which nothing was said."""
    rule, left = city.permits.commitment, []
    if said.line is None and rule.line_below is not None:
        left.append(chat("guide.left_line_below", limit=plain(rule.line_below)))
    for name, limit, value in (
        ("line", rule.line_at_most, said.line),
        ("crossing", rule.crossing_at_most, said.crossing),
        ("green", rule.green_at_most, said.green),
    ):
        if limit is not None and value is None:
            left.append(chat(f"guide.left_{name}", limit=plain(limit)))
    if rule.excluded_roads and said.road is None:
        roads = "、".join(chat(f"guide.road_{road}") for road in sorted(rule.excluded_roads))
        left.append(chat("guide.left_roads", roads=roads))
    for name, years, known in (
        ("opened", rule.years_after_opening, said.opened_years),
        ("overhauled", rule.years_after_overhaul, said.overhauled_years),
    ):
        if years is not None and known is None:
            left.append(chat(f"guide.left_{name}", years=years))
    digs = said.crossing or said.green or said.road or said.opened_years or said.overhauled_years
    if not digs and set(rule.only_for) <= {Trigger.ROAD, Trigger.GREEN}:
        left.append(chat("guide.left_road_or_green"))
    if city.commitment_form == "annual":
        left.append(chat("guide.left_annual"))
    return left
