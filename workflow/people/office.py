"""The acts of administrators: in their own city, at a desk with its second factor."""

from rules.actors import Actor, Role
from rules.errors import Code, DomainError


def require(actor: Actor, role: Role, city: str) -> None:
    """Raises ``FORBIDDEN`` without the role in that city, ``TOTP_NEEDED`` away from the desk."""
    if not actor.holds(role, city):
        raise DomainError(Code.FORBIDDEN)
    if not actor.on_desk:
        raise DomainError(Code.TOTP_NEEDED)


def hidden_unless(actor: Actor, role: Role, city: str) -> None:
    """As ``require`` for a thing of some city: elsewhere it does not exist (``NOT_FOUND``)."""
    if not actor.holds(role, city):
        raise DomainError(Code.NOT_FOUND)
    require(actor, role, city)
