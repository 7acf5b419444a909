"""办事指南: public, from the city's file."""

from typing import Annotated

from pydantic import Field

from config.cities import Topic
from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Cache
from miniprogram_api.reading_answers import Guide
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.inputs import Input
from workflow.reading import guide as use_case
from workflow.unit import Answer

guide = resource("guide", "办事指南", "无需登录。")


class GuideQuery(Input):
    """One topic, or all."""

    topic: Annotated[Topic | None, Field(description="主题，不填为全部")] = None


@guide.get(
    "/cities/<city>/guide",
    who=PUBLIC,
    query=GuideQuery,
    answers={200: Guide},
    errors=(Code.INVALID, Code.NOT_FOUND),
    cache=Cache(seconds=300),
    summary="办事指南",
)
async def read_guide(call: Call, city: str, query: GuideQuery) -> Answer:
    """What the city answers about materials, steps, time limits, fees and whom to ask."""
    return use_case.guide(call.services, city, query.topic, call.now)
