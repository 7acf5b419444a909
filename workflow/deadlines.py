"""The clocks of one case: opened, paused, resumed and closed by the table of moves."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from config.cities import City, Limit
from models import Deadline, UtilityRequest
from models.writes import insert
from rules.actors import Role
from rules.calendar import Due, WorkCalendar
from rules.states import Course, RequestState
from workflow.cases.stops import EVERY, OUTLIVING, Stop, reason_against


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a clock runs against: an organisation in a role, or the applicant (no organisation)."""

    role: Role
    organization_id: UUID | None = None


APPLICANT = Holder(Role.APPLICANT)


@dataclass(slots=True)
class Clocks:
    """The deadlines of one application or one registration, as rows to write."""

    city: City
    calendar: WorkCalendar
    now: datetime
    application_id: UUID | None = None
    registration_id: UUID | None = None
    stops: list[Stop] = field(default_factory=list)
    """Reasons for which clocks of the case stand still."""
    rows: list[Deadline] = field(default_factory=list)
    """Every deadline not closed."""
    _new: list[Deadline] = field(default_factory=list)
    _touched: dict[UUID, Deadline] = field(default_factory=dict)

    async def load(self) -> None:
        """Read the open deadlines."""
        query = (
            Deadline.filter(application_id=self.application_id)
            if self.application_id
            else Deadline.filter(registration_id=self.registration_id)
        )
        self.rows = await query.filter(closed_at=None)

    def open(
        self,
        step: str,
        holder: Holder,
        *,
        request_id: UUID | None = None,
        start: datetime | None = None,
        due_at: datetime | None = None,
    ) -> None:
        """Start the clock of ``step`` by the city's limit, or to ``due_at`` set by a person.

        A step the city sets no limit for opens nothing; one already open stays as it is.
        """
        if self._find(step, request_id, holder.organization_id):
            return
        rule = self.city.deadlines.get(step)  # type: ignore[call-overload]
        if rule is None and due_at is None:
            return
        begin = start or self.now
        due = Due(due_at) if due_at is not None else self.calendar.deadline(begin, rule.limit)
        target = (
            self.calendar.deadline(begin, rule.target).at
            if due_at is None and rule.target is not None
            else None
        )
        row = Deadline(
            city=self.city.code,
            step=step,
            application_id=self.application_id,
            registration_id=self.registration_id,
            request_id=request_id,
            organization_id=holder.organization_id,
            holder=holder.role,
            opened_at=begin,
            target_at=target,
            due_at=due.at,
            yellow_at=self.calendar.yellow_at(begin, due),
            provisional=due.provisional,
            limit=_limit(rule.limit) if due_at is None else {},
        )
        row.pause_reason = reason_against(self.stops, step, request_id)
        if row.pause_reason is not None:
            row.paused_at = max(self.now, begin)
        self.rows.append(row)
        self._new.append(row)

    def close(
        self, step: str, *, request_id: UUID | None = None, organization_id: UUID | None = None
    ) -> None:
        """Stop the clock of ``step`` (``*``: every one) of the request or organisation named."""
        for row in list(self.rows):
            if row.step != step and (step != EVERY or row.step in OUTLIVING):
                continue
            if request_id is not None and row.request_id != request_id:
                continue
            if organization_id is not None and row.organization_id != organization_id:
                continue
            row.closed_at = self.now
            self.rows.remove(row)
            self._touch(row)

    def stand(self, stops: list[Stop]) -> None:
        """Let each clock stand or run as the reasons say that stand against it now."""
        self.stops = stops
        for row in self.rows:
            reason = reason_against(stops, row.step, row.request_id)
            if reason == row.pause_reason:
                continue
            if reason is None:
                self._resume(row)
            elif row.paused_at is None:
                row.paused_at = max(self.now, row.opened_at)
            row.pause_reason = reason
            self._touch(row)

    def _resume(self, row: Deadline) -> None:
        """Run on with the working minutes it had left when it was paused."""
        paused_at, row.paused_at = row.paused_at, None
        if paused_at is None or paused_at >= self.now:
            return
        due = self.calendar.resume(Due(row.due_at, row.provisional), paused_at, self.now)
        row.paused_minutes += self.calendar.minutes_between(row.due_at, due.at)
        if row.target_at is not None:
            row.target_at = self.calendar.resume(row.target_at, paused_at, self.now).at
        row.due_at, row.provisional = due.at, due.provisional
        row.yellow_at = self.calendar.yellow_at(
            row.opened_at, due, paused_minutes=row.paused_minutes
        )

    def earliest(self, request_id: UUID | None = None) -> datetime | None:
        """When the next running clock of the case (or of one request) is due."""
        return min(
            (
                row.due_at
                for row in self.rows
                if row.paused_at is None and (request_id is None or row.request_id == request_id)
            ),
            default=None,
        )

    def due_of(self, request: UtilityRequest) -> datetime | None:
        """When the next running clock is due that a request waits for.

        Until it is surveyed that is the joint survey's, which belongs to the whole case.
        """
        surveys = (
            [row.due_at for row in self.rows if row.step == "survey" and not row.paused_at]
            if request.state is RequestState.PENDING and request.course is Course.FULL
            else []
        )
        own = self.earliest(request.id)
        return min(surveys if own is None else [own, *surveys], default=None)

    async def write(self) -> None:
        """Store what was touched, then what was opened: a step may close and open in one act."""
        for row in self._touched.values():
            await Deadline.filter(id=row.id).update(
                target_at=row.target_at,
                due_at=row.due_at,
                yellow_at=row.yellow_at,
                provisional=row.provisional,
                paused_at=row.paused_at,
                pause_reason=row.pause_reason,
                paused_minutes=row.paused_minutes,
                closed_at=row.closed_at,
            )
        if self._new:
            await insert(self._new)

    def _find(self, step: str, request_id: UUID | None, organization_id: UUID | None) -> bool:
        return any(
            (r.step, r.request_id, r.organization_id) == (step, request_id, organization_id)
            for r in self.rows
        )

    def _touch(self, row: Deadline) -> None:
        if row not in self._new:
            self._touched[row.id] = row


def _limit(limit: Limit) -> dict[str, object]:
    return limit.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
