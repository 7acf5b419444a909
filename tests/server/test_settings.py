"""Settings name every fault at once, read secrets from files, and keep demo keys out of work."""

import base64
import json
import os
import stat
from pathlib import Path

import pytest

from config.keys import decode_ring
from config.settings import Settings, SettingsProblems

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER = base64.b64encode(bytes(range(1, 33))).decode()
THIRD = base64.b64encode(bytes(range(2, 34))).decode()
PRODUCTION = {
    "DATABASE_URL": "postgres://bz:secret@db.example:5432/bz",
    "REDIS_URL": "rediss://:secret@cache.example:6379/0",
    "STORAGE_URL": "s3://bz-uploads/prefix",
    "PUBLIC_URL": "https://bz.example/",
    "TOKEN_KEYS": f"new:{KEY},old:{OTHER}",
    "SEAL_KEYS": f"a:{KEY}",
    "LOOKUP_KEY": OTHER,
    "LINK_KEY": THIRD,
    "WECHAT_MP_APPID": "wx0123456789abcdef",
    "WECHAT_MP_SECRET": "0123456789abcdef0123456789abcdef",
    "WECHAT_MP_TOKEN": "token123",
    "WECHAT_MP_AES_KEY": "a" * 43,
    "WECHAT_OA_APPID": "wxfedcba9876543210",
    "WECHAT_OA_SECRET": "fedcba9876543210fedcba9876543210",
    "WECHAT_OA_TOKEN": "token456",
    "WECHAT_OA_AES_KEY": "b" * 43,
}


def problems_of(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsProblems) as caught:
        Settings.load(environ)
    return {problem.name: problem.reason for problem in caught.value.problems}


def test_production_loads_with_every_value_given() -> None:
    settings = Settings.load(PRODUCTION)
    assert not settings.demo
    assert settings.public_url == "https://bz.example"
    assert settings.token_keys.active == "new"
    assert settings.token_keys.keys["old"] == bytes(range(1, 33))
    assert settings.oa.mode == "safe"
    assert settings.cities == ()


def test_both_accounts_may_change_their_key_and_name_their_original_id() -> None:
    bare = Settings.load(PRODUCTION)
    for account in (bare.oa, bare.mp):
        assert (account.aes_key_previous, account.original_id) == (None, "")
    given = {
        f"WECHAT_{kind}_{name}": value
        for kind in ("OA", "MP")
        for name, value in (("AES_KEY_PREVIOUS", "c" * 43), ("ORIGINAL_ID", "gh_0123456789ab"))
    }
    settings = Settings.load(PRODUCTION | given)
    for account in (settings.oa, settings.mp):
        assert account.aes_key_previous is not None
        assert account.aes_key_previous.get_secret_value() == "c" * 43
        assert account.original_id == "gh_0123456789ab"


def test_every_missing_value_is_named_at_once() -> None:
    assert set(problems_of({})) == set(PRODUCTION)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "70000", "65535"),
        ("PORT", "８０００x", "整数"),
        ("WORKERS", "0", "1"),
        ("DATABASE_URL", "mysql://x/y", "postgres"),
        ("DATABASE_URL", "postgres://db.example:5432", "库名"),
        ("DATABASE_URL", "postgres://db.example:port/bz", "地址"),
        ("REDIS_URL", "http://cache.example", "redis"),
        ("PUBLIC_URL", "bz.example", "https"),
        ("PUBLIC_URL", "http://bz.example", "正式运行的地址须以 https:// 开头"),
        ("PUBLIC_URL", "HTTP://bz.example", "https"),
        ("STORAGE_URL", "ftp://x/y", "file"),
        ("TOKEN_KEYS", KEY, "kid:base64"),
        ("TOKEN_KEYS", f"a:{KEY},a:{OTHER}", "重复"),
        ("TOKEN_KEYS", "a:c2hvcnQ=", "32"),
        ("SEAL_KEYS", f"a:{base64.b64encode(bytes(48)).decode()}", "32"),
        ("LOOKUP_KEY", "不是密钥", "base64"),
        ("INTEGRATION_KEYS", f"zigui:{KEY}", "平台号@城市"),
        ("INTEGRATION_KEYS", f"{'z' * 40}@daye:{KEY}", "40"),
        ("INTEGRATION_KEYS", f"a@daye:{KEY},b@daye:{KEY}", "同一把密钥"),
        ("WECHAT_MP_APPID", "gh_something", "格式"),
        ("WECHAT_MP_SECRET", "short", "短"),
        ("WECHAT_OA_TOKEN", "with space", "3–32"),
        ("WECHAT_OA_AES_KEY", "a" * 42, "43"),
        ("WECHAT_MP_AES_KEY_PREVIOUS", "a" * 44, "43"),
        ("WECHAT_OA_ORIGINAL_ID", "wx0123456789abcdef", "格式"),
        ("WECHAT_OA_MODE", "secure", "只能是 plain、compat 或 safe"),
        ("LOG_LEVEL", "LOUD", "DEBUG"),
        ("DEMO", "maybe", "1 或 0"),
    ],
)
def test_a_wrong_value_is_named_with_its_reason(name: str, value: str, said: str) -> None:
    problems = problems_of({**PRODUCTION, name: value})
    assert list(problems) == [name]
    assert said in problems[name]


def test_plain_messages_are_taken_in_production_only_by_who_accepts_the_risk() -> None:
    plain = {**PRODUCTION, "WECHAT_OA_MODE": "plain"}
    (said,) = problems_of(plain).values()
    assert "WECHAT_OA_PLAIN_ACCEPTED=1" in said
    assert "冒充" in said
    assert problems_of({**plain, "WECHAT_OA_PLAIN_ACCEPTED": "0"}).keys() == {"WECHAT_OA_MODE"}
    assert Settings.load({**plain, "WECHAT_OA_PLAIN_ACCEPTED": "1"}).oa.mode == "plain"
    assert Settings.load({**PRODUCTION, "WECHAT_OA_MODE": "compat"}).oa.mode == "compat"


def test_a_demo_may_read_plain_messages(tmp_path: Path) -> None:
    assert (
        Settings.for_demo(
            tmp_path,
            database_url="postgres://a@127.0.0.1/a",
            redis_url="redis://127.0.0.1/0",
            wechat_oa_mode="plain",
        ).oa.mode
        == "plain"
    )


def test_faults_of_all_kinds_come_together() -> None:
    problems = problems_of(
        {
            **PRODUCTION,
            "PORT": "x",
            "TOKEN_KEYS": "",
            "WECHAT_OA_SECRETT": "typing mistake",
            "LINK_KEY_FILE": "/nowhere/link.key",
            "LINK_KEY": "",
        }
    )
    assert set(problems) == {
        "PORT",
        "TOKEN_KEYS",
        "WECHAT_OA_SECRETT",
        "LINK_KEY_FILE",
    }


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"fresh:{OTHER}\n", "utf-8")
    environ = {**PRODUCTION, "SEAL_KEYS_FILE": str(tmp_path / "key")}
    del environ["SEAL_KEYS"]
    assert Settings.load(environ).seal_keys.active == "fresh"


def test_a_value_and_its_file_together_are_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY, "utf-8")
    problems = problems_of({**PRODUCTION, "LINK_KEY_FILE": str(tmp_path / "key")})
    assert "LINK_KEY_FILE" in problems["LINK_KEY"]


def test_no_secret_is_shown_in_a_fault_or_a_print() -> None:
    with pytest.raises(SettingsProblems) as caught:
        Settings.load({**PRODUCTION, "WECHAT_OA_AES_KEY": "very-secret", "LOOKUP_KEY": "c2VjcmV0"})
    assert "very-secret" not in str(caught.value)
    shown = repr(Settings.load(PRODUCTION))
    for value in ("secret@", KEY, OTHER, "fedcba9876543210fed", "token456", "b" * 43):
        assert value not in shown


def test_demo_makes_values_once_and_keeps_them_private(tmp_path: Path) -> None:
    urls = {"database_url": "postgres://u:p@127.0.0.1:1/d", "redis_url": "redis://127.0.0.1:1/0"}
    first = Settings.for_demo(tmp_path / "new data", **urls)
    again = Settings.for_demo(tmp_path / "new data", **urls, port="8123")
    assert first.seal_keys.keys == again.seal_keys.keys
    assert again.public_url == "http://127.0.0.1:8123"
    assert stat.S_IMODE(os.stat(tmp_path / "new data" / "demo.json").st_mode) == 0o600
    assert stat.S_IMODE(os.stat(tmp_path / "new data").st_mode) == 0o700
    other = Settings.for_demo(tmp_path / "other", **urls)
    assert other.seal_keys.keys != first.seal_keys.keys


@pytest.mark.parametrize(
    "name", ["TOKEN_KEYS", "SEAL_KEYS", "LOOKUP_KEY", "LINK_KEY", "WECHAT_MP_SECRET"]
)
def test_production_refuses_demo_secrets(tmp_path: Path, name: str) -> None:
    Settings.for_demo(tmp_path, database_url="postgres://h/d", redis_url="redis://h")
    demo = json.loads((tmp_path / "demo.json").read_text("utf-8"))
    problems = problems_of({**PRODUCTION, name: demo[name.lower()]})
    assert list(problems) == [name]
    assert "演示" in problems[name]


def test_a_ring_accepts_url_safe_base64_without_padding() -> None:
    key = bytes(range(200, 232))
    text = base64.urlsafe_b64encode(key).decode().rstrip("=")
    assert decode_ring(f"k:{text}").active_key == key
