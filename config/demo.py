"""Demo values: made once for a data folder, kept there with mode 600, recognisable by sight."""

import base64
import json
import os
import secrets
import string
from collections.abc import Callable
from pathlib import Path

from config.keys import DEMO_MARK, encode_ring

DEMO_FILE = "demo.json"
_ALPHABET = string.ascii_letters + string.digits


def demo_values(data_dir: Path, *, public_port: str) -> dict[str, str]:
    """Texts by setting name for everything a demo can make up itself.

    Creates ``data_dir`` (mode 700) and its ``demo.json`` (mode 600) when absent; values a newer
    version needs are added to an older file. The database and Redis addresses are not here:
    they belong to the servers that run.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / DEMO_FILE
    kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    missing = {name: make() for name, make in _MAKERS.items() if name not in kept}
    if missing:
        kept |= missing
        write_private(path, json.dumps(kept, indent=1) + "\n")
    return {
        **kept,
        "demo": "1",
        "storage_url": (data_dir / "uploads").as_uri(),
        "public_url": f"http://127.0.0.1:{public_port}",
    }


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` in one step by ``text``, readable by its owner only."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _key() -> bytes:
    return DEMO_MARK + secrets.token_bytes(32 - len(DEMO_MARK))


def _word(prefix: str, length: int) -> str:
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length - len(prefix)))


_PLATFORMS = ("zigui", "zhujian", "service")
_MAKERS: dict[str, Callable[[], str]] = {
    "token_keys": lambda: encode_ring({"demo": _key()}),
    "seal_keys": lambda: encode_ring({"demo": _key()}),
    "lookup_key": lambda: base64.b64encode(_key()).decode(),
    "link_key": lambda: base64.b64encode(_key()).decode(),
    "integration_keys": lambda: encode_ring(
        {f"{name}@{city}": _key() for city in ("daye", "zhoukou") for name in _PLATFORMS}
    ),
    "wechat_mp_appid": lambda: _word("wxdemo", 18),
    "wechat_mp_secret": lambda: _word("demo", 32),
    "wechat_mp_token": lambda: _word("demo", 24),
    "wechat_mp_aes_key": lambda: _word("demo", 42) + "A",
    "wechat_mp_template_progress": lambda: _word("demo-progress-", 43),
    "wechat_mp_original_id": lambda: _word("gh_demo", 15),
    "wechat_oa_appid": lambda: _word("wxdemo", 18),
    "wechat_oa_secret": lambda: _word("demo", 32),
    "wechat_oa_token": lambda: _word("demo", 24),
    "wechat_oa_aes_key": lambda: _word("demo", 42) + "A",
    "wechat_oa_original_id": lambda: _word("gh_demo", 15),
}
