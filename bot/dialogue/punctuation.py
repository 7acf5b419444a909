"""Words of a person written back as Chinese is: what was understood has half-width signs."""

import re

_SIGNS = str.maketrans(",;:!?()", "，；：！？（）")
_AFTER_CHINESE = re.compile("(?<=[\u4e00-\u9fff”）。，])[,;:!?()]+(?![0-9]{2}(?![0-9]))")


def full_width(text: str) -> str:
    """Signs after a Chinese character as Chinese ones; those within numbers stay."""
    return _AFTER_CHINESE.sub(lambda found: found[0].translate(_SIGNS), text)
