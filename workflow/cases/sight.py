"""How much of one case its reader sees: the table of ``rules/visibility`` applied to a case."""

from functools import cached_property
from typing import Any
from uuid import UUID

from models import UtilityRequest
from rules.actors import Role
from rules.forms import FormField
from rules.lifecycle import Organiser, organiser_role
from rules.states import DEAD_REQUESTS, ENDED_STAGES, RequestState, Stage
from rules.visibility import Group, Level, group_of, level, mask
from workflow.cases.case import Case

AT_WORK = frozenset({Role.UTILITY_CLERK, Role.CREW})


class Sight:
    """One reader before one case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.roles = case.sees()
        self._on = {request.id: case.sees(request) for request in case.requests}

    @cached_property
    def own(self) -> frozenset[UUID]:
        """Requests the reader's own organisation works on."""
        return frozenset(ident for ident, roles in self._on.items() if roles & AT_WORK)

    def sees(self, group: Group) -> Level:
        """How much of a group that belongs to the case as a whole."""
        return max((self._one(role, group) for role in self.roles), default=Level.NONE)

    def sees_request(self, request: UtilityRequest) -> bool:
        """Whether a request is seen in full; of others only the line."""
        on = level(self._on[request.id], Group.SECTION)
        return max(on, level(self.roles, Group.OTHER_SECTION)) is Level.FULL

    def sees_findings(self, request: UtilityRequest) -> bool:
        """Whether all that was found along a line is seen; of others only where it runs."""
        return level(self._on[request.id], Group.FINDINGS) is Level.FULL

    def opinions(self, request: UtilityRequest) -> Level:
        """How much of the permits of a request is seen."""
        return level(self._on[request.id], Group.OPINIONS)

    def sees_section(self, utility: str) -> bool:
        """Whether a utility's part of form B is seen."""
        if level(self.roles, Group.OTHER_SECTION) is Level.FULL:
            return True
        return any(
            request.utility == utility and self.sees_request(request)
            for request in self._case.requests
        )

    def value(self, field: FormField, value: Any) -> tuple[Level, Any]:
        """A form value as far as it is seen; ``None`` where it is not."""
        if field.utility is not None and not self.sees_section(field.utility):
            return Level.NONE, None
        if not field.personal:
            return self.sees(Group.SHARED), value
        seen = self.sees(group_of(field.key))
        if seen is Level.NONE:
            return seen, None
        return seen, value if seen is Level.FULL else mask(field.key, value)

    @property
    def reads_personal(self) -> Level:
        """How much personal data of the applicant a member of staff gets to see; ``NONE``: none."""
        if self._case.owner:
            return Level.NONE
        return max(self.sees(Group.CONTACT), self.sees(Group.PERSONAL))

    def _one(self, role: Role, group: Group) -> Level:
        organises = role is organiser_role(Organiser.SURVEY, self._case.city.organisers)
        return level((role,), group, done=self._done(role), organises=organises)

    def _done(self, role: Role) -> bool:
        """Nothing is left to do on the case for this role."""
        if self._case.app.stage in ENDED_STAGES:
            return True
        if role is Role.COORDINATOR:
            return self._case.app.stage is Stage.CONNECTED
        if role not in AT_WORK:
            return False
        finished = DEAD_REQUESTS | {RequestState.CONNECTED}
        return all(r.state in finished for r in self._case.requests if r.id in self.own)
