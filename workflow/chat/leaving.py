"""Whoever unfollows: what was said in the talk goes; drafts and cases stay."""

from models import StoredAnswer
from workflow.chat.turns import Writer, forget, key_of
from workflow.unit import Unit


async def leave(unit: Unit, writer: Writer) -> None:
    """Forget where the talk stood, and every answer kept for messages sent again."""
    await forget(unit, writer)
    key = key_of(writer, "")
    scopes = (key.scope, f"{key.scope}:after")
    await StoredAnswer.filter(scope__in=scopes, key__startswith=key.value).delete()
