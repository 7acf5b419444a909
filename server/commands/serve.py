"""``serve``: the HTTP service."""

import argparse
import asyncio
import gc
import os

from server import environment, logs, supervisor
from server.app import create_app
from server.sandbox.clock import refuse_moved
from server.wiring import Wiring


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything is in the settings."""


def run(_: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    settings = environment.load(os.environ)
    logs.configure(settings.log_level)
    gc.disable()  # until the supervisor has put everything loaded aside
    wiring = Wiring.make(settings)
    wiring.mind  # noqa: B018 - loaded once, before the workers are forked
    asyncio.run(refuse_moved(settings.database_url.get_secret_value(), demo=settings.demo))
    app = create_app(settings, wiring)
    supervisor.serve(app, supervisor.listen(settings.host, settings.port), settings.workers)
    return 0
