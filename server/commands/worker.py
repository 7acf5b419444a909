"""``worker``: the background loops."""

import argparse
import asyncio
import os
import signal

import uvloop

from models.db import BACKGROUND
from server import environment, logs
from server.loops import LoopRunner
from server.sandbox.clock import refuse_moved
from server.wiring import Wiring
from server.workers import loops


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(_: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT."""
    settings = environment.load(os.environ)
    logs.configure(settings.log_level)
    wiring = Wiring.make(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(wiring))
    return 0


async def _work(wiring: Wiring) -> None:
    database = wiring.settings.database_url.get_secret_value()
    await refuse_moved(database, demo=wiring.settings.demo)
    runner = LoopRunner(loops(wiring))
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, runner.stop)
    await wiring.open(patience=BACKGROUND)
    logs.get("worker").info("loops_ready", pid=os.getpid())
    try:
        await runner.run()
    finally:
        await wiring.close()
