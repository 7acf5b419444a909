"""Key rings as written in the environment: ``kid:base64,kid:base64``, the first one active."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

DEMO_MARK = b"DEMO-ONLY\0"
"""Every demo key starts with these bytes, so that production can refuse it by sight."""
DEMO_WORD = "demo-"
"""Every demo secret that is text starts with this."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Rotating keys by id. New values use ``active``; older ids are kept to read old values."""

    active: str
    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        """Never shows the keys themselves."""
        return f"Keyring(active={self.active!r}, kids={sorted(self.keys)})"

    @property
    def active_key(self) -> bytes:
        """The key new values are made with."""
        return self.keys[self.active]

    @property
    def is_demo(self) -> bool:
        """Whether any key of the ring is a demo one."""
        return any(is_demo_key(key) for key in self.keys.values())


def is_demo_key(key: bytes) -> bool:
    """Whether ``key`` was made for a demo data folder."""
    return key.startswith(DEMO_MARK)


def decode_key(text: str, *, at_least: int = 32, exactly: int | None = None) -> bytes:
    """Base64 (plain or URL-safe, padding optional) to bytes; ValueError in Chinese when wrong."""
    plain = text.strip().replace("-", "+").replace("_", "/").rstrip("=")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("不是有效的 base64") from None
    if exactly is not None and len(key) != exactly:
        raise ValueError(f"密钥须为 {exactly} 字节，现为 {len(key)} 字节")
    if len(key) < at_least:
        raise ValueError(f"密钥至少 {at_least} 字节，现为 {len(key)} 字节")
    return key


def decode_ring(text: str, *, exactly: int | None = None) -> Keyring:
    """``kid:base64,kid:base64`` to a ring; ValueError in Chinese naming the entry at fault."""
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        kid, colon, encoded = entry.partition(":")
        if not colon or not kid:
            raise ValueError("须写成 kid:base64，多把密钥用英文逗号分隔，第一把为现用")
        if kid in keys:
            raise ValueError(f"密钥编号 {kid} 重复")
        try:
            keys[kid] = decode_key(encoded, exactly=exactly)
        except ValueError as fault:
            raise ValueError(f"密钥 {kid}：{fault}") from None
    if not keys:
        raise ValueError("至少要有一把密钥")
    return Keyring(active=next(iter(keys)), keys=keys)


def encode_ring(ring: Mapping[str, bytes]) -> str:
    """The inverse of :func:`decode_ring`; the first key of the mapping is the active one."""
    return ",".join(f"{kid}:{base64.b64encode(key).decode()}" for kid, key in ring.items())
