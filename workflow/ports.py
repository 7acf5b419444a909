"""What the outside must offer; wired in ``server``."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from config.cities import City, CityBook
from rules.calendar import WorkCalendar
from storage.links import Links
from storage.uploads import Kept
from workflow.people.tokens import Tokens


class Clock(Protocol):
    """Tells the time; a demo's may run ahead."""

    def now(self) -> datetime:
        """Aware, UTC."""


class Seal(Protocol):
    """Encryption of personal columns with rotating keys, and a keyed hash to look them up by."""

    def seal(self, plaintext: bytes, purpose: str) -> bytes: ...

    def open(self, blob: bytes, purpose: str) -> bytes: ...

    def needs_reseal(self, blob: bytes) -> bool: ...

    def lookup(self, value: str, purpose: str) -> bytes: ...


class Calendars(Protocol):
    """Working time of each city, with the days its administrators have set."""

    def of(self, city: City) -> WorkCalendar: ...

    def set_days(self, code: str, days: Mapping[date, bool], years: frozenset[int]) -> None: ...


class PlatformIdentity(Protocol):
    """Who a login code stands for."""

    @property
    def appid(self) -> str: ...

    @property
    def openid(self) -> str: ...

    @property
    def unionid(self) -> str | None: ...


class Platform(Protocol):
    """The WeChat platform, or its stand-in.

    Sign-in and phone raise ``LOGIN_FAILED`` (the code is bad or used, a snapshot account) or
    ``PLATFORM_UNAVAILABLE``; all that a worker asks for raises ``SendTrouble``.
    """

    async def login(self, code: str) -> PlatformIdentity: ...

    async def h5_login(self, code: str) -> PlatformIdentity: ...

    async def phone_number(self, code: str) -> str: ...

    async def send_subscription(
        self, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None: ...

    async def unionid_of(self, openid: str) -> str | None:
        """Of a follower of the official account; None where the platform tells none."""

    async def chat_text(self, openid: str, text: str) -> None: ...

    async def chat_menu(
        self, openid: str, head: str, choices: Sequence[tuple[str, str]], tail: str
    ) -> None:
        """A question with tappable lines, each ``(id, words)``."""

    async def chat_media(self, media_id: str) -> tuple[bytes, str]:
        """What a follower sent, at most 10 MB, and the content type the platform gives it."""


class Store(Protocol):
    """Content-addressed bytes; see ``storage.store``."""

    async def put(self, path: Path, digest: str) -> None: ...

    async def open(self, digest: str) -> AsyncIterator[bytes]: ...

    async def exists(self, digest: str) -> bool: ...


class Uploads(Protocol):
    """Takes files in: size, name, type and content checked; see ``storage.uploads``."""

    async def take(self, chunks: AsyncIterable[bytes], declared_name: str | None) -> Kept: ...


class Limits(Protocol):
    """How often somebody may try something."""

    async def spend(self, name: str, limit: int, window_s: int) -> int | None:
        """Count one try of ``name``; seconds to wait when ``limit`` is spent, else None."""


@dataclass(frozen=True, slots=True)
class Services:
    """The outside, as the use cases see it; one per process."""

    clock: Clock
    cities: CityBook
    calendars: Calendars
    seal: Seal
    platform: Platform
    store: Store
    uploads: Uploads
    links: Links
    tokens: Tokens
    limits: Limits
    public_url: str
    """Where people reach us, without a trailing slash."""
    progress_template: str = ""
    """Id of the subscription message that tells progress; empty: the inbox only."""


class SendTrouble(Exception):
    """The platform did not do what a worker asked. ``final``: asking again changes nothing.

    ``outcome``: a short code. ``unsure``: it may have been done all the same (no answer came
    back). ``rest``: the payload to go on with where a part is done; None: as it was. ``until``:
    nothing was tried, it is another's turn until then; that is no failure.
    """

    rest: Mapping[str, Any] | None = None
    until: datetime | None = None

    def __init__(self, outcome: str, *, final: bool, unsure: bool = False) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.final = final
        self.unsure = unsure
