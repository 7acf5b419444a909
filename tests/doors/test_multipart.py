"""One file out of a form, however it is cut into chunks; and forms that are none."""

import itertools
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doors.multipart import boundary_of, file_name, file_part
from rules.errors import Code, DomainError
from tests.servers import run_apart

BOUNDARY = b"----formBoundary7MA4"


def form(*parts: tuple[str, bytes], end: bytes = b"--\r\n", before: bytes = b"") -> bytes:
    """A form of parts: the rest of their disposition, their bytes."""
    body = before
    for disposition, content in parts:
        head = f"Content-Disposition: form-data; {disposition}\r\nContent-Type: x/y\r\n\r\n"
        body += b"--" + BOUNDARY + b"\r\n" + head.encode() + content + b"\r\n"
    return body + b"--" + BOUNDARY + end


async def chunked(body: bytes, cuts: Sequence[int]) -> AsyncIterator[bytes]:
    """The body cut at places."""
    places = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    for start, end in itertools.pairwise(places):
        yield body[start:end]


async def read(body: bytes, cuts: Sequence[int] = ()) -> tuple[str | None, bytes]:
    """Name and bytes of the file."""
    part = await file_part(chunked(body, cuts), BOUNDARY)
    return part.name, b"".join([chunk async for chunk in part.chunks])


@given(
    content=st.binary(max_size=300)
    | st.lists(st.sampled_from([b"\r", b"\n", b"-", BOUNDARY[:9], b"x"]), max_size=40).map(
        b"".join
    ),
    cuts=st.lists(st.integers(0, 700), max_size=12),
    beside=st.booleans(),
)
def test_the_file_is_whole_wherever_it_is_cut(
    content: bytes, cuts: list[int], beside: bool
) -> None:
    if b"\r\n--" + BOUNDARY in b"\r\n" + content:
        return
    field = [('name="note"', b"n")] if beside else []
    body = form(*field, ('name="file"; filename="a.jpg"', content), *field)
    assert run_apart(read(body, cuts)) == ("a.jpg", content)


async def test_one_byte_at_a_time_with_preamble_and_epilogue() -> None:
    body = form(('name="file"; filename="甲.pdf"', b"\r\n\r\n--"), before=b"hello\r\n") + b"bye"
    assert await read(body, range(len(body))) == ("甲.pdf", b"\r\n\r\n--")


GOOD = ('name="file"; filename="a.jpg"', b"x")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x" * 100,
        b"x" * 200_000,
        form(GOOD)[:-10],
        form(GOOD, end=b""),
        form(GOOD, end=b"\r\n"),
        form(GOOD, end=b"oops\r\n"),
        form(GOOD, GOOD),
        form(('name="other"', b"x")),
        form((f'name="file"; x="{"y" * 9000}"', b"x")),
        form(('name="note"', b"n" * 70_000), GOOD),
        form(GOOD) + b"z" * 70_000,
        form(GOOD).replace(b"form-data", b"attachment"),
        form(GOOD).replace(b"x/y", b"x/y\r\nContent-Transfer-Encoding: base64"),
        form(GOOD).replace(b"Content-Type: x/y", b"Content-Type"),
        form(GOOD).replace(b"a.jpg", b"\xff\xfe.jpg"),
    ],
)
async def test_what_is_no_form_with_one_file_is_refused(body: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        await read(body)
    assert refused.value.code is Code.MALFORMED


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('form-data; name="file"', None),
        ('form-data; filename="a b.jpg"', "a b.jpg"),
        ("form-data; filename=plain.jpg; size=3", "plain.jpg"),
        ('form-data; filename="C:\\up\\a.jpg"', "C:\\up\\a.jpg"),
        ('form-data; filename="%22x%22.jpg"', '"x".jpg'),
        ("attachment; filename*=UTF-8''%E7%94%B2.jpg; filename=\"a.jpg\"", "甲.jpg"),
        ("attachment; filename*=UTF-8'zh'%E7%94%B2.jpg", "甲.jpg"),
    ],
)
def test_names_as_browsers_write_them(told: str, name: str | None) -> None:
    assert file_name(told) == name


def test_a_name_in_a_code_that_is_none_is_refused() -> None:
    for told in ("filename*=klingon''x", "filename*=UTF-8''%FF%FE"):
        with pytest.raises(DomainError):
            file_name(f"attachment; {told}")


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        (None, None),
        ("image/jpeg", None),
        ("multipart/form-data; boundary=abc", b"abc"),
        ('Multipart/Form-Data; charset=utf-8; boundary="a b;c"', b"a b;c"),
    ],
)
def test_boundaries(content_type: str | None, boundary: bytes | None) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize("more", ["", "; boundary=", "; boundary=" + "x" * 71, "; charset=utf-8"])
def test_a_form_without_a_boundary_is_refused(more: str) -> None:
    with pytest.raises(DomainError):
        boundary_of("multipart/form-data" + more)
