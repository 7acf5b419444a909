"""Holds every answer the tests get to the OpenAPI document."""

import re
from collections.abc import Sequence
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker

from doors.openapi import document
from doors.problems import CONTENT_TYPE
from doors.routes import Route

_PLACE = re.compile(r"\{[a-z_]+\}")
ANYWHERE = frozenset({404, 405, 413, 400})
"""Statuses a request may get before any route is chosen."""


class Judge:
    """The document of an app, and a look at each of its answers."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.document = document(routes, server="http://127.0.0.1")
        self._paths = [
            (re.compile("[^/]+".join(map(re.escape, _PLACE.split(path)))), methods)
            for path, methods in self.document["paths"].items()
        ]
        self._validators: dict[tuple[int, str], Draft202012Validator] = {}

    def check(self, method: str, path: str, answer: httpx.Response) -> None:
        """The status is documented for the route, and the body is what the document says."""
        told = self._responses(method, path)
        if told is None:
            assert answer.status_code in ANYWHERE, (method, path, answer.status_code)
            return
        status = str(answer.status_code)
        assert status in told, (method, path, status, answer.text)
        if answer.status_code in (204, 304):
            assert answer.content == b""
            return
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in told[status]["content"], (method, path, kind)
        if kind == CONTENT_TYPE:
            assert answer.json()["code"] in told[status]["x-codes"], (method, path, answer.text)
        if kind.endswith("json"):
            schema = told[status]["content"][kind]["schema"]
            faults = [error.message for error in self._validator(schema).iter_errors(answer.json())]
            assert not faults, (method, path, faults, answer.text)
        if "Retry-After" in told[status].get("headers", {}):
            assert answer.headers["retry-after"].isdecimal()

    def _responses(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, methods in self._paths:
            if pattern.fullmatch(path) and method.lower() in methods:
                found: dict[str, Any] = methods[method.lower()]["responses"]
                return found
        return None

    def _validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        key = (id(schema), str(schema))
        if key not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[key] = Draft202012Validator(whole, format_checker=FormatChecker())
        return self._validators[key]
