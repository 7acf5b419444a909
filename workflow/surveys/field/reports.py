"""What a phone hands in, at once or days later: each report counts once, none is ever lost.

A report has the phone's own id: sent again it gets the same answer, with another body it is refused
and the first one stays. Times are mended by how far the phone's clock was off when it sent. Reports
of one batch are applied in the order in which things happened, each below a savepoint of its own.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import Field, ValidationError

from config import texts
from models import FieldReport
from models.queries import field_reports as query
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.states import ReportOutcome
from workflow.encoding import shown
from workflow.inputs import Input, Moment
from workflow.ports import Seal
from workflow.surveys.field import applying
from workflow.surveys.field.applying import Conflict, When, conflict_of
from workflow.surveys.field.kinds import KINDS
from workflow.surveys.field.visiting import (
    Named,
    Visiting,
    by_request,
    by_survey,
    by_visit,
    going,
    hold,
)
from workflow.unit import Answer, Unit

BODY_PURPOSE = "field_reports.body"
FARTHEST = timedelta(days=60 * 366)
"""A clock that was never set begins in 1970."""
TOO_EARLY = ("record_not_yet",)
"""Conflicts that something else which is still on its way may end."""
Json = dict[str, Any]
FaultsOf = Callable[[ValidationError], Sequence[Fault]]
"""How the door words what is wrong with a body."""


class Report(Input):
    """One thing that happened on site. What ``body`` holds depends on the kind."""

    id: UUID
    kind: Literal["check_in", "findings", "photo", "signature", "visit_done", "late", "no_show"]
    visit_id: UUID | None = None
    survey_id: UUID | None = None
    request_id: UUID | None = None
    happened_at: Moment
    """By the phone's clock."""
    body: dict[str, Any] = Field(default_factory=dict)


class Batch(Input):
    """What a phone has gathered; ``sent_at``: what its clock shows now."""

    sent_at: Moment
    reports: Annotated[tuple[Report, ...], Field(min_length=1, max_length=50)]


async def receive(unit: Unit, batch: Batch, faults_of: FaultsOf) -> Answer:
    """Take a batch in; an answer for each report, in the order sent.

    Raises ``INVALID`` where the phone's clock is so far off that it shows no time of ours.
    """
    ahead = timedelta(seconds=round((batch.sent_at - unit.now).total_seconds()))
    if abs(ahead) > FARTHEST:
        raise DomainError(Code.INVALID, faults=(Fault("sent_at", "value_wrong"),))
    first = {report.id: report for report in reversed(batch.reports)}  # of two with one id
    names = {ident: await _named(unit, report) for ident, report in first.items()}
    rows = {
        ident: _row(unit.services.seal, report, names[ident], unit.now, ahead)
        for ident, report in first.items()
    }
    assert unit.actor.person is not None  # noqa: S101 - the route is for people who signed in
    new = await query.claim(
        unit.actor.person, unit.now, int(ahead.total_seconds()), list(rows.values())
    )
    await _lock(names[ident] for ident in new)
    for row in sorted(
        (rows[ident] for ident in new), key=lambda row: (row["happened_at"], row["id"])
    ):
        ident, when = row["id"], When(row["happened_at"], ahead)
        await _apply(unit, ident, names[ident], row["kind"], first[ident].body, when, faults_of)
    await _again(unit, {row["survey_id"] for row in rows.values() if row["id"] in new}, faults_of)
    answers = [await _answer(unit, report) for report in batch.reports]
    off = int(ahead.total_seconds())
    return Answer({"received_at": shown(unit.now), "clock_off_s": off, "reports": answers})


async def _named(unit: Unit, report: Report) -> Named | None:
    """What a report names, where the actor goes out for it."""
    found = None
    if report.visit_id is not None:
        found = await by_visit(report.visit_id)
    elif report.request_id is not None:
        found = await by_request(report.request_id)
    elif report.survey_id is not None:
        found = await by_survey(report.survey_id, unit.actor)
    if found is None or going(unit.actor, found.city, found.organization) is None:
        return None
    return found


async def _lock(names: Iterable[Named | None]) -> None:
    """All cases of a batch at once: two batches over the same ones never wait in a circle."""
    known = [each for each in names if each is not None]
    applications = {each.application for each in known if each.application}
    registrations = {
        each.registration for each in known if each.registration and not each.application
    }
    await query.lock("applications", sorted(applications))
    await query.lock("registrations", sorted(registrations))


async def _again(unit: Unit, surveys: set[UUID | None], faults_of: FaultsOf) -> None:
    """What only came too early is tried once more, in the order in which it happened."""
    waiting = FieldReport.filter(
        survey_id__in=[each for each in surveys if each],
        outcome=ReportOutcome.CONFLICT,
        conflict__in=TOO_EARLY,
    )
    for report in await waiting.order_by("happened_at", "id"):
        named = await by_visit(report.visit_id) if report.visit_id else None
        if named is None and report.request_id is not None:
            named = await by_request(report.request_id)
        body = open_body(unit.services.seal, report)
        when = When(report.happened_at, timedelta(seconds=report.clock_off_s))
        await _apply(
            unit, report.id, named, report.kind, body, when, faults_of, person=report.person_id
        )


async def _apply(
    unit: Unit,
    ident: UUID,
    named: Named | None,
    kind: str,
    body: Json,
    when: When,
    faults_of: FaultsOf,
    *,
    person: UUID | None = None,
) -> None:
    """One report's effect, or why it has none; nothing is half-done. ``person``: whose it is, where
    that is not the actor.
    """
    by = Role.CREW if person is not None else None
    outcome, conflict, told = ReportOutcome.APPLIED, "", Json()
    try:
        async with unit.attempt():
            if named is None:
                raise DomainError(Code.NOT_FOUND)
            told = await effect(await hold(unit, named, by=by, person=person), kind, body, when)
    except Conflict as found:
        outcome, conflict = ReportOutcome.CONFLICT, found.code
    except ValidationError as invalid:
        outcome, conflict = ReportOutcome.REFUSED, "invalid"
        told = {"faults": _worded(faults_of(invalid))}
    except DomainError as refusal:
        outcome, conflict, told = _refused(refusal)
    await FieldReport.filter(id=ident).update(outcome=outcome, conflict=conflict, told=told)


def _refused(refusal: DomainError) -> tuple[ReportOutcome, str, Json]:
    conflict = conflict_of(refusal)
    if conflict is not None:
        return ReportOutcome.CONFLICT, conflict, {}
    faults = {"faults": _worded(refusal.faults)} if refusal.faults else {}
    code = "invalid" if refusal.code is Code.INVALID else refusal.code.value
    return ReportOutcome.REFUSED, code, faults


async def effect(visiting: Visiting, kind: str, body: Json, when: When) -> Json:
    """Do what a report says. Raises ``Conflict``, ``DomainError``, ``ValidationError``."""
    model, act = KINDS[kind]
    decoded = model.model_validate(body)
    return await act(visiting, decoded, applying.check(visiting, kind, when))


def open_body(seal: Seal, report: FieldReport) -> Json:
    """What a phone has handed in, as it was; nothing once that has been forgotten."""
    if not report.body_sealed:
        return {}
    body: Json = orjson.loads(seal.open(report.body_sealed, BODY_PURPOSE))
    return body


def shown_report(report: FieldReport) -> Json:
    """What became of a report."""
    return {
        "id": str(report.id),
        "kind": report.kind,
        "outcome": report.outcome.value,
        "conflict": report.conflict or None,
        "text": texts.table("field")["conflicts"].get(report.conflict),
        "decision": report.decision or None,
        "happened_at": shown(report.happened_at),
        "received_at": shown(report.received_at),
        "clock_off_s": report.clock_off_s,
        "effect": report.told.get("effect"),
        "metres": report.told.get("metres"),
        "doubts": report.told.get("doubts", []),
        "reason_wanted": report.told.get("reason_wanted", False),
        "faults": report.told.get("faults", []),
    }


async def _answer(unit: Unit, sent: Report) -> Json:
    report = await FieldReport.get(id=sent.id)
    if report.person_id == unit.actor.person and report.fingerprint == _fingerprint(sent):
        return shown_report(report)
    nothing = FieldReport(
        id=sent.id,
        kind=sent.kind,
        outcome=ReportOutcome.REFUSED,
        conflict="id_reused",
        happened_at=sent.happened_at,
        received_at=unit.now,
    )
    return shown_report(nothing)


def _row(seal: Seal, report: Report, named: Named | None, now: datetime, ahead: timedelta) -> Json:
    return {
        "id": report.id,
        "organization_id": named.organization if named else None,
        "city": named.city if named else "",
        "application_id": named.application if named else None,
        "kind": report.kind,
        "visit_id": named.visit if named else None,
        "survey_id": named.survey if named else None,
        "request_id": named.request if named else None,
        "happened_at": min(report.happened_at - ahead, now),
        "fingerprint": _fingerprint(report),
        "body_sealed": seal.seal(orjson.dumps(report.body), BODY_PURPOSE),
    }


def _fingerprint(report: Report) -> bytes:
    told = orjson.dumps(report.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).digest()


def _worded(faults: Sequence[Fault]) -> list[Json]:
    """Faults as they are kept and told."""
    return [
        {
            "field": fault.field,
            "label": fault.label or texts.label(fault.field),
            "code": fault.code,
            "message": texts.fault(fault.code, fault.label or texts.label(fault.field), fault.data),
        }
        for fault in faults
    ]
