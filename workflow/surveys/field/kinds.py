"""The kinds of reports: what a body of each holds, and what it does."""

from collections.abc import Awaitable, Callable
from typing import Any

from workflow.inputs import Input
from workflow.surveys import missing
from workflow.surveys.field import absence
from workflow.surveys.field import applying as it
from workflow.surveys.field.applying import Told, When
from workflow.surveys.field.visiting import Visiting
from workflow.surveys.record.acts import Word

Effect = Callable[[Visiting, Any, When], Awaitable[Told]]

KINDS: dict[str, tuple[type[Input], Effect]] = {
    "check_in": (it.Coming, it.come),
    "findings": (it.Found, it.find),
    "photo": (it.Taken, it.photograph),
    "visit_done": (it.Done, it.done),
    "signature": (Word, it.word),
    "late": (missing.Late, absence.be_late),
    "no_show": (missing.Absence, absence.miss),
}
