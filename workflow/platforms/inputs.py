"""What platforms push, and the key that makes each push happen once."""

import hashlib
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator, BeforeValidator, Field

from rules.actors import Actor
from workflow.inputs import Day, Input, Line, clean_text
from workflow.registrations.registration import FieldKey
from workflow.unit import Key


def _given(value: str) -> str:
    if not value:
        raise ValueError("text_empty")
    return value


Reference = Annotated[
    str, BeforeValidator(clean_text), AfterValidator(_given), Field(max_length=80)
]
"""The platform's own id of what it pushes."""

Values = Annotated[dict[FieldKey, Any], Field(max_length=200)]


class PushedRegistration(Input):
    """意向登记 after the land contract: form A by field, with project, contract date and plot."""

    ref: Reference
    values: Values


class PushedPermit(Input):
    """建设工程规划许可证 issued for a project."""

    ref: Reference
    project_code: Line
    issued_on: Day


class PushedApplication(Input):
    """联合报装申请: form B by field, complete."""

    ref: Reference
    values: Values


class PushedCorrection(Input):
    """The whole of form B again, after a return for correction."""

    values: Values


def key_of(
    actor: Actor, kind: str, body: PushedRegistration | PushedPermit | PushedApplication
) -> Key:
    """The key of a push: the platform's own ref, whatever order its fields came in."""
    content = orjson.dumps(body.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    return Key(f"platform:{actor.platform}:{kind}", body.ref, hashlib.sha256(content).digest())
