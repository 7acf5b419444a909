"""``invite``: the first administrators come in by the command line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import FreshDatabase
from tests.server.programs import CHECKOUT
from workflow.people.secret_codes import hash_of


@pytest.fixture
def environ(tmp_path: Path, redis_url: str) -> dict[str, str]:
    """A demo of its own; the database is added."""
    path = os.environ.get("PATH", "")
    return {"PATH": path, "DEMO": "1", "DATA_DIR": str(tmp_path), "REDIS_URL": redis_url}


def server(*arguments: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        cwd=CHECKOUT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_it_prints_a_code_whose_hash_is_kept(
    environ: dict[str, str], fresh_database: FreshDatabase
) -> None:
    environ["DATABASE_URL"] = url = await fresh_database()
    invite = ("invite", "--city", "daye", "--role", "security_admin")
    early = server(*invite, environ=environ)
    assert (early.returncode, "migrate" in early.stderr) == (1, True), early.stderr
    assert server("migrate", environ=environ).returncode == 0
    made = server(*invite, environ=environ)
    assert made.returncode == 0, made.stderr
    (code,) = re.findall(r"安全管理员的邀请码：([0-9A-Z-]+)", made.stdout)
    connection = await asyncpg.connect(url)
    try:
        kept = await connection.fetchrow("SELECT code_hash, role, invited_by FROM invitations")
    finally:
        await connection.close()
    assert tuple(kept) == (hash_of(code), "security_admin", None)


def test_only_administrators_are_invited_this_way(environ: dict[str, str]) -> None:
    found = server("invite", "--city", "daye", "--role", "crew", environ=environ)
    assert (found.returncode, "Traceback" in found.stderr) == (2, False)


def test_an_unknown_city_is_told(environ: dict[str, str], database_url: str) -> None:
    environ["DATABASE_URL"] = database_url
    found = server("invite", "--city", "nowhere", "--role", "auditor", environ=environ)
    assert (found.returncode, "没有城市 nowhere" in found.stderr) == (1, True)
    assert "Traceback" not in found.stderr
