"""Headers of an answer never leave their line."""

from hypothesis import given
from hypothesis import strategies as st
from sanic.response import HTTPResponse

from doors.plain import PlainResponse


@given(st.text(max_size=12))
def test_headers_are_sent_as_sanic_sends_them(value: str) -> None:
    plain = PlainResponse(b"{}", 200, {"x-a": value}, "application/json")
    stock = HTTPResponse(b"{}", 200, {"x-a": value}, "application/json")
    assert list(plain.processed_headers) == list(stock.processed_headers)


def test_no_header_begins_another() -> None:
    sent = dict(PlainResponse(b"", 200, {"x-a": "1\r\nx-b: 2\0"}).processed_headers)
    assert sent[b"x-a"] == b"1x-b: 2"
