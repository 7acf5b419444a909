"""Messages about nothing but which utilities are wanted: 气也一起办了, 电先不弄了, 只要电."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.dialogue.filling.clearing import cleared
from bot.dialogue.filling.memo import per_form
from bot.dialogue.filling.shapes import ASKING, FILLER
from config.texts import table
from rules.forms import Form

FIELD = "utilities"
_LONGEST = 30
_CLAUSE = re.compile(r"[,;。!\n、\s]+|(?=只[要办报装接留用])")
_ONLY = re.compile("(?:只|光|仅|单)(?:要|办|报|装|接|留|用|需|弄|搞)?")
_INTO = re.compile("换成|改成|换为|改为|换|改")
_KEPT = re.compile("(?:别|不要|不能|没)(?:再)?(?:漏|忘|落|少)")
_OFF = re.compile("不|别|去掉|去了|取消|删|划掉|免了|算了|退掉|拿掉|撤掉|撤了|减掉")
_ON = re.compile(
    "也|还|再|补|加|添|追|来一?[个份]|漏|忘|落了|少了|[没未](?=[报填选写勾])|一起|一并|一块|一道|顺便|顺带"
    "|带上|算上|报上|勾上|另外"
)
_BESIDE = re.compile(
    "不好意思|对了|麻烦|刚才|刚刚|前面|上面|现在|目前|暂时|决定|考虑|打算|同时|以及|还有|全部|就行|就好|即可|行了"
    "|报装|报|办理|办|安装|装|接入|接|开通|开|申请|弄|搞|业务|项目|项|内容|服务|需|不|别|[没未](?=[报填选写勾])|勾选|勾|选|写|想|能|给|帮|把|将"
    "|和|跟|与|及|掉|删|去|取消|划|免|算|退|拿|撤|减|换成|改成|换为|改为|换|改|成|只|光|仅|单|留|也|还|再|补|加"
    "|添|追|忘记|忘|漏|落|少|一起|一并|一块儿?|一道|顺便|顺带|带|勾|另外|进|刚|暂|上|下|都|全|份|条|样|一|两|儿|记|得|哦|哎|吖"
)
_QUESTION = re.compile("[?？]|吗|呢|怎么|多少|什么|哪|为什么|谁")


@dataclass
class Ticking:
    """``on`` and ``off``: utilities wanted, and not wanted (any more); ``only``: no other is."""

    on: set[str] = field(default_factory=set)
    off: set[str] = field(default_factory=set)
    only: bool = False


def ticking(form: Form, text: str) -> Ticking | None:
    """What a message wants ticked or not; None where it says anything else, or asks."""
    if len(text) > _LONGEST or _QUESTION.search(text) or ASKING.search(text):
        return None
    if cleared(form, text):
        return None
    pattern = _pattern(form)
    rest = _BESIDE.sub("", FILLER.sub("", pattern.sub("", text)))
    if pattern.search(text) is None or FILLER.sub("", rest):
        return None
    found, last = Ticking(), set[str]()
    for clause in filter(None, _CLAUSE.split(text)):
        last = _clause(clause, list(_named(pattern, clause)), last, found)
    found.off -= found.on if found.only else set()
    return found if found.on or found.off else None


def _clause(clause: str, named: list[tuple[int, str]], last: set[str], found: Ticking) -> set[str]:
    """What one clause says; a clause without a name is about those named before it."""
    codes = {code for _, code in named}
    into = _INTO.search(clause)
    if into and named:
        found.off |= {code for at, code in named if at < into.start()}
        found.on |= {code for at, code in named if at > into.start()}
    elif named and _ONLY.match(clause.lstrip("我们就还是那")):
        found.only = True
        found.on |= codes
    elif not _KEPT.search(clause) and _OFF.search(clause):
        found.off |= codes or last
    elif _ON.search(clause) or _KEPT.search(clause):
        found.on |= codes or last
    return codes or last


def _named(pattern: re.Pattern[str], clause: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(clause):
        yield match.start(), str(match.lastgroup)


@per_form
def _pattern(form: Form) -> re.Pattern[str]:
    """Every utility by its names, those of the form's options first."""
    heard = table("heard")
    words: dict[str, list[str]] = {}
    asked = form.by_key.get(FIELD)
    for option in asked.options if asked else ():
        named = (option.label, *option.aliases)
        words[option.code] = [re.escape(word) for word in named if len(word) > 1]
    for code, more in heard["spoken_of"].items():
        words.setdefault(code, []).append(more)
    for code, named in heard["utilities"].items():
        words[code] = [*map(re.escape, named), *words[code]]
    longest = {code: sorted(each, key=len, reverse=True) for code, each in words.items()}
    return re.compile("|".join(f"(?P<{code}>{'|'.join(each)})" for code, each in longest.items()))
