"""Another platform's calls, signed as docs/integration.md tells."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from server.walk.api import Api, Reply
from server.walk.surprise import Surprise


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform with its demo key."""

    api: Api
    name: str
    label: str
    key: bytes

    def __str__(self) -> str:
        return f"{self.label}〔{self.name}〕"

    @classmethod
    def of(cls, api: Api, name: str, label: str) -> "Platform":
        """With the key the demo made for it. Surprise when it has none."""
        for told in api.send("GET", "/sandbox/platforms").body.get("platforms", ()):
            if told["platform"] == name:
                return cls(api, name, label, base64.b64decode(told["key"]))
        raise Surprise(f"演示里没有平台 {name} 的密钥")

    def send(self, method: str, path: str, body: Any = None, *, key: bytes | None = None) -> Reply:
        """A signed call; ``key``: another than its own, to see it refused."""
        target = f"/integration/v1{path}"
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        stamp, nonce = str(int(time.time())), secrets.token_urlsafe(18)
        lines = [method, target, stamp, nonce, hashlib.sha256(content).hexdigest()]
        text = "\n".join(lines).encode()
        headers = {
            "x-platform": self.name,
            "x-timestamp": stamp,
            "x-nonce": nonce,
            "x-signature": hmac.new(key or self.key, text, hashlib.sha256).hexdigest(),
        }
        if body is not None:
            headers["content-type"] = "application/json"
        return self.api.send(method, target, headers=headers, content=content or None)
