"""One request as its handler sees it."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sanic import Request

from doors.routes import Route
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from workflow.ports import Services
from workflow.unit import Answer, Done, Key, Unit, perform

NOBODY = Actor(person=None, roles=frozenset())
"""Whoever calls a public route."""

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,18})"')


@dataclass(slots=True)
class Call:
    """Who asks, when, and what surrounds it."""

    request: Request
    route: Route
    actor: Actor
    services: Services
    now: datetime

    @property
    def id(self) -> str:
        """The request's id, in logs and answers."""
        return str(self.request.id)

    @property
    def expected(self) -> int | None:
        """The version in ``If-Match``; ``None`` where the route asks for none and none came.

        Raises ``VERSION_NEEDED`` when it is missing, or not an ETag of ours. A read changes no
        version, whatever was sent.
        """
        if self.request.method == "GET":
            return None
        given = one_header(self.request, "if-match", Code.VERSION_NEEDED)
        if given is None:
            if self.route.if_match:
                raise DomainError(Code.VERSION_NEEDED)
            return None
        match = _ETAG.fullmatch(given)
        if match is None:
            raise DomainError(Code.VERSION_NEEDED)
        return int(match[1])

    @property
    def key(self) -> str | None:
        """The ``Idempotency-Key``: 1–128 visible ASCII characters. Raises ``KEY_NEEDED``.

        A read has none, whatever was sent: it is answered anew each time.
        """
        if self.request.method == "GET":
            return None
        given = one_header(self.request, "idempotency-key", Code.KEY_NEEDED)
        if given is None and not self.route.key:
            return None
        if given is None or not _KEY.fullmatch(given):
            raise DomainError(Code.KEY_NEEDED)
        return given

    async def act(
        self,
        act: Callable[[Unit], Awaitable[Answer]],
        *,
        fingerprint: bytes | None = None,
        scope: str | None = None,
    ) -> Done:
        """Run one unit of work under the request's key.

        ``fingerprint``: of what was sent, where it is not the body (a stream).
        ``scope``: within which keys are unique; the person by default.
        """
        value = self.key
        owner = scope or (str(self.actor.person) if self.actor.person else None)
        key = None
        if value is not None and owner is not None:
            key = Key(owner, value, fingerprint or self._fingerprint())
        return await perform(self.services, self.actor, act, key=key, correlation=self.id)

    def check_headers(self) -> None:
        """Refuse at once what lacks its key or version: ``KEY_NEEDED``, ``VERSION_NEEDED``."""
        _ = self.key
        _ = self.expected

    def holds(self, role: Role, city: str | None = None) -> bool:
        """Whether the caller holds a role."""
        return self.actor.holds(role, city)

    def _fingerprint(self) -> bytes:
        request = self.request
        seen = hashlib.sha256()
        for part in (request.method.encode(), request.raw_url, request.body):
            seen.update(len(part).to_bytes(8, "big"))
            seen.update(part)
        return seen.digest()


def one_header(request: Request, name: str, refusal: Code) -> str | None:
    """A header that may come once; ``refusal`` when it comes more often."""
    found = request.headers.getall(name, [])
    if len(found) > 1:
        raise DomainError(refusal)
    return found[0].strip() if found else None
