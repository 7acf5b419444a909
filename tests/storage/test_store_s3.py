"""The object store on S3, spoken over loopback HTTP to a bucket of a few lines."""

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from storage.address import open_store
from storage.errors import ObjectMissing, StorageUnavailable, Trouble
from storage.store import key_of
from tests.storage.corpus import stored

ROOT = Path(__file__).resolve().parents[2]


class Bucket(BaseHTTPRequestHandler):
    """Path-style S3 for single objects; ``refuse`` answers everything with that status."""

    protocol_version = "HTTP/1.1"
    objects: ClassVar[dict[str, bytes]] = {}
    refuse: ClassVar[int] = 0
    requests: ClassVar[list[str]] = []

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._begin():
            self.objects[self.path] = body
            self._end(200, b"", hashlib.md5(body, usedforsecurity=False).hexdigest())

    def do_GET(self) -> None:
        if self._begin():
            body = self.objects.get(self.path)
            self._end(404 if body is None else 200, body or b"", "tag")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._begin():
            self.objects.pop(self.path, None)
            self._end(204, b"", "")

    def _begin(self) -> bool:
        self.requests.append(f"{self.command} {self.path}")
        signed = self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256")
        if self.refuse or not signed:
            self._end(self.refuse or 403, b"", "")
            return False
        return True

    def _end(self, status: int, body: bytes, tag: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{tag}"')
        self.send_header("Last-Modified", formatdate(0, usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test-secret")
    Bucket.objects, Bucket.requests, Bucket.refuse = {}, [], 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"s3://uploads/daye?endpoint=http://127.0.0.1:{server.server_port}&region=cn-test-1"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_put_open_exists_delete(url: str, tmp_path: Path) -> None:
    store, data = open_store(url), b"over the wire" * 40_000
    path, digest = tmp_path / "source", hashlib.sha256(data).hexdigest()
    path.write_bytes(data)
    await store.check()
    assert not await store.exists(digest)
    await store.put(path, digest)
    assert list(Bucket.objects) == [f"/uploads/daye/{key_of(digest)}"]
    blob = await store.open(digest)
    assert blob.size == len(data)
    assert await stored(store, digest) == data
    sent = len([r for r in Bucket.requests if r.startswith("PUT")])
    await store.put(path, digest)
    assert len([r for r in Bucket.requests if r.startswith("PUT")]) == sent == 1
    await store.delete(digest)
    assert not await store.exists(digest)
    with pytest.raises(ObjectMissing):
        await store.open(digest)


async def test_a_refusing_bucket_is_typed(url: str, tmp_path: Path) -> None:
    store, path = open_store(url), tmp_path / "source"
    path.write_bytes(b"x")
    Bucket.refuse = 403
    with pytest.raises(StorageUnavailable) as failed:
        await store.put(path, hashlib.sha256(b"x").hexdigest())
    assert failed.value.trouble is Trouble.FORBIDDEN
    with pytest.raises(StorageUnavailable):
        await store.check()


async def test_bytes_changed_in_the_bucket_are_not_delivered(url: str, tmp_path: Path) -> None:
    store, path = open_store(url), tmp_path / "source"
    path.write_bytes(b"honest")
    digest = hashlib.sha256(b"honest").hexdigest()
    await store.put(path, digest)
    Bucket.objects = dict.fromkeys(Bucket.objects, b"forged")
    with pytest.raises(StorageUnavailable) as failed:
        await stored(store, digest)
    assert failed.value.trouble is Trouble.CORRUPT


ENDING = """
import asyncio
from storage.address import open_store
from storage.errors import StorageUnavailable
try:
    asyncio.run(open_store("s3://b/x?endpoint=http://127.0.0.1:9").check())
except StorageUnavailable as error:
    print(error.trouble)
"""


def test_a_process_that_ends_right_after_a_call_ends_well() -> None:
    """Nobody listens on port 9: the call fails after two more tries, and the exit is clean."""
    for _ in range(3):
        run = subprocess.run(
            [sys.executable, "-c", ENDING],
            env={**os.environ, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"},
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (run.returncode, run.stdout) == (0, "io\n")
