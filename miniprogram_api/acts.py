"""Moves of the tables as routes: the verb in the URL is the event, the use case does the rest."""

from collections.abc import Awaitable, Callable
from typing import Any, get_type_hints
from uuid import UUID

from pydantic import BaseModel

from doors import access
from doors.call import Call
from doors.routes import Resource
from rules.errors import Code
from rules.lifecycle import Subject
from workflow.unit import Answer, Done

UseCase = Callable[..., Awaitable[Answer]]

REFUSALS = (
    Code.INVALID,
    Code.NOT_FOUND,
    Code.VERSION_STALE,
    Code.MOVE_NOT_ALLOWED,
    Code.NOT_YOURS_TO_MOVE,
    Code.GUARD_FAILED,
)
"""What every move may be refused with."""


def offer(
    resource: Resource,
    subject: Subject,
    event: str,
    use_case: UseCase,
    answer: type[BaseModel],
    *,
    status: int = 200,
    errors: tuple[Code, ...] = (),
    **settled: Any,
) -> None:
    """Declare ``POST /<resource>/<id>/<event>``.

    ``use_case(unit, id, [body,] *, expect)``: its ``body`` annotation is the request's body.
    ``errors``: what it may be refused with beside ``REFUSALS``. ``settled``: further arguments the
    door itself decides. Who may, the label and the clause come from the table of moves.
    """
    rights = access.move(subject, event)
    row = rights.moves[0]
    model: type[BaseModel] | None = get_type_hints(use_case).get("body")

    async def with_body(call: Call, id: UUID, body: BaseModel) -> Done:
        return await call.act(
            lambda unit: use_case(unit, id, body, expect=call.expected, **settled)
        )

    async def without(call: Call, id: UUID) -> Done:
        return await call.act(lambda unit: use_case(unit, id, expect=call.expected, **settled))

    resource.post(
        f"/{resource.name}/<id>/{event.replace('_', '-')}",
        who=rights,
        summary=row.label,
        description=row.clause,
        body=model,
        answers={status: answer},
        errors=(*REFUSALS, *errors),
        if_match=True,
        operation=event,
    )(with_body if model else without)
