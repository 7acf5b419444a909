"""Text in, one intent and what it states out."""

from collections.abc import Iterable, Mapping

from bot.understanding.features import features
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import FILE, Model, likelihoods
from bot.understanding.segment import Prepared, prepare
from bot.understanding.slots import answers_of, slots_of
from bot.understanding.types import Guess, Intent, Pending, Understood
from config.cities import City

ALTERNATIVES = 3


class Understander:
    """What people mean. Immutable once loaded; shared by every thread."""

    def __init__(self, model: Model, lexicons: Mapping[str | None, Lexicon]) -> None:
        """``lexicons`` by city code; ``None`` is that of all cities."""
        self._model = model
        self._lexicons = lexicons

    @classmethod
    def load(cls, cities: Iterable[City]) -> "Understander":
        """Read the model and the words of some cities: once, before workers are forked."""
        known = list(cities)
        whole = Lexicon.of(known)
        lexicons: dict[str | None, Lexicon] = {None: whole}
        for city in known:
            lexicons[city.code] = whole if len(known) == 1 else whole.only(city)
        return cls(Model.read(FILE.read_bytes()), lexicons)

    def understand(
        self, text: str, *, city: str | None = None, pending: Pending | None = None
    ) -> Understood:
        """What an utterance means; ``pending`` is the question it may answer. Never raises for any
        text; an unknown city is read with the words of all."""
        lexicon = self._lexicons.get(city) or self._lexicons[None]
        prepared = prepare(text, lexicon)
        shares = self._shares(prepared, waiting=pending is not None)
        order = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)
        best, *others = [
            Guess(self._model.intents[at], shares[at]) for at in order[: ALTERNATIVES + 1]
        ]
        if best.intent is Intent.OUT_OF_SCOPE and pending is not None:
            slots = answers_of(prepared, pending, lexicon, best.confidence)
        else:
            slots = slots_of(prepared, best.intent, lexicon)
        return Understood(
            text=prepared.repaired,
            intent=best.intent,
            confidence=best.confidence,
            slots=slots,
            alternatives=tuple(others),
            literal=prepared.text,
        )

    def _shares(self, prepared: Prepared, *, waiting: bool) -> list[float]:
        model = self._model
        logits = model.logits(features(prepared))
        if not waiting:
            logits[model.intents.index(Intent.OUT_OF_SCOPE)] += model.caution
        return likelihoods(logits)
