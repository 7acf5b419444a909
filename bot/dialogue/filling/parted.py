"""Devices told in one breath, parted: what stands after a device and names none is about it.

灶台6个，热水锅炉1台，锅炉DN40 每小时30方: two devices; the boiler named again has the measures.
"""

import re

_COUNT = "(?:[0-9]{1,4}|[一二两三四五六七八九十]{1,3})(?:台|个|套|口|组|件|座|眼灶)"
DEVICE = re.compile("炉|灶|机|锅|器|窑|炊|烘|烤|蒸|空调|热水|燃烧|设备|装置|生产线|车间")
"""What devices are called."""
SURE = re.compile(
    "(?:炉|灶|灶具|灶台|热水器|锅|窑|烤箱|蒸[箱柜]|炊具|燃烧[器机]|烘干机|干燥机|发电机|空调)$"
)
"""How the name of a device ends that may be told by itself."""
_NAMED = (
    "[\u4e00-\u9fff]{0,6}(?:炉|灶|机|锅|器|窑|炊具|箱|柜|空调|燃烧头|生产线)(?:灶|具|台|子|头|组)?"
)
_TOLD = rf"(?:{_NAMED}(?:有|要|共|一共|大概)?{_COUNT}|{_COUNT}[^,，、;；。\s]{{0,8}}{_NAMED})"
_COUNTED = re.compile(rf"(?<![\u4e00-\u9fff0-9])(?={_TOLD})")
"""Where a device with its count begins."""
_MARKS = re.compile(
    rf"[\n,，、;；。]+|(?:另外|还有|以及|外加|再加)(?!什么|没)|[和及跟与](?={_TOLD})"
)
_NAME = re.compile(_NAMED)
_LEAD = re.compile(
    "^(?:我们?|厂里|还|有|要|用|装|是|的|那个?|这个?|其中|另外|每台?|每个|一台|打算|准备){1,6}"
)


_MOST = 40
"""Pieces of a text that are looked at."""


def devices(text: str) -> list[str]:
    """A text part by part, one device each, with all that is said of it."""
    made: list[str] = []
    for part in _parts(text)[:_MOST]:
        again = _named_again(made, part)
        if again is not None:
            at, rest = again
            made[at] = f"{made[at]},{rest}"
        elif made and not _begins(part):
            made[-1] = f"{made[-1]},{part}"
        else:
            made.append(part)
    return made


def _parts(text: str) -> list[str]:
    """Pieces between marks, and before each device told with its count."""
    pieces = (piece for part in _MARKS.split(text) for piece in _COUNTED.split(part))
    return [piece.strip() for piece in pieces if piece.strip()]


def _begins(part: str) -> bool:
    """Whether a piece names a device of its own."""
    return _COUNTED.search(part) is not None or _NAME.match(_LEAD.sub("", part)) is not None


def _named_again(made: list[str], part: str) -> tuple[int, str] | None:
    """The device told before that a piece without a count names once more, and the rest of it."""
    if _COUNTED.search(part):
        return None
    found = _NAME.match(_LEAD.sub("", part))
    if found is None:
        return None
    for at in reversed(range(len(made))):
        if found[0] in made[at]:
            return at, part.replace(found[0], "", 1)
    return None
