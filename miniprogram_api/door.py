"""The door as a whole: every resource of it, put on the app."""

from typing import Any

from sanic import Sanic

from doors import serving
from doors.routes import Resource
from miniprogram_api.annual import annual
from miniprogram_api.applications import applications
from miniprogram_api.cities import cities
from miniprogram_api.drafts import drafts
from miniprogram_api.registrations import registrations
from miniprogram_api.requests import requests

RESOURCES: tuple[Resource, ...] = (
    cities,
    registrations,
    drafts,
    applications,
    requests,
    annual,
)
"""In the order of the docs page. A new resource file is added here."""


def install(app: Sanic[Any, Any]) -> None:
    """Put the door's routes on the app."""
    serving.install(app, RESOURCES)
