"""What is said not to be wanted, or not to be there: 气不要了, 没有项目代码."""

import re

from bot.dialogue.filling.fits import mention
from bot.dialogue.filling.kinds import unnamed
from bot.dialogue.filling.names import words_of
from config.cities import City, FieldType, Utility
from config.texts import table
from rules.forms import Form

_REMOVED = re.compile(
    r"(?:去掉|取消|删掉|删除|去除|不要|不装|不办|不报|不接|减掉)(?P<after>[^,;。]{1,8})"
    r"|(?P<before>[^,;。]{1,8}?)(?:先|就|都|也){0,3}"
    r"(?:不要|不用|不装|不办|不报|不接|去掉|取消|删掉|删了|不需要)(?:了|啦|吧|掉){0,3}(?:$|[,;。])"
)
_NOTHING = re.compile(
    "(?:暂时|目前|我们)?(?:没有|还没有|没|无|不要|不需要|不用)(?:这个|什么)?"
    "(?P<what>[^,;。!]{2,10}?)(?:了|啊|呢)?"
)
_NOTHING_OF = re.compile(
    "(?P<what>[^,;。!]{2,10}?)(?:暂时|先)?(?:没有|不要|不需要|不用|不填|无)(?:了|啊|呢)?"
)


_CLAUSE = re.compile(r"[,;。!\n]|\s+(?=暂时|先|不要|不用|不需要|没有|无)")
_SAID = re.compile(
    "不要|不用|不装|不办|不报|不接|去掉|取消|删掉|删了|删除|不需要|减掉|先|就|都|也|了|掉|啦|吧|报装|业务|那项|那个|把|项"
)


def is_removal(text: str) -> bool:
    """Whether a message says nothing but that utilities are not wanted: 天然气不要了."""
    return _SAID.search(text) is not None and not _SAID.sub("", unnamed(text)).strip(" ,.。;!")


def removed(form: Form, city: City, text: str) -> set[str]:
    """Utilities a clause says are not wanted: 气不要了, 去掉宽带."""
    found: set[str] = set()
    asked = [field for field in form.fields if field.type is FieldType.BOOL]
    for match in _REMOVED.finditer(text):
        words = match["after"] or match["before"]
        if all(mention(field, match[0]) is None for field in asked):
            found |= {code for code, each in city.utilities.items() if _named(each, words)}
    return found


def _named(utility: Utility, words: str) -> bool:
    """Whether a few words name a utility."""
    known = table("heard")["utilities"].get(utility.code, ())
    return any(word in words for word in (utility.label, utility.use, utility.short, *known))


def denied(form: Form, text: str) -> tuple[str, ...]:
    """Optional fields said to have nothing in them: 没有项目代码, 备供不要."""
    clauses = [clause.strip() for clause in _CLAUSE.split(text)]
    matches = [_NOTHING.fullmatch(clause) or _NOTHING_OF.fullmatch(clause) for clause in clauses]
    found = {match["what"] for match in matches if match}
    return tuple(
        field.key
        for field in form.fields
        if field.type is not FieldType.BOOL
        and not field.required
        and not found.isdisjoint(words_of(field))
    )
