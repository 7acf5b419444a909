"""What one form knows is taken over into another, so that nothing known is asked twice; it is
told, and stands in the summary to be confirmed.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from bot.dialogue.filling.drafts import Draft
from bot.dialogue.state import Sheet
from config.texts.chat import chat
from rules.forms import Form

_OF_PEOPLE = ("enterprise.", "contact.")
"""Fields that hold for every form of a person; the others belong to one place and its works."""
_LONGEST = 24
_LEAD = (
    "(?:你好|我们?|还|想|要|帮我|帮|请问?|能不能|可不可以|可以|能|那|再|就|先|麻烦|给|替|为|现在|有"
    "|另外){0,6}"
)
_END = "(?:吧|吗|呢|了|啊|行吗|行不行|可以吗|怎么弄|怎么办){0,2}"
_FORMS = "(?:联合)?(?:报装)?(?:申请表?|表格?|草稿|单子)"
_OTHER_FIRM = (
    "(?:另外?|别的?|其他|其它)的?[一几两]?[家个]?(?:分公司|子公司|公司|单位|企业|工厂|厂|项目)"
)
_DOES = "(?:报装|报|办理?|申请|开|填|弄)"
_ONE_MORE = re.compile(
    f"{_LEAD}(?:"
    f"(?:另外?|重新?|再|新){{1,2}}(?:开|建|填|报|起|弄|办|申请|来|做|写|提交)(?:一?[份张]|一个新的|个新的)(?:新的)?(?:{_FORMS}|报装)?"
    f"|(?:新建|新开|新增|另开|另建|重开)(?:一?[份个张])?(?:新的?)?(?:{_FORMS}|报装)?"
    f"|{_OTHER_FIRM}[^,，。;；]{{0,4}}{_DOES}[^,，。;；]{{0,6}}"
    f"){_END}"
)
_FIRM = re.compile(_OTHER_FIRM)
_WRONG = "(?:改|换|转|[填弄选搞走开点]错|要的是|要填的?是|应该|其实|不是|不要|不填|直接|先不|算了)"
_TO_B = re.compile(f"{_WRONG}.*?(?:正式|申请表|(?:报装|联合|用[水电气])申请|申请报装|联合报装)")
_TO_A = re.compile(f"{_WRONG}.*?(?:意向|登记|采集单|信息采集)")


def one_more(text: str) -> bool:
    """Whether a whole message asks for a further form: 新建一个申请, 另一家公司也要报装."""
    words = text.strip(" 。.!！~?？")
    return len(words) <= _LONGEST and _ONE_MORE.fullmatch(words) is not None


def other_firm(text: str) -> bool:
    """Whether it is to be another enterprise's."""
    return _FIRM.search(text) is not None


def instead(text: str, sheet: Sheet) -> Literal["A", "B"] | None:
    """The form that is wanted in place of the one in hand: 填错表了，我要的是申请表."""
    if len(text) > _LONGEST:
        return None
    if sheet.form == "A" and _TO_B.search(text):
        return "B"
    return "A" if sheet.form == "B" and _TO_A.search(text) and "申请表" not in text else None


def of_people(values: Mapping[str, Any]) -> dict[str, Any]:
    """The part that holds for another place too."""
    return {key: value for key, value in values.items() if key.startswith(_OF_PEOPLE)}


def fitting(form: Form, values: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """What a form can take over: its own fields that it does not hold yet."""
    return {
        field.key: values[field.key]
        for field in form.fields
        if values.get(field.key) is not None and held.get(field.key) is None
    }


def told(form: Form, keys: Mapping[str, Any] | list[str]) -> str:
    """已经带过来：申请单位、信用代码…; empty for nothing."""
    labels = "、".join(field.label for field in form.fields if field.key in keys)
    return chat("apply.carried", labels=labels) if labels else ""


def of_firm(draft: Draft) -> dict[str, Any]:
    """Fields of the enterprise a draft holds, to be taken out where it is another one's."""
    return {key: None for key in draft.values if key.startswith("enterprise.")}
