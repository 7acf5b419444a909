"""People who write to the official account of the whole product, through the stand-in."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tests.faults.product import Product
from tests.wechat.control import Control

GOOD = {"success", "empty", "reply"}
PLATFORM_S = 5.0
"""How long the platform waits."""
ANSWERED_S = 1.5
"""How long we let it wait."""
HICCUP_S = 0.6
"""What a busy machine may add to any figure here."""


class Chat:
    """People who write to the official account."""

    def __init__(self, control: Control, product: Product) -> None:
        self.control = control
        self.product = product

    async def say(self, person: str, text: str, **how: Any) -> dict[str, Any]:
        """A text, as the platform delivers it; every attempt and what the person sees."""
        number = time.time_ns()  # the stand-in counts anew after every reset
        message = {"MsgType": "text", "Content": text, "MsgId": number}
        return await self.deliver("oa", person, message, **how)

    async def deliver(
        self, account: str, person: str, message: dict[str, Any], **how: Any
    ) -> dict[str, Any]:
        """Any message."""
        told: dict[str, Any] = await self.control.post(
            "/deliver", account=account, person=person, message=message, **how
        )
        return told

    async def goes_to(self, address: str) -> None:
        """What is delivered from now on goes to the service there."""
        await self.control.post("/accounts/oa", callback_url=f"{address}/wechat/callback")
        await self.control.post("/accounts/mp", callback_url=f"{address}/wechat/miniprogram")

    async def followed(self, person: str) -> list[str]:
        """The texts of the customer-service messages that have reached somebody, in order."""
        sent = await self.control.get("/sent", account="oa", person=person)
        return [_text_of(each) for each in sent if each["what"] == "custom"]

    async def count(self, question: str) -> int:
        """A figure of the database."""
        connection = await asyncpg.connect(self.product.database_url)
        try:
            return int(await connection.fetchval(question))
        finally:
            await connection.close()

    @asynccontextmanager
    async def held(self, statement: str) -> AsyncIterator[None]:
        """A foreign transaction that has run ``statement`` and does not end."""
        connection = await asyncpg.connect(self.product.database_url)
        try:
            async with connection.transaction():
                await connection.execute(statement)
                yield
        finally:
            await connection.close()


def seconds(told: dict[str, Any]) -> float:
    """How long the platform waited, at the most."""
    return float(max(each["milliseconds"] for each in told["attempts"])) / 1000


def _text_of(sent: dict[str, Any]) -> str:
    body = sent["body"]
    if body["msgtype"] == "text":
        return str(body["text"]["content"])
    return str(body["msgmenu"]["head_content"])
