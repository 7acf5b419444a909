"""What the dialogue says: texts with choices and links, or handing over to a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One tappable line; a tap comes back as ``Heard.choice`` with this id."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of the mini-program; ``path`` like ``pages/apply/apply?id=…``."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Say:
    """A text. Choices and page links stand below it."""

    text: str
    choices: tuple[Choice, ...] = ()
    links: tuple[PageLink, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hand the talk to a person (``transfer_customer_service``); ``text`` is said before it."""

    text: str = ""


Reply = Say | HandOver
