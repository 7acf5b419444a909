"""Which roles are held in which kind of organisation (domain §1)."""

from collections.abc import Mapping

from rules.actors import OrgKind, Role

HOMES: Mapping[Role, frozenset[OrgKind]] = {
    Role.WINDOW_CLERK: frozenset({OrgKind.WINDOW}),
    Role.UTILITY_CLERK: frozenset({OrgKind.UTILITY, OrgKind.CARRIER}),
    Role.CREW: frozenset({OrgKind.UTILITY, OrgKind.CARRIER}),
    Role.APPROVER: frozenset({OrgKind.DEPARTMENT}),
    Role.REGULATOR: frozenset({OrgKind.REGULATOR, OrgKind.DEPARTMENT}),
    Role.COORDINATOR: frozenset({OrgKind.LEAD}),
    Role.SYSTEM_ADMIN: frozenset({OrgKind.ADMINISTRATION}),
    Role.SECURITY_ADMIN: frozenset({OrgKind.ADMINISTRATION}),
    Role.AUDITOR: frozenset({OrgKind.ADMINISTRATION}),
}
"""Every role of staff, and nobody else's."""


def fits(role: Role, kind: OrgKind) -> bool:
    """Whether a role is held in organisations of a kind."""
    return kind in HOMES.get(role, frozenset())
