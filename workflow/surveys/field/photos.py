"""现场照片: what the picture said of itself is judged, then only metres and doubts are kept."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import SitePhoto, SurveyVisit, Upload, UploadUse
from models.base import new_id
from rules.errors import Code, DomainError, Fault
from rules.presence import Shot, judge_photo
from rules.worktime import SHANGHAI
from workflow.cases.documents import MOST as MOST_OF_CASE
from workflow.cases.documents import SITE_PHOTO
from workflow.encoding import shown
from workflow.inputs import Input, Moment
from workflow.surveys.field import evidence
from workflow.surveys.field.visiting import Visiting, by_visit, hold
from workflow.unit import Answer, Unit

MOST: Final = 60
"""Photos of one visit."""


class Photo(Input):
    """An upload of one's own, and when it was taken where the picture itself does not say."""

    upload_id: UUID
    taken_at: Moment | None = None


async def add_photo(unit: Unit, visit_id: UUID, body: Photo) -> Answer:
    """Keep a photo of a visit. The same once more changes nothing."""
    named = await by_visit(visit_id)
    if named is None:
        raise DomainError(Code.NOT_FOUND)
    visiting = await hold(unit, named)
    found = await keep(visiting, body, min(body.taken_at or unit.now, unit.now))
    return Answer(found, status=201)


async def keep(visiting: Visiting, body: Photo, at: datetime) -> dict[str, Any]:
    """The row of a photo, ``at``: when whoever took it says it was."""
    upload = await _own_picture(visiting, body.upload_id)
    visit = visiting.visit
    if visit is None:  # nobody's visit is planned: a picture of the case, not judged
        await _use(visiting, upload)
        return {"upload_id": str(upload.id), "metres": None, "doubts": []}
    known = await SitePhoto.filter(visit_id=visit.id, upload_id=upload.id).first()
    if known is None:
        known = await _judged(visiting, visit, upload, at)
        await _use(visiting, upload)
    await evidence.forget_place(upload)
    return shown_photo(known)


def shown_photo(photo: SitePhoto) -> dict[str, Any]:
    """A photo as its readers get it."""
    return {
        "id": str(photo.id),
        "upload_id": str(photo.upload_id),
        "taken_at": shown(photo.taken_at),
        "metres": photo.metres,
        "doubts": photo.doubts,
    }


async def _judged(
    visiting: Visiting, visit: SurveyVisit, upload: Upload, at: datetime
) -> SitePhoto:
    if await SitePhoto.filter(visit_id=visit.id).count() >= MOST:
        raise _wrong("too_many_rows", max=MOST)
    unit = visiting.unit
    said = evidence.taken_at(upload)
    shot = Shot(
        taken_at=said,
        place=evidence.place(unit.services.seal, upload),
        used_before=await _used_before(visit, upload),
    )
    found = judge_photo(
        shot,
        visiting.site,
        radius_m=visiting.city.survey_rules.photo_radius_m,
        day=visit.at.astimezone(SHANGHAI).date(),
        received_at=unit.now,
    )
    return await SitePhoto.create(
        id=new_id(),
        visit_id=visit.id,
        upload_id=upload.id,
        taken_at=said or at,
        metres=found.metres,
        doubts=[doubt.value for doubt in found.doubts],
        created_at=unit.now,
    )


async def _used_before(visit: SurveyVisit, upload: Upload) -> bool:
    """Whether the same picture was handed in for another survey, under whatever name."""
    same = SitePhoto.filter(upload__digest=upload.digest)
    return await same.exclude(visit__survey_id=visit.survey_id).exists()


async def _own_picture(visiting: Visiting, ident: UUID) -> Upload:
    upload = await Upload.filter(id=ident, person_id=visiting.person).first()
    if upload is None:
        raise _wrong("upload_unknown")
    if not upload.media_type.startswith("image/"):
        raise _wrong("picture_needed")
    return upload


async def _use(visiting: Visiting, upload: Upload) -> None:
    """Shown among the documents of the case, where there is one."""
    if visiting.case is None:
        return
    uses = UploadUse.filter(application_id=visiting.case.app.id)
    if await uses.filter(upload_id=upload.id, purpose=SITE_PHOTO).exists():
        return
    if await uses.count() >= MOST_OF_CASE:
        raise _wrong("too_many_rows", max=MOST_OF_CASE)
    await UploadUse.create(
        id=new_id(),
        upload_id=upload.id,
        application_id=visiting.case.app.id,
        purpose=SITE_PHOTO,
        added_by=visiting.person,
        added_at=visiting.unit.now,
    )


def _wrong(code: str, **data: Any) -> DomainError:
    return DomainError(Code.INVALID, faults=(Fault("upload_id", code, data=data),))
