"""``memory`` and ``ready``: what the process costs to keep, and how soon it answers."""

import asyncio
import re
import time
from pathlib import Path

from bench import data, progress, submit
from bench.ground import Broken, Ground, Running
from bench.load import Shots, fire
from bench.report import Rounds, Row, at_most
from server.ports import free_port

PSS_GOAL_MB = 100.0
READY_GOAL_S = 3.0
WORKERS = 2
ROUNDS = 5
_SERVED = 600
_PSS = re.compile(r"^Pss:\s+([0-9]+) kB$", re.MULTILINE)


def memory(ground: Ground) -> list[Row]:
    """PSS of each of two workers after some hundred reads and submits; the larger counts."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    shots = asyncio.run(_mixed(ground, database))
    with ground.product(database, workers=WORKERS) as product:
        statuses = fire(Shots(product.port, shots)).statuses
        if set(statuses) != {"200"}:
            raise Broken(f"memory: answers {statuses}")
        sizes = {pid: _pss(pid) for pid in _children(product.process.pid)}
        own = _pss(product.process.pid)
    if len(sizes) != WORKERS:
        raise Broken(f"memory: {len(sizes)} workers")
    each = ", ".join(f"{size:.0f}" for size in sorted(sizes.values()))
    note = f"PSS of the workers {each} MB, of their supervisor {own:.0f} MB"
    rounds = Rounds((max(sizes.values()),))
    return [at_most("memory", rounds, "MB", PSS_GOAL_MB, note)]


def ready(ground: Ground) -> list[Row]:
    """From exec to 200 on /readyz: the service alone, and a whole demo started once before."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    alone = Rounds(tuple(_serve_s(ground, database) for _ in range(ROUNDS)))
    _demo_s(ground)
    again = Rounds(tuple(_demo_s(ground) for _ in range(3)))
    note = "python -m server demo on a data folder that was used before, its servers included"
    return [
        at_most("ready", alone, "s", READY_GOAL_S),
        at_most("second_start", again, "s", None, note),
    ]


async def _mixed(ground: Ground, database: str) -> tuple[bytes, ...]:
    """Reads of progress and submits, a fifth of them submits."""
    reads = await progress.reads(ground, database)
    drafts = await data.drafts(ground, database, _SERVED // 5)
    return (*reads[: _SERVED - len(drafts)], *submit.subject(drafts))


def _serve_s(ground: Ground, database: str) -> float:
    began = time.perf_counter()
    with ground.product(database):
        return time.perf_counter() - began


def _demo_s(ground: Ground) -> float:
    """A demo of its own, with servers of its own."""
    port = free_port()
    environ = ground.environ("postgres", PORT=str(port), DATA_DIR=str(ground.folder / "demo"))
    for given in ("DATABASE_URL", "REDIS_URL", "WECHAT_API_BASE"):
        del environ[given]
    began = time.perf_counter()
    with ground.program("demo", ["-m", "server", "demo"], environ) as process:
        Running(port, process).wait("/readyz")
        return time.perf_counter() - began


def _children(pid: int) -> list[int]:
    """The workers of a supervisor."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(each) for each in found.split()]


def _pss(pid: int) -> float:
    """MB, shared pages counted by how many share them."""
    match = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"))
    if match is None:
        raise Broken(f"no PSS of {pid}")
    return int(match[1]) / 1024
