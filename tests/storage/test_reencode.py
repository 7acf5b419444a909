"""Images written anew: upright, stripped, bounded; the evidence is read before it goes."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageOps, ImageStat
from PIL.PngImagePlugin import PngInfo

from rules.errors import Code, DomainError
from storage.kinds import Kind
from storage.reencode import SIDE_MAX, Picture, reencode
from tests.storage.corpus import (
    LATITUDE,
    LONGITUDE,
    encoded,
    pattern,
    phone_exif,
    photo,
    png_claiming,
    png_text_bomb,
    spool,
    zipped,
)


def rewritten(tmp_path: Path, data: bytes, kind: Kind) -> tuple[Picture, bytes]:
    target = tmp_path / "target"
    picture = reencode(spool(tmp_path, data), kind, target)
    return picture, target.read_bytes()


def refusal_of(tmp_path: Path, data: bytes, kind: Kind) -> tuple[Code, str]:
    with pytest.raises(DomainError) as refused:
        rewritten(tmp_path, data, kind)
    assert not (tmp_path / "target").exists()
    return refused.value.code, refused.value.data["reason"]


def assert_at(picture: Picture, latitude: float, longitude: float) -> None:
    assert picture.exif.gps is not None
    assert picture.exif.gps[:2] == pytest.approx((latitude, longitude), abs=1e-6)
    assert picture.exif.gps[2] == "wgs84"


def test_time_and_place_are_returned_and_gone_from_the_file(tmp_path: Path) -> None:
    data = photo()
    assert b"Exif" in data
    assert b"SECRET-COMMENT" in data
    picture, out = rewritten(tmp_path, data, Kind.JPEG)
    assert picture.exif.taken_at == datetime(2026, 11, 20, 1, 8, 7, tzinfo=UTC)
    assert_at(picture, LATITUDE, LONGITUDE)
    for trace in (b"Exif", b"GPS", b"TestPhone", b"SECRET", b"2026:11:20", b"http", b"ICC"):
        assert trace not in out
    with Image.open(io.BytesIO(out)) as image:
        assert not image.getexif()
        assert "comment" not in image.info


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_formats_are_stripped_too(tmp_path: Path, form: str) -> None:
    options: dict[str, Any] = {"exif": phone_exif()}
    if form == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Author", "SECRET-AUTHOR")
    picture, out = rewritten(tmp_path, encoded(pattern(), form, **options), Kind[form])
    assert picture.exif.gps is not None
    assert picture.exif.taken_at is not None
    for trace in (b"eXIf", b"EXIF", b"Exif", b"SECRET", b"tEXt", b"TestPhone", b"RIFF"):
        assert trace not in out
    with Image.open(io.BytesIO(out)) as image:
        assert not image.getexif()
        assert image.format == picture.kind.name


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (64, 48), (5, 5)),
        (3, (64, 48), (58, 42)),
        (6, (48, 64), (42, 5)),
        (8, (48, 64), (5, 58)),
    ],
)
def test_pictures_come_out_upright(
    tmp_path: Path, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    picture, out = rewritten(tmp_path, photo(orientation=orientation), Kind.JPEG)
    assert (picture.width, picture.height) == size
    with Image.open(io.BytesIO(out)) as image:
        pixel = image.convert("RGB").getpixel(red_at)
        assert isinstance(pixel, tuple)
        assert pixel[0] > 200
        assert pixel[2] < 60


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("form", "mode"), [("JPEG", "RGB"), ("PNG", "P"), ("PNG", "RGBA")])
def test_turning_agrees_with_the_library(
    tmp_path: Path, orientation: int, form: str, mode: str
) -> None:
    data = encoded(pattern(mode=mode), form, exif=phone_exif(orientation=orientation))
    _, out = rewritten(tmp_path, data, Kind[form])
    with Image.open(io.BytesIO(data)) as sent, Image.open(io.BytesIO(out)) as kept:
        expected = ImageOps.exif_transpose(sent).convert("RGB")
        difference = ImageChops.difference(expected, kept.convert("RGB"))
    assert max(ImageStat.Stat(difference).mean) < 6


@pytest.mark.parametrize(
    ("zone", "hour"), [("+08:00", 1), (None, 1), ("+00:00", 9), ("-05:00", 14), ("rubbish", 1)]
)
def test_the_camera_s_zone_counts(tmp_path: Path, zone: str | None, hour: int) -> None:
    picture, _ = rewritten(tmp_path, photo(zone=zone), Kind.JPEG)
    assert picture.exif.taken_at == datetime(2026, 11, 20, hour, 8, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        {ExifTags.GPS.GPSLatitude: (91.0, 0.0, 0.0)},
        {ExifTags.GPS.GPSLatitude: (30.0,)},
        {ExifTags.GPS.GPSLatitudeRef: "X"},
        {ExifTags.GPS.GPSLatitude: (0.0, 0.0, 0.0), ExifTags.GPS.GPSLongitude: (0.0, 0.0, 0.0)},
    ],
)
def test_a_malformed_place_is_no_place(tmp_path: Path, change: dict[int, Any]) -> None:
    exif = phone_exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(change)
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:13:40 99:99:99"
    picture, _ = rewritten(tmp_path, encoded(pattern(), "JPEG", exif=exif), Kind.JPEG)
    assert picture.exif.gps is None
    assert picture.exif.taken_at is None


def test_the_southern_and_western_halves_are_negative(tmp_path: Path) -> None:
    exif = phone_exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "S", "W"
    picture, _ = rewritten(tmp_path, encoded(pattern(), "JPEG", exif=exif), Kind.JPEG)
    assert_at(picture, -LATITUDE, -LONGITUDE)


@pytest.mark.parametrize(
    ("data", "kind", "kept"),
    [
        (encoded(pattern(), "WEBP"), Kind.WEBP, "jpeg"),
        (encoded(pattern(mode="RGBA"), "WEBP", lossless=True), Kind.WEBP, "jpeg png"),
        (encoded(pattern(mode="P"), "PNG"), Kind.PNG, "png"),
        (encoded(pattern(mode="1"), "PNG"), Kind.PNG, "png"),
        (encoded(pattern(mode="LA"), "PNG"), Kind.PNG, "png"),
        (encoded(Image.new("I;16", (40, 30), 40_000), "PNG"), Kind.PNG, "png"),
        (encoded(pattern(mode="L"), "JPEG"), Kind.JPEG, "jpeg"),
        (encoded(pattern(mode="CMYK"), "JPEG"), Kind.JPEG, "jpeg"),
    ],
)
def test_every_mode_comes_out_readable(tmp_path: Path, data: bytes, kind: Kind, kept: str) -> None:
    picture, out = rewritten(tmp_path, data, kind)
    assert picture.kind.value in kept.split()
    with Image.open(io.BytesIO(out)) as image:
        image.load()
        assert image.size == (picture.width, picture.height)
        assert image.mode in ("L", "RGB", "RGBA")


def test_sixteen_bit_grey_keeps_its_brightness(tmp_path: Path) -> None:
    data = encoded(Image.new("I;16", (40, 30), 40_000), "PNG")
    _, out = rewritten(tmp_path, data, Kind.PNG)
    with Image.open(io.BytesIO(out)) as image:
        assert image.getpixel((3, 3)) == 40_000 // 256


def test_transparency_survives(tmp_path: Path) -> None:
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    picture, out = rewritten(tmp_path, encoded(image, "WEBP", lossless=True), Kind.WEBP)
    assert picture.kind is Kind.PNG
    with Image.open(io.BytesIO(out)) as kept:
        pixel = kept.getpixel((3, 3))
        assert isinstance(pixel, tuple)
        assert pixel[3] == 0


def test_a_colour_profile_is_applied_and_dropped(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"no profile at all"):
        _, out = rewritten(tmp_path, encoded(pattern(), "JPEG", icc_profile=icc), Kind.JPEG)
        assert b"ICC_PROFILE" not in out
        with Image.open(io.BytesIO(out)) as image:
            pixel = image.getpixel((5, 5))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 200


def test_large_pictures_are_bounded(tmp_path: Path) -> None:
    picture, _ = rewritten(tmp_path, encoded(pattern(9000, 600), "JPEG"), Kind.JPEG)
    assert picture.width == SIDE_MAX
    assert picture.height == round(600 * SIDE_MAX / 9000)


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    """Content addressing keeps one copy of what is sent twice."""
    assert rewritten(tmp_path, photo(), Kind.JPEG)[1] == rewritten(tmp_path, photo(), Kind.JPEG)[1]


def test_nothing_appended_survives(tmp_path: Path) -> None:
    _, out = rewritten(tmp_path, photo() + zipped(content=b"PAYLOAD"), Kind.JPEG)
    assert b"PK\x03\x04" not in out
    assert b"PAYLOAD" not in out


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP])
def test_truncated_pictures_are_refused(tmp_path: Path, kind: Kind) -> None:
    noisy = Image.effect_noise((200, 200), 80).convert("RGB")
    data = encoded(noisy, kind.name)
    for length in (20, 100, len(data) // 2, len(data) - 200):
        code, reason = refusal_of(tmp_path, data[:length], kind)
        assert code is Code.UPLOAD_BROKEN
        assert reason in ("truncated", "broken")


def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    bomb = png_claiming(30_000, 30_000)
    assert len(bomb) < 200_000
    assert refusal_of(tmp_path, bomb, Kind.PNG) == (Code.UPLOAD_UNSAFE, "too_many_pixels")
    assert refusal_of(tmp_path, png_claiming(10_000, 5_001), Kind.PNG)[1] == "too_many_pixels"
    text_bomb = png_text_bomb()
    assert len(text_bomb) < 120_000
    assert refusal_of(tmp_path, text_bomb, Kind.PNG)[0] is Code.UPLOAD_BROKEN


def test_one_format_under_another_s_flag_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, encoded(pattern(), "GIF"), Kind.PNG)[0] is Code.UPLOAD_BROKEN
