"""What the stand-in of a demo is told: where the service is, and how to speak to it."""

from pathlib import Path

import pytest

from config.settings import Settings
from server.commands.demo_stand_in import stand_in_config
from wechat.sandbox.config import Config


@pytest.mark.parametrize(
    ("host", "reached"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("192.0.2.7", "192.0.2.7")],
)
def test_it_delivers_to_this_service(tmp_path: Path, host: str, reached: str) -> None:
    settings = Settings.for_demo(
        tmp_path,
        host=host,
        port="8123",
        database_url="postgres://nobody@127.0.0.1/nowhere",
        redis_url="redis://127.0.0.1/0",
        wechat_oa_mode="compat",
    )
    config = Config.model_validate(stand_in_config(settings))
    assert config.oa.callback_url == f"http://{reached}:8123/wechat/callback"
    assert config.mp.callback_url == f"http://{reached}:8123/wechat/miniprogram"
    for told, account in ((config.oa, settings.oa), (config.mp, settings.mp)):
        assert (told.appid, told.original_id) == (account.appid, account.original_id)
        assert told.token == account.token.get_secret_value()
        assert told.aes_key == account.aes_key.get_secret_value()
        assert told.mode == account.mode
    assert config.oa.original_id != config.mp.original_id
