"""The token of a signed-in device: ``Authorization: Bearer …``."""

from datetime import datetime
from uuid import UUID

from sanic import Request

from doors.call import one_header
from doors.routes import Scheme
from rules.actors import Actor
from rules.errors import Code, DomainError
from workflow.people.identity import actor_of
from workflow.ports import Services


async def authenticate(request: Request, services: Services, now: datetime) -> Actor:
    """Who holds the token. Raises ``UNAUTHENTICATED`` for every fault alike."""
    return await actor_of(services.tokens, _token(request), now)


def session_of(request: Request, services: Services, now: datetime) -> UUID:
    """The session the token names, which may be over. Raises ``UNAUTHENTICATED``."""
    return services.tokens.read(_token(request), now)


def _token(request: Request) -> str:
    given = one_header(request, "authorization", Code.UNAUTHENTICATED) or ""
    kind, _, token = given.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise DomainError(Code.UNAUTHENTICATED)
    return token.strip()


BEARER = Scheme(
    "bearer",
    {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "登录（POST /api/v1/sessions 或电脑端扫码）后得到的令牌。",
    },
    authenticate,
)
