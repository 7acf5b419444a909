"""The permit route of external lines: none, commitment or joint, with the deciding clause.

Findings are summed over the segments of one utility in one case, so that splitting a line gains
nothing (domain §6). Lengths in metres, areas in m². The city's file holds every bound.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from config import texts
from config.cities import City, CommitmentRule, PermitKind, Trigger, plain
from rules.errors import Code, DomainError
from rules.findings import Found, Total, opens_road, total_of

__all__ = [
    "Decision",
    "Found",
    "Needed",
    "Reason",
    "Route",
    "overrule",
    "route",
    "within_years",
]


class Route(StrEnum):
    """无需许可, 告知承诺, 联合审批."""

    NONE = "none"
    COMMITMENT = "commitment"
    JOINT = "joint"


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
class Decision:
    """The route of one utility's line in one case; departments in the order of form C."""

    route: Route
    reasons: tuple[Reason, ...]
    permits: tuple[Needed, ...] = ()
    departments: tuple[str, ...] = ()


def route(
    city: City,
    findings: Sequence[Found],
    *,
    on: date,
    suspended: bool = False,
    promised: Collection[str] | None = None,
) -> Decision:
    """The route of one utility's segments in one case, judged on day ``on`` (Asia/Shanghai).

    ``suspended``: its commitments are suspended. ``promised``: departments its annual commitment
    in force names (大冶 四(二)1); None leaves that to be judged when it commits, and a city that
    commits per case never looks. ValueError for a negative measure.
    """
    total, rule = total_of(findings), city.permits.commitment
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
        return Decision(Route.NONE, (Reason(code, city.permits.clause, data),))
    permits = permits or _always(city)
    departments = _departments_of(city, permits)
    against = [*forced, *too_long, *_conditions(rule, total, on)]
    if suspended:
        against.append(Reason("suspended", city.sanctions.clause))
    if city.commitment_form == "annual" and promised is not None:
        against += _not_promised(city, departments, promised)
    if against:
        return Decision(Route.JOINT, tuple(against), permits, departments)
    met = Reason("commitment", rule.clause, _numbers(total))
    return Decision(Route.COMMITMENT, (met,), permits, departments)


def overrule(city: City, decision: Decision, to: Route, why: str) -> Decision:
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


def _line(rule: CommitmentRule, total: Total) -> list[Reason]:
    data = {"line": plain(total.line)}
    if rule.line_below is not None and total.line >= rule.line_below:
        return [Reason("line_not_below", rule.clause, data | {"limit": plain(rule.line_below)})]
    if rule.line_at_most is not None and total.line > rule.line_at_most:
        return [Reason("line_above", rule.clause, data | {"limit": plain(rule.line_at_most)})]
    return []


def _conditions(rule: CommitmentRule, total: Total, on: date) -> list[Reason]:
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
    if not opens_road(found):
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


def _numbers(total: Total) -> dict[str, str]:
    return {
        "line": plain(total.line),
        "crossing": plain(total.crossing),
        "green": plain(total.green),
    }


def _needed(city: City, total: Total) -> tuple[Needed, ...]:
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


def _deciding(kind: PermitKind, total: Total) -> tuple[str, ...]:
    """The permit's department; for roads, of each class opened."""
    if Trigger.ROAD not in kind.triggers or not kind.by_road_class:
        return (kind.department,)
    classes = [each.road_class for each in total.segments if opens_road(each)]
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


def _not_promised(
    city: City, departments: Iterable[str], promised: Collection[str]
) -> list[Reason]:
    """Departments (the town apart) without an annual commitment of the utility in force."""
    missing = [
        city.departments[code].label
        for code in departments
        if code not in promised and not city.departments[code].by_town
    ]
    clause = city.permits.commitment.clause
    return [Reason("annual_missing", clause, {"departments": missing})] if missing else []
