"""How an act on a survey ends: what follows from it, the rows, and where the matter stands."""

from workflow.cases.brief import brief
from workflow.cases.case import Case
from workflow.cases.settling import settle
from workflow.registrations.case import brief as registration_brief
from workflow.surveys.matter import Matter
from workflow.unit import Answer


async def finish(matter: Matter) -> Answer:
    """Write what changed once; the short answer of the application or the registration."""
    case = matter.case
    if isinstance(case, Case):
        await settle(case)
        return Answer(brief(case), version=case.app.version)
    case.facts["survey_booked"] = matter.survey is not None
    await case.finish()
    return Answer(registration_brief(case), version=case.row.version)
