"""Bills, meters and payment: no matter of ours, so who is to be asked."""

from bot.dialogue import cities
from bot.dialogue.guide import unstated
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.base import Topic
from bot.dialogue.topics.offers import offer
from bot.dialogue.uses import use_of
from bot.understanding.types import Intent, Understood
from config.cities import City
from config.texts.chat import chat

NAME = "bills"


def begin(talk: Talk, said: Understood) -> Step:
    """Numbers of the utilities named, as far as the city's file states any; nothing is asked."""
    talk = cities.settle(talk, said)
    codes = talk.facts.cities.codes()
    city = talk.city() if talk.state.city in codes else None
    known = [city] if city else [talk.facts.city(code) for code in codes]
    lines = [chat("bills.not_here"), *_numbers(known, said.slots.utilities)]
    if city and _silent(city, said.slots.utilities):
        silent = _silent(city, said.slots.utilities)
        uses = "、".join(use_of(each, talk.facts, city) for each in silent)
        lines += [each.shown for each in unstated(city, chat("bills.of", uses=uses))]
    return offer(talk, "\n".join(lines), ("query_status", "apply", "human_agent")).end()


def _numbers(known: list[City], utilities: tuple[str, ...]) -> list[str]:
    """Hotlines of the utilities named (of all where none was), and the general one; each once."""
    found = [
        chat("bills.line", label=each.label, number=each.number)
        for city in known
        for each in city.hotlines
        if not each.emergency
        and (each.utility is None or not utilities or each.utility in utilities)
    ]
    return list(dict.fromkeys(found))


def _silent(city: City, utilities: tuple[str, ...]) -> list[str]:
    """Utilities whose number the city's file does not state."""
    stated = {each.utility for each in city.hotlines}
    return [each for each in utilities if each not in stated]


BILLS = Topic(name=NAME, begin={Intent.BILL_PAYMENT: begin})
