"""The service as a client meets it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from server.walk.surprise import Surprise

_PATIENCE_S = 20.0
_LONGEST_WAIT_S = 60
_TRIES = 4
PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """The stable code of a refusal, empty for an answer that went well."""
        return str(self.body.get("code", "")) if self.status >= 400 else ""

    def said(self) -> str:
        """For a message: status, code, words, faults."""
        faults = "；".join(
            f"{fault['label'] or fault['field']}：{fault['message']}"
            for fault in self.body.get("fields", ())
        )
        told = self.body.get("detail", "")
        return f"{self.status} {self.code} {told}{f'（{faults}）' if faults else ''}"


class Api:
    """One HTTP client; told to wait (429, 503) it waits as long as it is told."""

    def __init__(self, base: str) -> None:
        self._http = httpx.Client(base_url=base, timeout=_PATIENCE_S, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        version: int | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Reply:
        """Ask once; the same key goes with every repetition. Raises Surprise when nobody answers.

        ``content`` sends bytes as they are. Paths that begin with ``/`` alone are below the API.
        """
        told = {"idempotency-key": uuid4().hex} if method == "POST" else {}
        if token is not None:
            told["authorization"] = f"Bearer {token}"
        if version is not None:
            told["if-match"] = f'"{version}"'
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            told["content-type"] = "application/json"
        url = path if path.startswith(("/sandbox/", "/integration/", "/readyz")) else PREFIX + path
        tries = _TRIES
        while True:
            tries -= 1
            reply = self._once(method, url, content, {**told, **(headers or {})})
            wait = int(reply.headers.get("retry-after", "0"))
            if reply.status not in (429, 503) or not tries or wait > _LONGEST_WAIT_S:
                return reply
            time.sleep(wait)

    def fetch(self, path: str) -> int:
        """How many bytes a link gives. Surprise when it gives none."""
        found = self._http.get(path)
        if found.status_code != 200 or not found.content:
            raise Surprise(f"下载链接没有给出文件（{found.status_code}）")
        return len(found.content)

    def _once(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        try:
            found = self._http.request(method, url, content=content, headers=dict(headers))
        except httpx.HTTPError as trouble:
            raise Surprise(
                f"{method} {url} 没有得到回答（{type(trouble).__name__}）。服务在运行吗？"
            ) from None
        try:
            body = found.json() if found.content else {}
        except ValueError:
            raise Surprise(f"{method} {url} 的回答不是 JSON（{found.status_code}）") from None
        return Reply(found.status_code, body, dict(found.headers))
