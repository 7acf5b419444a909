"""The platform down, slow, and talking nonsense while people sign in."""

import asyncio
import time
from typing import Any

import pytest

from tests.api.service import Service, ok
from tests.faults.acting import unavailable
from tests.faults.product import Product, frozen
from tests.wechat.control import Control

LOGIN = "/sns/jscode2session"
OAUTH = "/sns/oauth2/access_token"
NONSENSE: list[tuple[str, dict[str, Any]]] = [
    ("errcode", {"errcode": -1}),
    ("errcode", {"errcode": 45009}),
    ("errcode", {"errcode": 40013}),
    ("errcode", {"errcode": 99999}),
    ("html", {}),
    ("html", {"status": 502}),
    ("truncate", {}),
    ("hangup", {}),
    ("oversize", {}),
    ("body", {"body": ""}),
    ("body", {"body": "null"}),
    ("body", {"body": "[" * 50_000}),
    ("body", {"body": '{"openid":17,"session_key":"k"}'}),
    ("body", {"body": '{"openid":"\\u0000","access_token":"t","session_key":"k"}'}),
    ("body", {"body": '{"openid":"\\ud800","access_token":"t","session_key":"k"}'}),
    ("body", {"body": '{"openid":"%s","access_token":"t","session_key":"k"}' % ("o" * 65)}),
    ("body", {"body": '{"openid":"o","unionid":"\\u0000","access_token":"t","session_key":"k"}'}),
]


@pytest.mark.parametrize(("kind", "more"), NONSENSE)
async def test_nonsense_is_the_platforms_fault_and_told_so(
    service: Service, control: Control, kind: str, more: dict[str, Any]
) -> None:
    """503 in words, at once; the next try goes well."""
    await control.post("/reset")
    for path, told, ask in ((LOGIN, "mp", "login"), (OAUTH, "h5", "oauth")):
        code = await control.code(ask, "li")
        await control.inject(path, kind, count=3, **more)
        began = time.monotonic()
        answer = await service.nobody.post("/sessions", {"kind": told, "code": code}, key=None)
        unavailable(answer, "platform_unavailable")
        assert time.monotonic() - began < 5
        await control.post("/reset")
    code = await control.code("login", "li")
    ok(await service.nobody.post("/sessions", {"kind": "mp", "code": code}, key=None), 201)


async def test_a_platform_that_says_nothing_holds_nobody_else_up(
    product: Product, service: Service, control: Control
) -> None:
    """Twenty people wait for it, each is told in time; whoever needs it not goes on."""
    codes = [await control.code("login", "li") for _ in range(20)]
    owner = await service.owner()
    with frozen(product.stand_in_pid):
        began = time.monotonic()
        asked = [
            asyncio.create_task(
                service.nobody.post("/sessions", {"kind": "mp", "code": code}, key=None)
            )
            for code in codes
        ]
        while not any(task.done() for task in asked):
            at = time.monotonic()
            ok(await owner.get("/me"))
            assert time.monotonic() - at < 1
            await asyncio.wait(asked, timeout=0.2)
        for answer in await asyncio.gather(*asked):
            unavailable(answer, "platform_unavailable")
        assert time.monotonic() - began < 10
