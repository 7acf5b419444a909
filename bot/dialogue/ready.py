"""Somebody is ready, or done with what was to be done: 好了, 弄好了, 可以了."""

import re

from bot.dialogue.menus import bare

_READY = re.compile(
    "(?:我|我们|这边|这下|那|现在|都|已经?){0,3}(?:填|弄|写|选|搞|准备|找)?(?:好|完|行|可以|搞定|ok)[了啦喽嘞]"
    "|好嘞|就这样|就这么多|ok"
)


def is_ready(text: str) -> bool:
    """Whether a whole message says no more than that."""
    return _READY.fullmatch(bare(text)) is not None
