"""What of a case each role sees: a table of role × group of data, nothing else (domain §1).

``FULL`` is what the act of the day needs, ``MASKED`` shows that it is there (``138****8000``),
``NONE`` leaves it out. Once nothing is left to do for a role, personal data is masked for it.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum

from rules.actors import Role


class Level(IntEnum):
    """How much is shown; the highest of an actor's roles counts."""

    NONE = 0
    MASKED = 1
    FULL = 2


class Group(StrEnum):
    """A group of data of one case that is shown, masked or left out as a whole."""

    SHARED = "shared"
    """Enterprise, address, project, what is asked for, stage, number, dates."""
    CONTACT = "contact"
    """Whom to meet and to ring: contact, agent, their phones."""
    PERSONAL = "personal"
    """Other personal values: the legal person."""
    SECTION = "section"
    """A utility's part of form B, and its request in full."""
    OTHER_SECTION = "other_section"
    """The same of utilities the actor does not work for."""
    LINE = "line"
    """Geometry and dates of every external line: findings, segments, works."""
    FINDINGS = "findings"
    """What was found along a line in full, on which its permits are decided."""
    DOCUMENTS = "documents"
    OPINIONS = "opinions"
    """The permits of a request; ``MASKED``: state, route and the conditions to be kept on site."""
    PLAN = "plan"
    ANSWER = "answer"
    """What the applicant wrote when it asked for another plan."""
    CORRECTION = "correction"
    """What the window has returned for, and documents still owed."""
    RATING = "rating"


G = Group
FULL, MASKED, NONE = Level.FULL, Level.MASKED, Level.NONE

ALL_FULL: Mapping[Group, Level] = dict.fromkeys(Group, FULL)

SIGHT: Mapping[Role, Mapping[Group, Level]] = {
    Role.APPLICANT: ALL_FULL,
    Role.WINDOW_CLERK: ALL_FULL,
    Role.COORDINATOR: {**ALL_FULL, G.CONTACT: MASKED, G.PERSONAL: MASKED},
    Role.REGULATOR: {**ALL_FULL, G.CONTACT: MASKED, G.PERSONAL: MASKED, G.ANSWER: NONE},
    Role.UTILITY_CLERK: {
        **ALL_FULL,
        G.OTHER_SECTION: NONE,
        G.ANSWER: NONE,
        G.CORRECTION: NONE,
        G.RATING: NONE,
    },
    Role.CREW: {
        **ALL_FULL,
        G.PERSONAL: NONE,
        G.OTHER_SECTION: NONE,
        G.DOCUMENTS: NONE,
        G.OPINIONS: MASKED,
        G.ANSWER: NONE,
        G.CORRECTION: NONE,
        G.RATING: NONE,
    },
    Role.APPROVER: {
        **ALL_FULL,
        G.CONTACT: MASKED,
        G.PERSONAL: NONE,
        G.SECTION: NONE,
        G.OTHER_SECTION: NONE,
        G.ANSWER: NONE,
        G.CORRECTION: NONE,
        G.RATING: NONE,
    },
}
"""Roles that are not named (the three administrators) see nothing of a case."""

WHEN_DONE: Mapping[Role, Mapping[Group, Level]] = {
    Role.WINDOW_CLERK: {G.CONTACT: MASKED, G.PERSONAL: MASKED},
    Role.UTILITY_CLERK: {G.CONTACT: MASKED, G.PERSONAL: MASKED},
    Role.CREW: {G.CONTACT: MASKED},
}
"""What is left to see once the case (for a utility: its own request) has ended."""

ORGANISING: Mapping[Role, Mapping[Group, Level]] = {Role.COORDINATOR: {G.CONTACT: FULL}}
"""What is seen beyond that where the city file makes the role agree times with the applicant."""


def level(
    roles: Iterable[Role], group: Group, *, done: bool = False, organises: bool = False
) -> Level:
    """How much of ``group`` somebody of these roles sees.

    ``done``: nothing is left to do on it for the actor. ``organises``: until then the actor agrees
    the times with the applicant.
    """
    return max((_one(role, group, done, organises) for role in roles), default=NONE)


def _one(role: Role, group: Group, done: bool, organises: bool) -> Level:
    seen = SIGHT.get(role, {}).get(group, NONE)
    if organises and not done:
        return max(seen, ORGANISING.get(role, {}).get(group, NONE))
    if done:
        return min(seen, WHEN_DONE.get(role, {}).get(group, FULL))
    return seen


def mask_phone(phone: str) -> str:
    """``138****8000``; of a landline or anything else the last two characters stay."""
    if len(phone) == 11 and phone.startswith("1") and phone.isdecimal():
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 4) + phone[-2:] if len(phone) > 4 else "****"


def mask_name(name: str) -> str:
    """The family name stays: ``张**`` (the number of characters is not told)."""
    return f"{name[:1]}**" if name else ""


def mask(key: str, value: object) -> str:
    """A personal form value masked by what its key says it is."""
    text = str(value)
    return mask_phone(text) if key.endswith("phone") else mask_name(text)


def group_of(key: str) -> Group:
    """The group of a personal form value by its key."""
    return Group.CONTACT if key.split(".")[0] in ("contact", "agent") else Group.PERSONAL
