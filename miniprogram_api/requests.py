"""各单位的报装事项: every public move of a utility request's table."""

from miniprogram_api.acts import UseCase, offer
from miniprogram_api.answers import RequestAnswer
from miniprogram_api.resource import resource
from rules.lifecycle import Subject
from workflow.cases import commitment, connection, joint, plan, site_visit, works

requests = resource(
    "requests",
    "各单位报装事项",
    "受理后按水、电、气、暖和通信运营商分成若干事项，各自办理；版本号是事项自己的。",
)

_ACTS: dict[str, UseCase] = {
    "check_in": site_visit.check_in,
    "record_findings": site_visit.record_findings,
    "correct_findings": site_visit.correct_findings,
    "submit_segment": plan.submit_segment,
    "commit": commitment.commit,
    "choose_joint": joint.choose_joint,
    "list_documents": joint.list_documents,
    "file_papers": joint.file_papers,
    "sign_opinion": joint.sign_opinion,
    "start_works": works.start_works,
    "finish_works": works.finish_works,
    "inspect": works.inspect,
    "agree_connection_time": connection.agree_connection_time,
    "connect": connection.connect,
    "end_supply": connection.end_supply,
    "decline": connection.decline,
    "withdraw_request": connection.withdraw_request,
}

for _event, _use_case in _ACTS.items():
    offer(requests, Subject.REQUEST, _event, _use_case, RequestAnswer)
