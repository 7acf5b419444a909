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


GOES_OUT: Mapping[OrgKind, Role] = {
    OrgKind.UTILITY: Role.CREW,
    OrgKind.CARRIER: Role.CREW,
    OrgKind.DEPARTMENT: Role.APPROVER,
}
"""Who goes out with a crew of an organisation of a kind; elsewhere there are no crews."""

KEEPS_CREWS: Mapping[OrgKind, Role] = {
    OrgKind.UTILITY: Role.UTILITY_CLERK,
    OrgKind.CARRIER: Role.UTILITY_CLERK,
    OrgKind.DEPARTMENT: Role.APPROVER,
}
"""Who of an organisation keeps its crews, beside the city's system administrator."""
