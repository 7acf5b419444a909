"""Routes as data: the one source of routing, rights, decoding and the OpenAPI document."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, get_type_hints

from pydantic import BaseModel
from sanic import Request

from doors.access import PUBLIC, SIGNED_IN, Access, roles
from rules.actors import Actor, Role
from rules.errors import Code
from workflow.ports import Services

P = ParamSpec("P")
R = TypeVar("R")
_PLACE = re.compile(r"<([a-z_]+)>")

Who = Access | tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How callers of a resource prove who they are. ``document``: its OpenAPI description."""

    name: str
    document: Mapping[str, Any]
    authenticate: Callable[[Request, Services, datetime], Awaitable[Actor]]
    """Raises ``refusal``."""
    refusal: Code = Code.UNAUTHENTICATED
    beside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Name → description of what must be sent together with it."""

    @property
    def documents(self) -> dict[str, dict[str, Any]]:
        """OpenAPI security schemes, all needed at once."""
        described = {self.name: self.document, **self.beside}
        return {name: dict(document) for name, document in described.items()}


@dataclass(frozen=True, slots=True)
class Media:
    """An answer (or an upload) that is not JSON: its content type and what it holds."""

    type: str
    description: str = ""
    schema: Mapping[str, Any] | None = None
    """Of an upload that is more than bytes: a form."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A public answer that may be kept for ``seconds``, then asked for by its ETag."""

    seconds: int


Answers = Mapping[int, Any]
"""Status → a type pydantic can describe, ``Media`` (or several), or ``None``: an empty answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path. ``path`` begins below the resource's prefix."""

    resource: "Resource"
    method: str
    path: str
    access: Access
    handler: Callable[..., Awaitable[Any]]
    operation: str
    summary: str
    description: str = ""
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answers: Answers
    errors: tuple[Code, ...] = ()
    key: bool = False
    if_match: bool = False
    cache: Cache | None = None
    shortcut: Callable[..., Awaitable[Any]] | None = None
    """Tried before anybody is authenticated, with the call and the places of the path: the answer
    for whoever it can tell by itself is entitled to it. When it gives ``None`` or refuses, the long
    way is gone as if it had not been there.
    """
    upload: tuple[Media, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers it reads: name → what they say."""
    parameters: Mapping[str, type] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The whole path, with ``{name}`` places, as OpenAPI writes it."""
        return _PLACE.sub(r"{\1}", self.resource.prefix + self.path)

    @property
    def pattern(self) -> str:
        """The whole path as Sanic wants it; ``decoding`` judges the values, not the router."""
        return _PLACE.sub(r"<\1:str>", self.resource.prefix + self.path)


class Resource:
    """One kind of thing behind a door, its name in Chinese, and the routes declared for it.

    ``scheme`` is None where everything is public.
    """

    def __init__(
        self, name: str, label: str, *, scheme: Scheme | None, prefix: str, description: str = ""
    ) -> None:
        self.name = name
        self.label = label
        self.description = description
        self.scheme = scheme
        self.prefix = prefix
        self.routes: list[Route] = []

    def get(self, path: str, **told: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A read; see ``route``."""
        return self.route("GET", path, **told)

    def post(self, path: str, **told: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """An act; needs an ``Idempotency-Key`` unless ``key=False``. See ``route``."""
        return self.route("POST", path, **{"key": True, **told})

    def put(self, path: str, **told: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A whole replacement; see ``route``."""
        return self.route("PUT", path, **told)

    def patch(self, path: str, **told: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A partial change; see ``route``."""
        return self.route("PATCH", path, **told)

    def delete(self, path: str, **told: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """An end; see ``route``."""
        return self.route("DELETE", path, **told)

    def route(
        self,
        method: str,
        path: str,
        *,
        who: Who,
        summary: str,
        answers: Answers,
        description: str = "",
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        errors: Iterable[Code] = (),
        key: bool = False,
        if_match: bool = False,
        cache: Cache | None = None,
        shortcut: Callable[..., Awaitable[Any]] | None = None,
        upload: tuple[Media, ...] = (),
        headers: Mapping[str, str] | None = None,
        operation: str | None = None,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Declare a route. The handler takes the ``Call``, then the places of the path by name
        (typed ``UUID``, ``str`` or ``int``), then ``body`` and ``query`` where declared.
        """

        access = roles(*who) if isinstance(who, tuple) else who
        if self.scheme is None and access is not PUBLIC:
            raise TypeError(f"{path}: nobody can prove who they are to {self.name}")
        if shortcut is not None and (method != "GET" or query or access is not SIGNED_IN):
            raise TypeError(f"{path}: a shortcut judges no role and reads nothing but the path")

        def declare(handler: Callable[P, R]) -> Callable[P, R]:
            self.routes.append(
                Route(
                    resource=self,
                    method=method,
                    path=path,
                    access=access,
                    handler=handler,  # type: ignore[arg-type] # its parameters are read below
                    operation=operation or handler.__name__,
                    summary=summary,
                    description=description,
                    body=body,
                    query=query,
                    answers=answers,
                    errors=tuple(errors),
                    key=key,
                    if_match=if_match,
                    cache=cache,
                    shortcut=shortcut,
                    upload=upload,
                    headers=headers or {},
                    parameters=_parameters(path, handler),
                )
            )
            return handler

        return declare


def _parameters(path: str, handler: Callable[..., Any]) -> dict[str, type]:
    """Place of the path → type. TypeError for a handler that does not take it."""
    hints = get_type_hints(handler)
    taken = inspect.signature(handler).parameters
    names = _PLACE.findall(path)
    missing = [name for name in names if name not in taken]
    if missing:
        raise TypeError(f"{handler.__name__} does not take {missing}")
    return {name: hints[name] for name in names}
