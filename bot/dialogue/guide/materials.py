"""Which documents are asked, one by one, and what is not on the list."""

import re

from bot.dialogue.guide.cited import Asked, Cited, cited, of_guide, unstated
from config.cities import City, Document
from config.texts import table
from config.texts.chat import chat

_GAPS = re.compile("容缺|少一样|缺一样|少一份|缺材料|材料不齐|不齐|[后再]补|先受理|先办")
_FORMAT = re.compile("照片|图片|pdf|PDF|扫描|微信[^,。]{0,4}发|发给你|怎么传|上传|格式")
_COPIES = re.compile("原件|复印件|几份|盖章|公章|签字|份数")
_UNLISTED = re.compile(
    "身份证|规划许可证|施工许可证|立项|备案证|平面图|图纸|[cC][aA][dD]|介绍信|开户许可|环评|消防|户口"
)
_INSTEAD = re.compile("代替|替代|顶一?下?行|顶行|补办|没下来|丢了|遗失|换成|行不行|可不可以")
_AGAIN = re.compile("再交一遍|重新交|还得[^,。]{0,4}交|交过|又要交|重复")


def materials(asked: Asked) -> tuple[Cited, ...]:
    """What was asked about first, then the city's whole list."""
    city, text = asked.city, asked.text
    whole = of_guide(city.guide["materials"])
    if not city.documents:
        copies = unstated(city, chat("guide.copies")) if _COPIES.search(text) else ()
        return (*whole, *copies)
    listed = city.guide["materials"][0]
    lines = [cited(_one(each), listed) for each in named(city, text)]
    if found := _UNLISTED.search(text):
        lines.append(cited(chat("guide.not_listed", name=found[0]), listed))
    if _GAPS.search(text):
        lines.append(cited(chat("guide.gaps" if city.gaps_allowed else "guide.no_gaps"), listed))
    if _AGAIN.search(text):
        lines.append(Cited(chat("guide.once"), ours=True))
    if _INSTEAD.search(text):
        lines += unstated(city, chat("guide.instead"))
    if _FORMAT.search(text):
        lines.append(Cited(chat("guide.formats"), ours=True))
    if _COPIES.search(text):
        lines += unstated(city, chat("guide.copies"))
    return tuple(lines) if named(city, text) or _GAPS.search(text) else (*lines, *whole)


def named(city: City, text: str) -> list[Document]:
    """Documents of the city's list a text speaks of: by label, or by what people call them."""
    called = table("chat_topics")["documents"]
    return [
        each
        for each in city.documents
        if each.label in text or any(word in text for word in called.get(each.code, ()))
    ]


def _one(document: Document) -> str:
    code = "guide.document" if document.required else "guide.document_free"
    code = "guide.document_when" if document.condition else code
    return chat(code, name=document.label, when=document.condition or "")
