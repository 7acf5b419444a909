"""Who sees what of a case, as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.actors import ADMIN_ROLES, Role
from rules.visibility import (
    ORGANISING,
    SIGHT,
    WHEN_DONE,
    Group,
    Level,
    group_of,
    level,
    mask,
    mask_name,
    mask_phone,
)

TABLE = """
role          shared contact personal section other_section line findings documents opinions plan answer correction rating
applicant     full   full    full     full    full          full full     full      full     full full   full       full
window_clerk  full   full    full     full    full          full full     full      full     full full   full       full
coordinator   full   masked  masked   full    full          full full     full      full     full full   full       full
regulator     full   masked  masked   full    full          full full     full      full     full none   full       full
utility_clerk full   full    full     full    none          full full     full      full     full none   none       none
crew          full   full    none     full    none          full full     none      masked   full none   none       none
approver      full   masked  none     none    none          full full     full      full     full none   none       none
system_admin  none   none    none     none    none          none none     none      none     none none   none       none
security_admin none  none    none     none    none          none none     none      none     none none   none       none
auditor       none   none    none     none    none          none none     none      none     none none   none       none
"""  # noqa: E501 - a table

HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_table(row: list[str]) -> None:
    role = Role(row[0])
    seen = {group.value: level((role,), group).name.lower() for group in Group}
    assert seen == dict(zip(HEAD[1:], row[1:], strict=True))


def test_when_the_work_is_done_personal_data_is_masked() -> None:
    for role in (Role.WINDOW_CLERK, Role.UTILITY_CLERK, Role.CREW):
        assert level((role,), Group.CONTACT, done=True) is Level.MASKED
        assert level((role,), Group.SHARED, done=True) is Level.FULL
    assert level((Role.APPLICANT,), Group.CONTACT, done=True) is Level.FULL
    assert level((Role.CREW,), Group.PERSONAL, done=True) is Level.NONE


def test_done_never_shows_more() -> None:
    for role in Role:
        for group in Group:
            assert level((role,), group, done=True) <= level((role,), group)


def test_whoever_organises_the_visit_rings_until_it_is_done() -> None:
    ringing = (Role.COORDINATOR,)
    assert level(ringing, Group.CONTACT, organises=True) is Level.FULL
    assert level(ringing, Group.CONTACT, organises=True, done=True) is Level.MASKED
    assert level(ringing, Group.PERSONAL, organises=True) is Level.MASKED
    assert level((Role.REGULATOR,), Group.CONTACT, organises=True) is Level.MASKED
    assert set(ORGANISING) <= set(SIGHT)


def test_several_roles_see_what_the_best_of_them_sees() -> None:
    both = (Role.COORDINATOR, Role.WINDOW_CLERK)
    assert level(both, Group.CONTACT) is Level.FULL
    assert level((), Group.SHARED) is Level.NONE
    assert not ADMIN_ROLES & set(SIGHT)
    assert set(WHEN_DONE) <= set(SIGHT)


@pytest.mark.parametrize(
    ("key", "value", "masked"),
    [
        ("contact.phone", "13800001234", "138****1234"),
        ("contact.phone", "0714-8765432", "**********32"),
        ("contact.phone", "123", "****"),
        ("contact.name", "张样例", "张**"),
        ("contact.name", "张", "张**"),
        ("enterprise.legal_person", "欧阳样", "欧**"),
    ],
)
def test_masks(key: str, value: str, masked: str) -> None:
    assert mask(key, value) == masked


@given(st.text(max_size=40))
def test_a_mask_never_gives_the_value_away(value: str) -> None:
    for masked in (mask_phone(value), mask_name(value)):
        assert not value or masked != value or set(value) <= {"*"}
    if len(value) > 4:
        assert value not in mask_phone(value)


def test_groups_of_personal_values() -> None:
    assert group_of("contact.phone") is Group.CONTACT
    assert group_of("agent.name") is Group.CONTACT
    assert group_of("enterprise.legal_person") is Group.PERSONAL
    assert group_of("water.old_holder") is Group.PERSONAL
