"""``uploads``: photos of two megabytes from the field, with what the camera noted."""

import asyncio
import io
import random
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from PIL import ExifTags, Image

from bench import data
from bench.ground import Broken, Ground, Running
from bench.load import Shots, fire, request
from bench.report import Row, against
from bench.turns import in_turn
from rules.actors import OrgKind, Role

GOAL = 0.3
ROUNDS = 3
A_ROUND = 8
CONNECTIONS = 4
SIZE = (3264, 2448)
"""Eight million pixels, as phones are set for documents."""
MEGABYTES = 2.0


def measure(ground: Ground) -> list[Row]:
    """A crew sends eight photos a round, four at a time; every one is another picture."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    token = asyncio.run(data.staff(ground, database, "daye", Role.CREW, OrgKind.UTILITY, "water"))
    album = pictures(random.Random(4))
    folder = ground.settings(database).data_dir
    try:
        with ground.product(database) as product, ground.floor("uploads", database) as floor:
            found = in_turn(
                ROUNDS,
                subject=lambda: rate(product, [sent(token, p) for p in _take(album)]),
                floor=lambda: rate(floor, [plain(photo) for photo in _take(album)]),
            )
    finally:
        _cleared(folder)
    note = f"{MEGABYTES:g} MB of {SIZE[0]} × {SIZE[1]} pixels each, {CONNECTIONS} at a time"
    return [against("uploads", found["subject"], found["floor"], "photo/s", GOAL, note)]


def rate(running: Running, shots: list[bytes]) -> float:
    """Photos a second. Raises Broken when one was refused."""
    volley = fire(Shots(running.port, tuple(shots), connections=CONNECTIONS))
    if set(volley.statuses) != {"201"}:
        raise Broken(f"answers {volley.statuses}: {volley.sample}")
    return volley.answers / volley.seconds


def sent(token: str, photo: bytes) -> bytes:
    """An upload as the API takes it."""
    return request(
        "POST",
        "/api/v1/uploads",
        token=token,
        headers=[
            ("idempotency-key", uuid.uuid4().hex),
            ("content-type", "image/jpeg"),
            ("content-disposition", 'attachment; filename="site.jpg"'),
        ],
        body=photo,
    )


def plain(photo: bytes) -> bytes:
    """The same for the floor."""
    return request("POST", "/photo", headers=[("content-type", "image/jpeg")], body=photo)


def pictures(
    rng: random.Random, size: tuple[int, int] = SIZE, megabytes: float = MEGABYTES
) -> Iterator[bytes]:
    """Photos of about so many megabytes, none like another, each with its EXIF time and place."""
    width, height = size
    base = Image.merge(
        "RGB",
        [
            Image.effect_noise((width // 3, height // 3), sigma).resize(size, _SMOOTH)
            for sigma in (40, 50, 60)
        ],
    )
    noted = camera()
    quality = _quality(base, noted, megabytes)
    while True:
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        at = (rng.randrange(width - width // 8), rng.randrange(height - height // 8))
        base.paste(colour, (*at, at[0] + width // 16, at[1] + height // 16))
        yield _encoded(base, noted, quality)


def camera() -> Image.Exif:
    """What a phone writes into a photo."""
    noted = Image.Exif()
    noted[ExifTags.Base.Make] = "BenchPhone"
    noted[ExifTags.Base.Orientation] = 1
    details = noted.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:03:18 09:08:07"
    details[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    place = noted.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
    place[ExifTags.GPS.GPSLatitude] = (30.0, 5.0, 45.96)
    place[ExifTags.GPS.GPSLongitude] = (114.0, 58.0, 49.08)
    return noted


_SMOOTH = Image.Resampling.BICUBIC


def _quality(image: Image.Image, noted: Image.Exif, megabytes: float) -> int:
    """With which a picture comes nearest to its size."""
    steps = range(50, 96, 5)
    return min(steps, key=lambda q: abs(len(_encoded(image, noted, q)) / 1e6 - megabytes))


def _encoded(image: Image.Image, noted: Image.Exif, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, exif=noted)
    return out.getvalue()


def _take(album: Iterator[bytes]) -> list[bytes]:
    return [next(album) for _ in range(A_ROUND)]


def _cleared(folder: Path) -> None:
    """What was kept of the photos is of no further use."""
    for name in ("uploads", "photos_by_hand"):
        shutil.rmtree(folder / name, ignore_errors=True)
