"""What a report does to a visit, by its kind: the same whatever came before it.

Each effect depends on when things happened, not on when they reached us: the first arrival counts,
the latest findings hold, photos gather. What cannot be told so is a ``Conflict``, to be decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import orjson
from pydantic import Field

from models import UtilityRequest
from rules.errors import Code, DomainError
from rules.found_bounds import needs_line
from rules.states import LIVE_STAGES, Course, RequestState, SurveyState, VisitState
from workflow.cases.case import AT_WORK, Case
from workflow.cases.settling import settle
from workflow.cases.site_visit import Findings, FoundSegment, enter_findings
from workflow.inputs import Input, Line, Remark, iso
from workflow.surveys.field import photos
from workflow.surveys.field.arriving import Arrival, arrive
from workflow.surveys.field.positions import Position
from workflow.surveys.field.visiting import Visiting
from workflow.surveys.record.acts import Word, follow, put_word
from workflow.surveys.record.matter import around

Told = dict[str, Any]
OVER = frozenset({VisitState.DECLINED, VisitState.ENDED, VisitState.MISSED})


class Conflict(Exception):
    """It cannot count as it is: somebody decides. ``code`` is worded in ``texts/field.toml``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class When:
    """When something happened by our clock, and how that is to be taken."""

    at: datetime
    ahead: timedelta = timedelta(0)
    """By how much the phone's clock was."""
    decided: bool = False
    """Somebody has decided that it counts, although the appointment was over."""


class Coming(Input):
    """check_in: 到场签到."""

    position: Position | None = None
    reason: Remark = ""


class Found(Input):
    """findings: 踏勘结果; when it was found is the report's own time."""

    segments: Annotated[tuple[FoundSegment, ...], Field(min_length=1, max_length=50)]
    access_point: Line
    remark: Remark = ""


class Taken(photos.Photo):
    """photo: 现场照片, an upload."""


class Done(Input):
    """visit_done: 本单位踏勘完毕."""

    remark: Remark = ""


def check(visiting: Visiting, kind: str, when: When) -> When:
    """Whether what happened then may count for the visit as it stands. Raises ``Conflict``."""
    case = visiting.case
    since = case.app.accepted_at if case is not None else None
    if since is not None and when.at < since:
        if not when.decided:
            raise Conflict("time_unlikely")
        when = When(since, when.ahead, decided=True)
    if when.decided or visiting.survey is None or kind == "signature":
        return when
    if visiting.survey.state not in (SurveyState.CONFIRMED, SurveyState.DONE):
        raise Conflict(f"survey_{visiting.survey.state.value}")
    if visiting.visit is not None and visiting.visit.state in OVER:
        raise Conflict(f"visit_{visiting.visit.state.value}")
    return when


async def come(visiting: Visiting, body: Coming, when: When, *, asking: bool = False) -> Told:
    """A check-in: the earliest counts, the best proof is kept."""
    visit, case, request = visiting.visit, visiting.case, visiting.request
    told: Told = {"metres": None, "doubts": [], "reason_wanted": False}
    first = visit is None or visit.arrived_at is None
    if visit is not None:
        fix = body.position.fix(when.ahead) if body.position else None
        told = await arrive(
            visiting.unit,
            visit,
            Arrival(when.at, body.position, fix, body.reason),
            city=visiting.city,
            site=visiting.site,
            asking=asking,
        )
    if case is None or case.app.stage not in LIVE_STAGES:
        return told  # what was so is kept, though nobody waits for it any longer
    if request is not None:
        await _tell_of_arrival(visiting, case, request, when.at, first=first)
    if visiting.survey is not None and first:
        await follow(case, visiting.survey, complete=False)
        await settle(case)
    return told


async def _tell_of_arrival(
    visiting: Visiting, case: Case, request: UtilityRequest, at: datetime, *, first: bool
) -> None:
    """The case's own event, once a visit; one that came late is noted after the fact."""
    due = case.request_position(request).facts["visit_due"] and not request.findings
    if not first or (visiting.visit is None and request.arrived_at is not None):
        if due and request.arrived_at is not None and at < request.arrived_at:
            case.set_request(request, arrived_at=at)
            await settle(case)
        return
    event = "check_in" if due and visiting.by[0] in AT_WORK else "note_check_in"
    await case.move_request(request, event, happened_at=at, by=visiting.by)
    if due:
        case.set_request(request, arrived_at=at)
    await settle(case)


async def find(visiting: Visiting, body: Found, when: When) -> Told:
    """Findings: the latest hold. Whether there is a line at all is not overruled in passing."""
    case, request = visiting.case, visiting.request
    if case is None or request is None or request.course is Course.ACCOUNT:
        raise Conflict("no_request")
    findings = Findings(visited_at=when.at, **dict(body))
    event = "record_findings"
    if request.state is not RequestState.PENDING and request.findings:
        if _worth(findings.model_dump(mode="json")) <= _worth(request.findings):
            return {"effect": "superseded"}
        had_line = request.course is Course.FULL
        if had_line != any(needs_line(each) for each in body.segments):
            raise Conflict("line_disputed")
        event = "correct_findings"
    elif when.decided:
        event = "accept_findings"
    await enter_findings(
        case,
        request,
        findings,
        event,
        by=visiting.by,
        appointed=not when.decided,
        visit=visiting.visit,
    )
    return {}


def _worth(findings: Mapping[str, Any]) -> tuple[datetime, bytes]:
    """Of two findings the greater holds: the later; at the same moment always the same one."""
    told = orjson.dumps(findings, option=orjson.OPT_SORT_KEYS)
    return datetime.fromisoformat(findings["visited_at"]), told


async def photograph(visiting: Visiting, body: Taken, when: When) -> Told:
    """A photo."""
    found = await photos.keep(visiting, body, when.at)
    return {"metres": found["metres"], "doubts": found["doubts"]}


async def done(visiting: Visiting, body: Done, when: When) -> Told:
    """The crew has left: the last time told holds."""
    visit = visiting.visit
    if visit is None:
        raise Conflict("no_visit")
    known = visit.arrival.get("done_at")
    at = when.at if known is None else max(when.at, datetime.fromisoformat(known))
    changes: dict[str, Any] = {"arrival": visit.arrival | {"done_at": iso(at)}}
    if visit.state not in OVER:
        changes["state"] = VisitState.DONE
    await visit.change(**changes)
    return {}


async def word(visiting: Visiting, body: Word, when: When) -> Told:
    """One's organisation's word on the record; on an edition that is past it is only kept."""
    case, survey = visiting.case, visiting.survey
    if case is None or survey is None:
        raise Conflict("no_visit")
    matter = await around(case, survey)
    if matter.record is None or body.edition > matter.record.edition:
        raise Conflict("record_not_yet")
    party = visiting.named.organization
    if party not in matter.came:
        raise Conflict("no_visit")
    role = visiting.by[0]
    await put_word(matter, party, body, when.at, person=visiting.person, role=role)
    await settle(case)
    return {} if body.edition == matter.record.edition else {"effect": "older_edition"}


def conflict_of(error: DomainError) -> str | None:
    """The conflict a refusal amounts to; None where the report itself is at fault."""
    if error.code is Code.INVALID:
        codes = {fault.code for fault in error.faults if fault.field == "visited_at"}
        return next(iter(codes), None) if len(codes) == len(error.faults) == 1 else None
    return error.code.value if error.code is not Code.NOT_FOUND else None
