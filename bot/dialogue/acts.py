"""Acts a dialogue may ask for; ``bot.acting`` carries them out by the use cases of ``workflow``.

Each says what ``Done.told`` holds afterwards. Reads change nothing; effects happen in the turn's
one unit of work, together with the state and the stored reply.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args
from uuid import UUID

# --- reads -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadCases:
    """The sender's own cases, newest first, at most 20. ``items``: as ``GET /cases`` lists them
    (kind, id, city, number, state, state_label, enterprise_name, utilities, version …).
    """

    group: Literal["all", "draft", "open", "ended"] = "all"


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """Progress of one own case. ``kind`` and the body of ``GET …/progress`` (application) or of the
    registration's view. Without ``case``: of the only live case, else ``items`` as ``ReadCases``.
    Of a returned application also ``to_correct``, all it was returned for: field, label,
    reason_label, note, touched (whether it was written again since).
    """

    case: UUID | None = None
    kind: Literal["application", "registration"] = "application"


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft as ``GET …/draft`` gives it: id, city, stage, version, values, revisions, conflicts.
    Without ``case``: the newest editable one (draft or returned) of ``city``; empty when none.
    Of a returned one also ``to_correct``, as ``ReadStatus`` tells it.
    """

    city: str
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """``ReadDraft`` with ``faults``: every fault it would have if submitted now."""

    case: UUID


@dataclass(frozen=True, slots=True)
class ReadVisits:
    """A crew's requests that wait for its visit or work, soonest first: ``items`` of
    ``{request, application, number, utility, enterprise_name, address, at, state, version}``.
    """

    city: str


@dataclass(frozen=True, slots=True)
class ReadTimes:
    """When the joint survey of an own application, or of a draft, can be: ``times`` (``at``,
    ``coming`` …) from ``at`` on first, ``free``: whether ``at`` itself is one, ``coming``: names,
    ``joint``: whether somebody with crews comes at all, ``page`` as ``GET …/survey``.
    """

    case: UUID
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A crew's joint visits of a day (today without), by time: ``items`` as ``GET /me/day``."""

    day: date | None = None


@dataclass(frozen=True, slots=True)
class ReadJoined:
    """Whom this chat is joined to: ``by`` (``code``, ``platform``, or empty), ``name`` and
    ``phone`` masked, ``cases`` that would be given back.
    """


@dataclass(frozen=True, slots=True)
class ReadComplaints:
    """The sender's own complaints, newest first: ``items`` of ``{number, created_at, due_at, light,
    answer …}`` as ``GET /complaints`` lists them.
    """


# --- effects ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """Begin a draft of form B in a city (as ``POST /applications``): ``ReadDraft``'s answer."""

    city: str


@dataclass(frozen=True, slots=True)
class SaveFields:
    """Save fields: key → (raw value, base version). ``ReadDraft``'s answer with ``faults``."""

    case: UUID
    fields: Mapping[str, tuple[Any, int]]


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit the draft at the version that was shown. ``number``, ``stage``, ``survey_at`` …"""

    case: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Register:
    """Register intent by form A: ``id``, ``number`` if any, ``state``."""

    city: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Give up an application (draft or submitted) or a registration."""

    case: UUID
    kind: Literal["application", "registration"] = "application"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookSurvey:
    """Book or move the joint survey of an accepted application: ``at``."""

    case: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelSurvey:
    """Cancel the booked survey."""

    case: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class WaitEarlier:
    """Wait for an earlier time than the one booked, or (``wait`` False) wait no more."""

    case: UUID
    wait: bool = True


@dataclass(frozen=True, slots=True)
class TakeTime:
    """Take a time that is kept: ``at``."""

    survey: UUID


@dataclass(frozen=True, slots=True)
class LeaveTime:
    """Let a time go that is kept; the appointment stays."""

    survey: UUID


@dataclass(frozen=True, slots=True)
class TellLate:
    """The applicant, or in its office a crew, comes so many minutes late."""

    case: UUID
    minutes: int
    crew: bool = False


@dataclass(frozen=True, slots=True)
class TellAbsent:
    """Somebody was not there: an organisation, or (None, told by a crew) the applicant.
    ``times``: the next best ones.
    """

    case: UUID
    absent: UUID | None = None
    crew: bool = False


@dataclass(frozen=True, slots=True)
class AnswerVisit:
    """A crew comes to a joint visit, or with a ``reason`` does not: ``replaced`` tells whether
    another one goes in its place.
    """

    survey: UUID
    visit: UUID
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmVisit:
    """A crew tells that it has arrived at, or finished with, a request's site."""

    request: UUID
    what: Literal["arrived", "finished"]


@dataclass(frozen=True, slots=True)
class Rate:
    """Rate a connected case: level 1 (very dissatisfied) to 5."""

    case: UUID
    level: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Complain:
    """Record a complaint: ``number`` and ``due_at`` of its answer."""

    city: str
    text: str
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Have a picture of the platform fetched and attached to a case as a document.

    It is fetched after the turn; the person is told by a message of its own.
    """

    case: UUID
    media_id: str
    purpose: str
    """Code of the document, from ``rules.forms.documents_for``."""


@dataclass(frozen=True, slots=True)
class ReadLink:
    """Whose one-time code of the mini-program it is: ``name`` and ``phone`` masked, ``cases`` of
    this chat that would become theirs, ``joined`` already. Joins nothing; a wrong code is counted
    as a try, and therefore this is an effect.
    """

    code: str


@dataclass(frozen=True, slots=True)
class Link:
    """Join this chat to the person who was shown the one-time code in the mini-program: ``name``
    and ``phone`` masked, ``cases`` that have become theirs.
    """

    code: str


@dataclass(frozen=True, slots=True)
class Unlink:
    """Take apart what a code has joined: ``cases`` that were given back."""


Read = (
    ReadCases
    | ReadStatus
    | ReadDraft
    | CheckDraft
    | ReadTimes
    | ReadDay
    | ReadVisits
    | ReadJoined
    | ReadComplaints
)
Effect = (
    OpenDraft
    | SaveFields
    | Submit
    | Register
    | Withdraw
    | BookSurvey
    | CancelSurvey
    | WaitEarlier
    | TakeTime
    | LeaveTime
    | TellLate
    | TellAbsent
    | AnswerVisit
    | ConfirmVisit
    | Rate
    | Complain
    | TakePicture
    | ReadLink
    | Link
    | Unlink
)
Act = Read | Effect
READS = get_args(Read)
