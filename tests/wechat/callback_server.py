"""A tiny product: a callback on loopback that answers as each test tells it to.

Its crypto is werobot's, so that the stand-in is judged by somebody who shares no code with it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import xmltodict
from werobot.crypto import MessageCrypt


@dataclass(frozen=True)
class Push:
    """One request as it came in."""

    method: str
    query: dict[str, str]
    body: bytes

    def xml(self) -> dict[str, Any]:
        """The plain body."""
        return dict(xmltodict.parse(self.body)["xml"])

    def opened(self, crypt: MessageCrypt) -> dict[str, Any]:
        """The encrypted body, its signature checked by werobot."""
        encrypt = self.xml()["Encrypt"]
        parts = self.query["timestamp"], self.query["nonce"], self.query["msg_signature"]
        return dict(xmltodict.parse(crypt.decrypt_message(*parts, encrypt))["xml"])


Answer = Callable[[Push], Awaitable[bytes | tuple[int, bytes]]]


class CallbackServer:
    """``answer`` may be replaced at any time; ``pushes`` keeps everything received."""

    def __init__(self) -> None:
        self.pushes: list[Push] = []
        self.answer: Answer = self._success
        self.files: dict[str, bytes] = {}
        self._server: asyncio.Server | None = None
        self.url = ""

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def _success(self, push: Push) -> bytes:
        return b"success"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            status, answer = await self._answer(method, target, body)
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + answer
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the stand-in cut the connection, which is what some tests are about
        finally:
            writer.close()

    async def _answer(self, method: str, target: str, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(target)
        if parts.path in self.files:
            return 200, self.files[parts.path]
        push = Push(method, dict(parse_qsl(parts.query, keep_blank_values=True)), body)
        self.pushes.append(push)
        told = await self.answer(push)
        return told if isinstance(told, tuple) else (200, told)
