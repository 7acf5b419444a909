"""What people say to keep a talk going, and asking for a person."""

from bot.dialogue import cities, emergencies, links, menus
from bot.dialogue.filling.sheets import look
from bot.dialogue.heard import Heard
from bot.dialogue.state import Question
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.dialogue.yes_no import yes_or_no
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat

NAME = "talk"
STARTS = (
    ("apply", "choices.apply"),
    ("query_status", "choices.status"),
    ("ask_materials", "choices.materials"),
    ("ask_process", "choices.process"),
    ("human_agent", "choices.human"),
)
"""What is offered to whoever does not know what there is."""


def offered(resume: bool) -> tuple[tuple[str, str], ...]:
    """Choices to begin with; a form that was left first."""
    first = ((f"{menus.START}resume_draft", chat("choices.resume")),) if resume else ()
    return (*first, *((menus.START + intent, chat(label)) for intent, label in STARTS))


def greet(talk: Talk, said: Understood) -> Step:
    """In the middle of a form only a word; else what there is."""
    if talk.state.held is not None or talk.sheet is not None:
        return talk.say(chat("talk.hello_again")).end()
    return _start(talk, "talk.hello")


def followed(talk: Talk) -> Step:
    """Whoever follows the account is told what it can do; a form that was left is not lost."""
    if talk.sheet is not None:
        return talk.again(chat("talk.welcome_back")).end()
    said = Understood("", Intent.GREET, 1.0)
    talk = cities.settle(talk, said)
    if talk.state.city is None:
        return cities.ask(talk.settled(), said, chat("talk.welcome"))
    return _start(talk, "talk.welcome")


def city_known(talk: Talk) -> Step:
    """A city is named and nothing else: it is remembered."""
    return _start(talk, "talk.city", city=talk.city().name)


def _start(talk: Talk, code: str, **data: str) -> Step:
    resume = talk.state.sheet is not None
    return talk.settled().ask(NAME, "start", chat(code, **data), offered(resume)).end()


def help_(talk: Talk, said: Understood) -> Step:
    """What can be done: here in the form, or at all."""
    sheet = talk.sheet
    if sheet is not None:
        return talk.say(chat("talk.help_form"), links.draft(talk.facts, sheet.case)).end()
    return _start(talk, "talk.help")


def thanks(talk: Talk, said: Understood) -> Step:
    """不客气."""
    return talk.say(chat("talk.thanks")).end()


def goodbye(talk: Talk, said: Understood) -> Step:
    """A form that is under way is kept; nothing is asked any more until the person is back."""
    if talk.state.sheet is not None:
        code = "talk.bye_a" if talk.state.sheet.case is None else "talk.bye_form"
        return talk.to(asked=talk.state.held, held=None).say(chat(code)).end()
    return talk.say(chat("talk.bye")).end()


def affirm(talk: Talk, said: Understood) -> Step:
    """A yes to nothing."""
    return _idle(talk)


def deny(talk: Talk, said: Understood) -> Step:
    """A no to nothing."""
    return _idle(talk)


def _idle(talk: Talk) -> Step:
    if talk.state.held is not None:
        return talk.say(chat("talk.not_sure")).end()
    sheet = talk.sheet
    if sheet is not None:
        return look(talk, sheet, "next")
    return _start(talk, "talk.what_else")


def start(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """What is offered begins by itself (``do:…``); anything else is heard as it is."""
    return None


def human(talk: Talk, said: Understood | None = None) -> Step:
    """Hand the talk to a person; the form stays where it is."""
    code = "human.draft_kept" if talk.state.sheet is not None else "human.handed"
    back = talk.state.held or talk.state.asked
    return talk.to(asked=back, held=None, misses=0).hand_over(chat(code)).end()


def offer_human(talk: Talk, before: str) -> Step:
    """After two misunderstandings: a person?"""
    lines = (("yes", chat("choices.human")), ("no", chat("choices.try_again")))
    talk = talk.aside()
    text = chat("human.offer")
    return talk.ask(NAME, "human", text, lines, before=before, passing=True).end()


def answer_human(talk: Talk, question: Question, heard: Heard) -> Step | None:
    """Yes hands over; no asks again what was asked."""
    told = yes_or_no(question, heard)
    if told is None:
        return None
    if told:
        return human(talk.to(asked=None))
    talk = talk.to(asked=None, misses=0)
    return (
        talk.say(chat("human.go_on")).end() if talk.state.held else _start(talk, "talk.what_else")
    )


def fault(talk: Talk, said: Understood) -> Step:
    """Asked for by a choice: words of it are answered before anything else."""
    told = emergencies.fault(said, talk.facts, talk.state.city)
    return talk.say(told.text).end()


TALKING = Topic(
    name=NAME,
    begin={
        Intent.GREET: greet,
        Intent.THANKS: thanks,
        Intent.GOODBYE: goodbye,
        Intent.AFFIRM: affirm,
        Intent.DENY: deny,
        Intent.HELP: help_,
        Intent.HUMAN_AGENT: human,
        Intent.REPORT_FAULT: fault,
    },
    keys={"menu:person": human},
    answers={"start": start, "human": answer_human},
)
