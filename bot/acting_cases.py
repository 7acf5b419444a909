"""Acts on one's own cases: the form, its submission, the survey, withdrawing, rating."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.acts import (
    BookSurvey,
    CancelSurvey,
    CheckDraft,
    OpenDraft,
    Rate,
    ReadDraft,
    Register,
    SaveFields,
    Submit,
    TakePicture,
    Withdraw,
)
from rules.states import Channel
from workflow.cases import application, draft, evaluation
from workflow.chat import media, reading
from workflow.chat.turns import Talk
from workflow.encoding import shown
from workflow.registrations import registration
from workflow.surveys import booking
from workflow.unit import Unit

Told = Mapping[str, Any]


async def open_draft(act: OpenDraft, unit: Unit, talk: Talk) -> Told:
    """A draft, prefilled with what is known of the person's enterprise."""
    body = draft.NewDraft(city=act.city)
    return (await draft.create_draft(unit, body, channel=Channel.CHAT)).body


async def read_draft(act: ReadDraft, unit: Unit, talk: Talk) -> Told:
    """The draft named, or the one last worked on; empty when there is none."""
    case = act.case or await reading.newest_editable(unit.actor.person, act.city)
    return await reading.draft(unit, case) if case else {}


async def check_draft(act: CheckDraft, unit: Unit, talk: Talk) -> Told:
    """The draft with every fault it would have if submitted now."""
    return (await draft.check_draft(unit, act.case)).body


async def save_fields(act: SaveFields, unit: Unit, talk: Talk) -> Told:
    """Save what was said; what is not right yet is told in ``faults``."""
    fields = {
        key: draft.FieldSave(value=value, base=base) for key, (value, base) in act.fields.items()
    }
    return (await draft.save(unit, act.case, draft.Save(fields=fields))).body


async def submit(act: Submit, unit: Unit, talk: Talk) -> Told:
    """Submit what was shown, and nothing newer."""
    return (await application.submit(unit, act.case, expect=act.version)).body


async def register(act: Register, unit: Unit, talk: Talk) -> Told:
    """Register intent."""
    body = registration.NewRegistration(city=act.city, values=dict(act.values))
    return (await registration.register(unit, body, channel=Channel.CHAT)).body


async def withdraw(act: Withdraw, unit: Unit, talk: Talk) -> Told:
    """Give up an application or a registration."""
    if act.kind == "registration":
        given_up = registration.RegistrationWithdrawal(reason=act.reason)
        return (await registration.withdraw(unit, act.case, given_up, expect=None)).body
    reason = application.Withdrawal(reason=act.reason)
    return (await application.withdraw(unit, act.case, reason, expect=None)).body


async def book_survey(act: BookSurvey, unit: Unit, talk: Talk) -> Told:
    """Book or move the joint survey."""
    booked = await booking.book_survey(unit, act.case, booking.Booking(at=act.at), expect=None)
    return {**booked.body, "at": shown(act.at)}


async def cancel_survey(act: CancelSurvey, unit: Unit, talk: Talk) -> Told:
    """Cancel the joint survey."""
    body = booking.Cancellation(reason=act.reason)
    return (await booking.cancel_survey(unit, act.case, body, expect=None)).body


async def rate(act: Rate, unit: Unit, talk: Talk) -> Told:
    """Rate a connected case."""
    body = evaluation.Judgement(level=act.level, reason=act.reason)
    return (await evaluation.rate(unit, act.case, body, expect=None)).body


async def take_picture(act: TakePicture, unit: Unit, talk: Talk) -> Told:
    """Have a picture fetched and attached after the turn."""
    taken = await media.take_picture(unit, talk.id, act.case, act.media_id, act.purpose)
    return taken.body


CARRIERS: Mapping[type, Any] = {
    OpenDraft: open_draft,
    ReadDraft: read_draft,
    CheckDraft: check_draft,
    SaveFields: save_fields,
    Submit: submit,
    Register: register,
    Withdraw: withdraw,
    BookSurvey: book_survey,
    CancelSurvey: cancel_survey,
    Rate: rate,
    TakePicture: take_picture,
}
