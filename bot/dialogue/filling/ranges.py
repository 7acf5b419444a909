"""Ranges where one number is asked for: 二三十吨, 20-30吨, 二十到三十."""

import re

from config.cities import plain
from rules.forms.numerals import numbers

_NUMERAL = r"(?:[0-9]{1,9}(?:\.[0-9]{1,4})?|[零一二两三四五六七八九十百千]{1,8})"
_BETWEEN = re.compile(
    rf"(?<![0-9-])(?!0[0-9])(?P<low>{_NUMERAL})[^0-9,;。]{{0,3}}?(?:-|~|到|至|或者?)(?P<high>{_NUMERAL})(?![0-9-])"
)
_NEXT = dict(zip("一二三四五六七八", "二三四五六七八九", strict=True))
_ABOUT = re.compile("(?P<low>[一二三四五六七八])(?P<high>[二三四五六七八九])(?P<unit>[十百千万])")


def between(text: str) -> tuple[str, ...]:
    """The two ends of a range, as plain numbers; empty where one number, or none, is told."""
    about = _ABOUT.search(text)
    if about is not None and _NEXT[about["low"]] == about["high"]:
        ends = [f"{about[name]}{about['unit']}" for name in ("low", "high")]
    elif found := _BETWEEN.search(text):
        ends = [found["low"], found["high"]]
    else:
        return ()
    told = [numbers(each) for each in ends]
    if any(len(each) != 1 for each in told) or told[0][0] >= told[1][0]:
        return ()
    return tuple(plain(each[0]) for each in told)
