"""Pages of the mini-program the assistant points to."""

from uuid import UUID

from bot.dialogue.heard import Facts
from bot.dialogue.replies import PageLink
from config.texts.chat import chat

APPLY = "pages/apply/apply"
CASE = "pages/cases/case"


def draft(facts: Facts, case: UUID | str | None) -> tuple[PageLink, ...]:
    """The form in the mini-program: the same draft. None without a linked mini-program."""
    if not facts.mini_program or case is None:
        return ()
    return (PageLink(chat("links.draft"), f"{APPLY}?id={case}"),)


def case(facts: Facts, ident: UUID | str | None) -> tuple[PageLink, ...]:
    """A case in the mini-program."""
    if not facts.mini_program or ident is None:
        return ()
    return (PageLink(chat("links.case"), f"{CASE}?id={ident}"),)
