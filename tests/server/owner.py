"""Holds a data folder with its embedded servers until told to stop; run as a program."""

import signal
import sys
import threading
from pathlib import Path

from server import embedded
from server.faults import StartRefused


def main() -> int:
    """``owner.py DATA_DIR``: prints the addresses as the commands beside us would find them."""
    data_dir = Path(sys.argv[1])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        with embedded.owned(data_dir):
            servers = embedded.start(data_dir, durable=False)
            embedded.announce(
                data_dir,
                {"DATABASE_URL": servers.postgres.url, "REDIS_URL": servers.valkey.url},
            )
            pids = f"{servers.postgres_process.pid} {servers.valkey_process.pid}"
            print(f"READY {servers.postgres.url} {servers.valkey.url} {pids}", flush=True)
            stop.wait()
            servers.stop()
    except StartRefused as refused:
        print(f"REFUSED {refused}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
