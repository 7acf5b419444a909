"""Uploads from the wire into the store: good ones arrive clean, bad ones leave nothing."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from config import texts
from rules.errors import Code, DomainError
from storage.address import open_store
from storage.errors import Refusal, StorageUnavailable, refused
from storage.isolate import Examiner
from storage.kinds import Kind
from storage.store import Store
from storage.uploads import Uploads
from tests.storage.corpus import (
    encoded,
    pattern,
    pdf,
    photo,
    png_claiming,
    png_text_bomb,
    stored,
    stream,
    zipped,
)

MOST = 30_000_000
XMP = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>'


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "objects"))


@pytest.fixture
def uploads(store: Store, tmp_path: Path) -> Uploads:
    return Uploads(store, tmp_path / "spool", MOST)


def left(tmp_path: Path) -> list[str]:
    return [name for _, _, names in os.walk(tmp_path) for name in names]


async def test_a_photo_arrives_clean_with_its_evidence(
    uploads: Uploads, store: Store, tmp_path: Path
) -> None:
    kept = await uploads.take(stream(photo(orientation=6)), "现场 1.png")
    assert (kept.kind, kept.name, kept.pages) == (Kind.JPEG, "现场 1.jpg", 1)
    assert (kept.width, kept.height) == (48, 64)
    assert kept.exif.gps is not None
    assert kept.exif.taken_at is not None
    data = await stored(store, kept.digest)
    assert len(data) == kept.size
    assert b"Exif" not in data
    assert kept.sent_digest != kept.digest
    assert left(tmp_path) == [kept.digest]


async def test_a_pdf_is_kept_as_it_was_sent(uploads: Uploads, store: Store, tmp_path: Path) -> None:
    data = pdf(pages=2)
    kept = await uploads.take(stream(data), "土地合同.pdf")
    assert (kept.kind, kept.pages, kept.width) == (Kind.PDF, 2, None)
    assert await stored(store, kept.digest) == data
    assert kept.sent_digest == kept.digest
    assert left(tmp_path) == [kept.digest]


async def test_phones_metadata_and_trailers_do_no_harm(uploads: Uploads) -> None:
    """XMP, and the film a motion photo carries behind the picture."""
    picture = encoded(pattern(), "JPEG", xmp=XMP)
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(5000)
    assert (await uploads.take(stream(picture + film), "MVIMG.jpg")).kind is Kind.JPEG


GIF = encoded(pattern(), "GIF")
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
CORPUS = {
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.png", "type"),
    "svg named so": (b"<svg/>", "a.svg", "name_executable"),
    "html": (b"<!doctype html><script>alert(1)</script>", "a.jpg", "type"),
    "exe": (b"MZ" + bytes(300), "a.jpg", "type"),
    "elf": (b"\x7fELF" + bytes(300), "a", "type"),
    "script": (b"#!/bin/sh\nid\n", "a.jpg", "type"),
    "zip": (zipped(), "a.jpg", "type"),
    "gif": (GIF, "a.jpg", "type"),
    "gifar": (GIF + zipped(), "a.gif", "type"),
    "text": (b"hello", "a.pdf", "type"),
    "heic": (HEIC, "IMG_1.HEIC", "heic"),
    "magic alone": (b"\xff\xd8\xff", "a.jpg", "broken"),
    "jpeg and jar": (photo() + zipped(), "a.jpg", "polyglot"),
    "png and zip": (encoded(pattern(), "PNG") + zipped(), "a.png", "polyglot"),
    "jpeg and html": (
        encoded(pattern(), "JPEG", comment=b"<script>alert(1)</script>"),
        "a.jpg",
        "markup",
    ),
    "jpeg and php": (photo() + b"<?php system($_GET[0]); ?>", "a.jpg", "markup"),
    "pdf after html": (b"<html>" + pdf(), "a.pdf", "type"),
    "pdf and zip": (pdf() + zipped(), "a.pdf", "polyglot"),
    "zip around pdf": (pdf()[:-6] + zipped()[:-2] + b"\x06\x00%%EOF\n", "a.pdf", "polyglot"),
    "pdf with script": (pdf([b"<< /S /JavaScript >>"]), "a.pdf", "pdf_active"),
    "pdf as jpg": (pdf(), "a.jpg", "name_mismatch"),
    "jpg as pdf": (photo(), "a.pdf", "name_mismatch"),
    "jpg as docx": (photo(), "a.docx", "name_type"),
    "double ending": (photo(), "a.php.jpg", "name_executable"),
    "path": (photo(), "../a.jpg", "name_path"),
    "nul": (photo(), "a.jpg\x00.php", "name_control"),
    "long": (photo(), "a" * 296 + ".jpg", "name_long"),
    "empty": (b"", "a.jpg", "empty"),
    "too large": (b"\xff\xd8\xff" + bytes(MOST), "a.jpg", "too_large"),
    "pixel bomb": (png_claiming(30_000, 30_000), "a.png", "too_many_pixels"),
    "text bomb": (png_text_bomb(), "a.png", "broken"),
    "truncated jpeg": (photo()[:-300], "a.jpg", "truncated"),
    "truncated pdf": (pdf()[:-60], "a.pdf", "truncated"),
}


SHOWN = ("ending", "most_mb")


def test_every_refusal_has_a_code_and_words() -> None:
    for refusal in Refusal:
        error = refused(refusal)
        assert error.code.value.startswith("upload_")
        assert texts.fault(error.faults[0].code, error.faults[0].label)


@pytest.mark.parametrize("name", CORPUS)
async def test_bad_uploads_are_refused_and_leave_nothing(
    uploads: Uploads, tmp_path: Path, name: str
) -> None:
    data, declared, reason = CORPUS[name]
    with pytest.raises(DomainError) as caught:
        await uploads.take(stream(data, 1 << 20), declared)
    assert caught.value.data["reason"] == reason
    assert caught.value.code.value.startswith("upload_")
    (fault,) = caught.value.faults
    words = texts.fault(fault.code, fault.label, fault.data)
    assert words == texts.fault(fault.code, fault.label, caught.value.data)
    assert all(str(fault.data[name]) in words for name in fault.data if name in SHOWN)
    assert left(tmp_path) == []


async def test_what_takes_too_long_is_stopped(store: Store, tmp_path: Path) -> None:
    hasty = Uploads(store, tmp_path / "spool", MOST, Examiner(timeout=0.001))
    began = time.perf_counter()
    with pytest.raises(DomainError) as caught:
        await hasty.take(stream(photo()), "a.jpg")
    assert (caught.value.code, caught.value.data["reason"]) == (Code.UPLOAD_UNSAFE, "too_heavy")
    assert time.perf_counter() - began < 5
    assert left(tmp_path) == []


async def test_a_sender_who_goes_away_while_it_is_examined_leaves_nothing(
    uploads: Uploads, tmp_path: Path
) -> None:
    large = png_claiming(7_000, 7_000)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(uploads.take(stream(large, 1 << 20), "a.png"), 0.3)
    assert left(tmp_path) == []


async def test_the_same_photo_at_once_is_kept_once(uploads: Uploads, tmp_path: Path) -> None:
    both = await asyncio.gather(*(uploads.take(stream(photo()), f"{n}.jpg") for n in range(3)))
    assert len({kept.digest for kept in both}) == 1
    assert left(tmp_path) == [both[0].digest]


async def test_a_store_that_fails_keeps_nothing(uploads: Uploads, tmp_path: Path) -> None:
    (tmp_path / "objects").rmdir()
    (tmp_path / "objects").touch()
    with pytest.raises(StorageUnavailable):
        await uploads.take(stream(photo()), "a.jpg")
    assert left(tmp_path) == ["objects"]


async def test_the_process_that_opens_uploads_sees_no_secrets(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A start-up hook in the environment of the service does not reach the isolated process."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
    assert (await uploads.take(stream(photo()), "a.jpg")).kind is Kind.JPEG
