"""What an utterance states, as it is judged (``Slots``)."""

from bot.understanding.lexicon import Lexicon
from bot.understanding.segment import Prepared
from bot.understanding.types import Intent, Slots


def slots_of(prepared: Prepared, intent: Intent, lexicon: Lexicon) -> Slots:
    """What is stated in an utterance that wants ``intent``. Nothing for what is out of scope."""
    if intent is Intent.OUT_OF_SCOPE:
        return Slots()
    told: dict[str, None] = {}
    kind = None
    for token in prepared.tokens:
        told.update(dict.fromkeys(lexicon.utilities.get(token, ())))
        kind = kind or lexicon.kinds.get(token)
    first = {span.kind: span.value for span in reversed(prepared.spans)}
    return Slots(
        utilities=tuple(told),
        kind=kind,
        datetime=first.get("time"),
        phone=first.get("phone"),
        credit_code=first.get("code"),
        application_no=first.get("no"),
    )
