"""The test's hand on the stand-in: its control surface over HTTP."""

from typing import Any

import httpx


class Control:
    """A thin asynchronous client of ``/_sandbox``."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._http = httpx.AsyncClient(base_url=f"{base_url}/_sandbox", trust_env=False)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def get(self, path: str, /, **query: str) -> Any:
        return self._read(await self._http.get(path, params=query))

    async def post(self, path: str, /, **body: Any) -> Any:
        return self._read(await self._http.post(path, json=body))

    async def delete(self, path: str) -> Any:
        return self._read(await self._http.delete(path))

    async def code(self, kind: str, person: str, **more: Any) -> str:
        return str((await self.post("/codes", kind=kind, person=person, **more))["code"])

    async def inject(self, path: str, kind: str, **more: Any) -> None:
        await self.post("/injections", path=path, kind=kind, **more)

    async def count(self, path: str) -> int:
        return int((await self.get("/counters")).get(path, 0))

    async def flag(self) -> list[dict[str, Any]]:
        """The reasons of the fault flag, which is cleared."""
        return list((await self.delete("/flag"))["cleared"])

    @staticmethod
    def _read(response: httpx.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()
