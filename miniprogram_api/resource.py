"""A resource of this door: under ``/api/v1``, with the bearer token."""

from doors.routes import Resource
from miniprogram_api.bearer import BEARER

PREFIX = "/api/v1"


def resource(name: str, label: str, description: str = "") -> Resource:
    """``label``: its name in Chinese, the heading of its routes on the docs page."""
    return Resource(name, label, scheme=BEARER, prefix=PREFIX, description=description)
