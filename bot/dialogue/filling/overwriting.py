"""Something else stands there already: shown side by side, and replaced only when told so."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.filling.asking import shown
from bot.dialogue.filling.drafts import Draft
from bot.dialogue.filling.sheets import TOPIC
from bot.dialogue.talk import Talk
from config.texts.chat import chat
from rules.forms import Form

OVERWRITE = "overwrite"


def ask(talk: Talk, form: Form, draft: Draft, answers: Mapping[str, Any], before: str = "") -> Talk:
    """Shall these replace what stands there? What is new is saved either way."""
    lines = [
        chat(
            "form.differs",
            label=form.by_key[key].label,
            old=shown(form.by_key[key], draft.values[key]),
            new=shown(form.by_key[key], value),
        )
        for key, value in answers.items()
        if draft.values.get(key) is not None
    ]
    offered = (("yes", chat("choices.change")), ("no", chat("choices.keep")))
    added = {k: v for k, v in answers.items() if draft.values.get(k) is None}
    text = chat("form.overwrite", lines="\n".join(lines))
    data: dict[str, Any] = {"answers": dict(answers), "added": added}
    return talk.ask(TOPIC, OVERWRITE, text, offered, before=before, **data)


def left(form: Form, draft: Draft, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What of an older question is still to be asked, as the form stands now."""
    differing = {
        key: value
        for key, value in answers.items()
        if key in form.by_key
        and form.by_key[key].condition.holds(draft.values)
        and draft.values.get(key) != value
    }
    return differing if any(draft.values.get(key) is not None for key in differing) else {}
