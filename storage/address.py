"""``STORAGE_URL`` → a store. Credentials of S3 come from the environment (``AWS_…``)."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from obstore.store import LocalStore, S3Store

from storage.errors import StorageUnavailable
from storage.store import Store

S3_PARAMETERS = frozenset({"endpoint", "region"})
RETRIES = 2
TIMEOUT = timedelta(seconds=30)
CONNECT_TIMEOUT = timedelta(seconds=5)


class StorageAddressInvalid(ValueError):
    """``STORAGE_URL`` cannot be used; the message is Chinese and says why."""


def open_store(url: str) -> Store:
    """A folder (``/path`` or ``file:///path``) or ``s3://bucket/prefix?endpoint=…&region=…``.

    A folder is created, for its owner only. Raises StorageAddressInvalid, StorageUnavailable.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return Store(_s3(url))
    if parts.scheme not in ("", "file"):
        raise StorageAddressInvalid(
            f"附件存放处的地址须以 file:// 或 s3:// 开头，现为 {parts.scheme}://"
        )
    if parts.netloc not in ("", "localhost"):
        raise StorageAddressInvalid("附件存放处的文件夹须写成 file:///文件夹，三个斜杠")
    root = Path(unquote(parts.path)) if parts.scheme else Path(url)
    if not root.is_absolute():
        raise StorageAddressInvalid("附件存放处须是绝对路径")
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable.because(error) from error
    return Store(LocalStore(root), root)


def _s3(url: str) -> S3Store:
    parts = urlsplit(url)
    given = parse_qs(parts.query, keep_blank_values=True)
    if unknown := sorted(set(given) - S3_PARAMETERS):
        raise StorageAddressInvalid(f"附件存放处的地址里有不认识的参数：{'、'.join(unknown)}")
    if parts.username or parts.password:
        raise StorageAddressInvalid("S3 的密钥从环境变量读取，不写在地址里")
    if not parts.hostname:
        raise StorageAddressInvalid("附件存放处的地址里没有桶名")
    config = {name: values[-1] for name, values in given.items()}
    endpoint = config.get("endpoint", "")
    if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
        raise StorageAddressInvalid("S3 的 endpoint 须以 http:// 或 https:// 开头")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config={
            "region": config.get("region") or "us-east-1",
            "disable_bulk_delete": True,  # many S3-compatible stores do not know it
            **({"endpoint": endpoint} if endpoint else {}),
        },
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "timeout": TIMEOUT,
            "connect_timeout": CONNECT_TIMEOUT,
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": TIMEOUT},
    )
