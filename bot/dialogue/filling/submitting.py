"""What comes of handing a form in."""

from datetime import datetime
from typing import Any

from bot.dialogue import links
from bot.dialogue.filling import overview
from bot.dialogue.filling.sheets import check, look
from bot.dialogue.heard import Done, Refused
from bot.dialogue.lately import remember
from bot.dialogue.refusals import refused
from bot.dialogue.state import After, Sheet
from bot.dialogue.talk import Step, Talk
from config.cities import City, limit_words
from config.texts import words
from config.texts.chat import chat
from rules.calendar import SHANGHAI
from rules.errors import Code


def told(talk: Talk, after: After, event: Done | Refused) -> Step:
    """The number and what happens next; or every fault, the first one asked for."""
    sheet = talk.state.sheet
    if sheet is None:
        return talk.settled().end()
    if isinstance(event, Done):
        return _done(talk, sheet, event.told)
    match event.code:
        case Code.INVALID if event.faults:
            told_all = overview.faults_told(event.faults)
            before = chat("submit.invalid", faults=told_all)
            keys = [fault.field for fault in event.faults]
            return look(talk, sheet, "faulty", keys=keys, before=before)
        case Code.VERSION_STALE:
            return check(talk, sheet, before=chat("submit.stale"))
        case Code.DRAFT_CONFLICT:
            return look(talk, sheet, "next", before=chat("submit.conflict"))
    return refused(talk, event)


def _done(talk: Talk, sheet: Sheet, told: Any) -> Step:
    city = talk.city(sheet.city)
    talk = talk.with_sheet(None).settled()
    ident, number = told.get("id") or sheet.case, told.get("number")
    if ident is not None:
        talk = remember(talk, ident, "registration" if sheet.form == "A" else "application")
    if sheet.form == "A":
        limit = limit_words(city.deadlines["first_visit"].limit)
        code = "submit.registered_joint" if city.joint_home_visit else "submit.registered"
        number_line = chat("submit.number", number=number) if number else ""
        text = chat(code, number=number_line, limit=limit, lead=city.lead.label)
        return talk.say(text, links.case(talk.facts, ident)).end()
    code = "submit.corrected" if sheet.returned else "submit.done"
    lines = [chat(code, title=city.numbering.title, number=number or "")]
    lines.append(_next(city))
    if at := _survey(told.get("survey_at")):
        lines.append(chat("submit.survey", at=at))
    lines.append(chat("submit.follow"))
    return talk.say("\n".join(lines), links.case(talk.facts, ident)).end()


def _next(city: City) -> str:
    """What happens now: acceptance, by whom and within what time; what follows."""
    limit = limit_words(city.deadlines["acceptance"].limit)
    following = words.step("acceptance").next
    return chat("submit.next", window=city.window.name, limit=limit, following=following)


def _survey(at: Any) -> str:
    if not at:
        return ""
    local = datetime.fromisoformat(str(at)).astimezone(SHANGHAI)
    return chat("common.at", month=local.month, day=local.day, clock=f"{local:%H:%M}")
