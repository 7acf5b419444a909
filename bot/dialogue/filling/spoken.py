"""Digits as they are dictated: 幺三九零零零零六零零一 is a number to ring."""

import re
from dataclasses import replace

from bot.understanding.types import Understood

_DIGITS = dict(zip("零〇一幺二两三四五六七八九洞拐勾", "0011223456789079", strict=True))
_SPOKEN = "".join(_DIGITS)
_RUN = re.compile(f"[{_SPOKEN}0-9A-Za-z](?:[ -]?[{_SPOKEN}0-9A-Za-z]){{6,39}}")
_LEAST = 5
"""Fewer dictated digits than this may be words: 一五一十."""


def written(said: Understood) -> Understood:
    """The utterance with dictated digits as digits; what holds none as it is."""
    text = _RUN.sub(_run, said.text)
    return said if text == said.text else replace(said, text=text)


def _run(match: re.Match[str]) -> str:
    told = sum(char in _DIGITS for char in match[0])
    if told < _LEAST:
        return match[0]
    return "".join(_DIGITS.get(char, char) for char in match[0]).replace(" ", "")
