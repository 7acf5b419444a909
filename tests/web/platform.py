"""Another platform: signs its calls as docs/integration.md says, without our own signing code."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.api.service import Service

BASE = "/integration/v1"


def signature(key: bytes, method: str, target: str, at: str, nonce: str, body: bytes) -> str:
    """As the docs describe it, written a second time on purpose."""
    lines = [method, target, at, nonce, hashlib.sha256(body).hexdigest()]
    return hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


@dataclass
class Platform:
    """A platform with its id, its key and an HTTP client."""

    id: str
    key: bytes
    http: httpx.AsyncClient

    def headers(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        at: float | None = None,
        nonce: str | None = None,
    ) -> dict[str, str]:
        """The four headers of one call."""
        timestamp = str(int(time.time() if at is None else at))
        nonce = nonce or uuid4().hex
        return {
            "x-platform": self.id,
            "x-timestamp": timestamp,
            "x-nonce": nonce,
            "x-signature": signature(self.key, method, target, timestamp, nonce, body),
        }

    async def send(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One call; ``headers`` instead of right ones."""
        told = self.headers(method, target, body) if headers is None else headers
        if body:
            told = told | {"content-type": "application/json"}
        return await self.http.request(method, target, content=body, headers=told)

    async def get(self, path: str) -> httpx.Response:
        """Pull."""
        return await self.send("GET", BASE + path)

    async def post(self, path: str, body: Any) -> httpx.Response:
        """Push."""
        return await self.send("POST", BASE + path, json.dumps(body).encode())

    async def put(self, path: str, body: Any) -> httpx.Response:
        """Push again."""
        return await self.send("PUT", BASE + path, json.dumps(body).encode())


@asynccontextmanager
async def platform_of(service: Service, name: str) -> AsyncIterator[Platform]:
    """A platform that holds the key the service was given for it."""
    key = service.wiring.settings.integration_keys[name]
    async with httpx.AsyncClient(base_url=service.base_url, timeout=30) as http:
        yield Platform(name, key, http)
