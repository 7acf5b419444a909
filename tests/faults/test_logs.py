"""No log of any process knows anybody, whatever they were sent."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.api.service import Caller, Service, ok
from tests.faults.acting import drafts
from tests.faults.privacy import (
    CANARY_ADDRESS,
    CANARY_CODE,
    CANARY_NAME,
    CANARY_PHONE,
    leaks,
    secrets,
)
from tests.faults.product import Product
from tests.wechat.control import Control

CANARIES = (CANARY_PHONE, CANARY_CODE, CANARY_NAME, CANARY_ADDRESS)
BROKEN: list[Any] = [
    '{"city": "daye", "city": "%s"}',
    '{"city": "%s',
    '{"%s": 1}',
    '{"fields": {"contact.phone": {"value": "%s", "base": 0}, "x": 1}}',
    '{"fields": {"contact.name": {"value": "%s\\u0000", "base": 0}}}',
    '{"fields": {"site.address": {"value": "%s\\ud800\\r\\n\\u001b[31m", "base": 0}}}',
]


async def _hostile(caller: Caller, draft: dict[str, Any]) -> list[str]:
    """Personal texts wherever a request has room for them; the ids the answers went under."""
    asked: list[str] = []
    for text in CANARIES:
        for broken in BROKEN:
            content = (broken % text).encode("utf-8")
            for method, path in (
                ("POST", "/applications"),
                ("PATCH", f"/applications/{draft['id']}/draft"),
            ):
                answer = await caller.send(
                    method, path, content=content, key=uuid4().hex, version=1
                )
                assert 400 <= answer.status_code < 500, answer.text
                asked.append(answer.headers["x-request-id"])
        plain = text if text.isascii() else "ascii"
        headers = {"user-agent": plain, "x-request-id": f"{plain} x", "referer": plain}
        for path in (f"/registrations?city={text}", f"/inbox?cursor={text}", "/me"):
            answer = await caller.get(path, headers=headers)
            assert answer.status_code < 500
            asked.append(answer.headers["x-request-id"])
    for number in (CANARY_PHONE, CANARY_CODE):
        for path in (f"/applications/{number}", f"/{number}"):
            answer = await caller.http.get(f"/api/v1{path}")
            assert answer.status_code in (401, 404)
    return asked


async def test_hostile_requests_leave_nobody_in_the_logs(
    product: Product, service: Service, control: Control
) -> None:
    (draft,) = await drafts(service, "daye", 1)
    owner = await service.owner()
    code = await control.code("login", "sun")
    signed = ok(await service.nobody.post("/sessions", {"kind": "mp", "code": code}, key=None), 201)
    asked = await _hostile(owner, draft)
    written = product.serving.output()
    assert all(id in written for id in asked), "every request has its line"
    tokens = [code, signed["token"], str(owner.token)]
    assert leaks(product.logs(), tokens) == []


async def test_a_refused_row_leaves_nobody_in_the_databases_log(product: Product) -> None:
    """PostgreSQL repeats the values of a row it refuses, unless told not to."""
    connection = await asyncpg.connect(product.database_url)
    try:
        row = "INSERT INTO enterprises (id, version, created_by, credit_code, name, created_at)"
        values = (uuid4(), CANARY_NAME, CANARY_CODE)
        with pytest.raises(asyncpg.NotNullViolationError):
            await connection.execute(f"{row} VALUES ($1, 1, $1, $3, $2, NULL)", *values)
    finally:
        await connection.close()
    log = product.data_dir / "postgres.log"
    assert "violates not-null constraint" in log.read_text("utf-8")
    assert leaks([log]) == []


def test_the_look_itself_finds_what_is_there(tmp_path: Path) -> None:
    """Or «nothing found» would tell nothing."""
    assert len(secrets()) > 20
    for place, text in enumerate(CANARIES):
        (tmp_path / f"{place}.log").write_text(f"before {text} after", "utf-8")
        assert len(leaks([tmp_path / f"{place}.log"])) >= 1
