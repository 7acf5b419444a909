"""What was stated, laid over the form as it stands: what is saved, what is asked first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogue.filling import bare, clearing, flow, overwriting, spoken
from bot.dialogue.filling.amounts import mistakable
from bot.dialogue.filling.corrected import is_told_to_change
from bot.dialogue.filling.denials import is_removal
from bot.dialogue.filling.drafts import Draft, city_for, form_for, seen
from bot.dialogue.filling.kinds import unnamed
from bot.dialogue.filling.shapes import FILLER
from bot.dialogue.filling.sheets import save
from bot.dialogue.filling.stated import UTILITIES, Stated, stated
from bot.dialogue.hearing import heard
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Step, Talk
from bot.dialogue.uses import use_of
from bot.understanding.types import Amount, Intent, Understood
from config.texts.chat import chat
from rules.forms import Form

OVERWRITE = overwriting.OVERWRITE
STARTS = frozenset({Intent.APPLY, Intent.REGISTER_INTENT, Intent.RENAME_TRANSFER})
CHANGES = frozenset({Intent.MODIFY_APPLICATION})


_WISHED = re.compile("报装|申请|办理|办|安装|装|接入|接|开通|报|弄|搞|想|新")
"""What a wish for a utility is told by."""
_CHANGED = re.compile("改|换|错|应该|不对|调整|调成|不是|更正|变更")


@dataclass
class Taken:
    """``answers`` to save at once; ``others``: fields that hold something else already."""

    answers: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None


def read(
    talk: Talk,
    sheet: Sheet,
    said: Understood,
    pending: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> Stated:
    """What an utterance states about the form; ``values`` are those it holds, where known."""
    return stated(
        form_for(talk, sheet),
        city_for(talk, sheet),
        said,
        now=talk.facts.now,
        calendar=talk.calendar(sheet.city),
        pending=pending,
        values=sheet.values if values is None else values,
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
    over: Mapping[str, Any] | None = None,
    free: bool = False,
    edit: bool = False,
) -> Step:
    """Save all that was stated, ``answer`` to the ``pending`` question first, and go on. ``over``:
    values that wait for a yes to replace others; ``free``: a change was asked for, so that what is
    there is replaced; ``edit``: the pending question was asked to change what is there.
    """
    talk = seen(talk, draft)
    sheet = talk.state.sheet or sheet
    form = form_for(talk, sheet)
    said = bare.plain(spoken.written(said))
    found = read(talk, sheet, said, pending, draft.values)
    if clearing.cleared(form, said.text):
        found.removed = ()
    if found.corrected and found.kind and not _has_kind(form, found.kind):
        found.kind = None
    if pending is not None and answer is not None:
        found.answers[pending] = answer
        found.faults.pop(pending, None)
        found.moments.pop(pending, None)
    taken = lay(form, sheet, draft, found, said, pending=pending, free=free, edit=edit)
    before = "\n".join(filter(None, [before, *_remarks(talk, sheet, form, found, said)]))
    sheet = replace(sheet, kind=taken.kind)
    for key in found.denied:
        sheet = sheet.passing(key) if draft.values.get(key) is None else sheet
    sheet, passed = clearing.clear(form, sheet, draft.values, said.text, taken.answers)
    before = "\n".join(filter(None, [before, passed]))
    waiting = {k: v for k, v in (over or {}).items() if k not in taken.answers}
    if taken.others:
        both = {**waiting, **taken.others}
        return overwriting.ask(talk.with_sheet(sheet), form, draft, both, before).end()
    before = before or _without_effect(form, draft, found, taken, said)
    rest: dict[str, Any] = {
        "faults": found.faults,
        "moments": found.moments,
        "before": before,
        "over": waiting,
        "amounts": found.open,
        "loose": found.loose,
    }
    if not taken.answers:
        return flow.proceed(talk.with_sheet(sheet), sheet, draft, **rest)
    told = {key for key, value in taken.answers.items() if value is not None}
    sheet = sheet.answered(*(f.key for f in form.fields if f.key in told))
    return save(talk.with_sheet(sheet), sheet, taken.answers, noted=taken.answers, **rest)


def _without_effect(form: Form, draft: Draft, found: Stated, taken: Taken, said: Understood) -> str:
    """What is said where nothing of what was stated changes the form."""
    if taken.answers or found.faults or found.moments or found.open or found.loose:
        return ""
    if found.nothing or found.denied:
        return ""
    if _known_already(draft, found, said):
        return chat("form.nothing_new")
    if found.ticking:
        return chat("form.kept")
    unused = [f for f in form.fields if f.key in found.answers and f.key != UTILITIES]
    unused = [f for f in unused if not f.condition.holds(draft.values)]
    if unused:
        return chat("form.not_here", labels="、".join(field.label for field in unused))
    return chat("form.kind_kept" if taken.kind else "unclear.pending")


def _known_already(draft: Draft, found: Stated, said: Understood) -> bool:
    """Whether all that was stated stands in the form as it was said."""
    told = {k: v for k, v in found.answers.items() if k != UTILITIES}
    ticked = set(draft.values.get(UTILITIES) or ())
    held = all(draft.values.get(key) == value for key, value in told.items())
    rest = FILLER.sub("", _WISHED.sub("", unnamed(said.text)))
    again = said.intent in STARTS and heard(said)
    named = bool(found.utilities) and (found.ticking or again or not rest)
    return held and set(found.utilities) <= ticked and (bool(told) or named)


def _remarks(
    talk: Talk, sheet: Sheet, form: Form, found: Stated, said: Understood
) -> Iterator[str]:
    """What could not be taken, for this city has no such thing."""
    if found.unknown and (found.ticking or said.intent in STARTS | CHANGES):
        city = talk.city(sheet.city)
        uses = "、".join(dict.fromkeys(use_of(code, talk.facts, city) for code in found.unknown))
        yield chat("form.no_such", city=city.name, uses=uses)
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
    free: bool = False,
    edit: bool = False,
) -> Taken:
    """Answers that apply here, given what the form holds. What is there is replaced without asking
    only by a plain correction, or where a change was asked for of what was written here.
    """
    changes = said.intent in CHANGES | {Intent.DENY} and heard(said)
    free = free or is_told_to_change(said.text)
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
        changed = changes and (each.key in sheet.trail or _CHANGED.search(said.text) is not None)
        asked = free or changed or each.key in found.corrected or (edit and each.key == pending)
        if held is None or asked:
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
    elif found.ticking and found.only_these and found.utilities:
        named = set(found.utilities)
    elif (
        found.ticking
        or said.intent in STARTS | CHANGES
        or (found.removed and (said.intent is Intent.DENY or is_removal(said.text)))
        or (bare.is_unasking(said) and not held and found.utilities)
        or any(_told_by_amount(form, amount, held, said) for amount in found.amounts)
    ):
        named = (set(held) | set(found.utilities)) - set(found.removed)
    else:
        return None
    return [option.code for option in asked.options if option.code in named]


def _told_by_amount(form: Form, amount: Amount, held: list[str], said: Understood) -> bool:
    """Whether an amount tells that a utility is wanted, which was not named so far."""
    return amount.utility not in held and not mistakable(form, amount, said.text)


def _kinds(form: Form, values: dict[str, Any], found: Stated, taken: Taken) -> None:
    """A 业务类型 goes to the utilities named with it, else to every one ticked; named before any
    utility was, it is kept until one is.
    """
    for code, told in found.kinds.items():
        found.answers.setdefault(f"{code}.kind", told)
    kind = found.kind or taken.kind
    if kind is None:
        return
    ticked = list(values.get(UTILITIES) or [])
    named = [code for code in found.utilities if code in ticked] if found.kind else []
    for code in named or ticked:
        asked = form.by_key.get(f"{code}.kind")
        if asked is None or asked.option(kind) is None:
            continue
        if values.get(asked.key) is None or (found.kind and named):
            found.answers.setdefault(asked.key, kind)
    taken.kind = None if ticked else kind


def _has_kind(form: Form, kind: str) -> bool:
    return any(f.option(kind) for f in form.fields if f.key.endswith(".kind"))
