"""The permit route of external lines: none, commitment or joint, with the deciding clause.

Findings are summed over the segments of one utility in one case, so that splitting a line gains
nothing (domain §6). Lengths in metres, areas in m². The city's file holds every bound.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from config import texts
from config.cities import City, CommitmentRule, PermitKind, RoadClass, Trigger, plain
from rules.errors import Code, DomainError

ZERO = Decimal(0)


class Route(StrEnum):
    """无需许可, 告知承诺, 联合审批; later ones weigh more."""

    NONE = "none"
    COMMITMENT = "commitment"
    JOINT = "joint"


WEIGHT = {Route.NONE: 0, Route.COMMITMENT: 1, Route.JOINT: 2}


class Found(Protocol):
    """What a crew found on one stretch of external line."""

    @property
    def line_m(self) -> Decimal: ...
    @property
    def crossing_m(self) -> Decimal: ...
    @property
    def road_excavated(self) -> bool: ...
    @property
    def road_class(self) -> RoadClass | None: ...
    @property
    def road_opened_on(self) -> date | None: ...
    @property
    def road_overhauled_on(self) -> date | None: ...
    @property
    def traffic_affected(self) -> bool: ...
    @property
    def green_m2(self) -> Decimal: ...
    @property
    def planning_change(self) -> bool: ...
    @property
    def new_corridor(self) -> bool: ...
    @property
    def major_crossing(self) -> bool: ...
    @property
    def new_building(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """``Found`` as a plain value (what-if pages, estimates). Dates None: not known to be recent."""

    line_m: Decimal = ZERO
    crossing_m: Decimal = ZERO
    road_excavated: bool = False
    road_class: RoadClass | None = None
    road_opened_on: date | None = None
    road_overhauled_on: date | None = None
    traffic_affected: bool = False
    green_m2: Decimal = ZERO
    planning_change: bool = False
    new_corridor: bool = False
    major_crossing: bool = False
    new_building: bool = False


@dataclass(frozen=True, slots=True)
class AnnualCommitment:
    """年度承诺 of one utility to one department, both days included."""

    utility: str
    department: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a stable code, the clause it rests on, the numbers that decided."""

    code: str
    clause: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """In words, with its numbers and its clause."""
        return f"{texts.reason(self.code, self.data)}（{self.clause}）"


@dataclass(frozen=True, slots=True)
class Needed:
    """One permit that is needed, and the departments that decide it."""

    kind: str
    label: str
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UtilityRoute:
    """The route of one utility's line in one case."""

    utility: str
    route: Route
    reasons: tuple[Reason, ...]
    permits: tuple[Needed, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The route of a case: the heaviest of its utilities; departments in the order of form C."""

    route: Route
    reasons: tuple[Reason, ...]
    departments: tuple[str, ...]
    permits: tuple[Needed, ...]
    by_utility: Mapping[str, UtilityRoute]


@dataclass(frozen=True, slots=True)
class _Sum:
    """All segments of one utility together."""

    segments: tuple[Found, ...]
    line: Decimal
    crossing: Decimal
    green: Decimal
    triggers: frozenset[Trigger]


def route(
    city: City,
    findings: Mapping[str, Sequence[Found]],
    *,
    on: date,
    suspended: Collection[str] = (),
    annual: Collection[AnnualCommitment] = (),
) -> Decision:
    """The route from the findings of each utility, judged on day ``on`` (Asia/Shanghai).

    ``suspended``: utilities whose commitments are suspended. ``annual``: commitments on record
    (大冶 四(二)1; not asked where a city commits per case). ValueError for a negative measure.
    """
    by_utility = {
        utility: _utility(city, utility, _sum(segments), on, utility in suspended, annual)
        for utility, segments in findings.items()
    }
    routes = [each.route for each in by_utility.values()]
    heaviest = max(routes, key=lambda each: WEIGHT[each], default=Route.NONE)
    deciding = (each for each in by_utility.values() if each.route is heaviest)
    return Decision(
        route=heaviest,
        reasons=tuple(reason for each in deciding for reason in each.reasons),
        departments=_ordered(city, (d for each in by_utility.values() for d in each.departments)),
        permits=_merged(city, (p for each in by_utility.values() for p in each.permits)),
        by_utility=by_utility,
    )


def overrule(city: City, decision: UtilityRoute, to: Route, why: str) -> UtilityRoute:
    """A clerk's own judgement, only towards ``joint`` and with a reason; DomainError otherwise."""
    if to is not Route.JOINT or not why.strip():
        raise DomainError(Code.GUARD_FAILED, guard="only_towards_joint")
    if decision.route is Route.JOINT:
        return decision
    reason = Reason("overruled", city.permits.joint.clause, {"why": why.strip()})
    permits = decision.permits or _always(city)
    return replace(
        decision,
        route=Route.JOINT,
        reasons=(reason, *decision.reasons),
        permits=permits,
        departments=_departments_of(city, permits),
    )


def _sum(segments: Sequence[Found]) -> _Sum:
    for each in segments:
        for measure in (each.line_m, each.crossing_m, each.green_m2):
            if not measure.is_finite() or measure < 0:
                raise ValueError("lengths and areas are not negative")
    return _Sum(
        tuple(segments),
        sum((each.line_m for each in segments), ZERO),
        sum((each.crossing_m for each in segments), ZERO),
        sum((each.green_m2 for each in segments), ZERO),
        frozenset(trigger for each in segments for trigger in _triggers(each)),
    )


def _opens_road(found: Found) -> bool:
    return found.road_excavated or found.crossing_m > 0


def _triggers(found: Found) -> Iterable[Trigger]:
    facts = {
        Trigger.ROAD: _opens_road(found),
        Trigger.TRAFFIC: found.traffic_affected,
        Trigger.GREEN: found.green_m2 > 0,
        Trigger.PLANNING_CHANGE: found.planning_change,
        Trigger.NEW_CORRIDOR: found.new_corridor,
        Trigger.MAJOR_CROSSING: found.major_crossing,
        Trigger.NEW_BUILDING: found.new_building,
        Trigger.EXTERNAL_LINE: found.line_m > 0 or _opens_road(found),
    }
    return (trigger for trigger, true in facts.items() if true)


def _utility(
    city: City,
    utility: str,
    total: _Sum,
    on: date,
    suspended: bool,
    annual: Collection[AnnualCommitment],
) -> UtilityRoute:
    rule = city.permits.commitment
    permits = _needed(city, total)
    forced = [
        Reason(f"joint_{trigger}", city.permits.joint.clause)
        for trigger in city.permits.joint.triggers
        if trigger in total.triggers
    ]
    too_long = _line(rule, total)
    if not permits and not forced and not too_long:
        code = "no_permit" if Trigger.EXTERNAL_LINE in total.triggers else "no_line"
        data = {"line": plain(total.line)}
        return UtilityRoute(utility, Route.NONE, (Reason(code, city.permits.clause, data),))
    permits = permits or _always(city)
    departments = _departments_of(city, permits)
    against = [*forced, *too_long, *_conditions(rule, total, on)]
    if suspended:
        against.append(Reason("suspended", city.sanctions.clause))
    if city.commitment_form == "annual":
        against += _not_promised(city, utility, departments, on, annual)
    if against:
        return UtilityRoute(utility, Route.JOINT, tuple(against), permits, departments)
    met = Reason("commitment", rule.clause, _numbers(rule, total))
    return UtilityRoute(utility, Route.COMMITMENT, (met,), permits, departments)


def _line(rule: CommitmentRule, total: _Sum) -> list[Reason]:
    data = {"line": plain(total.line)}
    if rule.line_below is not None and total.line >= rule.line_below:
        return [Reason("line_not_below", rule.clause, data | {"limit": plain(rule.line_below)})]
    if rule.line_at_most is not None and total.line > rule.line_at_most:
        return [Reason("line_above", rule.clause, data | {"limit": plain(rule.line_at_most)})]
    return []


def _conditions(rule: CommitmentRule, total: _Sum, on: date) -> list[Reason]:
    """Conditions of the commitment that fail, apart from the line's length."""
    failed = []
    if not total.triggers & set(rule.only_for):
        failed.append(Reason("not_for_commitment", rule.clause))
    for code, value, limit in (
        ("crossing_above", total.crossing, rule.crossing_at_most),
        ("green_above", total.green, rule.green_at_most),
    ):
        if limit is not None and value > limit:
            failed.append(Reason(code, rule.clause, {"value": plain(value), "limit": plain(limit)}))
    for code in dict.fromkeys(c for each in total.segments for c in _road(rule, each, on)):
        years = {"opened": rule.years_after_opening, "overhauled": rule.years_after_overhaul}
        data = {"years": years[code]} if code in years else {}
        failed.append(Reason(f"road_{code}", rule.clause, data))
    return failed


def _road(rule: CommitmentRule, found: Found, on: date) -> Iterable[str]:
    """What rules out the road of one segment; an unknown class cannot be shown to be allowed."""
    if not _opens_road(found):
        return
    if rule.excluded_roads and found.road_class is None:
        yield "unknown"
    elif found.road_class in rule.excluded_roads:
        yield str(found.road_class)
    if within_years(found.road_opened_on, rule.years_after_opening, on):
        yield "opened"
    if within_years(found.road_overhauled_on, rule.years_after_overhaul, on):
        yield "overhauled"


def within_years(start: date | None, years: int | None, on: date) -> bool:
    """Whether ``on`` is inside so many years after ``start``.

    The last day is the same day of the year, or the month's last where there is none
    (民法典 第二百零一条, 第二百零二条). A start in the future is inside too.
    """
    if start is None or years is None:
        return False
    try:
        last = start.replace(year=start.year + years)
    except ValueError:
        last = date(start.year + years, 2, 28)
    return on <= last


def _numbers(rule: CommitmentRule, total: _Sum) -> dict[str, str]:
    return {
        "line": plain(total.line),
        "crossing": plain(total.crossing),
        "green": plain(total.green),
    }


def _needed(city: City, total: _Sum) -> tuple[Needed, ...]:
    """Permits whose triggers are found; those of ``any`` only beside others."""
    found = [
        Needed(kind.code, kind.label, _deciding(kind, total))
        for kind in city.permits.kinds.values()
        if total.triggers & set(kind.triggers)
    ]
    return (*found, *_always(city)) if found else ()


def _always(city: City) -> tuple[Needed, ...]:
    return tuple(
        Needed(kind.code, kind.label, (kind.department,))
        for kind in city.permits.kinds.values()
        if Trigger.ANY in kind.triggers
    )


def _deciding(kind: PermitKind, total: _Sum) -> tuple[str, ...]:
    """The permit's department; for roads, of each class opened."""
    if Trigger.ROAD not in kind.triggers or not kind.by_road_class:
        return (kind.department,)
    classes = [each.road_class for each in total.segments if _opens_road(each)]
    named = (kind.by_road_class.get(c, kind.department) if c else kind.department for c in classes)
    return tuple(dict.fromkeys(named)) or (kind.department,)


def _departments_of(city: City, permits: Iterable[Needed]) -> tuple[str, ...]:
    """Who decides; where only the town would (a line too long, nothing else), also the lead."""
    named = {department for each in permits for department in each.departments}
    if all(city.departments[code].by_town for code in named):
        named.add(city.lead.department)
    return _ordered(city, named)


def _ordered(city: City, departments: Iterable[str]) -> tuple[str, ...]:
    """In the order of form C; departments it does not print come after, as the city lists them."""
    named = set(departments)
    order = dict.fromkeys((*city.opinions, *city.departments))
    return tuple(code for code in order if code in named)


def _merged(city: City, permits: Iterable[Needed]) -> tuple[Needed, ...]:
    by_kind: dict[str, Needed] = {}
    for each in permits:
        known = by_kind.get(each.kind)
        together = each.departments if known is None else (*known.departments, *each.departments)
        by_kind[each.kind] = replace(each, departments=_ordered(city, together))
    return tuple(by_kind[kind] for kind in city.permits.kinds if kind in by_kind)


def _not_promised(
    city: City,
    utility: str,
    departments: Iterable[str],
    on: date,
    annual: Collection[AnnualCommitment],
) -> list[Reason]:
    """Departments (the town apart) without an annual commitment of the utility in force."""
    promised = {
        each.department
        for each in annual
        if each.utility == utility and each.starts <= on <= each.ends
    }
    missing = [
        city.departments[code].label
        for code in departments
        if code not in promised and not city.departments[code].by_town
    ]
    clause = city.permits.commitment.clause
    return [Reason("annual_missing", clause, {"departments": missing})] if missing else []
