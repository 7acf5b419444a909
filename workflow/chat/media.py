"""Pictures sent in the chat: fetched from the platform, checked as any upload, attached to a case.

Fetched by a worker: the platform keeps them for three days, a turn of the talk has a second.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from uuid import UUID

from config import texts
from config.texts import words
from models import Application, Conversation
from models.base import new_id
from rules.actors import SYSTEM
from rules.errors import Code, DomainError
from workflow import uploads
from workflow.cases import documents
from workflow.cases.case import Case
from workflow.chat.sending import send_chat
from workflow.encoding import SHANGHAI
from workflow.people.identity import actor_of_person
from workflow.ports import SendTrouble, Services
from workflow.unit import Answer, Key, Unit, perform

TOPIC: Final = "chat_picture"
MOST_MB: Final = 10
"""What the platform takes of a picture, and we take of the platform."""
SCOPE: Final = "chat_picture"
LATER: Final = frozenset(
    {Code.STORAGE_UNAVAILABLE, Code.STORAGE_FULL, Code.UNAVAILABLE, Code.TOO_MANY}
)
"""Refusals that may pass: tried again."""
_NO_PATH = str.maketrans("/\\.", "、、．")
"""A document's name as that of a file."""


async def take_picture(
    unit: Unit, chat: UUID, application_id: UUID, media_id: str, purpose: str
) -> Answer:
    """Have a picture attached as a document; refused at once where none is to be attached now."""
    case = await Case.peek(unit, application_id)
    documents.may_attach(case, purpose)
    payload = {
        "ref": str(new_id()),
        "conversation": str(chat),
        "application": str(application_id),
        "media_id": media_id,
        "purpose": purpose,
    }
    unit.send(TOPIC, payload)
    return Answer({"application": str(application_id), "purpose": purpose}, 202)


async def attach_picture(services: Services, payload: Mapping[str, Any]) -> str:
    """Fetch, check and attach; the sender is told in the chat. Raises ``SendTrouble``."""
    chat = await Conversation.filter(id=UUID(payload["conversation"])).first()
    if chat is None:
        return "gone"
    try:
        content, _ = await services.platform.chat_media(payload["media_id"])
    except SendTrouble as trouble:
        if not trouble.final:
            raise
        await _tell(services, payload, chat, _why_not_fetched(trouble))
        return trouble.outcome
    try:
        await _attach(services, payload, chat, content)
    except DomainError as refused:
        if refused.code in LATER:
            raise SendTrouble(refused.code.value, final=False) from refused
        await _tell(services, payload, chat, _refused(_why(refused)))
        return f"refused_{refused.code.value}"
    return "attached"


async def _attach(
    services: Services, payload: Mapping[str, Any], chat: Conversation, content: bytes
) -> None:
    actor = (await actor_of_person(chat.person_id)).as_applicant()
    application, purpose = UUID(payload["application"]), payload["purpose"]
    label = await _label(services, application, purpose)
    named = label.translate(_NO_PATH)
    kept = await uploads.take(services, actor, _chunks(content), named)
    said = texts.render(words.message("picture_taken"), {"document": label})

    async def act(unit: Unit) -> Answer:
        upload = await uploads.keep(unit, kept)
        body = documents.Attach(upload_id=upload.body["id"], purpose=purpose)
        await documents.attach(unit, application, body)
        send_chat(unit, chat.openid, [{"kind": "text", "content": said}])
        return Answer({})

    await perform(services, actor, act, key=_key(payload))


async def _tell(
    services: Services, payload: Mapping[str, Any], chat: Conversation, said: str
) -> None:
    """Say it once, however often the row is tried."""

    async def act(unit: Unit) -> Answer:
        send_chat(unit, chat.openid, [{"kind": "text", "content": said}])
        return Answer({})

    await perform(services, SYSTEM, act, key=_key(payload))


def _key(payload: Mapping[str, Any]) -> Key:
    return Key(SCOPE, payload["ref"], b"")


async def _label(services: Services, application: UUID, purpose: str) -> str:
    app = await Application.get(id=application)
    day = app.judged_on or services.clock.now().astimezone(SHANGHAI).date()
    city = services.cities.on(app.city, day)
    return next((each.label for each in city.documents if each.code == purpose), purpose)


def _why_not_fetched(trouble: SendTrouble) -> str:
    if trouble.outcome == "too_large":
        return _refused(texts.fault("file_too_large", data={"most_mb": MOST_MB}))
    return words.message("picture_gone")


def _refused(reason: str) -> str:
    return texts.render(words.message("picture_refused"), {"reason": reason})


def _why(refused: DomainError) -> str:
    """The reason as people read it, without its full stop."""
    if refused.faults:
        fault = refused.faults[0]
        return texts.fault(fault.code, fault.label, fault.data)
    return texts.error(refused.code.value, refused.data)[1].rstrip("。")


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content
