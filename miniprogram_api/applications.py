"""联合报装申请: every public move of the application's table."""

from miniprogram_api.acts import UseCase, offer
from miniprogram_api.answers import ApplicationBrief
from miniprogram_api.resource import resource
from miniprogram_api.survey_answers import AbsenceRecorded
from rules.errors import Code
from rules.lifecycle import Subject
from workflow.cases import acceptance, application, evaluation, pausing, plan
from workflow.surveys import booking, missing, waiting

applications = resource(
    "applications",
    "联合报装申请",
    "一份申请办水、电、气、暖、讯。先读取得到版本号(ETag)，操作时用 If-Match 带回。",
)

_ACTS: dict[str, UseCase] = {
    "submit": application.submit,
    "return_for_correction": acceptance.return_for_correction,
    "accept": acceptance.accept,
    "accept_with_gaps": acceptance.accept_with_gaps,
    "supply_papers": acceptance.supply_papers,
    "reject": acceptance.reject,
    "withdraw": application.withdraw,
    "cancel_survey": booking.cancel_survey,
    "leave_time": booking.leave_time,
    "wait_earlier": waiting.wait_earlier,
    "stop_waiting": waiting.stop_waiting,
    "tell_late": missing.tell_late,
    "offer_plan": plan.offer_plan,
    "agree_plan": plan.agree_plan,
    "ask_plan_change": plan.ask_plan_change,
    "check_road": evaluation.check_road,
    "rate": evaluation.rate,
    "close": evaluation.close,
    "pause": pausing.pause,
    "resume": pausing.resume,
}

for _event, _use_case in _ACTS.items():
    offer(applications, Subject.APPLICATION, _event, _use_case, ApplicationBrief)

_BOOKS: dict[str, UseCase] = {
    "book_survey": booking.book_survey,
    "hold_survey": booking.hold_survey,
    "take_time": booking.take_time,
}

for _event, _use_case in _BOOKS.items():
    offer(
        applications,
        Subject.APPLICATION,
        _event,
        _use_case,
        ApplicationBrief,
        errors=(Code.SLOT_TAKEN,),
    )

offer(
    applications,
    Subject.APPLICATION,
    "report_absence",
    missing.report_absence,
    AbsenceRecorded,
)
