"""Template values cut to the rule of their key before they are sent.

The platform refuses a whole message (47003) for one value too long or of the wrong kind, and a
notice that says a little less is better than none. What cannot be repaired is refused here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from wechat.errors import ValueRefused

_MISSING = "无"
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_FAMILY = re.compile(r"^([a-z_]+?)[0-9]{1,4}$")
_DATE = r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_TIME = re.compile(rf"^(?:{_DATE} ?)?{_CLOCK}(?:~(?:{_DATE} ?)?{_CLOCK})?$")
_DAY = re.compile(rf"^{_DATE}(?: {_CLOCK})?(?:~{_DATE}(?: {_CLOCK})?)?$")
_AMOUNT = re.compile(r"^[¥￥$€£]?[0-9]{1,10}(?:\.[0-9]{1,2})?元?$")
_NUMBER = re.compile(r"^-?[0-9]{1,32}(?:\.[0-9]{1,31})?$")
_PHONE = re.compile(r"^[0-9+()\- ]{1,17}$")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _thing(text: str) -> str:
    return _cut(text, 20) or _MISSING


def _name(text: str) -> str:
    return text[: 10 if _CHINESE.search(text) else 20].strip() or _MISSING


def _phrase(text: str) -> str:
    return "".join(_CHINESE.findall(text))[:5] or _MISSING


def _character_string(text: str) -> str:
    ascii_forms = unicodedata.normalize("NFKC", text)
    return _UNPRINTABLE.sub("", ascii_forms).strip()[:32].strip()


def _letter(text: str) -> str:
    return re.sub(r"[^A-Za-z]", "", text)[:32]


def _symbol(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each)[0] in "PS")[:5]


def _car_number(text: str) -> str:
    fits = re.match(r"[\u3400-\u9fff]?[0-9A-Za-z]{1,7}[\u3400-\u9fff]?", text)
    return fits.group(0)[:8] if fits else ""


def _as_is(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: text if pattern.match(text) and len(text) <= 64 else ""


_RULES: dict[str, Callable[[str], str]] = {
    "thing": _thing,
    "short_thing": lambda text: _cut(text, 20) or _MISSING,
    "name": _name,
    "phrase": _phrase,
    "character_string": _character_string,
    "letter": _letter,
    "symbol": _symbol,
    "car_number": _car_number,
    "number": _as_is(_NUMBER),
    "time": _as_is(_TIME),
    "date": _as_is(_DAY),
    "amount": _as_is(_AMOUNT),
    "phone_number": _as_is(_PHONE),
    "const": lambda text: text,
    "enum": lambda text: text,
}


def fit(key: str, value: str) -> str:
    """The value as ``key`` (``thing1``, ``time2`` …) allows it. Raises ValueRefused."""
    family = _FAMILY.match(key)
    rule = _RULES.get(family.group(1)) if family else None
    fitted = rule(_BREAKS.sub(" ", value).strip()) if rule else ""
    if not fitted:
        raise ValueRefused(errmsg=f"data.{key}.value cannot be made to fit")
    return fitted


def fit_all(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Template data as the platform wants it: ``{"thing1": {"value": "…"}}``."""
    return {key: {"value": fit(key, value)} for key, value in data.items()}
