"""The bench of uploads: photos as phones make them, kept by the product, written by the floor."""

import asyncio
import io
import random
from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest
from PIL import Image

from bench import data, uploads
from bench.ground import Broken
from bench.uploads_floor import anew
from rules.actors import OrgKind, Role
from storage.exif import read_exif
from tests.bench.given import migrated
from tests.conftest import FreshDatabase
from tests.servers import Addresses


def album(count: int) -> list[bytes]:
    """Small photos."""
    return list(islice(uploads.pictures(random.Random(1), (320, 240), 0.02), count))


def test_photos_are_of_the_size_told_and_none_like_another() -> None:
    (photo,) = islice(uploads.pictures(random.Random(1)), 1)
    assert len(photo) == pytest.approx(uploads.MEGABYTES * 1e6, rel=0.15)
    assert len(set(album(6))) == 6


def test_photos_tell_when_and_where() -> None:
    (photo,) = album(1)
    with Image.open(io.BytesIO(photo)) as image:
        noted = read_exif(image)
    assert noted.taken_at == datetime.fromisoformat("2026-03-18T09:08:07+08:00")
    assert noted.gps is not None


def test_by_hand_nothing_of_the_camera_is_kept(tmp_path: Path) -> None:
    (photo,) = album(1)
    assert anew(photo, tmp_path / "kept") == (tmp_path / "kept").stat().st_size
    with Image.open(tmp_path / "kept") as image:
        assert (image.size, dict(image.getexif())) == ((320, 240), {})


async def test_both_take_every_photo(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    ground, database = await migrated(template, fresh_database, tmp_path)
    photos = album(3)
    with ground.product(database) as product, ground.floor("uploads", database) as floor:
        token = await data.staff(ground, database, "daye", Role.CREW, OrgKind.UTILITY, "water")
        mine = [uploads.sent(token, photo) for photo in photos]
        assert await asyncio.to_thread(uploads.rate, product, mine) > 0
        by_hand = [uploads.plain(photo) for photo in photos]
        assert await asyncio.to_thread(uploads.rate, floor, by_hand) > 0
        with pytest.raises(Broken, match="upload_type"):
            await asyncio.to_thread(uploads.rate, product, [uploads.sent(token, b"no photo")])
    connection = await ground.connect(database)
    try:
        rows = await connection.fetch("SELECT digest, evidence FROM uploads")
    finally:
        await connection.close()
    assert len({row["digest"] for row in rows}) == 3
    assert all("taken_at" in row["evidence"] for row in rows)
    assert len(list((tmp_path / "photos_by_hand").iterdir())) == 3
