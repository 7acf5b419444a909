"""Machine-made requests: nothing undocumented comes back, and no fault of ours."""

import asyncio
import sys
from pathlib import Path

from tests.api.service import Service

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance"
)
NOT_HERE = "sandbox|sessions/current|integration|readyz"
"""What ends the session, or belongs to a demo or to signed callers."""


async def test_whatever_is_sent_the_answer_is_documented(service: Service, tmp_path: Path) -> None:
    owner = await service.owner()
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("st")),
        "run",
        f"{service.base_url}/openapi.json",
        *("-H", f"Authorization: Bearer {owner.token}"),
        *("--phases", "fuzzing", "--max-examples", "4", "--workers", "1", "--seed", "7"),
        *("--checks", CHECKS, "--exclude-path-regex", NOT_HERE, "--exclude-method", "DELETE"),
        "--no-color",
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()[-6000:]
    assert b"generated" in told
