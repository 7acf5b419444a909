"""What was stated, laid over the form as it stands: what is saved, what is asked first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogue.filling import flow
from bot.dialogue.filling.asking import shown
from bot.dialogue.filling.drafts import Draft, city_for, form_for, seen
from bot.dialogue.filling.sheets import TOPIC, save
from bot.dialogue.filling.stated import UTILITIES, Stated, stated
from bot.dialogue.hearing import heard
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Step, Talk
from bot.understanding.types import Intent, Understood
from config.texts.chat import chat
from rules.forms import Form

OVERWRITE = "overwrite"
STARTS = frozenset({Intent.APPLY, Intent.REGISTER_INTENT, Intent.RENAME_TRANSFER})
CHANGES = frozenset({Intent.MODIFY_APPLICATION})


@dataclass
class Taken:
    """``answers`` to save at once; ``others``: fields that hold something else already."""

    answers: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None


def read(talk: Talk, sheet: Sheet, said: Understood) -> Stated:
    """What an utterance states about the form."""
    return stated(
        form_for(talk, sheet),
        city_for(talk, sheet),
        said,
        now=talk.facts.now,
        calendar=talk.calendar(sheet.city),
    )


def take(
    talk: Talk,
    sheet: Sheet,
    draft: Draft,
    said: Understood,
    *,
    pending: str | None = None,
    answer: Any = None,
    before: str = "",
) -> Step:
    """Save all that was stated, ``answer`` to the ``pending`` question first, and go on."""
    talk = seen(talk, draft)
    sheet = talk.state.sheet or sheet
    form = form_for(talk, sheet)
    found = read(talk, sheet, said)
    if pending is not None and answer is not None:
        found.answers[pending] = answer
        found.faults.pop(pending, None)
        found.moments.pop(pending, None)
    free = said.intent in CHANGES and heard(said)
    taken = lay(form, sheet, draft, found, said, pending=pending, free=free)
    before = "\n".join(filter(None, [before, *_remarks(talk, sheet, form, found, said)]))
    sheet = replace(sheet, kind=taken.kind)
    for key in found.denied:
        sheet = sheet.passing(key) if draft.values.get(key) is None else sheet
    if taken.others:
        return _ask_over(talk.with_sheet(sheet), form, draft, taken, before)
    if not (before or taken.answers or found.nothing or found.faults or found.moments):
        before = chat("form.nothing_new")
    rest: dict[str, Any] = {"faults": found.faults, "moments": found.moments, "before": before}
    if not taken.answers:
        return flow.proceed(talk.with_sheet(sheet), sheet, draft, **rest)
    sheet = sheet.answered(*(f.key for f in form.fields if f.key in taken.answers))
    return save(talk.with_sheet(sheet), sheet, taken.answers, noted=taken.answers, **rest)


def _remarks(
    talk: Talk, sheet: Sheet, form: Form, found: Stated, said: Understood
) -> Iterator[str]:
    """What could not be taken, for this city has no such thing."""
    if found.unknown and said.intent in STARTS | CHANGES:
        yield chat("form.no_such", city=talk.city(sheet.city).name)
    if found.kind and not _has_kind(form, found.kind):
        yield chat("form.no_kind")


def lay(
    form: Form,
    sheet: Sheet,
    draft: Draft,
    found: Stated,
    said: Understood,
    *,
    pending: str | None,
    free: bool,
) -> Taken:
    """Answers that apply here, given what the form holds. ``free``: what is there may be replaced
    without asking, for that is what was asked for.
    """
    taken = Taken(kind=sheet.kind)
    values = dict(draft.values)
    ticked = _ticked(form, values, found, said, pending)
    if ticked is not None and ticked != list(values.get(UTILITIES) or []):
        taken.answers[UTILITIES] = ticked or None
        values[UTILITIES] = ticked
    _kinds(form, values, found, taken)
    for each in form.fields:
        if each.key not in found.answers or each.key == UTILITIES:
            continue
        value, held = found.answers[each.key], values.get(each.key)
        if not each.condition.holds({**values, each.key: value}) or value == held:
            continue
        if held is None or free or each.key == pending:
            taken.answers[each.key] = value
            values[each.key] = value
        else:
            taken.others[each.key] = value
    if taken.others:
        taken.others |= taken.answers
    return taken


def _ticked(
    form: Form,
    values: Mapping[str, Any],
    found: Stated,
    said: Understood,
    pending: str | None,
) -> list[str] | None:
    """The utilities as they will be: asked for, added to, or taken from. None: not spoken of."""
    asked = form.by_key.get(UTILITIES)
    if asked is None:
        return None
    held = list(values.get(UTILITIES) or [])
    if pending == UTILITIES and UTILITIES in found.answers:
        named = set(found.answers[UTILITIES]) - set(found.removed)
    elif (
        said.intent in STARTS | CHANGES
        or (found.removed and said.intent is Intent.DENY)
        or any(amount.utility not in held for amount in said.slots.amount)
    ):
        named = (set(held) | set(found.utilities)) - set(found.removed)
    else:
        return None
    return [option.code for option in asked.options if option.code in named]


def _kinds(form: Form, values: dict[str, Any], found: Stated, taken: Taken) -> None:
    """A 业务类型 goes to the utilities named with it, else to every one ticked; named before any
    utility was, it is kept until one is.
    """
    kind = found.kind or taken.kind
    if kind is None:
        return
    ticked = list(values.get(UTILITIES) or [])
    named = [code for code in found.utilities if code in ticked] if found.kind else []
    for code in named or ticked:
        asked = form.by_key.get(f"{code}.kind")
        if asked is None or asked.option(kind) is None:
            continue
        if values.get(asked.key) is None or found.kind:
            found.answers.setdefault(asked.key, kind)
    taken.kind = None if ticked else kind


def _has_kind(form: Form, kind: str) -> bool:
    return any(f.option(kind) for f in form.fields if f.key.endswith(".kind"))


def _ask_over(talk: Talk, form: Form, draft: Draft, taken: Taken, before: str) -> Step:
    """Something else stands there already: ask before it is replaced."""
    lines = [
        chat(
            "form.differs",
            label=form.by_key[key].label,
            old=shown(form.by_key[key], draft.values[key]),
            new=shown(form.by_key[key], value),
        )
        for key, value in taken.others.items()
        if draft.values.get(key) is not None
    ]
    offered = (("yes", chat("choices.change")), ("no", chat("choices.keep")))
    added = {k: v for k, v in taken.others.items() if draft.values.get(k) is None}
    text = chat("form.overwrite", lines="\n".join(lines))
    return talk.ask(
        TOPIC, OVERWRITE, text, offered, before=before, answers=taken.others, added=added
    ).end()
