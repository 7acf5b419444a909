"""The bench measures what it says: small, on the servers of the tests."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from stdnum.cn import uscc

from bench import report
from bench.__main__ import MEASURES, main
from bench.form import credit_code
from bench.load import Shots, fire, request
from bench.report import Rounds, against, at_most


@asynccontextmanager
async def answering(status: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port that answers every request alike, and what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                asked.append(head)
                writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\n".encode())
                await writer.drain()
                await asyncio.sleep(0)
                writer.write(b"{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


async def test_every_request_is_sent_once_and_counted() -> None:
    shots = tuple(request("POST", f"/{n}", headers=[("x", str(n))]) for n in range(100))
    async with answering("200 OK") as (port, asked):
        volley = await asyncio.to_thread(fire, Shots(port, shots, connections=4))
    assert volley.answers == 100
    assert volley.statuses == {"200": 100}
    assert sorted(asked) == sorted(shots)
    assert volley.rate == pytest.approx(100 / volley.seconds)


async def test_requests_go_on_for_the_time_given() -> None:
    shots = (request("GET", "/", token="t"),)
    async with answering("200 OK") as (port, asked):
        volley = await asyncio.to_thread(fire, Shots(port, shots, seconds=0.3, connections=2))
    assert volley.answers == len(asked) > 2
    assert 0.3 <= volley.seconds < 5


async def test_refusals_are_no_measurement() -> None:
    async with answering("409 Conflict") as (port, _):
        volley = await asyncio.to_thread(fire, Shots(port, (request("GET", "/"),)))
    with pytest.raises(RuntimeError, match="409"):
        _ = volley.rate


def test_a_ratio_is_taken_round_by_round() -> None:
    subject, floor = Rounds((50.0, 10.0, 90.0)), Rounds((100.0, 20.0, 100.0))
    row = against("x", subject, floor, "req/s", 0.6)
    assert (row.value, row.floor, row.ratio, row.ok) == (50.0, 100.0, 0.5, False)
    assert against("x", subject, floor, "req/s", 0.5).ok is True
    assert at_most("y", Rounds((3.0, 4.0, 2.0)), "s", 3.0).ok is True
    assert at_most("y", Rounds((3.1,)), "s", 3.0).ok is False


def test_rows_are_written_and_shown(tmp_path: Path) -> None:
    rows = [
        against("x", Rounds((50.0,)), Rounds((100.0,)), "req/s", 0.6, "why"),
        at_most("y", Rounds((1.0,)), "s", None),
    ]
    report.write(tmp_path / "rows.json", rows)
    found = json.loads((tmp_path / "rows.json").read_text("utf-8"))
    assert found[0] == {
        "name": "x",
        "value": 50.0,
        "unit": "req/s",
        "floor": 100.0,
        "ratio": 0.5,
        "goal": 0.6,
        "ok": False,
    }
    assert found[1]["goal"] is found[1]["ok"] is None
    table = report.table(rows)
    assert "NO" in table
    assert "x: why" in table


def test_an_unknown_row_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "nonsense" in told
    assert "queue_page" in MEASURES


def test_every_draft_is_another_right_enterprise() -> None:
    codes = [credit_code(number) for number in range(500)]
    assert len(set(codes)) == 500
    assert all(uscc.is_valid(code) for code in codes)
