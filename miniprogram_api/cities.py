"""城市与表格: public, the same for everybody, kept by clients for a while."""

from typing import Annotated, cast

from pydantic import Field

from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Cache
from miniprogram_api.answers import CityDetail, CityList, FormDescription
from miniprogram_api.resource import resource
from rules.errors import Code, DomainError
from workflow.inputs import CodeName, Input
from workflow.reading import cities as use_case
from workflow.unit import Answer

cities = resource("cities", "城市与表格", "无需登录。")

KEPT = Cache(seconds=300)


class FormQuery(Input):
    """Which 业务类型 the form is narrowed to."""

    kind: Annotated[CodeName | None, Field(description="业务类型代码，不填为全部栏目")] = None


@cities.get("/cities", who=PUBLIC, answers={200: CityList}, cache=KEPT, summary="城市列表")
async def list_cities(call: Call) -> Answer:
    """Every city we serve."""
    return Answer(use_case.listed(call.services, call.now))


@cities.get(
    "/cities/<city>",
    who=PUBLIC,
    answers={200: CityDetail},
    errors=(Code.NOT_FOUND,),
    cache=KEPT,
    summary="城市的报装种类、乡镇、材料、原因代码和电话",
)
async def read_city(call: Call, city: str) -> Answer:
    """One city's rules, as far as everybody needs them."""
    return Answer(use_case.detail(call.services, city, call.now))


@cities.get(
    "/cities/<city>/forms/<form>",
    who=PUBLIC,
    query=FormQuery,
    answers={200: FormDescription},
    errors=(Code.NOT_FOUND,),
    cache=KEPT,
    summary="表格的全部栏目",
    description="A 为信息采集单,B 为联合报装业务申请表。",
)
async def read_form(call: Call, city: str, form: str, query: FormQuery) -> Answer:
    """A form as clients draw it."""
    if form not in ("A", "B"):
        raise DomainError(Code.NOT_FOUND)
    which = cast(use_case.FormCode, form)
    return Answer(use_case.form(call.services, city, which, query.kind, call.now))
