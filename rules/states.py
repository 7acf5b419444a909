"""States of registrations, applications, requests, plans, permits and surveys (domain §§2–3)."""

from enum import StrEnum


class RegistrationState(StrEnum):
    """意向登记."""

    RECEIVED = "received"
    VISITED = "visited"
    READY = "ready"
    PARKED = "parked"
    CONVERTED = "converted"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """联合报装申请: from ``ACCEPTED`` to ``CONNECTED`` derived from the live requests."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    SURVEYING = "surveying"
    PLANNING = "planning"
    PERMITTING = "permitting"
    CONSTRUCTING = "constructing"
    INSPECTING = "inspecting"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


LIVE_STAGES = (
    Stage.ACCEPTED,
    Stage.SURVEYING,
    Stage.PLANNING,
    Stage.PERMITTING,
    Stage.CONSTRUCTING,
    Stage.INSPECTING,
    Stage.CONNECTING,
)
"""Accepted and not yet connected, in order of advance."""

ENDED_STAGES = frozenset({Stage.CLOSED, Stage.WITHDRAWN, Stage.REJECTED})


class RequestState(StrEnum):
    """One utility's (or carrier's) part of an accepted application."""

    PENDING = "pending"
    SURVEYED = "surveyed"
    PLANNED = "planned"
    PERMITTED = "permitted"
    BUILT = "built"
    INSPECTED = "inspected"
    CONNECTED = "connected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


DEAD_REQUESTS = frozenset({RequestState.DECLINED, RequestState.WITHDRAWN})


class Course(StrEnum):
    """The way a request takes through its table."""

    FULL = "full"
    """With an external line: survey, plan, permits, works, joint acceptance, connection."""
    NO_LINE = "no_line"
    """No external line (有外线工程的 only are surveyed): straight to connection."""
    ACCOUNT = "account"
    """更名/过户: accepted → connecting → connected → closed."""


class SurveyState(StrEnum):
    """联合踏勘: the appointment of the one joint visit."""

    HELD = "held"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"
    MOVED = "moved"
    OFFERED = "offered"
    """A time kept beside the appointment until somebody takes it; ``KeptFor`` says why."""
    MISSED = "missed"
    """Somebody who had to be there was not (爽约)."""


class KeptFor(StrEnum):
    """Why a time is kept beside the appointment: the reason of a survey that is offered."""

    HOLD = "hold"
    """The applicant is choosing."""
    EARLIER = "earlier"
    """It waits for an earlier one (候补)."""
    PROPOSED = "proposed"
    """A crew has proposed it."""


class VisitState(StrEnum):
    """One crew's part in a joint visit."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ARRIVED = "arrived"
    DONE = "done"
    MISSED = "missed"
    ENDED = "ended"
    """The survey was moved or cancelled."""


class WaitState(StrEnum):
    """候补: waiting for an earlier time."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    ENDED = "ended"


class Ender(StrEnum):
    """On whose side a survey was moved, cancelled or missed."""

    APPLICANT = "applicant"
    CREW = "crew"
    ORGANISER = "organiser"
    SYSTEM = "system"


class ReportOutcome(StrEnum):
    """What became of something a crew's phone handed in."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    SETTLED = "settled"
    REFUSED = "refused"


class PlanState(StrEnum):
    """一个方案: the combined reply to the applicant."""

    DRAFTING = "drafting"
    OFFERED = "offered"
    AGREED = "agreed"
    CHANGE_ASKED = "change_asked"
    LAPSED = "lapsed"
    REPLACED = "replaced"
    """No longer holds: a request left it."""


class PermitState(StrEnum):
    """The permits one request needs for its external line."""

    NOT_NEEDED = "not_needed"
    COMMITTING = "committing"
    LISTING = "listing"
    FILING = "filing"
    DECIDING = "deciding"
    OBJECTED = "objected"
    GRANTED = "granted"


class Verdict(StrEnum):
    """审批意见 of one department."""

    APPROVED = "approved"
    CONDITIONAL = "conditional"
    OBJECTED = "objected"


class Channel(StrEnum):
    """How an application or a registration reached us."""

    MINIPROGRAM = "miniprogram"
    H5 = "h5"
    CHAT = "chat"
    WINDOW = "window"
    PLATFORM = "platform"
