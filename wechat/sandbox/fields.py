"""The rules of template values, as the platform judges them (47003 names the field)."""

import re
import unicodedata

from wechat.sandbox.refusal import Refusal

_FAMILY = re.compile(r"^([a-z]+(?:_[a-z]+)*)[0-9]+$")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_DAY = r"[0-9]{4}年(?:1[0-2]|0?[1-9])月(?:3[01]|[12][0-9]|0?[1-9])日"
_CLOCK = r"(?:2[0-3]|[01]?[0-9]):[0-5][0-9](?::[0-5][0-9])?"
_TIME = rf"(?:{_DAY} ?)?{_CLOCK}"
_DATE = rf"{_DAY}(?: ?{_CLOCK})?"
_PATTERNS = {
    "number": r"[0-9]{1,32}|(?=.{1,32}$)[0-9]+\.[0-9]+",
    "letter": r"[A-Za-z]{1,32}",
    "character_string": r"[\x21-\x7e ]{1,32}",
    "time": rf"{_TIME}(?:~{_TIME})?",
    "date": rf"{_DATE}(?:~{_DATE})?",
    "amount": r"[¥￥$€£]?[0-9]{1,10}(?:\.[0-9]+)?元?",
    "phone_number": r"[0-9+()\- ]{1,17}",
    "car_number": r"[\u3400-\u9fff]?[0-9A-Za-z]{1,7}[\u3400-\u9fff]?",
    "phrase": r"[\u3400-\u9fff]{1,5}",
    "thing": r".{1,20}",
    "short_thing": r".{1,20}",
    "const": r".{1,20}",
    "enum": r".{1,20}",
}
_COMPILED = {family: re.compile(pattern) for family, pattern in _PATTERNS.items()}


def judge(data: object, keys: list[str]) -> None:
    """Template data against its keys. Refuses 47003 naming the first field at fault."""
    if not isinstance(data, dict):
        raise Refusal(47003, "argument invalid! data is empty")
    for key in keys or data:
        entry = data.get(key)
        value = entry.get("value") if isinstance(entry, dict) else None
        if not isinstance(value, str) or not value:
            raise Refusal(47003, f"argument invalid! data.{key}.value is empty")
        if not _fits(key, value):
            raise Refusal(47003, f"argument invalid! data.{key}.value is invalid")


def _fits(key: str, value: str) -> bool:
    family = _FAMILY.match(key)
    if family is None:
        return False
    if family.group(1) == "name":
        return len(value) <= (10 if _HAN.search(value) else 20)
    if family.group(1) == "symbol":
        return len(value) <= 5 and all(unicodedata.category(each)[0] in "PS" for each in value)
    pattern = _COMPILED.get(family.group(1))
    return pattern is not None and pattern.fullmatch(value) is not None
