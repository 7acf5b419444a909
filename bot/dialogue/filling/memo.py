"""Things worked out once for each form. Forms are many-part values: hashing one costs more than it
saves, so they are known by identity.
"""

import weakref
from collections.abc import Callable
from typing import TypeVar

from rules.forms import Form

T = TypeVar("T")


def per_form(make: Callable[[Form], T]) -> Callable[[Form], T]:
    """``make`` called once for each form while it lives."""
    made: dict[int, tuple[weakref.ref[Form], T]] = {}

    def known(form: Form) -> T:
        found = made.get(id(form))
        if found is None or found[0]() is not form:
            found = made[id(form)] = (weakref.ref(form), make(form))
            weakref.finalize(form, made.pop, id(form), None)
        return found[1]

    return known
