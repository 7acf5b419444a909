"""What was not understood: asked back, with guesses; the second time in a row a person is
offered, once.
"""

from bot.dialogue import menus
from bot.dialogue.talk import Step, Talk
from bot.dialogue.topics.talking import NAME, STARTS, offer_human
from bot.understanding.types import Intent, Understood
from config.texts import table
from config.texts.chat import chat

MISSES = 2
"""Misunderstandings in a row after which a person is offered."""
GUESS = 0.12
"""From here on a guess is worth a line."""


def missed(talk: Talk) -> Talk:
    """One misunderstanding more."""
    return talk.to(misses=talk.state.misses + 1)


def unclear(talk: Talk, said: Understood | None) -> Step:
    """Say so, and ask what is pending again, or what is meant."""
    talk = missed(talk)
    if talk.state.misses == MISSES:
        return offer_human(talk, chat("unclear.again"))
    if talk.state.held is not None:
        return talk.to(asked=None).say(chat("unclear.pending")).end()
    if talk.state.asked is not None and not menus.only_offers(talk.state.asked):
        return talk.again(chat("unclear.pending")).end()
    guesses = _guesses(said)
    if guesses:
        return talk.ask(NAME, "start", chat("unclear.guess"), guesses).end()
    starts = tuple((menus.START + intent, chat(label)) for intent, label in STARTS)
    return talk.ask(NAME, "start", chat("unclear.what"), starts).end()


def _guesses(said: Understood | None) -> tuple[tuple[str, str], ...]:
    """The likeliest things meant, and a person."""
    if said is None:
        return ()
    names = table("chat")["intents"]
    likely: list[Intent] = [said.intent] if said.intent is not Intent.OUT_OF_SCOPE else []
    likely += [guess.intent for guess in said.alternatives if guess.confidence >= GUESS]
    found = [each for each in dict.fromkeys(likely) if each.value in names][:3]
    if not found:
        return ()
    human = (f"{menus.START}{Intent.HUMAN_AGENT.value}", chat("choices.human"))
    return (*((menus.START + each.value, names[each.value]) for each in found), human)
