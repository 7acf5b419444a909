"""One file out of a streamed ``multipart/form-data`` body (RFC 7578), never held in memory.

Sanic's own parser needs the whole body at once. Form fields beside the file are read over.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from rules.errors import Code, DomainError

FIELD = "file"
MAX_HEADERS = 8 * 1024
"""Bytes of one part's headers, and of what may lie between parts."""
MAX_BESIDE = 64 * 1024
"""Bytes of everything that is not the file."""

_TYPE = re.compile(
    r'multipart/form-data\s*;(?:[^"]*;)?\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))\s*(?:;.*)?',
    re.IGNORECASE,
)
_PARAMETER = re.compile(r';\s*([A-Za-z0-9*_-]+)\s*=\s*(?:"([^"]*)"|([^\s;"]*))')
_ESCAPED = {"%22": '"', "%0D": "\r", "%0A": "\n", "%0d": "\r", "%0a": "\n"}


@dataclass(frozen=True, slots=True)
class Part:
    """The file: its name as declared, and its bytes, to be read once to the end."""

    name: str | None
    chunks: AsyncIterator[bytes]


def boundary_of(content_type: str | None) -> bytes | None:
    """The boundary of a form, ``None`` where the body is none. Raises ``MALFORMED`` without one."""
    if content_type is None or not content_type.lower().startswith("multipart/form-data"):
        return None
    found = _TYPE.fullmatch(content_type)
    if found is None:
        raise _malformed()
    return (found[1] or found[2]).encode("latin-1")


def file_name(disposition: str) -> str | None:
    """``filename*`` (RFC 8187, UTF-8), else ``filename``, with the escapes browsers write."""
    given = _parameters(disposition)
    extended = given.get("filename*")
    if extended is not None:
        charset, _, rest = extended.partition("'")
        try:
            return unquote_to_bytes(rest.partition("'")[2]).decode(charset or "utf-8", "strict")
        except (LookupError, UnicodeDecodeError):
            raise _malformed() from None
    name = given.get("filename")
    if name is None:
        return None
    return re.sub("|".join(_ESCAPED), lambda found: _ESCAPED[found[0]], name)


async def file_part(chunks: AsyncIterable[bytes], boundary: bytes) -> Part:
    """The part named ``file``. Its chunks end only when the whole form was well formed.

    Raises ``MALFORMED``: no such part, a second one, a form that breaks off or is none.
    """
    reader = _Reader(chunks, b"\r\n--" + boundary)
    while await reader.next_part():
        headers = await reader.headers()
        disposition = headers.get("content-disposition", "")
        if not disposition.lower().startswith("form-data"):
            raise _malformed()
        if headers.get("content-transfer-encoding", "binary").lower() not in ("binary", "8bit"):
            raise _malformed()
        if _parameters(disposition).get("name") == FIELD:
            return Part(file_name(disposition), _whole(reader))
        await reader.skip()
    raise _malformed()


async def _whole(reader: "_Reader") -> AsyncIterator[bytes]:
    async for chunk in reader.content():
        yield chunk
    while await reader.next_part():
        headers = await reader.headers()
        if _parameters(headers.get("content-disposition", "")).get("name") == FIELD:
            raise _malformed()
        await reader.skip()
    await reader.drain()


class _Reader:
    """Reads parts in order; holds at most a chunk and a delimiter at once."""

    def __init__(self, chunks: AsyncIterable[bytes], delimiter: bytes) -> None:
        self._chunks = aiter(chunks)
        self._delimiter = delimiter
        # the first delimiter may stand at the very beginning
        self._buffer = bytearray(b"\r\n")
        self._beside = 0
        self._begun = False

    async def next_part(self) -> bool:
        """Go to the headers of the next part; False after the last."""
        if not self._begun:
            self._begun = True
            await self.skip()
        line = await self._until(b"\r\n", closing=True)
        if line.startswith(b"--"):
            return False
        if line.strip(b" \t"):
            raise _malformed()
        return True

    async def headers(self) -> dict[str, str]:
        """The headers of the part, names in lower case."""
        found: dict[str, str] = {}
        while line := await self._until(b"\r\n"):
            name, colon, value = line.partition(b":")
            try:
                key, text = name.decode("ascii").strip().lower(), value.decode("utf-8").strip()
            except UnicodeDecodeError:
                raise _malformed() from None
            if not colon or key in found:
                raise _malformed()
            found[key] = text
        return found

    async def content(self) -> AsyncIterator[bytes]:
        """The bytes up to the next delimiter."""
        while True:
            at = self._buffer.find(self._delimiter)
            # what could be the beginning of a delimiter is kept back
            end = at if at >= 0 else max(len(self._buffer) - len(self._delimiter) + 1, 0)
            piece = bytes(self._buffer[:end])
            del self._buffer[: end if at < 0 else at + len(self._delimiter)]
            if piece:
                yield piece
            if at >= 0:
                return
            await self._more()

    async def skip(self) -> None:
        """Read over a part."""
        async for piece in self.content():
            self._count(len(piece))

    async def drain(self) -> None:
        """Read what may follow the last delimiter."""
        self._count(len(self._buffer))
        async for chunk in self._chunks:
            self._count(len(chunk))

    async def _until(self, mark: bytes, *, closing: bool = False) -> bytes:
        while (at := self._buffer.find(mark)) < 0:
            if closing and self._buffer.startswith(b"--"):
                return b"--"
            if len(self._buffer) > MAX_HEADERS:
                raise _malformed()
            await self._more()
        if at > MAX_HEADERS:
            raise _malformed()
        line = bytes(self._buffer[:at])
        del self._buffer[: at + len(mark)]
        self._count(len(line) + len(mark))
        return line

    async def _more(self) -> None:
        chunk = await anext(self._chunks, None)
        if chunk is None:
            raise _malformed()
        self._buffer += chunk

    def _count(self, size: int) -> None:
        self._beside += size
        if self._beside > MAX_BESIDE:
            raise _malformed()


def _parameters(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(value):
        found.setdefault(name.lower(), quoted or plain)
    return found


def _malformed() -> DomainError:
    return DomainError(Code.MALFORMED)
