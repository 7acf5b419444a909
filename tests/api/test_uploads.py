"""Files over HTTP: taken in, refused with a reason, never half kept."""

import resource
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from models import Upload
from rules.places import System
from tests.api.service import Caller, Service, codes, ok, problem
from tests.storage.corpus import encoded, pattern, pdf, photo
from workflow.people.attempts import spend
from workflow.surveys.field import evidence
from workflow.uploads import BY_PERSON


async def send(
    caller: Caller, data: bytes, name: str | None = "样例.jpg", **told: Any
) -> httpx.Response:
    """The bytes as they are, the name in a header."""
    headers = {"content-type": told.pop("kind", "application/octet-stream")}
    if name is not None:
        quoted = "".join(f"%{byte:02X}" for byte in name.encode())
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quoted}"
    return await caller.post("/uploads", content=data, headers=headers, **told)


async def send_form(caller: Caller, data: bytes, name: str, **fields: str) -> httpx.Response:
    """A form, as ``wx.uploadFile`` sends it."""
    mark = uuid4().hex
    body = b"".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{text}\r\n'.encode()
        for field, text in fields.items()
    )
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body += head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + f"\r\n--{mark}--".encode()
    headers = {"content-type": f"multipart/form-data; boundary={mark}"}
    return await caller.post("/uploads", content=body, headers=headers)


def spooled(service: Service) -> list[Path]:
    """What lies in the spool."""
    return list(service.wiring.settings.spool_dir.glob("*"))


def in_store(service: Service) -> set[Path]:
    """Every object of the store."""
    folder = service.wiring.settings.data_dir / "uploads"
    return {path for path in folder.rglob("*") if path.is_file()}


async def stored(service: Service, digest: str) -> bytes:
    """An object of the store."""
    return b"".join([chunk async for chunk in await service.wiring.services.store.open(digest)])


async def test_a_photo_is_kept_without_what_the_camera_noted(service: Service) -> None:
    kept = ok(await send(await service.owner(), photo(), "门头 照片.JPG"), 201)
    assert (kept["name"], kept["media_type"]) == ("门头 照片.jpg", "image/jpeg")
    assert (kept["width"], kept["height"], kept["pages"]) == (64, 48, 1)
    bytes_kept = await stored(service, kept["digest"])
    assert len(bytes_kept) == kept["size"]
    assert b"TestPhone" not in bytes_kept
    row = await Upload.get(id=UUID(kept["id"]))
    assert (row.evidence, row.person_id) == ({}, (await service.owner()).person)
    assert spooled(service) == []


async def test_a_crews_photo_keeps_time_and_place_as_evidence_beside_the_file(
    service: Service,
) -> None:
    crew = await service.crew("daye", "water")
    kept = ok(await send(crew, photo()), 201)
    row = await Upload.get(id=UUID(kept["id"]))
    assert row.evidence["taken_at"] == "2026-11-20T09:08:07+08:00"
    assert "30.09" not in str(row.evidence)
    place = evidence.place(service.wiring.services.seal, row)
    assert place is not None
    assert place.lat == pytest.approx(30.0961)
    assert place.system is System.WGS84
    assert row.evidence["sent_digest"] != kept["digest"]
    assert b"TestPhone" not in await stored(service, kept["digest"])


async def test_a_form_of_the_mini_program(service: Service) -> None:
    kept = ok(await send_form(await service.owner(), pdf(), "执照.pdf", note="扫描件"), 201)
    assert (kept["name"], kept["media_type"], kept["pages"]) == ("执照.pdf", "application/pdf", 1)


async def test_the_same_file_twice_is_stored_once(service: Service) -> None:
    owner, colleague = await service.owner(), await service.colleague()
    data = encoded(pattern(33, 21), "PNG")
    first = ok(await send(owner, data, "甲.png"), 201)
    objects = in_store(service)
    again = ok(await send(colleague, data, "乙.png"), 201)
    assert again["id"] != first["id"]
    assert again["digest"] == first["digest"]
    assert in_store(service) == objects


async def test_a_retry_gives_the_same_upload_and_another_file_is_refused(service: Service) -> None:
    owner = await service.owner()
    first = ok(await send(owner, photo(), key="once"), 201)
    again = await send(owner, photo(), key="once")
    assert ok(again, 201) == first
    assert "location" not in again.headers  # nothing is read there: a link is asked for
    assert again.headers["idempotency-replayed"] == "true"
    problem(await send(owner, pdf(), "另.pdf", key="once"), 422, "key_reused")
    problem(await send(owner, photo(), key=None), 400, "key_needed")


@pytest.mark.parametrize(
    ("data", "name", "status", "code", "fault"),
    [
        (b"", "a.jpg", 422, "upload_empty", "file_empty"),
        (b"GIF89a" + bytes(64), "a.gif", 415, "upload_type", "file_type"),
        (photo()[:900], "a.jpg", 422, "upload_broken", None),
        (b"%PDF-1.7 nothing", "a.pdf", 422, "upload_broken", None),
        (photo(), "../../etc/a.jpg", 422, "upload_name", "file_name_path"),
        (photo(), "..\\a.jpg", 422, "upload_name", "file_name_path"),
        (photo(), "a.jpg\u202egpj.exe", 422, "upload_name", "file_name_control"),
        (photo(), "a.exe", 422, "upload_name", "file_name_executable"),
        (photo(), "a\x00.jpg", 422, "upload_name", "file_name_control"),
        (photo(), "名" * 201, 422, "upload_name", "file_name_long"),
        (photo(), "a.pdf", 415, "upload_type", "file_name_mismatch"),
        (pdf([b"<< /S /JavaScript /JS (x) >>"]), "a.pdf", 422, "upload_unsafe", "file_pdf_active"),
    ],
)
async def test_bad_files_are_refused_with_the_reason_and_leave_nothing(
    service: Service, data: bytes, name: str, status: int, code: str, fault: str | None
) -> None:
    before = await Upload.all().count()
    refused = problem(await send(await service.owner(), data, name), status, code)
    assert fault is None or codes(refused) == {"file": fault}
    assert await Upload.all().count() == before
    assert spooled(service) == []


async def test_a_file_too_large_is_refused_and_the_sender_hears_it(service: Service) -> None:
    most = service.wiring.settings.upload_max_bytes
    data = b"\xff\xd8\xff" + bytes(most + 5_000_000)
    refused = problem(await send(await service.owner(), data), 413, "upload_too_large")
    assert refused["most"] == most
    assert spooled(service) == []


async def test_a_sender_without_a_session_hears_so_even_in_the_middle_of_sending(
    service: Service,
) -> None:
    problem(await send(service.nobody, bytes(8_000_000)), 401, "unauthenticated")


async def test_bodies_that_are_no_file_are_refused(service: Service) -> None:
    owner = await service.owner()
    problem(await send(owner, b"{}", kind="application/json"), 415, "unsupported_media")
    problem(await send(owner, b"x", kind="multipart/form-data"), 400, "malformed")
    broken = "multipart/form-data; boundary=b"
    problem(await send(owner, b"--b\r\n\r\nx", kind=broken), 400, "malformed")
    assert spooled(service) == []


async def test_a_full_disk_is_507_and_nothing_is_half_written(service: Service) -> None:
    before = await Upload.all().count()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    owner, data = await service.owner(), b"\xff\xd8\xff" + bytes(3_000_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        answer = await send(owner, data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    problem(answer, 507, "storage_full")
    assert await Upload.all().count() == before
    assert spooled(service) == []


async def test_a_person_uploads_so_many_a_day(service: Service) -> None:
    stranger = await service.stranger()
    for _ in range(BY_PERSON.tries):
        await spend(service.wiring.services, BY_PERSON, str(stranger.person))
    refused = await send(stranger, photo())
    problem(refused, 429, "too_many")
    assert int(refused.headers["retry-after"]) > 0
