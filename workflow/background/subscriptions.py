"""Subscription messages (订阅消息): which templates to ask for, and what a person answered.

The platform lets us send one message for each time somebody accepted; ``Consent`` counts them.
Every acceptance is told twice: by the mini-program, which a closed phone may keep from doing, and
by the platform's push, which may get lost. Each teller is counted by itself, and an acceptance
counts when it takes its teller past the other: once, whoever tells first, and if only one does.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from models import Consent, Identity
from rules.actors import Actor
from rules.errors import Code, DomainError, Fault
from workflow.inputs import Input
from workflow.ports import Services
from workflow.unit import Answer, Unit

PROGRESS: Final = "progress"
"""What our one template tells: every step of one's cases."""


class Tapped(StrEnum):
    """What ``wx.requestSubscribeMessage`` gives back for a template."""

    ACCEPT = "accept"
    ACCEPT_WITH_SOUND = "acceptWithAudio"
    ACCEPT_WITH_ALERT = "acceptWithAlert"
    ACCEPT_FORCED = "acceptWithForcePush"
    REJECT = "reject"
    BAN = "ban"
    """Closed by the platform."""
    FILTER = "filter"
    """Left out by the platform: a template of the same title was asked for besides."""


_ACCEPTED = frozenset(
    {Tapped.ACCEPT, Tapped.ACCEPT_WITH_SOUND, Tapped.ACCEPT_WITH_ALERT, Tapped.ACCEPT_FORCED}
)

TemplateId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{16,64}$")]


class Consents(Input):
    """Template id → what the person tapped."""

    answers: Annotated[Mapping[TemplateId, Tapped], Field(min_length=1, max_length=5)]


async def subscriptions(services: Services, actor: Actor) -> dict[str, Any]:
    """Templates to ask for, with how many messages may still be sent to the person."""
    template = services.progress_template
    if not template:
        return {"items": []}
    consent = await Consent.filter(person_id=actor.person, template=template).first()
    left = consent.remaining if consent else 0
    return {"items": [{"template": template, "about": PROGRESS, "remaining": left}]}


async def consent(unit: Unit, body: Consents) -> Answer:
    """Count an acceptance; after a refusal nothing is sent until the person accepts again."""
    known = {unit.services.progress_template} - {""}
    faults = tuple(
        Fault(f"answers.{template}", "value_wrong")
        for template in body.answers
        if template not in known
    )
    if faults:
        raise DomainError(Code.INVALID, faults=faults)
    assert unit.actor.person is not None  # noqa: S101 - the route is for people who signed in
    for template, tapped in body.answers.items():
        await _count(unit, unit.actor.person, template, tapped, Teller.CLIENT)
    return Answer(await subscriptions(unit.services, unit.actor))


class Teller(StrEnum):
    """Who told what the person tapped."""

    CLIENT = "told_by_client"
    PLATFORM = "told_by_platform"


async def pushed_consent(
    unit: Unit, appid: str, openid: str, answers: Iterable[tuple[str, str]]
) -> Answer:
    """What the platform tells of somebody's answers (template id, ``accept`` or ``reject``).

    Templates that are not ours and people we do not know are passed over. ``counted``: how many
    answers were taken.
    """
    identity = await Identity.filter(appid=appid, openid=openid).first()
    if identity is None:
        return Answer({"counted": 0})
    counted = 0
    for template, answer in answers:
        tapped = _PUSHED.get(answer)
        if template and template == unit.services.progress_template and tapped is not None:
            await _count(unit, identity.person_id, template, tapped, Teller.PLATFORM)
            counted += 1
    return Answer({"counted": counted})


_PUSHED = {"accept": Tapped.ACCEPT, "reject": Tapped.REJECT, "ban": Tapped.BAN}

_COUNT = """
INSERT INTO consents AS c (id, person_id, template, remaining, {teller})
VALUES (gen_random_uuid(), $1, $2, 1, 1)
ON CONFLICT (person_id, template) DO UPDATE
SET {teller} = c.{teller} + 1,
    remaining = c.remaining + (c.{teller} + 1 > c.{other})::int
"""
_COUNTS = {
    Teller.CLIENT: _COUNT.format(teller=Teller.CLIENT.value, other=Teller.PLATFORM.value),
    Teller.PLATFORM: _COUNT.format(teller=Teller.PLATFORM.value, other=Teller.CLIENT.value),
}


async def _count(unit: Unit, person: UUID, template: str, tapped: Tapped, teller: Teller) -> None:
    if tapped in _ACCEPTED:
        await unit.connection.execute_query(_COUNTS[teller], [person, template])
    elif tapped is not Tapped.FILTER:
        await Consent.filter(person_id=person, template=template).update(remaining=0)
