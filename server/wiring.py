"""What one process holds: settings and policy before the fork, connections after it."""

import asyncio
import pkgutil
from dataclasses import dataclass, field
from functools import cached_property

import asyncpg
import redis.asyncio as aioredis
from redis.exceptions import RedisError
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

import models.migrations
from bot.door import Takers
from bot.one_turn import OneTurn
from bot.pushes import Pushes
from bot.spool import Spool
from bot.turns import Turns
from bot.understanding.understander import Understander
from config.cities import CITIES, CityBook
from config.settings import Settings, WechatAccount
from models import db
from rules.calendar import SHANGHAI
from server import logs, preflight
from server.calendars import CityCalendars
from server.clock import DemoClock, SystemClock, open_clock
from server.following import CalendarFollower
from server.limits import RedisLimits
from server.platform import PlatformPort
from storage.address import open_store
from storage.links import Links
from storage.seal import Seal
from storage.uploads import Uploads
from wechat.accounts import Account
from wechat.platform import Platform
from workflow.people.tokens import Tokens
from workflow.ports import Services

CHAT_SPOOLS = ("talk", "oa", "mp")
"""Folders in which messages wait: what people write, and the pushes of both accounts."""
_PROBE_S = 1.0
_REDIS_S = 0.25
_DATABASE_DOWN = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    BaseORMException,
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What works. ``ok`` is whether requests should come; without Redis they may."""

    database: bool
    migrated: bool
    redis: bool

    @property
    def ok(self) -> bool:
        """Whether this process can do its work."""
        return self.database and self.migrated

    @property
    def degraded(self) -> bool:
        """Whether it works, but not as it should."""
        return self.ok and not self.redis


@dataclass(slots=True)
class Connections:
    """Opened after the fork, one set a process."""

    services: Services
    redis: aioredis.Redis
    platform: Platform
    follower: CalendarFollower


@dataclass
class Wiring:
    """Made once before the fork (nothing here connects), opened in every worker."""

    settings: Settings
    cities: CityBook
    clock: SystemClock | DemoClock
    calendars: CityCalendars = field(default_factory=CityCalendars)
    _open: Connections | None = None
    _migrated: bool = False

    @classmethod
    def make(cls, settings: Settings) -> "Wiring":
        """Raises CityProblems, or StartRefused naming everything else that is wrong."""
        book = CityBook.load(CITIES)
        preflight.require(settings)
        return cls(
            settings=settings,
            cities=book.only(settings.cities) if settings.cities else book,
            clock=open_clock(settings.data_dir, demo=settings.demo),
        )

    @cached_property
    def seal(self) -> Seal:
        """The seal of contact data."""
        ring = self.settings.seal_keys
        return Seal(ring.keys, ring.active, self.settings.lookup_key)

    @cached_property
    def mind(self) -> Understander:
        """What understands people: dictionary and model. Large: load it before forking."""
        day = self.clock.now().astimezone(SHANGHAI).date()
        return Understander.load(self.cities.on(code, day) for code in self.cities.codes())

    @cached_property
    def takers(self) -> Takers:
        """Who acts on what the platform pushes to this process; asked for once it is open."""
        settings, services, chat = self.settings, self.services, self.settings.chat_dir
        oa, mp = settings.wechat_oa_appid, settings.wechat_mp_appid
        talk, of_oa, of_mp = CHAT_SPOOLS
        one = OneTurn(services, lambda: self.mind, appid=oa, mini_program=mp)
        return Takers(
            talk=Turns(one, Spool(chat / talk, self.seal)),
            oa_pushes=Pushes(services, oa, Spool(chat / of_oa, self.seal)),
            mp_pushes=Pushes(services, mp, Spool(chat / of_mp, self.seal)),
        )

    @property
    def connections(self) -> Connections:
        """What ``open`` opened. RuntimeError before that."""
        if self._open is None:
            raise RuntimeError("the wiring is not open in this process")
        return self._open

    @property
    def services(self) -> Services:
        """The outside as the use cases see it."""
        return self.connections.services

    async def open(self, *, patience: db.Patience = db.ANSWERING) -> None:
        """Open every connection of this process. Neither server needs to answer yet."""
        settings = self.settings
        await db.connect(settings.database_url.get_secret_value(), patience=patience)
        redis = aioredis.from_url(
            settings.redis_url.get_secret_value(),
            socket_timeout=_REDIS_S,
            socket_connect_timeout=_REDIS_S,
        )
        platform = Platform(
            base_url=settings.wechat_api_base,
            oauth_base=settings.wechat_oauth_base,
            mp=_account(settings.mp),
            oa=_account(settings.oa),
            redis=redis,
        )
        store = open_store(settings.storage_url)
        services = Services(
            clock=self.clock,
            cities=self.cities,
            calendars=self.calendars,
            seal=self.seal,
            platform=PlatformPort(platform),
            store=store,
            uploads=Uploads(store, settings.spool_dir, settings.upload_max_bytes),
            links=Links(settings.link_key),
            tokens=Tokens(settings.token_keys),
            limits=RedisLimits(redis),
            public_url=settings.public_url,
            progress_template=settings.wechat_mp_template_progress,
        )
        follower = CalendarFollower(self.calendars, self.cities.codes())
        await follower.start()
        self._open = Connections(services, redis, platform, follower)

    async def close(self) -> None:
        """Give everything back."""
        if self._open is not None:
            opened, self._open = self._open, None
            self.__dict__.pop("takers", None)
            await opened.follower.stop()
            await opened.platform.aclose()
            await opened.redis.aclose()
            await db.close()

    async def readiness(self) -> Readiness:
        """Look at the database, its schema and Redis, all at once, each for a second at most."""
        database, redis = await asyncio.gather(self._database_answers(), self._redis_answers())
        return Readiness(database=database, migrated=self._migrated, redis=redis)

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(_PROBE_S):
                if self._migrated:
                    await get_connection("default").execute_query("SELECT 1")
                else:
                    self._migrated = await is_migrated() and await self._is_ours()
        except _DATABASE_DOWN:
            return False
        return True

    async def _is_ours(self) -> bool:
        """Whether it may be used: in production its clock was never moved by a demo."""
        if self.settings.demo:
            return True
        query = "SELECT 1 FROM service_clock WHERE offset_seconds > 0"
        moved = await db.pool().fetchval(query) is not None
        if moved:
            logs.get("wiring").error("database_of_a_moved_clock")
        return not moved

    async def _redis_answers(self) -> bool:
        try:
            async with asyncio.timeout(_PROBE_S):
                return bool(await self.connections.redis.ping())
        except (OSError, TimeoutError, RedisError):
            return False


async def is_migrated() -> bool:
    """Whether the database has every migration this code comes with."""
    shipped = {module.name for module in pkgutil.iter_modules(models.migrations.__path__)}
    database = get_connection("default")
    _, found = await database.execute_query("SELECT to_regclass('tortoise_migrations') AS ours")
    if found[0]["ours"] is None:
        return False
    _, rows = await database.execute_query(
        "SELECT name FROM tortoise_migrations WHERE app = 'models'"
    )
    return shipped <= {row["name"] for row in rows}


def _account(account: WechatAccount) -> Account:
    return Account(account.appid, account.secret.get_secret_value())
