"""How the text of one environment variable becomes a value; ValueErrors speak Chinese."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr

from config.keys import Keyring, decode_key, decode_ring

PLATFORM_LENGTH = 40
"""Characters of ``code@city`` at most."""

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})


def _scheme_of(text: str, allowed: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        raise ValueError("不是有效的地址") from None
    if parts.scheme not in allowed:
        raise ValueError("地址须以 " + " 或 ".join(f"{name}://" for name in allowed) + " 开头")
    if parts.scheme != "file" and not parts.hostname and "host=" not in parts.query:
        raise ValueError("地址里没有主机名")
    return text


def http_url(value: Any) -> Any:
    """An http(s) address without a trailing slash."""
    return _scheme_of(value.strip(), ("https", "http")).rstrip("/") if _is_text(value) else value


def postgres_url(value: Any) -> Any:
    """A PostgreSQL address with a database name."""
    if not _is_text(value):
        return value
    text = _scheme_of(value.strip(), ("postgres", "postgresql"))
    if not urlsplit(text).path.strip("/"):
        raise ValueError("地址里没有库名")
    return text


def redis_url(value: Any) -> Any:
    """A Redis or Valkey address."""
    return _scheme_of(value.strip(), ("redis", "rediss")) if _is_text(value) else value


def storage_url(value: Any) -> Any:
    """A folder (``file:///…`` or an absolute path) or an S3 bucket."""
    if not _is_text(value):
        return value
    text = value.strip()
    return Path(text).as_uri() if text.startswith("/") else _scheme_of(text, ("file", "s3"))


def folder(value: Any) -> Any:
    """A folder as an absolute path."""
    return Path(value).expanduser().absolute() if _is_text(value) else value


def _names(value: Any) -> Any:
    if not _is_text(value):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _ring(value: Any) -> Any:
    return decode_ring(value) if _is_text(value) else value


def _seal_ring(value: Any) -> Any:
    return decode_ring(value, exactly=32) if _is_text(value) else value


def _key(value: Any) -> Any:
    return decode_key(value) if _is_text(value) else value


def _platform_keys(value: Any) -> Any:
    if not _is_text(value):
        return value
    ring = dict(decode_ring(value).keys) if value.strip() else {}
    for platform in ring:
        name, at, city = platform.partition("@")
        if not (name and at and city):
            raise ValueError(f"{platform} 须写成 平台号@城市")
        if len(platform) > PLATFORM_LENGTH:
            raise ValueError(f"{platform} 太长，最多 {PLATFORM_LENGTH} 个字符")
    if len(set(ring.values())) != len(ring):
        raise ValueError("不同平台不得共用同一把密钥")
    return ring


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


Folder = Annotated[Path, BeforeValidator(folder)]
HttpUrl = Annotated[str, BeforeValidator(http_url)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Ring = Annotated[Keyring, BeforeValidator(_ring)]
SealRing = Annotated[Keyring, BeforeValidator(_seal_ring)]
Key = Annotated[bytes, BeforeValidator(_key), Field(repr=False)]
PlatformKeys = Annotated[dict[str, bytes], BeforeValidator(_platform_keys), Field(repr=False)]
AppId = Annotated[str, Field(pattern=r"^wx[0-9a-zA-Z]{16}$")]
Secret = Annotated[SecretStr, Field(min_length=16)]
TemplateId = Annotated[str, Field(pattern=r"^([0-9A-Za-z_-]{16,64})?$")]
"""Id of a message template; empty where there is none."""
OriginalId = Annotated[str, Field(pattern=r"^(gh_[0-9A-Za-z_-]{1,61})?$")]
"""Original id (原始 ID) of an account; empty where it is not given."""


def _matching(pattern_name: str, lengths: range) -> BeforeValidator:
    def check(value: Any) -> Any:
        if _is_text(value) and not (len(value) in lengths and value.isascii() and value.isalnum()):
            raise ValueError(pattern_name)
        return value

    return BeforeValidator(check)


CallbackToken = Annotated[SecretStr, _matching("须为 3–32 位字母或数字", range(3, 33))]
AesKey = Annotated[SecretStr, _matching("须为 43 位字母或数字", range(43, 44))]
