"""The door as a whole: every resource of it, put on the app."""

from typing import Any

from sanic import Sanic

from doors import serving
from doors.routes import Resource
from miniprogram_api.administration import administration
from miniprogram_api.annual import annual
from miniprogram_api.applications import applications
from miniprogram_api.cases import cases
from miniprogram_api.chat_links import chat_links
from miniprogram_api.cities import cities
from miniprogram_api.complaints import complaints
from miniprogram_api.crews import crews
from miniprogram_api.day import day
from miniprogram_api.desk import desk
from miniprogram_api.documents import documents
from miniprogram_api.drafts import drafts
from miniprogram_api.enterprises import enterprises
from miniprogram_api.field import field
from miniprogram_api.field_records import field_records
from miniprogram_api.files import files
from miniprogram_api.guide import guide
from miniprogram_api.inbox import inbox
from miniprogram_api.me import me
from miniprogram_api.queue import queue
from miniprogram_api.registrations import registrations
from miniprogram_api.requests import requests
from miniprogram_api.sessions import sessions
from miniprogram_api.staff import staff
from miniprogram_api.subscriptions import subscriptions
from miniprogram_api.surveys import surveys
from miniprogram_api.uploads import uploads

RESOURCES: tuple[Resource, ...] = (
    cities,
    guide,
    sessions,
    me,
    chat_links,
    enterprises,
    desk,
    registrations,
    drafts,
    uploads,
    documents,
    files,
    cases,
    applications,
    surveys,
    requests,
    field,
    field_records,
    annual,
    queue,
    inbox,
    complaints,
    subscriptions,
    day,
    crews,
    staff,
    administration,
)
"""In the order of the docs page. A new resource file is added here."""


def install(app: Sanic[Any, Any]) -> None:
    """Put the door's routes on the app."""
    serving.install(app, RESOURCES)
