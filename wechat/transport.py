"""HTTP to the platform: one pooled client, explicit time-outs, answers limited in size.

Query strings carry secrets and tokens, so paths are logged and query strings never are.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import orjson

from wechat.errors import BadAnswer, Refused, TooLarge, Unreachable, error_for

QueryValue = str | int


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between bytes, for a free connection, for a whole call, for a file."""

    connect: float = 2.0
    read: float = 4.0
    pool: float = 2.0
    total: float = 5.0
    large: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A body within the size limit, with its content type."""

    content: bytes
    content_type: str


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates we trust, read once a process: reading them takes 40 ms."""
    return httpx.create_ssl_context(trust_env=False)


class _WithoutQuery(logging.Filter):
    """Cuts the query string from the addresses httpx logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                str(part.copy_with(query=None)) if isinstance(part, httpx.URL) else part
                for part in record.args
            )
        return True


_redaction = _WithoutQuery()


class Transport:
    """Calls below ``base_url``. Raises Unreachable or BadAnswer, or the error of an errcode."""

    def __init__(
        self,
        base_url: str,
        *,
        timeouts: Timeouts | None = None,
        connections: int = 50,
        max_answer_bytes: int = 1024 * 1024,
        proxy: str | None = None,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._limit = max_answer_bytes
        logging.getLogger("httpx").addFilter(_redaction)
        wait = self._timeouts
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=httpx.Timeout(wait.read, connect=wait.connect, pool=wait.pool),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=20),
            follow_redirects=False,
            trust_env=False,
            verify=_trusted(),
            proxy=proxy,
        )

    async def aclose(self) -> None:
        """Closes every pooled connection."""
        await self._http.aclose()

    async def json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, QueryValue] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The answer as an object without error; a platform error is raised."""
        answer = await self.raw(method, path, query=query, body=body)
        return parse_object(answer.content, path)

    async def raw(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, QueryValue] | None = None,
        body: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        max_bytes: int | None = None,
        large: bool = False,
    ) -> Answer:
        """The answer's bytes; ``files`` maps a part to (file name, bytes, media type).

        ``large`` gives the call the time a file needs.
        """
        try:
            content = None if body is None else orjson.dumps(body)
        except orjson.JSONEncodeError:
            raise Refused(call=path, errmsg="not writable as JSON") from None
        request = self._http.build_request(
            method,
            path,
            params=dict(query or {}),
            content=content,
            headers={} if body is None else {"content-type": "application/json"},
            files=files,
        )
        try:
            async with asyncio.timeout(self._timeouts.large if large else self._timeouts.total):
                return await self._read(request, path, max_bytes or self._limit)
        except TimeoutError:
            raise Unreachable(call=path, errmsg="time-out") from None
        except httpx.DecodingError as fault:
            raise BadAnswer(call=path, errmsg=type(fault).__name__) from None
        except httpx.HTTPError as fault:
            # The chain is cut: httpx errors hold the request, whose address holds secrets.
            raise Unreachable(call=path, errmsg=type(fault).__name__) from None

    async def _read(self, request: httpx.Request, path: str, limit: int) -> Answer:
        response = await self._http.send(request, stream=True)
        try:
            if response.status_code != httpx.codes.OK:
                raise BadAnswer(call=path, errmsg=f"status {response.status_code}")
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > limit:
                    raise TooLarge(call=path, errmsg=f"more than {limit} bytes")
            return Answer(bytes(content), response.headers.get("content-type", ""))
        finally:
            await response.aclose()


def parse_object(content: bytes, path: str) -> dict[str, Any]:
    """A JSON object without a platform error in it. Raises BadAnswer or the error told."""
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise BadAnswer(call=path, errmsg="not JSON") from None
    if not isinstance(told, dict):
        raise BadAnswer(call=path, errmsg="not an object")
    errcode = told.get("errcode", 0)
    if not isinstance(errcode, int):
        raise BadAnswer(call=path, errmsg="errcode is not a number")
    if errcode:
        raise error_for(errcode, call=path, errmsg=str(told.get("errmsg", "")))
    return told
