"""What is heard at a question and belongs elsewhere: another field, another form, another wish."""

import re

from bot.dialogue import cities, menus
from bot.dialogue.filling import bare, fits, taking, times
from bot.dialogue.filling.corrected import corrections
from bot.dialogue.filling.drafts import form_for
from bot.dialogue.filling.names import of_account, role_keys
from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.filling.stated import Stated
from bot.dialogue.hearing import heard
from bot.dialogue.state import Sheet
from bot.dialogue.talk import Talk
from bot.understanding.types import Intent, Understood
from rules.forms import FormField

_RENAMES = re.compile("更名|改名|过户|执照|工商|户头|换户|户主")


def value_alone(talk: Talk, sheet: Sheet, words: Understood) -> Understood:
    """A time, or an option of a list, that is the whole message wants nothing else."""
    word = menus.bare(words.text)
    options = (o for f in form_for(talk, sheet).fields for o in f.options)
    named = any(word in map(menus.bare, (o.label, *o.aliases)) for o in options)
    if named or times.is_a_time(words.text, talk.facts.now):
        return bare.unasking(words)
    return words


def tells_others(field: FormField, others: Stated, words: Understood) -> bool:
    """Whether other fields are told. Names of utilities alone tell nothing, unless they are asked
    for.
    """
    if others.only(field.key):
        return False
    if fits.aside(words):
        return others.plain and ASKING.search(words.text) is None and not others.only_named
    if bare.is_unasking(words) and others.utilities:
        return True
    vague = words.intent is Intent.OUT_OF_SCOPE or not heard(words)
    if vague and not (others.plain or bare.is_unasking(words) or bare.is_named(words)):
        return False
    wanted = heard(words) and words.intent in taking.STARTS
    return not others.only_named or (wanted and not others.nothing)


def begins_another(talk: Talk, sheet: Sheet, field: FormField, words: Understood) -> bool:
    """Whether another form is wanted: a change of account, which not every city has, or a form of
    another city. What a question about an account is answered by is none.
    """
    if words.intent not in taking.STARTS or not heard(words):
        return False
    city = cities.named(words.text, talk.facts, words.slots.address or "")
    renames = words.intent is Intent.RENAME_TRANSFER and not of_account(field.key)
    renames = renames and not corrects(talk, sheet, words.text)
    return renames or city not in (None, sheet.city)


def corrects(talk: Talk, sheet: Sheet, text: str) -> bool:
    """Whether 公司改成… corrects what the form holds rather than renames an account."""
    if _RENAMES.search(text):
        return False
    return any(corrections(form_for(talk, sheet), text, sheet.values))


def plain(words: Understood) -> bool:
    """Whether the utterance plainly wants something; then its shape means nothing."""
    return heard(words) and words.intent is not Intent.OUT_OF_SCOPE


def of_role(talk: Talk, sheet: Sheet, role: str) -> FormField | None:
    """The usual field of a role."""
    form = form_for(talk, sheet)
    return next((form.by_key[key] for key in role_keys(role, form)), None)
