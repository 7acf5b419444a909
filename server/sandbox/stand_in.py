"""The platform's stand-in as the demo's routes speak to it: its control surface over HTTP."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
from sanic import Sanic

from doors.call import Call
from rules.errors import Code, DomainError

_PATIENCE_S = 5.0


class StandIn:
    """One connection pool a worker process. ``base_url``: where the service finds the platform."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._http = httpx.AsyncClient(
            base_url=f"{base_url}/_sandbox", trust_env=False, timeout=_PATIENCE_S
        )

    async def aclose(self) -> None:
        """Closes every connection."""
        await self._http.aclose()

    async def get(
        self, path: str, query: Mapping[str, Any] | None = None, *, wait: float = 0
    ) -> Any:
        """What it tells. ``wait``: seconds it was asked to wait. Raises as ``send``."""
        timeout = _PATIENCE_S + wait
        return (await self.send("GET", path, params=query, timeout=timeout)).json()

    async def post(self, path: str, order: Mapping[str, Any]) -> Any:
        """Have it do something. Raises as ``send``."""
        return (await self.send("POST", path, json=order)).json()

    async def keep(self, content: bytes, mime: str) -> str:
        """Store a picture a person sends; its media id. Raises as ``send``."""
        order = {"account": "oa", "content": base64.b64encode(content).decode(), "mime": mime}
        told = await self.post("/media", {**order, "name": f"picture.{mime.partition('/')[2]}"})
        return str(told["media_id"])

    async def file(self, media_id: str) -> httpx.Response:
        """A stored file. Raises as ``send``."""
        return await self.send("GET", f"/files/{quote(media_id, safe='')}")

    async def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """``PLATFORM_UNAVAILABLE`` where no stand-in answers, ``NOT_FOUND`` for what it lacks."""
        try:
            told = await self._http.request(method, path, **more)
        except httpx.HTTPError:
            raise DomainError(Code.PLATFORM_UNAVAILABLE) from None
        if told.status_code != 200:
            code = Code.NOT_FOUND if _knows_orders(told) else Code.PLATFORM_UNAVAILABLE
            raise DomainError(code)
        return told


def install(app: Sanic[Any, Any]) -> None:
    """One of them for each worker, where ``stand_in_of`` finds it."""

    async def begin(*_: object) -> None:
        app.ctx.stand_in = StandIn(app.ctx.settings.wechat_api_base)

    async def end(*_: object) -> None:
        await app.ctx.stand_in.aclose()

    app.register_listener(begin, "before_server_start")
    app.register_listener(end, "after_server_stop")


def stand_in_of(call: Call) -> StandIn:
    """The one of this process."""
    found: StandIn = call.request.app.ctx.stand_in
    return found


def _knows_orders(told: httpx.Response) -> bool:
    """Whether a stand-in refused, rather than a platform that is none."""
    try:
        body = told.json()
    except ValueError:
        return False
    return isinstance(body, dict) and "error" in body
