"""What short messages mean is found out once, and nothing of anybody is remembered."""

from dataclasses import dataclass, field

import pytest

from bot.remembering import LONGEST, MOST, Remembering
from bot.understanding.types import Intent, Pending, Slots, Understood

STATUS = Understood("进度", Intent.QUERY_STATUS, 0.9)


@dataclass
class Mind:
    """Means one thing by everything, and counts how often it is asked."""

    said: Understood = STATUS
    asked: list[tuple[str, str | None, Pending | None]] = field(default_factory=list)

    def understand(
        self, text: str, *, city: str | None = None, pending: Pending | None = None
    ) -> Understood:
        self.asked.append((text, city, pending))
        return self.said


def test_the_same_message_is_understood_once() -> None:
    mind = Mind()
    memory = Remembering(lambda: mind)
    assert memory.meant("进度") is None
    assert memory.understand("进度") is memory.understand("进度") is STATUS
    assert len(mind.asked) == 1
    assert memory.meant("进度") is Intent.QUERY_STATUS


def test_where_the_talk_stands_makes_it_another_message() -> None:
    mind = Mind()
    memory = Remembering(lambda: mind)
    wheres: list[tuple[str | None, Pending | None]] = [
        (None, None),
        ("daye", None),
        ("daye", Pending("confirm")),
        ("daye", Pending("confirm", ("是",))),
    ]
    for _ in range(2):
        for city, pending in wheres:
            memory.understand("好", city=city, pending=pending)
    assert mind.asked == [("好", *where) for where in wheres]


@pytest.mark.parametrize(
    "said",
    [
        Understood("李样", Intent.OUT_OF_SCOPE, 0.9),
        *(
            Understood("x", Intent.APPLY, 0.9, slots)
            for slots in (
                Slots(phone="1"),
                Slots(credit_code="1"),
                Slots(company="1"),
                Slots(person="1"),
                Slots(address="1"),
                Slots(application_no="1"),
            )
        ),
    ],
)
def test_nothing_of_anybody_is_remembered(said: Understood) -> None:
    mind = Mind(said)
    memory = Remembering(lambda: mind)
    for _ in range(2):
        assert memory.understand("李样") is said
    assert len(mind.asked) == 2
    assert memory.meant("李样") is None
    assert not memory._known


def test_every_slot_is_somebodys_or_nobodys() -> None:
    """A new slot has to be thought about."""
    assert set(Slots.__dataclass_fields__) == {
        *("phone", "credit_code", "company", "person", "address", "application_no"),
        *("utilities", "kind", "amount", "datetime"),
    }


def test_long_messages_are_understood_every_time() -> None:
    mind = Mind()
    memory = Remembering(lambda: mind)
    for _ in range(2):
        memory.understand("长" * (LONGEST + 1))
    assert len(mind.asked) == 2


def test_what_was_not_said_for_longest_is_forgotten_first() -> None:
    mind = Mind()
    memory = Remembering(lambda: mind)
    for number in range(MOST):
        memory.understand(str(number))
    memory.understand("0")
    memory.understand("new")
    assert len(memory._known) == MOST
    memory.understand("0")
    assert len(mind.asked) == MOST + 1
    memory.understand("1")
    assert len(mind.asked) == MOST + 2
    assert len(memory._meant) <= MOST
