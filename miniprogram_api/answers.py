"""What this door answers, as types: the OpenAPI document shows them, tests hold answers to them."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rules.actors import Role
from rules.states import Course, PermitState, PlanState, RegistrationState, RequestState
from rules.states import Stage as ApplicationStage


class Answered(BaseModel):
    """An answer: exactly these members. Times are in Shanghai time, to the second."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RequestBrief(Answered):
    """一项报装（一个水电气暖单位或一家通信运营商）现在的情况。"""

    id: UUID
    utility: str
    kind: str
    course: Course
    state: RequestState
    permit: PermitState | None
    version: int
    due_at: AwareDatetime | None
    connection_at: AwareDatetime | None
    allowed: list[str] = Field(
        description="本人现在可以进行的操作，即地址的最后一段（下划线换成连字符）"
    )


class ApplicationBrief(Answered):
    """联合报装申请现在的情况。"""

    id: UUID
    city: str
    number: str | None = Field(description="联合报装编号；草稿没有")
    stage: ApplicationStage
    version: int
    due_at: AwareDatetime | None
    survey_at: AwareDatetime | None
    plan: PlanState
    requests: list[RequestBrief]
    allowed: list[str] = Field(description="本人现在可以进行的操作")


class OwnApplication(Answered):
    """一项报装所属的申请。"""

    id: UUID
    number: str | None
    stage: ApplicationStage
    version: int


class RequestAnswer(RequestBrief):
    """一项报装办理之后，连同所属申请的阶段。"""

    application: OwnApplication


class FieldFault(Answered):
    """一处填写问题。"""

    field: str
    label: str = Field(description="栏目的中文名称，与纸质表一致")
    code: str
    message: str


class KeptValue(Answered):
    """同一栏目里另一个人填的内容，留到有人选定。"""

    value: Any
    by_me: bool
    version: int


class Draft(Answered):
    """申请表（表B）的草稿。"""

    id: UUID
    city: str
    stage: ApplicationStage
    version: int
    values: dict[str, Any]
    revisions: dict[str, int] = Field(
        description="每个栏目最后保存时的版本；再次保存时作为 base 带回"
    )
    conflicts: dict[str, list[KeptValue]]
    faults: list[FieldFault]


class RegistrationBrief(Answered):
    """意向登记现在的情况。"""

    id: UUID
    city: str
    state: RegistrationState
    version: int
    due_at: AwareDatetime | None
    visits_owed: int
    agreed_connection_at: AwareDatetime | None
    planning_permit_on: date | None
    allowed: list[str]


class Converted(Draft):
    """由登记转出的申请草稿，已知内容都已填好。"""

    registration: RegistrationBrief


class AnnualCommitment(Answered):
    """年度承诺。"""

    id: UUID
    department: str
    year: int


class Coded(Answered):
    """代码与名称。"""

    code: str
    label: str


class Town(Coded):
    """乡镇、街道或县区。"""

    own_window: bool


class UtilityKind(Coded):
    """业务类型。"""

    account_change: bool
    temporary: bool


class Utility(Coded):
    """一类报装。"""

    short: str
    provider: str | None
    hotline: str | None
    kinds: list[UtilityKind]
    carriers: list[Coded]


class Hotline(Coded):
    """服务或应急电话。"""

    number: str
    utility: str | None
    emergency: bool


class AskedDocument(Coded):
    """可能需要的材料。"""

    required: bool
    utilities: list[str]
    kinds: list[str]
    help: str | None


class NamedCity(Answered):
    """城市。"""

    code: str
    name: str
    province: str


class CityBrief(NamedCity):
    """开通联合报装的城市。"""

    utilities: list[Coded]


class CityList(Answered):
    """全部城市。"""

    cities: list[CityBrief]


class CityDetail(NamedCity):
    """一个城市的办理规则中人人需要知道的部分。"""

    utilities: list[Utility]
    lead: str
    window: str
    towns: list[Town]
    departments: list[Coded]
    documents: list[AskedDocument]
    hotlines: list[Hotline]
    reasons: dict[str, list[Coded]] = Field(
        description="各类操作可选的原因：退回、不予受理、暂停等"
    )
    gaps_allowed: bool
    organisers: dict[str, Role]


class FormDescription(Answered):
    """一份表格的全部栏目，足够客户端画出这份表。"""

    city: str
    code: str
    title: str
    number_title: str
    columns: int
    sections: list[dict[str, Any]]
    rows: list[list[dict[str, Any]]]
    note: str = ""
