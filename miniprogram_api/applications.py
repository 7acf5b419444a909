"""联合报装申请: every public move of the application's table."""

from miniprogram_api.acts import UseCase, offer
from miniprogram_api.answers import ApplicationBrief
from miniprogram_api.resource import resource
from rules.lifecycle import Subject
from workflow.cases import acceptance, application, evaluation, pausing, plan, survey

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
    "book_survey": survey.book_survey,
    "cancel_survey": survey.cancel_survey,
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
