"""Questions about our matter that no policy answers: 方案未写明，请咨询专窗, and whom to ask.

They are told apart from chatter by their words and by what else they might have meant.
"""

import re

from bot.dialogue import cities
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.guide import Asked, alone, of_line, unstated
from bot.dialogue.guide.particular import of_term, particular
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.guide import OF_INTENT
from bot.dialogue.topics.offers import offer
from bot.understanding.types import Intent, Understood

_OURS = re.compile(
    "报装|踏勘|变压器|电压|[水气]压|管道|管线|管径|接入|接电|接水|接气|外线|红线|施工|修复|路面|房东|产权|加急|专窗|窗口|运营商"
    "|带宽|负荷|配电|[电水气]表|表箱|户号|审批|许可|承诺|报批|验收|电缆|水管|燃气|天然气|用[电水气暖网讯]|供[电水气暖热]|暖气|宽带"
    "|光纤|执照|公章|授权|代办|投产|厂房|开户|增容|扩容|过户|更名|合同|临时[电水]|停[电水气]|材料|方案|大厅|便冶办"
)
_ASKS = re.compile(f"{ASKING.pattern}|多[大深粗高长远重]|够不够|好不好|行不行|怎样|吗|几[次趟回]")
_SURE_NOT = 0.8
"""From here on what is taken for none of our business is none, whatever its words."""
_LIKELY = 0.12
"""From here on the guide's topics together make a question ours."""


def begin(talk: Talk, said: Understood) -> Step | None:
    """Answer a question about our matter; None for anything else."""
    if not (asks_of_ours(said) or _of_one_thing(talk, said)):
        return None
    talk = cities.settle(talk, said)
    if talk.state.city is None:
        return cities.ask(talk, said)
    city = talk.city()
    asked = Asked(city, said.text, said.slots, talk.facts.now, talk.calendar(city.code))
    lines = alone(asked) or unstated(city)
    return offer(talk, "\n".join(e.shown for e in lines), ("human_agent", "ask_process")).end()


def _of_one_thing(talk: Talk, said: Understood) -> bool:
    """Whether one particular thing is asked about, or a term of ours, in any city; a line told in
    figures, with a city and no form open, is asked about without a word.
    """
    if talk.sheet is None and cities.named(said.text, talk.facts) is not None:
        city = cities.named(said.text, talk.facts)
        if of_line(Asked(talk.facts.city(str(city)), said.text, said.slots, talk.facts.now)):
            return True
    if _ASKS.search(said.text) is None:
        return False
    cities_ = (talk.facts.city(code) for code in talk.facts.cities.codes())
    every = (Asked(city, said.text, said.slots, talk.facts.now) for city in cities_)
    return any(particular(each) or of_term(each) for each in every)


def asks_of_ours(said: Understood) -> bool:
    """Whether something is asked about what we do."""
    if _ASKS.search(said.text) is None:
        return False
    guesses = {each.intent: each.confidence for each in said.alternatives}
    guesses[said.intent] = said.confidence
    outside = guesses.get(Intent.OUT_OF_SCOPE, 0.0)
    likely = sum(sure for intent, sure in guesses.items() if intent in OF_INTENT)
    if _OURS.search(said.text):
        return outside < _SURE_NOT
    return likely >= _LIKELY and likely >= outside
