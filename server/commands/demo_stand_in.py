"""What the platform's stand-in of a demo starts with."""

from typing import Any

from bot.addresses import MINI_PROGRAM, OFFICIAL_ACCOUNT
from config.settings import Settings
from server.commands.demo_data import stand_in_people
from workflow.background.messages import PROGRESS_KEYS

_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - listened on, not connected to


def stand_in_config(settings: Settings) -> dict[str, Any]:
    """Our two accounts, our template, the people: as ``wechat.sandbox`` reads them."""
    own = address_of(settings)
    accounts = {
        kind: {
            "original_id": account.original_id,
            "callback_url": f"{own}{path}",
            "appid": account.appid,
            "secret": account.secret.get_secret_value(),
            "token": account.token.get_secret_value(),
            "aes_key": account.aes_key.get_secret_value(),
            "mode": account.mode,
        }
        for kind, account, path in (
            ("mp", settings.mp, MINI_PROGRAM),
            ("oa", settings.oa, OFFICIAL_ACCOUNT),
        )
    }
    template = settings.wechat_mp_template_progress
    templates = {template: {"keys": list(PROGRESS_KEYS), "title": "办理进度通知"}}
    return {
        **accounts,
        "templates": templates if template else {},
        "people": list(stand_in_people()),
    }


def address_of(settings: Settings) -> str:
    """Where this machine's own programs reach the service."""
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    return f"http://{host}:{settings.port}"
