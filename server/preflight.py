"""What is wrong with settings that are each fine: seen before anything starts, all at once."""

from collections.abc import Iterator

from config.cities import CITIES, CityBook, CityProblems
from config.settings import Settings
from server.clock import open_clock
from server.faults import StartRefused
from storage.address import StorageAddressInvalid, open_store
from storage.errors import StorageUnavailable
from storage.seal import Seal, SealKeysInvalid


def problems(settings: Settings) -> Iterator[str]:
    """One line in words for each: name of the setting, what is wrong. Faulty city files are
    told elsewhere (``check_cities``)."""
    yield from _cities(settings)
    try:
        Seal(settings.seal_keys.keys, settings.seal_keys.active, settings.lookup_key)
    except SealKeysInvalid as invalid:
        yield f"SEAL_KEYS、LOOKUP_KEY：{invalid}"
    yield from _link_key(settings)
    try:
        open_clock(settings.data_dir, demo=settings.demo)
    except StartRefused as refused:
        yield f"DATA_DIR：{refused}"
    try:
        open_store(settings.storage_url)
    except StorageAddressInvalid as invalid:
        yield f"STORAGE_URL：{invalid}"
    except StorageUnavailable:
        yield "STORAGE_URL：附件存放处不可写，请检查路径、权限与磁盘空间"


def _link_key(settings: Settings) -> Iterator[str]:
    """A link opens files to whoever holds it: its key signs nothing else."""
    others = {
        "TOKEN_KEYS": settings.token_keys.keys.values(),
        "SEAL_KEYS": settings.seal_keys.keys.values(),
        "LOOKUP_KEY": (settings.lookup_key,),
        "INTEGRATION_KEYS": settings.integration_keys.values(),
    }
    for name, keys in others.items():
        if settings.link_key in keys:
            yield f"LINK_KEY：与 {name} 用了同一把密钥，请另生成一把"


def _cities(settings: Settings) -> Iterator[str]:
    try:
        known = CityBook.load(CITIES).codes()
    except CityProblems:
        return
    for code in settings.cities:
        if code not in known:
            yield f"CITIES：没有城市 {code}（现有 {'、'.join(known)}）"
    for platform in settings.integration_keys:
        if platform.partition("@")[2] not in known:
            yield f"INTEGRATION_KEYS：{platform} 的城市不存在（现有 {'、'.join(known)}）"


def require(settings: Settings) -> None:
    """Raises StartRefused naming every problem."""
    if found := list(problems(settings)):
        raise StartRefused("\n".join(["设置有误，未启动：", *(f"  - {p}" for p in found)]))
