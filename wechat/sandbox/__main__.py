"""``python -m wechat.sandbox --port N [--config file.json]``: starts the stand-in.

Once it accepts connections it prints one line of JSON: ``{"ready": true, "port": N}``.
Port 0 takes a free one. Stops on SIGTERM and SIGINT.
"""

import argparse
import json
import socket
import sys
from pathlib import Path

from pydantic import ValidationError

from wechat.sandbox.app import build
from wechat.sandbox.config import Config


def _read(path: Path | None) -> Config:
    if path is None:
        return Config()
    try:
        return Config.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as fault:
        sys.exit(f"wechat.sandbox: {path}: {fault}")


def main() -> None:
    """Binds, announces, serves."""
    parser = argparse.ArgumentParser(prog="python -m wechat.sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--config", type=Path)
    asked = parser.parse_args()
    app = build(_read(asked.config))
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((asked.host, asked.port))
    port = listener.getsockname()[1]

    @app.after_server_start
    async def announce(*_: object) -> None:
        sys.stdout.write(json.dumps({"ready": True, "port": port}) + "\n")
        sys.stdout.flush()

    app.run(sock=listener, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
