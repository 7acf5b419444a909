"""PDFs: what only shows something passes; what acts, hides or is something else is refused."""

import time
import zlib

import pytest

from rules.errors import Code, DomainError
from storage.pdf import check_pdf
from tests.storage.corpus import object_stream, pdf, zipped

JAVASCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def reason_of(data: bytes) -> str:
    with pytest.raises(DomainError) as refused:
        check_pdf(data)
    return str(refused.value.data["reason"])


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (pdf(), 1),
        (pdf(pages=3, version=b"1.4"), 3),
        (pdf(version=b"2.0"), 1),
        (pdf([object_stream(b"<< /Type /Page /Parent 2 0 R >>")]), 2),
        (pdf([b"<< /S /URI /URI (https://www.example.com/) >>"]), 1),
        (pdf() + b"\r\n\x00\x00", 1),
        # an incremental update, as signing tools write it
        (pdf() + pdf(pages=2).partition(b"\n")[2], 3),
    ],
)
def test_plain_documents_pass(data: bytes, pages: int) -> None:
    assert check_pdf(data) == pages


def test_a_content_stream_that_begins_with_numbers_is_no_hiding_place() -> None:
    packed = zlib.compress(b"1 0 0 1 72 720 cm BT /F1 12 Tf (text) Tj ET")
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    assert check_pdf(pdf([stream])) == 1


@pytest.mark.parametrize(
    "body",
    [
        JAVASCRIPT,
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Type /EmbeddedFile >>",
        b"<< /Names << /EmbeddedFiles 9 0 R >> >>",
        b"<< /AcroForm << /XFA 9 0 R >> >>",
        b"<</S/SubmitForm/F(http://www.example.com)>>",
        b"<< /Subtype /RichMedia >>",
    ],
)
@pytest.mark.parametrize("inside_stream", [False, True])
def test_active_documents_are_refused(body: bytes, inside_stream: bool) -> None:
    data = pdf([object_stream(body)] if inside_stream else [body])
    assert reason_of(data) == "pdf_active"


@pytest.mark.parametrize(
    "body",
    [
        b"<< /S /J#61vaScript /JS (app.alert(1)) >>",
        b"<< /S /#4aavaScript >>",
        object_stream(b"<< /S /Java#53cript >>"),
        # object streams that cannot be read here
        object_stream(JAVASCRIPT, packed=b"not deflated at all"),
        object_stream(JAVASCRIPT, packed=zlib.compress(b"90 0 " + JAVASCRIPT)[:-9]),
        object_stream(
            JAVASCRIPT,
            extra=b"/DecodeParms << /Predictor 12 /Columns 4 >> ",
            packed=zlib.compress(b"\x0290 0\x02<<\x00"),
        ),
        object_stream(JAVASCRIPT).replace(b"/ObjStm", b"/Obj#53tm"),
    ],
)
def test_what_hides_is_refused(body: bytes) -> None:
    assert reason_of(pdf([body])) in ("pdf_hidden", "pdf_active")


def test_a_bomb_in_an_object_stream_is_refused_quickly() -> None:
    bomb = object_stream(b"", packed=zlib.compress(b"90 0 " + bytes(100_000_000), 9))
    began = time.perf_counter()
    assert reason_of(pdf([bomb])) == "pdf_hidden"
    assert time.perf_counter() - began < 10


def test_encrypted_documents_cannot_be_looked_into() -> None:
    assert reason_of(pdf(trailer=b"/Encrypt 9 0 R ")) == "pdf_encrypted"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf()[:-80], "truncated"),
        (pdf()[: len(pdf()) // 2], "truncated"),
        (b"%PDF-1.7\n", "truncated"),
        (b"%PDF-9.9\n" + pdf()[9:], "broken"),
        (pdf() + zipped(), "polyglot"),
        (pdf() + b"<script>alert(1)</script>", "polyglot"),
        (pdf()[:9] + b"%<script>alert(1)</script>\n" + pdf()[9:], "markup"),
        (pdf()[:9] + b"<?php system('id'); ?>\n" + pdf()[9:], "markup"),
        (pdf(pages=0), "pdf_pages"),
        (pdf(pages=501), "pdf_pages"),
    ],
)
def test_broken_and_doubled_documents_are_refused(data: bytes, reason: str) -> None:
    assert reason_of(data) == reason


def test_many_streams_are_not_read_for_ever() -> None:
    began = time.perf_counter()
    data = pdf([b"stream\n1 0 " * 100_000])
    assert reason_of(data) == "pdf_hidden"
    assert time.perf_counter() - began < 10


def test_refusals_name_what_was_found() -> None:
    with pytest.raises(DomainError) as refused:
        check_pdf(pdf([JAVASCRIPT]))
    assert refused.value.code is Code.UPLOAD_UNSAFE
    assert refused.value.data["found"] == "JavaScript"
