"""What the outbox's rows ask for: notices to phones, and work that follows from an act.

The inbox has its notice already, exactly once (``workflow.notices``). Here a person who agreed to
it also gets a subscription message; each recipient is a row of its own, so one person's trouble
never holds up another.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tortoise.expressions import F

from config.cities import City
from config.texts import words
from models import Application, Consent, Identity, InboxMessage
from rules.actors import SYSTEM
from rules.errors import Code, DomainError
from workflow.background.calendar_days import TOPIC as CALENDAR_CHANGED
from workflow.background.outbox import Handler
from workflow.background.recompute import recompute_provisional
from workflow.cases import acceptance
from workflow.chat import media, sending, turns, unionid
from workflow.encoding import SHANGHAI
from workflow.ports import SendTrouble, Services
from workflow.reading.inbox import reader_of, subject_of
from workflow.reading.wording import in_words
from workflow.unit import Answer, Unit, perform

PAGE = "pages/cases/case"
PHRASE = 5
"""Characters of a ``phrase`` value."""
PROGRESS_KEYS = ("character_string1", "thing2", "phrase3", "time4")
"""Fields of the progress template: number, what happened, stage, when."""


async def tell_recipients(services: Services, payload: Mapping[str, Any]) -> str:
    """One row per recipient who has agreed to be written to; the others keep the inbox only."""
    template = services.progress_template
    if not template:
        return "inbox_only"
    told = await InboxMessage.filter(origin=payload["origin"], code=payload["code"])
    agreed = await Consent.filter(
        template=template, remaining__gt=0, person_id__in=[message.person_id for message in told]
    )
    reachable = {consent.person_id for consent in agreed}
    reached = [message for message in told if message.person_id in reachable]

    async def spread(unit: Unit) -> Answer:
        for message in reached:
            unit.send("subscription", {"inbox": message.id})
        return Answer({})

    if reached:
        await perform(services, SYSTEM, spread)
    return f"told_{len(reached)}"


async def send_subscription(services: Services, payload: Mapping[str, Any]) -> str:
    """One subscription message; spends one of the person's one-time consents."""
    template = services.progress_template
    message = await InboxMessage.filter(id=payload["inbox"]).first()
    if message is None or not template:
        return "gone"
    identity = await Identity.filter(person_id=message.person_id, kind="mp").first()
    consent = Consent.filter(person_id=message.person_id, template=template, remaining__gt=0)
    if identity is None or not await consent.exists():
        return "inbox_only"
    try:
        await services.platform.send_subscription(
            identity.openid, template, _page(message), await _data(services, message)
        )
    except SendTrouble as trouble:
        if trouble.outcome == "not_subscribed":
            await Consent.filter(person_id=message.person_id, template=template).update(remaining=0)
        raise
    await consent.update(remaining=F("remaining") - 1)
    return "sent"


async def accept_complete(services: Services, payload: Mapping[str, Any]) -> str:
    """Accept a complete form without a clerk, where the city does so (一窗受理)."""
    application_id = UUID(str(payload["application_id"]))

    async def act(unit: Unit) -> Answer:
        return await acceptance.accept(
            unit, application_id, acceptance.Acceptance(), expect=None, system=True
        )

    try:
        await perform(services, SYSTEM, act)
    except DomainError as refused:
        if refused.code in (Code.MOVE_NOT_ALLOWED, Code.GUARD_FAILED):
            return f"left_to_the_window_{refused.code.value}"
        raise
    return "accepted"


HANDLERS: Mapping[str, Handler] = {
    "notice": tell_recipients,
    "subscription": send_subscription,
    CALENDAR_CHANGED: recompute_provisional,
    "accept_complete": accept_complete,
    sending.TOPIC: sending.send_messages,
    media.TOPIC: media.attach_picture,
    turns.UNIONID: unionid.learn_unionid,
}


def _page(message: InboxMessage) -> str:
    return f"{PAGE}?id={message.application_id}" if message.application_id else "pages/inbox/inbox"


async def _data(services: Services, message: InboxMessage) -> dict[str, str]:
    """Values of the progress template."""
    app = (
        await Application.filter(id=message.application_id).first()
        if message.application_id
        else None
    )
    day = message.created_at.astimezone(SHANGHAI)
    city: City = services.cities.on(message.city, (app and app.judged_on) or day.date())
    about = app is None and message.registration_id is not None
    subject = subject_of(message.code, about_registration=about)
    reader = reader_of(subject, message.code, own=True)
    said = words.notice(subject, message.code, reader, in_words(city, message.params))
    values = (
        str(message.params.get("number") or "-"),
        said.title,
        words.state("application", app.stage.value)[:PHRASE] if app else words.subject(subject),
        f"{day.year}年{day.month}月{day.day}日 {day:%H:%M}",
    )
    return dict(zip(PROGRESS_KEYS, values, strict=True))
