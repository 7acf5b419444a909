"""What the platform's stand-in of a demo starts with."""

from typing import Any

from config.settings import Settings
from server.commands.demo_data import stand_in_people
from workflow.background.messages import PROGRESS_KEYS


def stand_in_config(settings: Settings) -> dict[str, Any]:
    """Our two accounts, our template, the people: as ``wechat.sandbox`` reads them."""
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
