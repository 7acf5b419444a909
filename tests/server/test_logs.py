"""A log line stays one line of JSON, and shows nobody's numbers."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("INFO", stream=stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    "hostile",
    [
        'x\n{"event":"forged"}',
        "x\r\nforged",
        "x\x1b[2Jx",
        "x\u202eevil",
        "x\u2028y\u2029z",
        "x\x00y\x85z",
        "\u200b\ufeff",
    ],
)
def test_nothing_breaks_out_of_its_line(lines: io.StringIO, hostile: str) -> None:
    logs.get("test").info("seen", text=hostile, **{"key\n": 1})
    logging.getLogger("library").warning("said %s", hostile)
    written = lines.getvalue()
    assert written.count("\n") == 2
    assert len(events(lines)) == 2
    assert hostile not in json.loads(written.splitlines()[0])["text"]


@pytest.mark.parametrize(
    "personal",
    [
        "13800001234",
        "+8613800001234",
        "138 0000 1234",
        "138-0000-1234",
        "１３８００００１２３４",
        "0714-8765432",
        "91420281MA4976K20X",
        "42028119900101001X",
        "zhang.san@example.com",
    ],
)
def test_personal_numbers_are_masked(lines: io.StringIO, personal: str) -> None:
    logs.get("test").info(
        f"call {personal}", direct=personal, nested={"list": [f"打给{personal}的"], personal: 1}
    )
    try:
        raise ValueError(f"duplicate {personal}")
    except ValueError:
        logs.get("test").exception("failed")
    logging.getLogger("library").error("saw %s", personal)
    assert personal not in lines.getvalue()
    assert lines.getvalue().count("***") >= 5


def test_numbers_written_as_numbers_are_masked_too(lines: io.StringIO) -> None:
    logs.get("test").info("seen", phone=13800001234, count=138, big=2**70)
    assert events(lines)[0]["phone"] == "***"
    assert events(lines)[0]["count"] == 138


@pytest.mark.parametrize(
    "harmless",
    [
        "01a1f84bd22a70a4a4af6bce897b62a4",
        "01a1f84b-d22a-70a4-a4af-13800001234a",
        "DY-2026-000123",
        "/api/v1/applications",
    ],
)
def test_ids_stay_readable(lines: io.StringIO, harmless: str) -> None:
    logs.get("test").info("seen", id=harmless)
    assert events(lines)[0]["id"] == harmless


def test_tracebacks_show_no_local_values(lines: io.StringIO) -> None:
    def handler() -> None:
        secret = "only-in-a-local"
        raise RuntimeError(str(len(secret)))

    try:
        handler()
    except RuntimeError:
        logs.get("test").exception("failed")
    assert "only-in-a-local" not in lines.getvalue()
    assert events(lines)[0]["exception"]


def test_libraries_do_not_log_addresses_with_queries(lines: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET http://x/?secret=1")
    assert lines.getvalue() == ""


def test_half_a_sign_is_written_out() -> None:
    """Apart from the others: a lone surrogate in a log record stops xdist's reports."""
    assert logs.safe_text("a\ud800b") == "a\\ud800b"
    assert logs._line(None, "info", {"text": logs.safe_value({"\udfff": ["\ud800"]})})


@given(st.text(max_size=300))
def test_safe_text_is_always_plain(text: str) -> None:
    safe = logs.safe_text(text)
    assert not logs._UNSAFE.search(safe)
    safe.encode("utf-8")


def test_a_line_tells_when_and_where(lines: io.StringIO) -> None:
    logs.get("room").warning("happened")
    (event,) = events(lines)
    assert event["event"] == "happened"
    assert event["level"] == "warning"
    assert event["logger"] == "room"
    assert str(event["timestamp"]).endswith("Z")
