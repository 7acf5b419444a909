"""Reports that could not count as they were: looked at, and accepted or discarded by somebody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Literal
from uuid import UUID

from config import texts
from models import FieldReport
from models.queries import field_reports as query
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.lifecycle import Organiser, organiser_role
from rules.states import ReportOutcome
from workflow import directory
from workflow.encoding import SHANGHAI
from workflow.inputs import Input
from workflow.surveys.field.applying import Conflict, When
from workflow.surveys.field.reports import effect, open_body, shown_report
from workflow.surveys.field.visiting import GOING, Named, by_visit, hold
from workflow.unit import Answer, Unit

MOST: Final = 100
Json = dict[str, Any]


class Decision(Input):
    """What becomes of a report: it counts all the same, or it does not. It is kept either way."""

    decision: Literal["accept", "discard"]


class ReportQuery(Input):
    """Which reports: all, or those with one outcome, or of one survey."""

    outcome: ReportOutcome | None = None
    survey_id: UUID | None = None


async def listed(unit: Unit, asked: ReportQuery) -> Answer:
    """One's own reports; to who decides, those of its organisation or its city. Newest first."""
    actor = unit.actor
    clerks = [m.org for m in actor.memberships if m.role is Role.UTILITY_CLERK]
    cities = sorted({m.city for m in actor.memberships if _organises(unit, actor, m.city)})
    ids = await query.listed(
        actor.person, clerks, cities, outcome=asked.outcome, survey=asked.survey_id, most=MOST
    )
    found = {row.id: row for row in await FieldReport.filter(id__in=ids)}
    rows = [found[ident] for ident in ids]
    for row in rows:
        if row.person_id != actor.person:
            role = _decider(unit, row) or Role.UTILITY_CLERK
            unit.audit(row.city, role, "read_report", "field_report", row.id)
    names = await directory.names([r.organization_id for r in rows if r.organization_id])
    return Answer({"items": [_item(unit, row, names) for row in rows]})


async def decide(unit: Unit, report_id: UUID, body: Decision) -> Answer:
    """Let a report in conflict count, or not. The same decision once more changes nothing.

    Raises ``NOT_FOUND``, ``CONFLICT`` (decided otherwise; it cannot count, ``conflict`` says why),
    and what the act itself would raise.
    """
    report = await FieldReport.filter(id=report_id).first()
    role = _decider(unit, report) if report else None
    if report is None or role is None:
        raise DomainError(Code.NOT_FOUND)
    named = await _named(report)
    visiting = await hold(unit, named, by=role, person=report.person_id)
    report = await FieldReport.get(id=report_id)  # as it stands now that the case is locked
    if report.decision == body.decision:
        return Answer(shown_report(report))
    if report.outcome is not ReportOutcome.CONFLICT:
        raise DomainError(Code.CONFLICT, outcome=report.outcome.value, decision=report.decision)
    if body.decision == "accept":
        ahead = timedelta(seconds=report.clock_off_s)
        when = When(report.happened_at, ahead, decided=True)
        told = open_body(unit.services.seal, report)
        try:
            report.told = await effect(visiting, report.kind, told, when)
        except Conflict as found:
            text = texts.table("field")["conflicts"][found.code]
            raise DomainError(Code.CONFLICT, conflict=found.code, text=text) from None
    changes: Json = {
        "outcome": ReportOutcome.SETTLED,
        "decision": body.decision,
        "decided_by": unit.actor.person,
        "decided_at": unit.now,
        "told": report.told,
    }
    await FieldReport.filter(id=report.id).update(**changes)
    unit.audit(report.city, role, f"{body.decision}_report", "field_report", report.id)
    return Answer(shown_report(report.update_from_dict(changes)))


def _organises(unit: Unit, actor: Actor, code: str) -> bool:
    city = unit.services.cities.on(code, unit.now.astimezone(SHANGHAI).date())
    return actor.holds(organiser_role(Organiser.SURVEY, city.organisers), code)


def _decider(unit: Unit, report: FieldReport) -> Role | None:
    """In which role the actor may decide: clerk of the organisation, or who organises surveys."""
    if not report.city or (report.survey_id is None and report.request_id is None):
        return None
    actor = unit.actor
    city = unit.services.cities.on(report.city, unit.now.astimezone(SHANGHAI).date())
    clerks = actor.memberships_in(report.city, Role.UTILITY_CLERK)
    if any(held.org == report.organization_id for held in clerks):
        return Role.UTILITY_CLERK
    organiser = organiser_role(Organiser.SURVEY, city.organisers)
    if organiser is Role.UTILITY_CLERK or not actor.holds(organiser, report.city):
        return None
    return organiser


async def _named(report: FieldReport) -> Named:
    found = await by_visit(report.visit_id) if report.visit_id else None
    if found is not None:
        return replace(found, request=report.request_id or found.request)
    assert report.organization_id is not None  # noqa: S101 - written together with the city
    return Named(
        city=report.city,
        organization=report.organization_id,
        application=report.application_id,
        survey=report.survey_id,
        request=report.request_id,
    )


def _item(unit: Unit, report: FieldReport, names: dict[UUID, str]) -> Json:
    """A report with what it says, but for where exactly its phone was."""
    body = {k: v for k, v in open_body(unit.services.seal, report).items() if k != "position"}
    of = report.organization_id
    return {
        **shown_report(report),
        "city": report.city or None,
        "organization": names.get(of) if of else None,
        "application_id": str(report.application_id) if report.application_id else None,
        "survey_id": str(report.survey_id) if report.survey_id else None,
        "visit_id": str(report.visit_id) if report.visit_id else None,
        "request_id": str(report.request_id) if report.request_id else None,
        "body": body,
        "mine": report.person_id == unit.actor.person,
        "may_decide": report.outcome is ReportOutcome.CONFLICT
        and _decider(unit, report) is not None,
    }


SENDERS = GOING
"""Who hands reports in at all."""
READERS = (*GOING, Role.WINDOW_CLERK, Role.COORDINATOR)
"""Who may ask for them at all."""
