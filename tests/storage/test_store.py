"""The object store on a folder: what is put comes back, and never by halves."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.address import StorageAddressInvalid, open_store
from storage.errors import ObjectMissing, StorageUnavailable, Trouble
from storage.store import Store, key_of
from tests.storage.corpus import stored

ROOT = Path(__file__).resolve().parents[2]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(folder: Path) -> Store:
    return open_store(f"file://{folder}")


def file_of(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "source"
    path.write_bytes(data)
    return path


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [1, 1000, 262_144, 7_000_000])
async def test_what_is_put_comes_back(store: Store, tmp_path: Path, size: int) -> None:
    data = b"".join(b"%09d" % n for n in range(size // 9 + 1))[:size]
    name = digest(data)
    assert not await store.exists(name)
    await store.put(file_of(tmp_path, data), name)
    assert await store.exists(name)
    blob = await store.open(name)
    assert blob.size == size
    chunks = [chunk async for chunk in blob]
    assert b"".join(chunks) == data
    assert len(chunks) >= min(size // 300_000, 10)


async def test_the_same_again_changes_nothing(store: Store, folder: Path, tmp_path: Path) -> None:
    name = digest(b"once")
    await store.put(file_of(tmp_path, b"once"), name)
    before = (folder / key_of(name)).stat()
    await store.put(file_of(tmp_path, b"once"), name)
    after = (folder / key_of(name)).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert files_in(folder) == [name]


async def test_a_file_that_is_not_what_its_digest_says_is_refused(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="digest"):
        await store.put(file_of(tmp_path, b"other"), digest(b"one"))
    assert not files_in(folder)


async def test_a_half_object_of_a_crash_is_replaced(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    name = digest(b"whole content")
    place = folder / key_of(name)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"whole")
    await store.put(file_of(tmp_path, b"whole content"), name)
    assert await stored(store, name) == b"whole content"


async def test_bytes_that_changed_in_the_store_are_not_delivered_whole(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    data = b"x" * 600_000
    name = digest(data)
    await store.put(file_of(tmp_path, data), name)
    (folder / key_of(name)).write_bytes(b"y" + data[1:])
    blob, got = await store.open(name), bytearray()

    async def drain() -> None:
        async for chunk in blob:
            got.extend(chunk)

    with pytest.raises(StorageUnavailable) as failed:
        await drain()
    assert failed.value.trouble is Trouble.CORRUPT
    assert len(got) < len(data)


async def test_deleting_twice_is_as_good_as_once(store: Store, tmp_path: Path) -> None:
    name = digest(b"gone")
    await store.put(file_of(tmp_path, b"gone"), name)
    await store.delete(name)
    await store.delete(name)
    assert not await store.exists(name)
    with pytest.raises(ObjectMissing):
        await store.open(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
async def test_only_digests_are_names(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        await store.open(name)


FILL = """
import asyncio, hashlib, os, resource, sys
from pathlib import Path
from storage.address import open_store
from storage.errors import StorageUnavailable
folder, source, limit = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
async def main():
    store = open_store(folder)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    try:
        await store.put(source, digest)
    except StorageUnavailable as error:
        print(error.code, error.trouble, await store.exists(digest))
asyncio.run(main())
print(sorted(name for _, _, names in os.walk(folder) for name in names))
"""


@pytest.mark.parametrize("size", [100_000, 6_000_000])
def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, size: int) -> None:
    """The kernel refuses further bytes (RLIMIT_FSIZE), in one write and in several parts."""
    source, folder = file_of(tmp_path, b"z" * size), tmp_path / "objects"
    run = subprocess.run(
        [sys.executable, "-c", FILL, folder, source, "60000"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert run.stdout.split("\n")[:2] == ["storage_full full False", "[]"]


@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True, check=False,
    ).returncode != 0,
    reason="this machine lets nobody mount a small file system",
)  # fmt: skip
@pytest.mark.parametrize(("options", "trouble"), [("size=64k", "full"), ("ro", "forbidden")])
def test_a_real_small_or_read_only_disk(tmp_path: Path, options: str, trouble: str) -> None:
    source, folder = file_of(tmp_path, b"z" * 300_000), tmp_path / "objects"
    folder.mkdir()
    command = 'mount -t tmpfs -o "$1" none "$2" && shift 2 && exec "$@"'
    run = subprocess.run(
        ["unshare", "-rm", "sh", "-c", command, "sh", options,
         folder, sys.executable, "-c", FILL, folder, source, "0"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if options == "ro" and not run.stdout:
        pytest.fail(run.stderr[-500:])
    assert run.stdout.split("\n")[:2] == [
        f"{'storage_full' if trouble == 'full' else 'storage_unavailable'} {trouble} False",
        "[]",
    ], run.stderr


FORK = """
import asyncio, os, sys
from storage.address import open_store
store = open_store(sys.argv[1])
def child():
    sys.stdout.flush()
    if os.fork() == 0:
        try:
            asyncio.run(store.check())
            print("works", flush=True)
        except RuntimeError as error:
            print(error, flush=True)
        os._exit(0)
    os.wait()
child()
asyncio.run(store.check())
child()
"""


def test_a_store_is_first_used_after_the_fork_or_says_so(folder: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FORK, folder],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert run.stdout.splitlines() == [
        "works",
        "the object store was used before this process was forked",
    ]


async def test_a_store_whose_folder_is_gone_says_so(store: Store, folder: Path) -> None:
    await store.check()
    shutil.rmtree(folder)
    file_of(folder.parent, b"a file where the folder was").rename(folder)
    with pytest.raises(StorageUnavailable):
        await store.check()


def test_a_folder_is_made_for_its_owner_only(folder: Path) -> None:
    open_store(str(folder))
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("relative/folder", "绝对路径"),
        ("ftp://host/x", "file://"),
        ("file://host/x", "三个斜杠"),
        ("s3://", "桶名"),
        ("s3://bucket?secret=x", "不认识的参数：secret"),
        ("s3://key:word@bucket/x", "环境变量"),
        ("s3://bucket?endpoint=minio:9000", "endpoint"),
    ],
)
def test_an_address_that_cannot_work_explains_itself(url: str, reason: str) -> None:
    with pytest.raises(StorageAddressInvalid, match=reason):
        open_store(url)
