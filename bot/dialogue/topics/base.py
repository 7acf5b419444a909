"""What a topic is: one subject of the talk, with the functions that begin it and go on with it.

A topic never does anything itself. It ends a step with ``talk.end()``, or with ``talk.do(act, …)``,
upon which its ``told`` function of that name is called with ``Done`` or ``Refused``. A question it
asks with ``talk.ask(topic, name, …)`` comes back to ``answers[name]``; None from there says that
what was heard is no answer to it, and the router looks further.

Begun in the middle of a form, a topic need not care: the router has set the form's question aside
(``talk.aside()``) and asks it again when the topic has ended its step with nothing pending of its
own. A topic that takes the talk over for good calls ``talk.settled()``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.dialogue.heard import Done, Heard, Refused
from bot.dialogue.state import After, Question
from bot.dialogue.talk import Step, Talk
from bot.understanding.types import Intent, Pending, Understood

Begin = Callable[[Talk, Understood], Step]
Answer = Callable[[Talk, Question, Heard], Step | None]
Told = Callable[[Talk, After, Done | Refused], Step]
Expect = Callable[[Talk, Question], Pending | None]


@dataclass(frozen=True)
class Topic:
    """``begin``: by intent; ``keys``: by key of the custom menu (``menu:status``), which comes with
    an utterance of no words; ``answers``: by name of its questions; ``told``: by name of what was
    to follow an act; ``expects``: what kind of answer its question waits for, as evidence for the
    understanding (a yes or no where it does not say).
    """

    name: str
    begin: Mapping[Intent, Begin] = field(default_factory=dict)
    keys: Mapping[str, Begin] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    told: Mapping[str, Told] = field(default_factory=dict)
    expects: Expect | None = None
