"""What a demo holds when it starts: the seed's cases, and the people of the platform's stand-in."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from config.settings import Settings
from server.wiring import Wiring
from workflow.messages import PROGRESS_KEYS

_SEED = "server.seed"


def stand_in_people() -> Sequence[Mapping[str, Any]]:
    """The seed's people as the stand-in's configuration wants them (id, name, phone, roles …)."""
    if find_spec(_SEED) is None:
        return ()
    people: Sequence[Mapping[str, Any]] = import_module(_SEED).people()
    return people


def stand_in_config(settings: Settings) -> dict[str, Any]:
    """The stand-in's configuration: our two accounts, our template, the people."""
    accounts = {
        kind: {
            "appid": account.appid,
            "secret": account.secret.get_secret_value(),
            "token": account.token.get_secret_value(),
            "aes_key": account.aes_key.get_secret_value(),
            "mode": account.mode,
        }
        for kind, account in (("mp", settings.mp), ("oa", settings.oa))
    }
    template = settings.wechat_mp_template_progress
    templates = {template: {"keys": list(PROGRESS_KEYS), "title": "办理进度通知"}}
    return {
        **accounts,
        "templates": templates if template else {},
        "people": list(stand_in_people()),
    }


async def prepare(settings: Settings) -> None:
    """Load the seed into a database that lacks it."""
    if find_spec(_SEED) is None:
        return
    wiring = Wiring.make(settings)
    await wiring.open()
    try:
        await import_module(_SEED).load(wiring)
    finally:
        await wiring.close()
