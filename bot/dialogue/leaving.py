"""Words that leave a matter: 算了, 取消, 先不约了 … and a wish denied: 不撤回, 先不登记."""

import re

from bot.dialogue.commands import Command
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.filling.sheets import TOPIC as FORM
from bot.dialogue.menus import bare, only_offers
from bot.dialogue.state import Question

_LEAVES = re.compile(
    "(?:那|还是|先)?(?:算了){1,2}吧?|不用了?|不了|先不了?|不[弄搞管要看问查选办]了?|先不[弄搞办]了?|没事了?|没什么"
    "|(?:回头|改天|以后|下次)?再说吧?|取消吧|退出|关闭|还?没想好|(?:我|让我|我们)?再?(?:想想|考虑考虑|考虑一下)"
)
_COMMANDS = frozenset({Command.CANCEL, Command.PAUSE, Command.BACK, Command.SKIP})
_LEAD = "(?:那|那就|我们?|还是|就|今天|现在|目前|暂时|暂|先|都|也){0,4}"
_NOT = "(?:不(?:用|要|想|打算|准备|需要)?|别|没打算)(?:再|先|去|想|要){0,2}"
_DONE = "(?:了|吧|啦|哈|先|呢){0,3}"
_OF_FORMS = "报装|报|申请|登记|办理?|填写?"
_OF_MATTERS = (
    f"{_OF_FORMS}|撤回|撤销|撤|取消|预约|约|改|投诉|举报|评价|评|转人工|找人工|人工|关联|绑定"
    "|退出|清空|重来|重填"
)
_ENDING = "[^,，。;；?？!！]{0,6}?"


def leaves(text: str, command: Command | None) -> bool:
    """Whether words leave the matter in hand, whatever it is."""
    return command in _COMMANDS or _LEAVES.fullmatch(bare(text)) is not None


def may_be_left(question: Question) -> bool:
    """Whether a question is a matter's of its own, neither the form's nor a mere offer."""
    return question.topic != FORM and not only_offers(question)


def declines(text: str) -> bool:
    """Whether a wish is said not to be there: 不撤回, 先不登记, 我不投诉了."""
    return _denied(text, _OF_MATTERS)


def declines_form(text: str) -> bool:
    """Whether somebody does not want to fill in a form (any more)."""
    return _denied(text, _OF_FORMS)


def _denied(text: str, verbs: str) -> bool:
    words = text.strip(" 。.!！~,，")
    if len(words) > 16 or ASKING.search(words) or re.search("行不|可以|能", words):
        return False
    return re.fullmatch(f"{_LEAD}{_NOT}(?:{verbs}){_ENDING}{_DONE}", words) is not None
