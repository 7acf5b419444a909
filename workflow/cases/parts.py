"""The parts of a case as a reader gets them: form, requests, permits, papers, plan."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from config import texts
from config.cities import City, Coded
from config.texts import words
from models import Opinion, Plan, Rating, Survey, UploadUse, UtilityRequest
from rules.forms import show
from rules.states import KeptFor, PermitState, Verdict
from rules.visibility import Group, Level
from workflow.cases.acceptance import missing_documents
from workflow.cases.case import Case
from workflow.cases.correcting import in_words
from workflow.cases.draft import EDITABLE, check, own_values
from workflow.cases.sight import Sight
from workflow.encoding import shown, shown_kept
from workflow.reading.wording import reasons_of, use_of
from workflow.unit import Unit
from workflow.values import APPLICATION_PURPOSE, form_b, load

Json = dict[str, Any]
FOUND = ("line_m", "crossing_m", "road", "road_class", "green_m2", "location")
"""What everybody with a part in the case sees of a found stretch."""
PLANNED = (
    "route", "length_m", "depth_m", "medium", "crossing_m", "green_m2", "starts_on", "days",
)  # fmt: skip
"""Geometry and dates of a drawn segment: what everybody with a part in the case sees of it."""


def form(unit: Unit, case: Case, sight: Sight) -> list[Json]:
    """Form B as filled in, section by section, as far as the reader sees it."""
    layout = form_b(case.city)
    values = own_values(load(unit.services.seal, case.app, APPLICATION_PURPOSE))
    sound: Mapping[str, Any] = values
    if case.app.stage in EDITABLE:  # what is still being typed may not be readable yet
        sound = check(unit, case, layout, values, "draft").values
    sections = []
    for section in layout.sections:
        fields = []
        for field in section.fields:
            if (given := values.get(field.key)) in (None, "", []):
                continue
            level, value = sight.value(field, given)
            if level is Level.NONE:
                continue
            readable = level is Level.FULL and field.key in sound
            fields.append(
                {
                    "key": field.key,
                    "label": field.label,
                    "value": value,
                    "text": show(field, value) if readable else str(value),
                    "masked": level is Level.MASKED,
                }
            )
        if fields:
            sections.append({"code": section.code, "label": section.label, "fields": fields})
    return sections


def request(case: Case, row: UtilityRequest, sight: Sight, names: Mapping[UUID, str]) -> Json:
    """One request: all of it, or of another utility's only line and dates."""
    body: Json = {
        "id": str(row.id),
        "utility": row.utility,
        "utility_label": use_of(case.city, row.utility),
        "provider": names.get(row.organization_id, ""),
        "state": row.state.value,
        "state_label": words.state("request", row.state.value),
        "own": row.id in sight.own,
        "course": row.course.value,
        "line": _line(row, whole=sight.sees_findings(row)),
        "works_started_at": shown(row.works_started_at),
        "works_finished_at": shown(row.works_finished_at),
        "connection_at": shown(row.connection_at),
        "connected_at": shown(row.connected_at),
        "detail": _detail(case.city, row) if sight.sees_request(row) else None,
        "permit": _permit(case, row, names, sight.opinions(row)),
        "version": row.version,
        "allowed": list(case.allowed_on(row)),
    }
    return body


def _line(row: UtilityRequest, *, whole: bool) -> Json:
    """Geometry and dates: what a neighbour has to know; ``whole``: all that was found along it."""
    start = row.works.get("start", {})
    return {
        "found": [
            each if whole else {key: each.get(key) for key in FOUND}
            for each in row.findings.get("segments", [])
        ],
        "planned": _planned(row.segment),
        "works_until": start.get("ends_on"),
    }


def _planned(segment: Mapping[str, Any]) -> Json:
    """A drawn segment without what its utility remarks on it."""
    return {key: segment[key] for key in PLANNED if key in segment}


def _detail(city: City, row: UtilityRequest) -> Json:
    utility = city.utilities.get(row.utility)
    kind = utility.kinds.get(row.kind) if utility else None
    reason = row.ended.get("reason")
    return {
        "kind": row.kind,
        "kind_label": kind.label if kind else row.kind,
        "course_label": words.state("course", row.course.value),
        "findings": shown_kept(row.findings),
        "segment": row.segment,
        "segment_open": row.segment_open,
        "works": shown_kept(row.works),
        "inspection": shown_kept(row.inspection),
        "connection": shown_kept(row.connection),
        "ended": {
            "reason": reasons_of(city).get(reason, reason),
            "explanation": row.ended.get("explanation", ""),
        }
        if row.ended
        else None,
    }


def _permit(case: Case, row: UtilityRequest, names: Mapping[UUID, str], seen: Level) -> Json | None:
    if row.permit_state is None or seen is Level.NONE:
        return None
    opinions = [each for each in case.opinions if each.request_id == row.id]
    if seen is Level.MASKED:
        return _permit_on_site(case.city, row.permit_state, row, opinions, names)
    decided = row.permit
    committed = decided.get("commitment")
    return {
        "state": row.permit_state.value,
        "state_label": words.state("permit", row.permit_state.value),
        "route": decided.get("route"),
        "reasons": decided.get("reasons", []),
        "permits": [each["label"] for each in decided.get("permits", [])],
        "form_c_at": shown(case.app.form_c_at) if row.permit_state is PermitState.GRANTED else None,
        "committed_builder": committed["builder"] if committed else None,
        "filed": decided.get("filing", {}).get("documents", []),
        "filing_gaps": decided.get("filing", {}).get("missing", []),
        "opinions": [_opinion(case.city, each, names) for each in opinions],
    }


def _permit_on_site(
    city: City,
    state: PermitState,
    row: UtilityRequest,
    opinions: Iterable[Opinion],
    names: Mapping[UUID, str],
) -> Json:
    """What whoever digs must know: state, route, and conditions that were laid down."""
    laid = [each for each in opinions if each.verdict == Verdict.CONDITIONAL]
    return {
        "state": state.value,
        "state_label": words.state("permit", state.value),
        "route": row.permit.get("route"),
        "reasons": [],
        "permits": [],
        "form_c_at": None,
        "committed_builder": None,
        "filed": [],
        "filing_gaps": [],
        "opinions": [
            {**_opinion(city, each, names), "documents": [], "remark": ""} for each in laid
        ],
    }


def _opinion(city: City, row: Opinion, names: Mapping[UUID, str]) -> Json:
    department = city.departments.get(row.department)
    return {
        "department": row.department,
        "department_label": department.label if department else row.department,
        "organization": names.get(row.organization_id, ""),
        "documents": row.documents,
        "listed_at": shown(row.listed_at),
        "asked_at": shown(row.asked_at),
        "verdict": row.verdict,
        "verdict_label": words.state("verdict", row.verdict) if row.verdict else None,
        "conditions": _labels((*city.opinion_conditions, *city.objection_reasons), row.conditions),
        "remark": row.remark,
        "by_commitment": row.by_commitment,
        "round": row.round,
        "signed_at": shown(row.signed_at),
    }


def _labels(known: Iterable[Coded], codes: Iterable[str]) -> list[str]:
    labels = {each.code: each.label for each in known}
    return [labels.get(code, code) for code in codes]


async def documents(case: Case) -> Json:
    """What is attached, what is missing, what was let off until later (容缺)."""
    labels = {each.code: each.label for each in case.city.documents}
    uses = (
        await UploadUse.filter(application_id=case.app.id)
        .order_by("added_at", "id")
        .prefetch_related("upload")
    )
    missing = await missing_documents(case)
    return {
        "attached": [
            {
                "id": str(use.id),
                "upload_id": str(use.upload_id),
                "purpose": use.purpose,
                "label": labels.get(use.purpose) or texts.label(use.purpose) or use.purpose,
                "name": use.upload.name,
                "media_type": use.upload.media_type,
                "size": use.upload.size,
                "added_at": shown(use.added_at),
            }
            for use in uses
        ],
        "missing": [{"code": code, "label": label} for code, label in missing.items()],
        "gaps": [
            {**shown_kept(gap), "label": labels.get(gap["document"], gap["document"])}
            for gap in case.app.gaps
        ],
    }


def without_owed(found: Json) -> Json:
    """The documents to whoever is not told what the applicant still owes."""
    return {**found, "missing": [], "gaps": []}


def corrections(case: Case) -> list[Json]:
    """Every return so far, with its faults in words."""
    return [
        {"at": shown_kept(told["at"], "at"), "faults": in_words(case.city, told["faults"])}
        for told in case.app.faults_told
    ]


async def surveys(case: Case) -> list[Json]:
    """Every appointment of the joint visit, oldest first."""
    rows = (
        await Survey.filter(application_id=case.app.id)
        .exclude(reason__in=list(KeptFor))  # what is kept beside it is no appointment yet
        .order_by("created_at", "id")
    )
    return [
        {
            "id": str(row.id),
            "at": shown(row.at),
            "state": row.state.value,
            "state_label": words.state("survey", row.state.value),
        }
        for row in rows
    ]


async def plans(case: Case, sight: Sight) -> list[Json]:
    """Every version of the combined reply, newest first; of others' segments only the line."""
    whole = {str(row.id) for row in case.requests if sight.sees_request(row)}
    answers = sight.sees(Group.ANSWER) is Level.FULL
    rows = await Plan.filter(application_id=case.app.id).order_by("-number")
    return [
        {
            "number": row.number,
            "state": row.state.value,
            "state_label": words.state("plan", row.state.value),
            "segments": [
                each
                if each["request_id"] in whole
                else {**each, "segment": _planned(each["segment"])}
                for each in row.content.get("segments", [])
            ],
            "offered_at": shown(row.offered_at),
            "answered_at": shown(row.answered_at),
            "answer": row.answer if answers else "",
        }
        for row in rows
    ]


async def rating(case: Case) -> Json | None:
    """The applicant's rating, once given."""
    row = await Rating.filter(application_id=case.app.id).first()
    if row is None:
        return None
    return {
        "level": row.level,
        "label": words.state("rating", str(row.level)),
        "reason": row.reason,
        "at": shown(row.created_at),
    }
