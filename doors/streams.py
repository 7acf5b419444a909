"""Bodies that are read, and answers that are sent, as they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from sanic import Request
from sanic.exceptions import SanicException
from sanic.http.http1 import Http


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer of known length that is never whole in memory."""

    content_type: str
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]

    async def send(self, request: Request) -> None:
        """Send it; what breaks off leaves the receiver with less than ``content-length``."""
        first = await anext(self.chunks, b"")  # what fails at once is still answered as a problem
        response = await request.respond(headers=self.headers, content_type=self.content_type)
        await response.send(first)
        async for chunk in self.chunks:
            await response.send(chunk)


HEARD_BYTES = 64 * 1024 * 1024
HEARD_S = 30.0


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The body in chunks. Its size is whoever reads it to judge: Sanic sets no limit to it."""
    if isinstance(request.stream, Http):
        async for chunk in request.stream:
            yield chunk


async def hear_out(request: Request, seconds: float = HEARD_S) -> None:
    """Read over what a refused sender still sends, within bounds.

    Closing on somebody in the middle of sending loses the answer on its way; phones would see a
    broken connection and no reason.
    """
    stream = request.stream
    if not isinstance(stream, Http) or stream.expecting_continue:
        return
    heard = 0
    with suppress(SanicException, TimeoutError):
        async with asyncio.timeout(seconds):
            async for chunk in body_of(request):
                heard += len(chunk)
                if heard > HEARD_BYTES:
                    return
