"""意向登记: register, and every public move of the registration's table."""

from dataclasses import replace
from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from doors.problems import field_of
from miniprogram_api.acts import UseCase, offer
from miniprogram_api.answers import Converted, RegistrationBrief
from miniprogram_api.resource import resource
from rules.errors import Code
from rules.lifecycle import Subject
from rules.states import Channel
from workflow import conversion, registration
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
        lambda unit: registration.register(unit, body, channel=Channel.MINIPROGRAM)
    )


async def _convert(
    unit: Unit, registration_id: UUID, body: conversion.Conversion, *, expect: int | None
) -> Answer:
    """The draft that comes of it, with its faults in words."""
    answer = await conversion.convert(
        unit, registration_id, body, channel=Channel.MINIPROGRAM, expect=expect
    )
    faults = [field_of(fault) for fault in answer.body["faults"]]
    return replace(answer, body={**answer.body, "faults": faults})


offer(registrations, Subject.REGISTRATION, "convert", _convert, Converted, status=201)
