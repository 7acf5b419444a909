"""年度承诺: a utility's yearly commitment to one department (大冶 四(二)1)."""

from doors.call import Call
from miniprogram_api.answers import AnnualCommitment
from miniprogram_api.resource import resource
from rules.actors import Role
from rules.errors import Code
from workflow.cases import commitment
from workflow.unit import Done

annual = resource("annual-commitments", "年度承诺")


@annual.post(
    "/annual-commitments",
    who=(Role.UTILITY_CLERK,),
    body=commitment.AnnualInput,
    answers={201: AnnualCommitment},
    errors=(Code.INVALID, Code.FORBIDDEN, Code.CONFLICT),
    summary="签署年度承诺",
)
async def sign_annual(call: Call, body: commitment.AnnualInput) -> Done:
    """Sign for the caller's own organisation."""
    return await call.act(lambda unit: commitment.sign_annual(unit, body))
