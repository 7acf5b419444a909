"""意向登记: register, and every public move of the registration's table."""

from dataclasses import replace
from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from doors.problems import field_of
from miniprogram_api.acts import UseCase, offer
from miniprogram_api.answers import Converted, RegistrationBrief
from miniprogram_api.registration_answers import RegistrationPage, RegistrationView
from miniprogram_api.resource import resource
from rules.errors import Code
from rules.lifecycle import Subject
from workflow.registrations import conversion, registration
from workflow.registrations import listing as registration_list
from workflow.registrations import view as registration_view
from workflow.surveys import booking
from workflow.unit import Answer, Done, Unit

registrations = resource(
    "registrations",
    "意向登记",
    "拿地阶段登记用能意向，全市各水电气暖讯单位同时收到；以后可转为一份或多份申请。",
)

_ACTS: dict[str, UseCase] = {
    "record_visit": registration.record_visit,
    "agree_time": registration.agree_time,
    "park": registration.park,
    "planning_permit_issued": registration.planning_permit_issued,
    "withdraw": registration.withdraw,
    "cancel_survey": booking.cancel_registered,
}

for _event, _use_case in _ACTS.items():
    offer(registrations, Subject.REGISTRATION, _event, _use_case, RegistrationBrief)


@registrations.post(
    "/registrations",
    who=SIGNED_IN,
    body=registration.NewRegistration,
    answers={201: RegistrationBrief},
    errors=(Code.INVALID, Code.NOT_FOUND, Code.FORBIDDEN),
    summary="意向登记",
    description="按信息采集单（表A）填写；问题一次列全。",
)
async def register(call: Call, body: registration.NewRegistration) -> Done:
    """Register intent."""
    return await call.act(
        lambda unit: registration.register(unit, body, channel=unit.actor.channel)
    )


@registrations.get(
    "/registrations/mine",
    who=SIGNED_IN,
    query=registration_list.Mine,
    answers={200: RegistrationPage},
    errors=(Code.INVALID,),
    summary="我的意向登记",
    operation="my_registrations",
)
async def mine(call: Call, query: registration_list.Mine) -> Answer:
    """One's own, newest first."""
    return await registration_list.mine(call.services, call.actor, query, call.now)


@registrations.get(
    "/registrations",
    who=registration_list.STAFF,
    query=registration_list.OfCity,
    answers={200: RegistrationPage},
    errors=(Code.INVALID, Code.FORBIDDEN),
    summary="全市意向登记",
    description="供本市窗口、牵头单位、各公用事业单位和督导查看；不含联系人信息。",
    operation="city_registrations",
)
async def of_city(call: Call, query: registration_list.OfCity) -> Answer:
    """A city's, newest first."""
    return await registration_list.of_city(call.services, call.actor, query, call.now)


@registrations.get(
    "/registrations/<id>",
    who=SIGNED_IN,
    answers={200: RegistrationView},
    errors=(Code.NOT_FOUND,),
    summary="意向登记详情",
    description="联系信息按岗位需要显示；工作人员查看会留痕。",
    operation="registration",
)
async def read(call: Call, id: UUID) -> Done:
    """One registration, as far as its reader may see it."""
    return await call.act(lambda unit: registration_view.view(unit, id))


async def _convert(
    unit: Unit, registration_id: UUID, body: conversion.Conversion, *, expect: int | None
) -> Answer:
    """The draft that comes of it, with its faults in words."""
    answer = await conversion.convert(
        unit, registration_id, body, channel=unit.actor.channel, expect=expect
    )
    faults = [field_of(fault) for fault in answer.body["faults"]]
    return replace(answer, body={**answer.body, "faults": faults})


offer(registrations, Subject.REGISTRATION, "convert", _convert, Converted, status=201)
offer(
    registrations,
    Subject.REGISTRATION,
    "book_survey",
    booking.book_registered,
    RegistrationBrief,
    errors=(Code.SLOT_TAKEN,),
)
