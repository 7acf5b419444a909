"""One registration as its reader may see it: form A, calls, events, deadlines, applications."""

from datetime import datetime
from typing import Any
from uuid import UUID

from config.texts import words
from models import Application, Event
from rules.actors import Role
from rules.forms import personal_keys
from rules.lifecycle import Organiser, organiser_role
from rules.states import Stage
from rules.visibility import Group, Level, level, mask
from workflow import directory
from workflow.encoding import SHANGHAI, shown
from workflow.platforms.status import number_of
from workflow.reading.timeline import timeline
from workflow.registrations.case import OPEN_STATES, RegistrationCase, brief
from workflow.registrations.registration import form_a
from workflow.unit import Answer, Unit
from workflow.values import REGISTRATION_PURPOSE, load


async def view(unit: Unit, registration_id: UUID) -> Answer:
    """Everything the reader may see; a staff read of personal data leaves an audit row."""
    case = await RegistrationCase.load(unit, registration_id)
    sight = _sight(case)
    if sight is not Level.NONE and not case.owner:
        role = min(case.standing())
        unit.audit(case.row.city, role, "read_personal", "registration", case.row.id)
    body = {
        **brief(case),
        "state_label": words.state("registration", case.row.state.value),
        "channel": case.row.channel.value,
        "received_at": shown(case.row.created_at),
        "values": _values(case, sight),
        "visits": await _visits(case),
        "deadlines": await _deadlines(case),
        "timeline": await _timeline(case),
        "applications": await _applications(case),
    }
    return Answer(body, version=case.row.version)


def _sight(case: RegistrationCase) -> Level:
    """How much of the contact: all of it to whoever still has to call."""
    roles = case.standing()
    caller = organiser_role(Organiser.HOME_VISIT, case.city.organisers)
    if caller in roles and case.own_visit() is not None:
        return Level.FULL
    return level(roles, Group.CONTACT, done=case.row.state not in OPEN_STATES)


def _values(case: RegistrationCase, sight: Level) -> dict[str, Any]:
    personal = personal_keys(form_a(case.city))
    values = load(case.unit.services.seal, case.row, REGISTRATION_PURPOSE)
    if sight is Level.FULL:
        return values
    seen = values if sight is Level.MASKED else {k: values[k] for k in values if k not in personal}
    return {key: mask(key, value) if key in personal else value for key, value in seen.items()}


async def _visits(case: RegistrationCase) -> list[dict[str, Any]]:
    ids = [visit.organization_id for visit in case.visits]
    names, utilities = await directory.names(ids), await directory.utilities(ids)
    inside = case.standing() - {Role.APPLICANT}
    return [
        {
            "organization": names[visit.organization_id],
            "utility": utilities[visit.organization_id],
            "visited_at": shown(visit.visited_at),
            "note": visit.note if inside else "",
        }
        for visit in case.visits
    ]


async def _deadlines(case: RegistrationCase) -> list[dict[str, Any]]:
    rows = sorted(case.clocks.rows, key=lambda row: (row.due_at, row.id))
    ids = [row.organization_id for row in rows if row.organization_id]
    names, utilities = await directory.names(ids), await directory.utilities(ids)
    calendar = case.clocks.calendar
    return [
        {
            "step": row.step,
            "label": words.step(row.step).label,
            "holder": names[row.organization_id]
            if row.organization_id
            else words.role(row.holder.value),
            "utility": utilities[row.organization_id] if row.organization_id else None,
            "due_at": shown(row.due_at),
            "provisional": row.provisional,
            "light": calendar.light(row.opened_at, row.due_at, case.unit.now),
        }
        for row in rows
    ]


async def _timeline(case: RegistrationCase) -> list[dict[str, Any]]:
    events = await Event.filter(registration_id=case.row.id).order_by("id")
    names = await directory.names([e.organization_id for e in events if e.organization_id])
    rows = [
        (
            event.subject.value,
            event.name,
            event.source,
            None,
            event.role.value,
            names[event.organization_id] if event.organization_id else None,
            _local(event.happened_at),
            _local(event.entered_at),
            event.data,
        )
        for event in events
    ]
    inside = bool(case.standing() - {Role.APPLICANT})
    return timeline(case.city, rows, {}, inside=inside)


def _local(at: datetime) -> str:
    """A time as the timeline takes it: Shanghai, without its zone."""
    return at.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(timespec="seconds")


async def _applications(case: RegistrationCase) -> list[dict[str, Any]]:
    """Applications made from it; drafts are their owner's alone."""
    made = await Application.filter(registration_id=case.row.id).order_by("id")
    return [
        {
            "id": str(app.id),
            "number": number_of(case.unit.services, app),
            "stage": app.stage.value,
            "utilities": app.utilities,
        }
        for app in made
        if case.owner or app.stage is not Stage.DRAFT
    ]
