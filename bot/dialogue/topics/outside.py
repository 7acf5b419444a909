"""Whatever is none of our business: said kindly and shortly, with what we can do."""

from bot.dialogue import links
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics import unstated
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.offers import offer
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "outside"


def begin(talk: Talk, said: Understood) -> Step:
    """Never pretends to know; in the middle of something only a word: its question comes next."""
    if (asked := unstated.begin(talk, said)) is not None:
        return asked
    if talk.state.held is not None:
        in_form = talk.sheet is not None
        return talk.say(chat("outside.in_form" if in_form else "outside.in_between")).end()
    sheet = talk.state.sheet
    first = ("resume_draft",) if sheet is not None else ("apply",)
    page = links.draft(talk.facts, sheet.case) if sheet is not None else ()
    chips = (*first, "query_status", "ask_process")
    return offer(talk, chat("outside.not_ours"), chips, page).end()


OUTSIDE = Topic(name=NAME, begin={Intent.OUT_OF_SCOPE: begin})
