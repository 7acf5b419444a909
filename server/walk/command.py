"""``walk``: a whole case over HTTP, from form to closed, checked step by step."""

import argparse
import os
import sys

from server.embedded import announced
from server.environment import data_dir_of
from server.walk import daye, zhoukou
from server.walk.api import Api
from server.walk.surprise import Surprise

_CITIES = {"daye": daye.walk, "zhoukou": zhoukou.walk}


def configure(parser: argparse.ArgumentParser) -> None:
    """Which city, and where the service is."""
    parser.add_argument("--city", choices=sorted(_CITIES), required=True, help="走哪个城市的办件")
    parser.add_argument("--url", help="服务地址，默认是本机正在运行的演示")


def run(arguments: argparse.Namespace) -> int:
    """0 when nothing surprised, 1 with a message when something did."""
    with Api(arguments.url or _here()) as api:
        try:
            walked = _CITIES[arguments.city](api, lambda line: print(line, flush=True))
        except Surprise as surprise:
            print(f"\n走查中止：{surprise}", file=sys.stderr)
            return 1
        except BrokenPipeError:  # whoever read along has gone, as ``head`` does
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - until the process ends
            return 1
    print(
        f"\n走查完成：{walked.number} 已办结。办理 {walked.acts} 步，核对时限 "
        f"{walked.clocks_checked} 项，越权被拒 {walked.refusals} 次。"
    )
    return 0


def _here() -> str:
    """The demo that holds our data folder, else the usual port."""
    port = os.environ.get("PORT") or announced(data_dir_of(os.environ)).get("PORT") or "8000"
    return f"http://127.0.0.1:{port}"
