"""A field as a question: its words, its choices, what it holds now."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue import menus
from bot.dialogue.filling import rows, times
from bot.dialogue.filling.names import fits_pattern
from bot.dialogue.filling.sheets import TOPIC
from bot.dialogue.punctuation import full_width
from bot.dialogue.replies import PageLink
from bot.dialogue.talk import Talk
from config.cities import FieldType
from config.texts import table
from config.texts.chat import chat
from rules.forms import Form, FormField, show

Offered = tuple[tuple[str, str], ...]
OPTION = "o:"
AT = "t:"
SUGGESTED = "s:"
YES, NO, SKIP, KEEP, CLEAR, DONE = "yes", "no", "skip", "keep", "clear", "done"
PICKED = frozenset({FieldType.ENUM, FieldType.TOWN})
TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})
SEVERAL = frozenset({FieldType.MULTI, FieldType.CARRIERS})


def ask(
    talk: Talk,
    field: FormField,
    *,
    before: str = "",
    now_is: Any = None,
    edit: bool = False,
    page: int = 0,
    chosen: tuple[str, ...] = (),
    suggested: tuple[str, ...] = (),
    links: tuple[PageLink, ...] = (),
) -> Talk:
    """Ask for a field. ``edit``: asked to change what it holds (``now_is``); ``chosen``: options
    of a list that were picked one by one; ``suggested``: what it may well be, from other fields.
    """
    ways_out = _ways_out(field, edit=edit, filled=now_is is not None, chosen=chosen)
    offered, numbered = _offered(talk, field, page, chosen, len(ways_out))
    offered = (*offered, *((f"{SUGGESTED}{at}", each) for at, each in enumerate(suggested)))
    text = _text(field, now_is, edit=edit, chosen=chosen)
    return talk.ask(
        TOPIC,
        "field",
        text,
        (*offered, *ways_out),
        numbered=numbered,
        before=before,
        links=links,
        key=field.key,
        edit=edit,
        page=page,
        chosen=list(chosen),
        suggested=list(suggested),
    )


def _text(field: FormField, now_is: Any, *, edit: bool, chosen: tuple[str, ...]) -> str:
    if chosen:
        return chat("form.more_options", label=field.label, chosen=show(field, list(chosen)))
    if edit and now_is is not None:
        return chat("form.change", label=field.label, value=shown(field, now_is), ask=hint(field))
    if edit:
        return chat("form.set", label=field.label, ask=field.question)
    return field.question


def hint(field: FormField) -> str:
    """What to send for a field, in its own words."""
    return f"（{field.help}）" if field.help else ""


def shown(field: FormField, value: Any) -> str:
    """A value in words; what was typed wrongly as it was typed."""
    try:
        words = rows.told(field, value) if field.columns else show(field, value)
        return menus.short(full_width(words) if field.type in TEXTS else words, 120)
    except (TypeError, ValueError, KeyError, AttributeError):
        return menus.short(str(value), 120)


def suggestions(form: Form, field: FormField, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What other fields already say that this one may well be (``heard.toml``, ``suggest``)."""
    found: list[str] = []
    for pattern, sources in table("heard")["suggest"].items():
        for key in sources if fits_pattern(field.key, pattern) else ():
            source, value = form.by_key.get(key), values.get(key)
            named = value.get("name") if isinstance(value, dict) else value
            if source is not None and isinstance(named, str) and named:
                found.append(named)
    return tuple(dict.fromkeys(found))


def _offered(
    talk: Talk, field: FormField, page: int, chosen: tuple[str, ...], below: int
) -> tuple[Offered, bool]:
    """Choices of a field, and whether a bare number picks one."""
    more = chat("choices.more")
    if field.type in PICKED:
        options = tuple((OPTION + o.code, o.label) for o in field.options)
        return menus.page(options, page, more, below), True
    if field.type in SEVERAL:
        options = tuple((OPTION + o.code, o.label) for o in field.options if o.code not in chosen)
        return menus.page(options, page, more, below), True
    if field.type is FieldType.BOOL:
        return ((YES, chat("choices.yes")), (NO, chat("choices.no"))), True
    if field.type is FieldType.DATETIME and field.working:
        return _openings(talk), True
    return (), False


def _ways_out(field: FormField, *, edit: bool, filled: bool, chosen: tuple[str, ...]) -> Offered:
    """Lines below the options: skip, keep, clear, that is all."""
    if chosen:
        return ((DONE, chat("choices.that_is_all")),)
    if edit and filled:
        clear = ((CLEAR, chat("choices.clear")),) if not field.required else ()
        return ((KEEP, chat("choices.keep")), *clear)
    if field.required:
        return ()
    return ((SKIP, chat("choices.skip")),)


def _openings(talk: Talk) -> Offered:
    """A few working times to pick from."""
    sheet = talk.state.sheet
    calendar = talk.calendar(sheet.city) if sheet else None
    found = times.openings(talk.facts.now, calendar)
    return tuple((AT + times.iso(at), times.said(at, talk.facts.now)) for at in found)
