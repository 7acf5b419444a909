"""Files: taken in, handed out by short-lived links. What they are for is in ``cases/documents``."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from models import Upload
from models.base import new_id
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from storage.errors import ObjectMissing, StorageUnavailable, Trouble
from storage.kinds import Kind
from storage.links import Disposition, LinkInvalid, LinkReason
from storage.names import download_headers
from storage.uploads import Kept
from workflow.cases.documents import Reading, reading_of
from workflow.encoding import shown
from workflow.inputs import Input
from workflow.people.attempts import Limit, spend
from workflow.people.identity import actor_of_person
from workflow.ports import Services
from workflow.surveys.field import evidence
from workflow.surveys.field.visiting import GOING
from workflow.unit import Answer, Unit, perform

DAY_S: Final = 24 * 3600
BY_PERSON: Final = Limit("upload", 200, DAY_S)
BY_STAFF: Final = Limit("upload.staff", 2000, DAY_S)
"""A clerk scans for everybody who walks in; a crew photographs all day."""

_log = structlog.get_logger("uploads")


class LinkWanted(Input):
    """How the file is to be opened."""

    inline: bool = False
    """Shown in place; otherwise saved."""


async def take(
    services: Services, actor: Actor, chunks: AsyncIterable[bytes], declared_name: str | None
) -> Kept:
    """Take a file into the store, before and outside of the unit of work.

    Raises ``TOO_MANY``, ``UPLOAD_…``, ``STORAGE_…``; then nothing is kept.
    """
    await spend(services, BY_STAFF if actor.memberships else BY_PERSON, str(actor.person))
    return await services.uploads.take(chunks, declared_name)


async def keep(unit: Unit, kept: Kept) -> Answer:
    """Write the row. What the camera noted stays as evidence of who goes out, of nobody else."""
    upload = await Upload.create(
        id=new_id(),
        person_id=unit.actor.person,
        digest=kept.digest,
        media_type=kept.kind.mime,
        size=kept.size,
        name=kept.name,
        evidence=_evidence(unit, kept),
        created_at=unit.now,
    )
    for held in unit.actor.memberships[:1]:
        unit.audit(held.city, held.role, "upload", "upload", upload.id, digest=kept.digest)
    body = {
        "id": str(upload.id),
        "name": kept.name,
        "media_type": upload.media_type,
        "size": kept.size,
        "digest": kept.digest,
        "pages": kept.pages,
        "width": kept.width,
        "height": kept.height,
        "created_at": shown(unit.now),
    }
    return Answer(body, status=201)


def _evidence(unit: Unit, kept: Kept) -> dict[str, Any]:
    if not any(unit.actor.holds(role) for role in GOING):
        return {}
    return evidence.kept(unit.services.seal, kept.exif, kept.sent_digest)


async def link(unit: Unit, upload_id: UUID, body: LinkWanted) -> Answer:
    """A link that opens the file for a few minutes. ``NOT_FOUND`` for whoever may not see it."""
    upload, reading = await _readable(unit, upload_id)
    assert unit.actor.person is not None  # noqa: S101 - the route is for people who signed in
    disposition = Disposition.INLINE if body.inline else Disposition.ATTACHMENT
    token = unit.services.links.issue(
        upload.id, upload.digest, unit.actor.person, now=unit.now, disposition=disposition
    )
    _note(unit, upload, reading, "link_document")
    expires = unit.services.links.verify(token, now=unit.now).expires
    url = f"{unit.services.public_url}/files/{token}"
    return Answer({"url": url, "expires_at": shown(expires)}, status=201)


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out."""

    media_type: str
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]


async def download(services: Services, token: str, *, correlation: str) -> Download:
    """What a link opens. Whom it was made for must still be allowed to see the file.

    Raises ``LINK_INVALID``, ``STORAGE_UNAVAILABLE``.
    """
    found = services.links.verify(token, now=services.clock.now())
    actor = await actor_of_person(found.person)
    opened: list[Upload] = []

    async def act(unit: Unit) -> Answer:
        try:
            upload, reading = await _readable(unit, found.upload)
        except DomainError:
            raise LinkInvalid(LinkReason.INVALID) from None
        if upload.digest != found.digest:
            raise LinkInvalid(LinkReason.INVALID)
        _note(unit, upload, reading, "download_document")
        opened.append(upload)
        return Answer({})

    await perform(services, actor, act, correlation=correlation)
    (upload,) = opened
    inline = found.disposition is Disposition.INLINE and upload.media_type != Kind.PDF.mime
    headers = download_headers(upload.name, upload.media_type, upload.size, inline=inline)
    del headers["Content-Type"]
    return Download(upload.media_type, headers, await _open(services, upload))


async def _open(services: Services, upload: Upload) -> AsyncIterator[bytes]:
    try:
        return await services.store.open(upload.digest)
    except ObjectMissing:
        _log.error("upload_lost", upload=str(upload.id), digest=upload.digest)
        raise StorageUnavailable(Trouble.CORRUPT) from None


async def _readable(unit: Unit, upload_id: UUID) -> tuple[Upload, Reading]:
    upload = await Upload.filter(id=upload_id).first()
    if upload is None:
        raise DomainError(Code.NOT_FOUND)
    reading = await reading_of(unit, upload)
    if reading is None:
        raise DomainError(Code.NOT_FOUND)
    return upload, reading


def _note(unit: Unit, upload: Upload, reading: Reading, action: str) -> None:
    """A read by staff of what somebody else has sent leaves a trace."""
    if reading.role is not Role.APPLICANT:
        unit.audit(reading.city, reading.role, action, "upload", upload.id, case=reading.case)
