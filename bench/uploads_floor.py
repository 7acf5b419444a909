"""The floor of an upload: the same bytes read, written anew once by Pillow in a process, flushed.

Nobody is asked who sends, nothing is examined, named, hashed or noted.
"""

import asyncio
import io
import multiprocessing
import os
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from storage.reencode import QUALITY

_AT_ONCE = 2
"""As many as the product examines at the same time."""


def install(app: Sanic[Any, Any]) -> None:
    """``POST /photo``."""
    folder: Path = app.ctx.settings.data_dir / "photos_by_hand"

    folder.mkdir(parents=True, exist_ok=True)

    async def open_pool(*_: object) -> None:
        context = multiprocessing.get_context("spawn")
        app.ctx.processes = ProcessPoolExecutor(_AT_ONCE, mp_context=context)

    async def close_pool(*_: object) -> None:
        app.ctx.processes.shutdown(cancel_futures=True)

    async def photo(request: Request) -> HTTPResponse:
        target = folder / uuid.uuid4().hex
        size = await asyncio.get_running_loop().run_in_executor(
            app.ctx.processes, anew, request.body, target
        )
        return json({"size": size}, status=201)

    app.register_listener(open_pool, "before_server_start")
    app.register_listener(close_pool, "after_server_stop")
    app.add_route(photo, "/photo", methods=["POST"], name="photo")


def anew(sent: bytes, target: Path) -> int:
    """Decode and encode once, as the product does, and wait for the disk; the size."""
    with Image.open(io.BytesIO(sent), formats=("JPEG",)) as image, target.open("wb") as stream:
        image.save(stream, "JPEG", quality=QUALITY, optimize=True, exif=b"")
        stream.flush()
        os.fsync(stream.fileno())
        return stream.tell()
