"""Acts of clients that keep asking until they know: the same key, after every kind of trouble."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx

from tests.api.journey import drafted
from tests.api.service import Caller, Service, problem
from tests.faults.ledger import Ledger

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE_S = 20.0


@dataclass(slots=True)
class Trouble:
    """What clients met on their way."""

    cut: int = 0
    refused: int = 0
    longest_s: float = 0.0


@dataclass(slots=True)
class Insistent:
    """Asks again under the same key when the line was cut or the service said «come again».

    Any other answer, and any 5xx but 503, is the end of it.
    """

    ledger: Ledger
    trouble: Trouble = field(default_factory=Trouble)

    async def submit(self, owner: Caller, draft: dict[str, Any]) -> httpx.Response:
        """Submit a draft; its answer is in the ledger."""
        key = uuid4().hex
        path = f"/applications/{draft['id']}/submit"
        answer = await self.post(owner, path, version=draft["version"], key=key)
        self.ledger.note(answer, owner.person, key, "submit", draft["id"])
        return answer

    async def post(
        self, caller: Caller, path: str, body: Any = None, *, version: int, key: str
    ) -> httpx.Response:
        """One act, known to its end."""
        began = time.monotonic()
        while True:
            assert time.monotonic() - began < PATIENCE_S, f"no answer to {path}: {self.trouble}"
            asked = time.monotonic()
            try:
                answer = await caller.post(path, body, version=version, key=key)
            except httpx.TransportError:
                self.trouble.cut += 1
                await asyncio.sleep(0.02)
                continue
            finally:
                self.trouble.longest_s = max(self.trouble.longest_s, time.monotonic() - asked)
            if answer.status_code != 503:
                return answer
            unavailable(answer)
            self.trouble.refused += 1
            await asyncio.sleep(0.05)


def fresh(service: Service, caller: Caller) -> Caller:
    """The same person on a line of their own, which may lead to the other worker."""
    line = httpx.AsyncClient(base_url=service.base_url, trust_env=False, timeout=20)
    another = Caller(line, caller.person, caller.token, caller.judge)
    service.cast[uuid4().hex] = another  # closed with the cast
    return another


def unavailable(answer: httpx.Response, code: str = "unavailable") -> None:
    """The one 5xx there may be: a 503 in words that says when to come again."""
    problem(answer, 503, code)
    assert int(answer.headers["retry-after"]) >= 1


def survey_time(service: Service, city: str) -> str:
    """A time at which the city's crews work, two days ahead or as soon as they do."""
    calendar = service.wiring.calendars.of(service.wiring.cities.on(city, service.today))
    at = calendar.next_working_time(service.clock.now() + timedelta(days=2))
    return at.astimezone(SHANGHAI).replace(second=0, microsecond=0).isoformat(timespec="minutes")


async def drafts(service: Service, city: str, count: int) -> list[dict[str, Any]]:
    """Complete drafts of 李."""
    owner, at = await service.owner(), survey_time(service, city)
    lanes = asyncio.Semaphore(8)

    async def one() -> dict[str, Any]:
        async with lanes:
            return await drafted(owner, city, survey__time=at)

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def submitted(service: Service, city: str) -> dict[str, Any]:
    """A submitted application of 李 with the documents the window looks for."""
    (draft,) = await drafts(service, city, 1)
    owner = await service.owner()
    answer = await owner.post(f"/applications/{draft['id']}/submit", version=draft["version"])
    book = service.wiring.cities.on(city, service.today)
    await service.attach(UUID(draft["id"]), *(document.code for document in book.documents))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def statuses(*asked: Any) -> list[int]:
    """The statuses of requests made at once, sorted."""
    answers = await asyncio.gather(*asked)
    return sorted(answer.status_code for answer in answers)
