"""Receiving uploads: limits hold while bytes come in, and nothing is left behind."""

import asyncio
import hashlib
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.errors import Code, DomainError
from storage.intake import receive, sweep
from tests.storage.corpus import stream

ROOT = Path(__file__).resolve().parents[2]


async def test_what_is_received_is_measured_and_private(tmp_path: Path) -> None:
    data = os.urandom(700_001)
    spool = tmp_path / "deep" / "spool"
    spooled = await receive(
        stream(data), declared_name="照片.jpg", max_bytes=len(data), spool_dir=spool
    )
    with spooled:
        assert spooled.path.parent == spool
        assert spooled.path.stat().st_mode & 0o777 == 0o600
        assert spooled.path.read_bytes() == data
        assert (spooled.size, spooled.name) == (len(data), "照片.jpg")
        assert spooled.digest == hashlib.sha256(data).hexdigest()
    assert os.listdir(spool) == []


async def test_one_byte_too_many_stops_at_once(tmp_path: Path) -> None:
    served = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal served
        while True:
            served += 1000
            yield b"x" * 1000

    with pytest.raises(DomainError) as refused:
        await receive(endless(), declared_name="a.jpg", max_bytes=4_999, spool_dir=tmp_path)
    assert (refused.value.code, refused.value.data["most"]) == (Code.UPLOAD_TOO_LARGE, 4_999)
    assert served == 5_000
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("chunks", [[], [b""], [b"", b""]])
async def test_nothing_is_no_upload(tmp_path: Path, chunks: list[bytes]) -> None:
    async def empty() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    with pytest.raises(DomainError) as refused:
        await receive(empty(), declared_name="a.jpg", max_bytes=10, spool_dir=tmp_path)
    assert refused.value.code is Code.UPLOAD_EMPTY
    assert os.listdir(tmp_path) == []


async def test_a_bad_name_is_refused_before_any_byte_is_read(tmp_path: Path) -> None:
    read = []

    async def watched() -> AsyncIterator[bytes]:
        read.append(1)
        yield b"x"

    with pytest.raises(DomainError):
        await receive(watched(), declared_name="a/b", max_bytes=10, spool_dir=tmp_path)
    assert not read


async def test_a_sender_who_goes_away_leaves_nothing(tmp_path: Path) -> None:
    started = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield b"x" * 300_000
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(
        receive(stalls(), declared_name="a.jpg", max_bytes=10**6, spool_dir=tmp_path)
    )
    await started.wait()
    assert len(os.listdir(tmp_path)) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert os.listdir(tmp_path) == []


FULL = """
import asyncio, os, resource, sys
from pathlib import Path
from rules.errors import DomainError
from storage.intake import receive
async def chunks():
    for _ in range(20):
        yield b"x" * 100_000
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
try:
    asyncio.run(receive(chunks(), declared_name="a", max_bytes=10**7, spool_dir=Path(sys.argv[1])))
except DomainError as error:
    print(error.code, error.data["reason"], os.listdir(sys.argv[1]))
"""


def test_a_full_spool_is_typed_and_leaves_nothing(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == "storage_full full []"


async def test_a_spool_that_cannot_be_made_is_typed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DomainError) as refused:
        await receive(
            stream(b"x"), declared_name="a", max_bytes=10, spool_dir=tmp_path / "file" / "spool"
        )
    assert refused.value.code is Code.STORAGE_UNAVAILABLE


async def test_running_out_of_file_handles_is_typed(tmp_path: Path) -> None:
    """What the process cannot open is the store's trouble, not a crash."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(DomainError) as refused:
            await receive(stream(b"x"), declared_name="a", max_bytes=10, spool_dir=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert refused.value.code is Code.STORAGE_UNAVAILABLE


def test_the_sweep_removes_only_what_is_old_and_ours(tmp_path: Path) -> None:
    now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    for name, age in (("upload-old", 2), ("upload-new", 0), ("other", 2)):
        (tmp_path / name).touch()
        stamp = (now - timedelta(hours=age)).timestamp()
        os.utime(tmp_path / name, (stamp, stamp))
    assert sweep(tmp_path, now=now) == 1
    assert sorted(os.listdir(tmp_path)) == ["other", "upload-new"]
    assert sweep(tmp_path / "absent", now=now) == 0
