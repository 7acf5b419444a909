"""What is said to stay as it is: 电话不改了, 不改地址了, 联系人先不换."""

import re

from bot.dialogue import menus
from bot.dialogue.filling import editing, overwriting
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.names import words_of
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.filling.sheets import TOPIC, look
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from config.texts.chat import chat

_NOT = "(?:不用|不要|不必|不需要|没必要|别|不|无需)(?:再|去)?(?:修改|更改|改动|变动|改|换|变|动)"
_LEFT = re.compile(
    "(?:那|还是|算了|嗯|好|这个|我的|我们的?){0,3}"
    f"(?:(?P<before>.{{0,12}}?)(?:就|先|还是|暂时|都|也|目前){{0,3}}{_NOT}"
    f"|(?:就|先|还是|暂时|目前){{0,2}}{_NOT}(?P<after>.{{1,10}}?))(?:了|吧|啦|哈|先|它){{0,2}}"
)
_ITSELF = frozenset({"", "这个", "这项", "这一项", "它"})


def kept(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """A field of the form that is named stays; what is asked goes on. None for anything else."""
    sheet = talk.sheet
    if sheet is None or question.topic != TOPIC or heard.kind is not Kind.TEXT:
        return None
    if menus.picked(question, heard) is not None or (what := left_alone(heard.text)) is None:
        return None
    form, edited = form_for(talk, sheet), bool(question.data.get("edit"))
    named = [f.key for f in form.fields if what in map(menus.bare, words_of(f))]
    itself = edited and what in _ITSELF
    if not (named or itself):
        return None
    told = chat("form.kept")
    asks = question.name == "field" and not edited
    if asks or question.name not in ("field", editing.WHICH, overwriting.OVERWRITE):
        return talk.to(misses=0).again(told).end()
    return look(talk.to(misses=0), sheet, "next", before=told)


def left_alone(text: str) -> str | None:
    """What a short text says is not to be changed: 电话不改了 → 电话; None where it says none."""
    if ASKING.search(text):
        return None
    found = _LEFT.fullmatch(menus.bare(text))
    return (found["before"] or found["after"] or "") if found else None
