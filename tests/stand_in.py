"""The platform's stand-in as a process of its own, with the demo secrets of one data folder."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from config.settings import Settings

PEOPLE = (
    {"id": "li", "name": "李样", "phone": "13800001234"},
    {"id": "zhao", "name": "赵样", "phone": "13800005678"},
    {"id": "sun", "name": "孙样", "phone": "13800009012"},
    {"id": "wu", "name": "吴样"},
)
"""Everybody who may sign in for real; ``wu`` has no phone."""

_PATIENCE_S = 10.0


@contextlib.contextmanager
def started(home: Path, log: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Start it; ``address_of`` waits until it listens. It ends with the block."""
    config = home / "sandbox.json"
    config.write_text(json.dumps({**_accounts(home), "people": list(PEOPLE)}))
    with contextlib.ExitStack() as stack:
        process = subprocess.Popen(
            [sys.executable, "-m", "wechat.sandbox", "--port", "0", "--config", str(config)],
            stdout=subprocess.PIPE,
            stderr=stack.enter_context(log.open("wb")) if log else None,
            text=True,
            env={**os.environ},
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)  # a test may have frozen it
            process.terminate()
            process.communicate(timeout=_PATIENCE_S)


def address_of(process: "subprocess.Popen[str]") -> str:
    """Where it listens; may be asked once."""
    assert process.stdout
    return f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"


def _accounts(home: Path) -> dict[str, dict[str, str]]:
    nowhere = "postgres://nobody@127.0.0.1/nowhere"
    settings = Settings.for_demo(home, database_url=nowhere, redis_url="redis://127.0.0.1/0")
    return {
        kind: {
            "appid": account.appid,
            "secret": account.secret.get_secret_value(),
            "token": account.token.get_secret_value(),
            "aes_key": account.aes_key.get_secret_value(),
            "mode": account.mode,
            "original_id": account.original_id,
        }
        for kind, account in (("mp", settings.mp), ("oa", settings.oa))
    }
