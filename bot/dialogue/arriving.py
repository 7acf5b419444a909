"""Somebody is heard again: what the talk was about may be gone, and they may have been away."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.filling.drafts import form_for
from bot.dialogue.talk import Talk
from config.texts.chat import chat

AWAY = timedelta(hours=6)
"""After so long a person is told where the form stood."""
NOTED = timedelta(minutes=30)
"""How exactly it is kept when a person was last heard."""


def arrived(talk: Talk) -> Talk:
    """Somebody is heard: what the state names may be gone by now, and they may have been away."""
    state, codes = talk.state, talk.facts.cities.codes()
    if state.city is not None and state.city not in codes:
        talk = talk.to(city=None)
    sheet = state.sheet
    if sheet is not None and sheet.city not in codes:
        return talk.with_sheet(None).settled()
    if sheet is None or sheet.paused:
        return talk
    since = talk.facts.now - sheet.at if sheet.at else NOTED
    if since < NOTED:
        return talk
    talk = talk.with_sheet(replace(sheet, at=talk.facts.now))
    if since < AWAY:
        return talk
    return talk.say(chat("resume.back", title=form_for(talk, sheet).title))
