"""意向登记: its moves (domain §2)."""

from rules.actors import Role
from rules.lifecycle import Move, Organiser, Subject, Table, Tell
from rules.moves.ticks import closes
from rules.states import RegistrationState

G = RegistrationState
OPEN_REGISTRATION = frozenset({G.RECEIVED, G.VISITED, G.READY, G.PARKED})

REGISTRATION: Table = (
    Move(
        Subject.REGISTRATION,
        "record_visit",
        "登记上门对接",
        frozenset({G.RECEIVED}),
        None,
        (Organiser.HOME_VISIT,),
        guard="visit_open",
        ticks=closes("first_visit"),
        tells=(Tell.APPLICANT,),
        clause="大冶 四(一)1;周口 四(一)",
    ),
    Move(
        Subject.REGISTRATION,
        "visits_complete",
        "上门对接完成",
        frozenset({G.RECEIVED}),
        G.VISITED,
        (Role.SYSTEM,),
        silent=True,
        public=False,
    ),
    Move(
        Subject.REGISTRATION,
        "agree_time",
        "约定接入时间",
        frozenset({G.VISITED, G.PARKED, G.READY}),
        G.READY,
        (Role.UTILITY_CLERK, Role.COORDINATOR, Role.WINDOW_CLERK, Role.APPLICANT),
        tells=(Tell.APPLICANT, Tell.UTILITIES),
        clause="大冶 四(一)1 预约式报装",
    ),
    Move(
        Subject.REGISTRATION,
        "park",
        "暂缓(用量未定)",
        frozenset({G.VISITED, G.READY}),
        G.PARKED,
        (Role.UTILITY_CLERK, Role.COORDINATOR, Role.WINDOW_CLERK, Role.APPLICANT),
        tells=(Tell.APPLICANT,),
        clause="大冶 四(一)1 暂时无法确定使用量",
    ),
    Move(
        Subject.REGISTRATION,
        "planning_permit_issued",
        "建设工程规划许可证已核发",
        frozenset({G.PARKED}),
        None,
        (Role.WINDOW_CLERK, Role.COORDINATOR, Role.PLATFORM, Role.APPLICANT),
        tells=(Tell.APPLICANT,),
        clause="大冶 四(一)1 建设工程规划许可证核发后",
    ),
    Move(
        Subject.REGISTRATION,
        "replan_visit",
        "改派踏勘班组",
        OPEN_REGISTRATION,
        None,
        (Role.SYSTEM,),
        tells=(Tell.APPLICANT,),
        public=False,
    ),
    Move(
        Subject.REGISTRATION,
        "lose_visit",
        "踏勘班组不能到场",
        OPEN_REGISTRATION,
        None,
        (Role.SYSTEM,),
        tells=(Tell.APPLICANT,),
        public=False,
    ),
    Move(
        Subject.REGISTRATION,
        "convert",
        "转为联合报装申请",
        OPEN_REGISTRATION | {G.CONVERTED},
        G.CONVERTED,
        (Role.APPLICANT, Role.WINDOW_CLERK),
        ticks=closes("first_visit"),
        tells=(Tell.UTILITIES,),
    ),
    Move(
        Subject.REGISTRATION,
        "withdraw",
        "撤回登记",
        OPEN_REGISTRATION,
        G.WITHDRAWN,
        (Role.APPLICANT, Role.WINDOW_CLERK),
        ticks=closes("*"),
        tells=(Tell.UTILITIES,),
    ),
)
