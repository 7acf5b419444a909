"""Drawing up a record, changing it, and each party's word on it.

Every change is a new edition and asks everybody again; words on earlier editions stay in the books.
With the last confirmation the record is agreed, and stays as it is unless findings are corrected.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from models import RecordSignature, Survey, SurveyRecord, Upload, UploadUse
from models.base import new_id
from rules.actors import Role
from rules.errors import Code, DomainError, Fault
from workflow.cases.case import Acting, Case
from workflow.cases.settling import settle
from workflow.inputs import Input, Remark
from workflow.surveys.record.content import made
from workflow.surveys.record.matter import Matter, around, load
from workflow.surveys.record.parties import Party, is_agreed, words_of
from workflow.surveys.record.view import view_of
from workflow.unit import Answer, Unit

SIGNATURE: Final = "survey_signature"
"""Purpose of a handwritten signature among the documents of a case."""
Json = dict[str, Any]


class Change(Input):
    """What those who came agree on; ``edition``: the one that was read."""

    edition: int = Field(ge=1, le=30_000)
    conclusion: Remark | None = None
    """踏勘结论; left as it is where not given."""
    notes: Remark | None = None
    """One's own organisation's opinion; likewise."""


class Word(Input):
    """签字确认, or an objection, which says why; with the drawn signature where there is one."""

    edition: int = Field(ge=1, le=30_000)
    agrees: bool
    remark: Remark = ""
    upload_id: UUID | None = None


async def record(unit: Unit, survey_id: UUID) -> Answer:
    """The record as it stands. ``NOT_FOUND`` where there is none yet."""
    matter = await load(unit, survey_id, lock=False)
    if matter.record is None:
        raise DomainError(Code.NOT_FOUND)
    if not matter.owner:
        role = matter.by[0] if matter.by else min(r.role for r in unit.actor.memberships)
        unit.audit(matter.city.code, role, "read_record", "survey", survey_id)
    return Answer(await view_of(matter))


async def draw_up(unit: Unit, survey_id: UUID) -> Answer:
    """Make the record of what has been found so far; one that is there is answered as it is."""
    matter = await load(unit, survey_id, lock=True)
    by = _having_a_say(matter, "draw_up_record")
    if not matter.came:
        raise DomainError(Code.GUARD_FAILED, event="draw_up_record", guard="somebody_came")
    if matter.record is None:
        await _make(matter, by)
    await _finish(matter)
    return Answer(await view_of(matter), status=201)


async def change(unit: Unit, survey_id: UUID, body: Change) -> Answer:
    """A new edition by somebody who came, until all have confirmed."""
    matter = await load(unit, survey_id, lock=True)
    by = _having_a_say(matter, "change_record")
    row = _standing(matter, body.edition)
    if row.agreed_at is not None:
        raise DomainError(Code.GUARD_FAILED, event="change_record", guard="record_open")
    content = made(matter)
    if body.conclusion is not None:
        content["conclusion"] = body.conclusion
    if body.notes is not None and matter.own:
        content["notes"] = content["notes"] | {str(matter.own[0]): body.notes}
    await _renew(matter, content, by)
    await _finish(matter)
    return Answer(await view_of(matter))


async def sign(unit: Unit, survey_id: UUID, body: Word) -> Answer:
    """A party's word: of every organisation for which the actor goes out, or of the applicant."""
    matter = await load(unit, survey_id, lock=True)
    if matter.record is None:
        raise DomainError(Code.NOT_FOUND)
    parties: list[Party] = [None] if matter.owner or matter.at_window else list(matter.own)
    if not parties:
        raise DomainError(Code.NOT_YOURS_TO_MOVE, event="sign_record", allowed=())
    _standing(matter, body.edition)
    if matter.at_window and body.upload_id is None:
        raise _wrong("upload_id", "signature_needed")
    for party in parties:
        role = _role(matter, party)
        await put_word(matter, party, body, unit.now, person=unit.actor.person, role=role)
    await _finish(matter)
    return Answer(await view_of(matter))


async def put_word(
    matter: Matter,
    party: Party,
    body: Word,
    at: datetime,
    *,
    person: UUID | None,
    role: Role,
) -> None:
    """Write a party's word; where it was the last one missing, the record is agreed."""
    row = matter.record
    assert row is not None  # noqa: S101 - the caller has looked
    if not body.agrees and not body.remark:
        raise _wrong("remark", "reason_needed")
    upload = await _drawn(matter, body.upload_id, person)
    same = RecordSignature.filter(
        record_id=row.id,
        edition=body.edition,
        organization_id=party,
        agrees=body.agrees,
        remark=body.remark,
        signed_at=at,
    )
    if await same.exists():
        return
    await RecordSignature.create(
        id=new_id(),
        record_id=row.id,
        edition=body.edition,
        organization_id=party,
        person_id=person,
        agrees=body.agrees,
        remark=body.remark,
        upload_id=upload.id if upload else None,
        signed_at=at,
    )
    event = "sign_record" if body.agrees else "object_record"
    await _move(matter, event, (role, party))
    if body.edition == row.edition:
        await judge(matter)


async def judge(matter: Matter) -> None:
    """Agreed with the last word that was missing; no longer where somebody takes theirs back."""
    row = matter.record
    assert row is not None  # noqa: S101 - the caller has looked
    agreed = is_agreed(matter.came, await words_of(row))
    if agreed and row.agreed_at is None:
        await row.change(agreed_at=matter.unit.now, updated_at=matter.unit.now)
        await _move(matter, "agree_record", (Role.SYSTEM, None))
    elif not agreed and row.agreed_at is not None:
        await row.change(agreed_at=None, updated_at=matter.unit.now)


async def follow(case: Case, survey: Survey, *, complete: bool) -> None:
    """Findings came or were corrected: the record is made with the last of them, and renewed when
    it says something else than before. The caller settles the case.
    """
    matter = await around(case, survey)
    if matter.record is None:
        if complete and matter.came:
            await _make(matter, (Role.SYSTEM, None))
        return
    content = made(matter)
    if content != matter.record.content:
        await _renew(matter, content, (Role.SYSTEM, None))


async def _make(matter: Matter, by: Acting) -> None:
    now = matter.unit.now
    matter.record = await SurveyRecord.create(
        id=new_id(),
        survey_id=matter.survey.id,
        city=matter.city.code,
        content=made(matter),
        created_at=now,
        updated_at=now,
    )
    await _move(matter, "draw_up_record", by)


async def _renew(matter: Matter, content: Json, by: Acting) -> None:
    row = matter.record
    assert row is not None  # noqa: S101 - the caller has looked
    if content == row.content:
        return
    edition = row.edition + 1
    await row.change(content=content, edition=edition, agreed_at=None, updated_at=matter.unit.now)
    await _move(matter, "change_record", by)


def _having_a_say(matter: Matter, event: str) -> Acting:
    """As whom the actor draws up or changes: it came, or it organises surveys."""
    if matter.by is not None:
        return matter.by
    if matter.organises:
        held = [
            m for m in matter.unit.actor.memberships_in(matter.city.code) if m.role in _ORGANISE
        ]
        return held[0].role, held[0].org
    raise DomainError(Code.NOT_YOURS_TO_MOVE, event=event, allowed=())


_ORGANISE = (Role.WINDOW_CLERK, Role.COORDINATOR, Role.UTILITY_CLERK)


def _standing(matter: Matter, edition: int) -> SurveyRecord:
    """The record, where the edition read is the one that stands."""
    if matter.record is None:
        raise DomainError(Code.NOT_FOUND)
    if matter.record.edition != edition:
        raise DomainError(Code.CONFLICT, edition=matter.record.edition)
    return matter.record


def _role(matter: Matter, party: Party) -> Role:
    if party is None:
        return Role.WINDOW_CLERK if matter.at_window else Role.APPLICANT
    return matter.by[0] if matter.by else Role.CREW


async def _drawn(matter: Matter, ident: UUID | None, person: UUID | None) -> Upload | None:
    """The drawn signature: a picture of one's own, shown among the documents of the case."""
    if ident is None:
        return None
    upload = await Upload.filter(id=ident, person_id=person).first()
    if upload is None:
        raise _wrong("upload_id", "upload_unknown")
    if not upload.media_type.startswith("image/"):
        raise _wrong("upload_id", "picture_needed")
    if matter.case is not None:
        case = matter.case.app.id
        uses = UploadUse.filter(upload_id=upload.id, application_id=case, purpose=SIGNATURE)
        if not await uses.exists():
            await UploadUse.create(
                id=new_id(),
                upload_id=upload.id,
                application_id=case,
                purpose=SIGNATURE,
                added_by=person,
                added_at=matter.unit.now,
            )
    return upload


async def _move(matter: Matter, event: str, by: Acting) -> None:
    """The case's event and notices; of a registration an entry in the trail."""
    if matter.case is not None:
        await matter.case.move(event, by=by)
    else:
        matter.unit.audit(matter.city.code, by[0], event, "survey", matter.survey.id)


async def _finish(matter: Matter) -> None:
    if matter.case is not None:
        await settle(matter.case)


def _wrong(field: str, code: str) -> DomainError:
    return DomainError(Code.INVALID, faults=(Fault(field, code),))
