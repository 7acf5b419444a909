"""Documents of a case: one upload serves every utility of it (一次上传、多方共享)."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from models import Upload, UploadUse
from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from rules.states import LIVE_STAGES, PermitState, Stage
from rules.visibility import Group, Level, level
from workflow.cases import parts as case_parts
from workflow.cases.case import Case
from workflow.inputs import Input, Line
from workflow.unit import Answer, Unit

SITE_PHOTO: Final = "site_photo"
"""Purpose of what a crew has photographed on site."""
MOST: Final = 200
"""Uses in one case."""
BEFORE_ACCEPTANCE: Final = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.RETURNED})
_PAPERS_OPEN = frozenset({PermitState.LISTING, PermitState.FILING, PermitState.OBJECTED})


class Attach(Input):
    """An upload of one's own, and what it is: a document's code, or a permit paper's name."""

    upload_id: UUID
    purpose: Annotated[Line, Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class Reading:
    """In which role somebody sees a file, and through which case (None: it is their own)."""

    role: Role
    city: str = ""
    case: str | None = None


async def attach(unit: Unit, application_id: UUID, body: Attach) -> Answer:
    """Attach an upload. The same once more changes nothing.

    City documents: by the applicant or the window, before acceptance or while the gap is open.
    Permit papers: by a utility whose permits ask for them. Photos: by crews at work on the case.
    """
    case = await Case.open(unit, application_id)
    upload = await _upload(unit, case, body)
    role = _attaching(case, body.purpose)
    uses = await UploadUse.filter(application_id=case.app.id)
    known = [u for u in uses if u.upload_id == upload.id and u.purpose == body.purpose]
    if not known:
        if len(uses) >= MOST:
            raise _invalid("upload_id", "too_many_rows", max=MOST)
        use = await UploadUse.create(
            id=new_id(),
            upload_id=upload.id,
            application_id=case.app.id,
            purpose=body.purpose,
            added_by=unit.actor.person,
            added_at=unit.now,
        )
        await _changed(case, role, "attach_document", use)
    return Answer(await _listed(case), status=201, version=case.app.version)


async def detach(unit: Unit, application_id: UUID, use_id: UUID) -> Answer:
    """Take a document off the case again; once accepted it stays. Bytes in the store stay."""
    case = await Case.open(unit, application_id)
    use = await UploadUse.filter(id=use_id, application_id=case.app.id).first()
    if use is None or (use.added_by != unit.actor.person and not readers(case)):
        raise DomainError(Code.NOT_FOUND)
    if use.purpose in _city_documents(case) and case.app.stage not in BEFORE_ACCEPTANCE:
        raise _not_now(case, "detach_document")
    if use.purpose == SITE_PHOTO and use.added_by != unit.actor.person:
        raise _not_yours(case, "detach_document")
    role = _attaching(case, use.purpose, event="detach_document")
    await use.delete()
    await _changed(case, role, "detach_document", use)
    return Answer(await _listed(case), version=case.app.version)


def may_attach(case: Case, purpose: str) -> None:
    """Raises what ``attach`` would raise for such a document now."""
    _attaching(case, purpose)


async def documents(unit: Unit, application_id: UUID) -> Answer:
    """What is attached, missing and owed, as far as the reader may see it."""
    case = await Case.peek(unit, application_id)
    if staff := readers(case) - {Role.APPLICANT}:
        unit.audit(case.app.city, min(staff), "read_documents", "application", case.app.id)
    return Answer(await _listed(case), version=case.app.version)


def readers(case: Case) -> frozenset[Role]:
    """The roles in which the actor sees the documents of a case; for a utility, while its request
    lives.
    """
    roles = case.standing()
    if not any(Role.UTILITY_CLERK in case.standing(request) for request in case.live_requests()):
        roles -= {Role.UTILITY_CLERK}
    return frozenset(r for r in roles if level((r,), Group.DOCUMENTS) is Level.FULL)


async def reading_of(unit: Unit, upload: Upload) -> Reading | None:
    """How the actor comes to see an upload: its own, or through a case that uses it."""
    if upload.person_id is not None and upload.person_id == unit.actor.person:
        return Reading(Role.APPLICANT)
    for use in await UploadUse.filter(upload_id=upload.id).order_by("id"):
        try:
            case = await Case.peek(unit, use.application_id)
        except DomainError:
            continue
        if roles := readers(case):
            role = Role.APPLICANT if Role.APPLICANT in roles else min(roles)
            return Reading(role, case.app.city, str(case.app.id))
    return None


async def _upload(unit: Unit, case: Case, body: Attach) -> Upload:
    """The actor's own upload, or one this very case has already and the actor sees."""
    upload = await Upload.filter(id=body.upload_id).first()
    if upload is not None and upload.person_id == unit.actor.person:
        return upload
    here = UploadUse.filter(upload_id=body.upload_id, application_id=case.app.id)
    if upload is None or not readers(case) or not await here.exists():
        raise _invalid("upload_id", "upload_unknown")
    return upload


def _attaching(case: Case, purpose: str, *, event: str = "attach_document") -> Role:
    """The role in which the actor may attach (or detach) for a purpose now."""
    roles = case.standing()
    if purpose in _city_documents(case):
        return _with_form(case, roles, purpose, event)
    own = [r for r in case.live_requests() if case.standing(r) & {Role.UTILITY_CLERK, Role.CREW}]
    if purpose == SITE_PHOTO:
        if case.app.stage not in LIVE_STAGES:
            raise _not_now(case, event)
        if not own:
            raise _not_yours(case, event)
        return min(roles & {Role.UTILITY_CLERK, Role.CREW})
    asked = {o.request_id for o in case.opinions if purpose in o.documents}
    if not asked:
        raise _invalid("purpose", "purpose_unknown")
    clerks = [r for r in own if r.id in asked and Role.UTILITY_CLERK in case.standing(r)]
    if not clerks:
        raise _not_yours(case, event)
    if not any(request.permit_state in _PAPERS_OPEN for request in clerks):
        raise _not_now(case, event)
    return Role.UTILITY_CLERK


def _with_form(case: Case, roles: frozenset[Role], code: str, event: str) -> Role:
    able = roles & {Role.APPLICANT, Role.WINDOW_CLERK}
    if not able:
        raise _not_yours(case, event)
    owed = any(gap["document"] == code and not gap["supplied_at"] for gap in case.app.gaps)
    if case.app.stage not in BEFORE_ACCEPTANCE and not (owed and case.app.stage in LIVE_STAGES):
        raise _not_now(case, event)
    return Role.APPLICANT if case.owner else min(able)


async def _changed(case: Case, role: Role, action: str, use: UploadUse) -> None:
    """Written in the trail. Whoever has read the case before must look again (``If-Match``), and
    a document that is new may be found at fault anew.
    """
    app, unit = case.app, case.unit
    unit.audit(
        app.city,
        role,
        action,
        "application",
        app.id,
        upload=str(use.upload_id),
        purpose=use.purpose if _is_code(case, use.purpose) else "permit_paper",
    )
    if use.purpose in _city_documents(case):
        version = app.version + 1
        case.set(version=version, revisions={**app.revisions, use.purpose: version})
        await case.finish()


async def _listed(case: Case) -> dict[str, Any]:
    """To whoever sees no documents, only what it has attached itself; what is missing or owed, to
    whom corrections concern.
    """
    found = await case_parts.documents(case)
    roles = readers(case)
    if level(roles, Group.CORRECTION) is not Level.FULL:
        found = case_parts.without_owed(found)
    if roles:
        return {**found, "version": case.app.version}
    person = case.unit.actor.person
    mine = await UploadUse.filter(application_id=case.app.id, added_by=person)
    own = {str(use.id) for use in mine}
    attached = [row for row in found["attached"] if row["id"] in own]
    return {**found, "attached": attached, "version": case.app.version}


def _city_documents(case: Case) -> frozenset[str]:
    return frozenset(document.code for document in case.city.documents)


def _is_code(case: Case, purpose: str) -> bool:
    """A code of ours; a permit paper's name is free text and stays out of the trail."""
    return purpose == SITE_PHOTO or purpose in _city_documents(case)


def _invalid(field: str, code: str, **data: Any) -> DomainError:
    return DomainError(Code.INVALID, faults=(Fault(field, code, data=data),))


def _not_now(case: Case, event: str) -> DomainError:
    return DomainError(
        Code.MOVE_NOT_ALLOWED, event=event, state=case.app.stage.value, allowed=case.allowed()
    )


def _not_yours(case: Case, event: str) -> DomainError:
    return DomainError(Code.NOT_YOURS_TO_MOVE, event=event, allowed=case.allowed())
