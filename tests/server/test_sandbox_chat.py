"""The chat page's routes: what somebody does becomes a message of the platform, and back."""

import base64
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import xmltodict
from werobot.crypto import MessageCrypt

from config.cities import CITIES, CityBook
from config.settings import Settings
from rules.calendar import SHANGHAI
from server.app import create_app
from server.wiring import Wiring
from tests import stand_in
from tests.conftest import FreshDatabase
from tests.server.test_sandbox import client_of, production
from tests.servers import Addresses
from tests.serving import serving
from tests.wechat.callback_server import CallbackServer, Push
from tests.wechat.control import Control

PAGE = Path(__file__).parent.parent.parent / "server" / "sandbox" / "page"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ROUTES = (
    ("GET", "/sandbox"),
    ("GET", "/sandbox/page/chat.js"),
    ("GET", "/sandbox/chat"),
    ("POST", "/sandbox/chat"),
    ("GET", "/sandbox/chat/menu"),
    ("GET", "/sandbox/chat/places"),
    ("POST", "/sandbox/chat/pictures"),
    ("GET", "/sandbox/chat/pictures/x"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of service and stand-in."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def platform(home: Path) -> Iterator[str]:
    """The stand-in's address."""
    with stand_in.started(home) as process:
        yield stand_in.address_of(process)


@pytest.fixture(scope="module")
async def settings(home: Path, platform: str, servers: Addresses) -> Settings:
    """A demo with that stand-in; these routes need neither tables nor Redis."""
    nowhere = {"database_url": servers.database("postgres"), "redis_url": servers.redis}
    return Settings.for_demo(home, **nowhere, wechat_api_base=platform)


@pytest.fixture(scope="module")
async def demo(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The service, served."""
    async with client_of(settings) as http:
        yield http


@pytest.fixture
async def control(platform: str) -> AsyncIterator[Control]:
    """The test's hand on the stand-in."""
    control = Control(platform)
    await control.post("/reset")
    yield control
    await control.aclose()


class Product:
    """Answers every push with a text; ``heard`` are the messages, opened by werobot."""

    def __init__(self, settings: Settings) -> None:
        oa = settings.oa
        token, key = oa.token.get_secret_value(), oa.aes_key.get_secret_value()
        self._crypt = MessageCrypt(token, key, oa.appid)
        self.heard: list[dict[str, Any]] = []

    async def answer(self, push: Push) -> bytes:
        """Say that it was heard."""
        told = push.opened(self._crypt)
        self.heard.append(told)
        reply = (
            f"<xml><ToUserName>{told['FromUserName']}</ToUserName>"
            f"<FromUserName>{told['ToUserName']}</FromUserName><CreateTime>1</CreateTime>"
            "<MsgType>text</MsgType><Content>收到</Content></xml>"
        )
        timestamp, nonce = push.query["timestamp"], push.query["nonce"]
        return str(self._crypt.encrypt_message(reply, timestamp, nonce)).encode()


@pytest.fixture
async def product(control: Control, settings: Settings) -> AsyncIterator[Product]:
    """Where the stand-in pushes to."""
    server, product = CallbackServer(), Product(settings)
    server.answer = product.answer
    await server.start()
    await control.post("/accounts/oa", callback_url=f"{server.url}/callback")
    yield product
    await server.stop()


async def act(demo: httpx.AsyncClient, **did: Any) -> httpx.Response:
    return await demo.post("/sandbox/chat", json={"person": "li", "did": did})


async def chat(demo: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await demo.get("/sandbox/chat", params={"person": "li", **query})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def answered(demo: httpx.AsyncClient, number: int) -> dict[str, Any]:
    """The exchange, once it is over."""
    since, run = 0, ""
    while True:
        told = await chat(demo, since=since, run=run, wait=3)
        since, run = told["last"], told["run"]
        for exchange in told["exchanges"]:
            if exchange["number"] == number and exchange["answered"] is not None:
                return dict(exchange)


async def test_production_has_no_trace_of_them(
    tmp_path: Path, fresh_database: FreshDatabase, redis_url: str
) -> None:
    async with client_of(production(tmp_path, await fresh_database(), redis_url)) as http:
        for method, path in ROUTES:
            answer = await http.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


@pytest.mark.parametrize(
    ("did", "pushed"),
    [
        ({"kind": "text", "content": "你好\n]]>"}, {"MsgType": "text", "Content": "你好\n]]>"}),
        (
            {"kind": "text", "content": "大冶", "choice": "city:daye"},
            {"MsgType": "text", "Content": "大冶", "bizmsgmenuid": "city:daye"},
        ),
        (
            {"kind": "location", "latitude": 30.1, "longitude": 114.98, "label": "金湖"},
            {"MsgType": "location", "Location_X": "30.1", "Location_Y": "114.98", "Label": "金湖"},
        ),
        (
            {"kind": "voice", "recognition": "办到哪了"},
            {"MsgType": "voice", "Format": "amr", "Recognition": "办到哪了"},
        ),
        ({"kind": "follow"}, {"MsgType": "event", "Event": "subscribe", "EventKey": None}),
        (
            {"kind": "follow", "scene": "daye"},
            {"MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_daye"},
        ),
        ({"kind": "scan", "scene": "7"}, {"MsgType": "event", "Event": "SCAN", "EventKey": "7"}),
        ({"kind": "unfollow"}, {"MsgType": "event", "Event": "unsubscribe", "EventKey": None}),
        (
            {"kind": "menu", "type": "click", "key": "menu:status"},
            {"MsgType": "event", "Event": "CLICK", "EventKey": "menu:status"},
        ),
        (
            {"kind": "menu", "type": "miniprogram", "key": "pages/a?b=1&c=2"},
            {"MsgType": "event", "Event": "view_miniprogram", "EventKey": "pages/a?b=1&c=2"},
        ),
        (
            {"kind": "menu", "type": "view", "key": "https://example.org/"},
            {"MsgType": "event", "Event": "VIEW", "EventKey": "https://example.org/"},
        ),
    ],
)
async def test_what_somebody_does_is_pushed_and_the_answer_seen(
    demo: httpx.AsyncClient, product: Product, did: dict[str, Any], pushed: dict[str, Any]
) -> None:
    begun = await act(demo, **did)
    assert begun.status_code == 200, begun.text
    exchange = await answered(demo, begun.json()["number"])
    (heard,) = product.heard
    assert {name: heard[name] for name in pushed} == pushed
    assert heard["FromUserName"] == "oa-li"
    assert exchange["seen"] == [{"type": "text", "parts": [{"type": "text", "text": "收到"}]}]
    assert xmltodict.parse(exchange["plain"])["xml"] == heard
    assert (await chat(demo))["follows"] is (did["kind"] != "unfollow")


async def test_a_picture_is_kept_sent_and_shown(demo: httpx.AsyncClient, product: Product) -> None:
    headers = {"content-type": "image/png"}
    kept = await demo.post("/sandbox/chat/pictures", content=PIXEL, headers=headers)
    media_id = kept.json()["media_id"]
    begun = await act(demo, kind="image", media_id=media_id)
    await answered(demo, begun.json()["number"])
    (heard,) = product.heard
    assert (heard["MsgType"], heard["MediaId"]) == ("image", media_id)
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.get(heard["PicUrl"])).content == PIXEL
    shown = await demo.get(f"/sandbox/chat/pictures/{media_id}")
    assert (shown.content, shown.headers["content-type"]) == (PIXEL, "image/png")


async def test_pictures_that_are_none(demo: httpx.AsyncClient, control: Control) -> None:
    async def refused(content: bytes, kind: str) -> tuple[int, str]:
        headers = {"content-type": kind}
        answer = await demo.post("/sandbox/chat/pictures", content=content, headers=headers)
        return answer.status_code, answer.json()["code"]

    assert await refused(b"<svg/>", "image/svg+xml") == (415, "unsupported_media")
    assert await refused(b"", "image/png") == (422, "upload_empty")
    big = b"\0" * (10 * 1024 * 1024 + 1)
    assert await refused(big, "image/png") == (413, "upload_too_large")
    page = base64.b64encode(b"<script>1</script>").decode()
    stored = await control.post("/media", content=page, mime="text/html", name="a.html")
    for name in (stored["media_id"], "unknown", "..%2Fpeople"):
        assert (await demo.get(f"/sandbox/chat/pictures/{name}")).status_code == 404


async def test_the_menu_is_the_one_that_was_pushed(
    demo: httpx.AsyncClient, control: Control, settings: Settings
) -> None:
    assert (await demo.get("/sandbox/chat/menu")).json() == {"button": []}
    pushed = {"button": [{"type": "click", "name": "查进度", "key": "menu:status"}]}
    wiring = Wiring.make(settings)
    await wiring.open()
    try:
        await wiring.connections.platform.oa.create_menu(pushed)
    finally:
        await wiring.close()
    assert (await demo.get("/sandbox/chat/menu")).json() == pushed


async def test_places_lie_in_their_cities(demo: httpx.AsyncClient, settings: Settings) -> None:
    places = (await demo.get("/sandbox/chat/places")).json()["places"]
    book = CityBook.load(CITIES)
    wiring = Wiring.make(settings)
    day = wiring.clock.now().astimezone(SHANGHAI).date()
    assert {place["city"] for place in places} == set(book.codes())
    for place in places:
        box = book.on(place["city"], day).box
        assert box.south < place["latitude"] < box.north, place
        assert box.west < place["longitude"] < box.east, place
        assert len([each for each in places if each["city"] == place["city"]]) >= 3


@pytest.mark.parametrize(
    "did",
    [
        {"kind": "text", "content": ""},
        {"kind": "text", "content": "\u0001"},
        {"kind": "text", "content": "长" * 2001},
        {"kind": "location", "latitude": 91, "longitude": 0},
        {"kind": "image", "media_id": "../x"},
        {"kind": "scan", "scene": "空 格"},
        {"kind": "menu", "type": "pay", "key": "x"},
        {"kind": "dance"},
        {},
    ],
)
async def test_what_nobody_can_do(
    demo: httpx.AsyncClient, control: Control, did: dict[str, Any]
) -> None:
    answer = await act(demo, **did)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_strangers_and_a_platform_that_is_away(
    demo: httpx.AsyncClient, tmp_path: Path, settings: Settings
) -> None:
    did = {"kind": "text", "content": "你好"}
    nobody = await demo.post("/sandbox/chat", json={"person": "nobody", "did": did})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")
    assert (await demo.get("/sandbox/chat", params={"person": "nobody"})).status_code == 404
    assert (await demo.get("/sandbox/chat")).status_code == 422
    away = settings.model_copy(update={"wechat_api_base": "http://127.0.0.1:1"})
    async with client_of(away) as http:
        answer = await http.get("/sandbox/chat", params={"person": "li"})
    assert (answer.status_code, answer.json()["code"]) == (503, "platform_unavailable")


async def test_the_page_loads_and_runs_nothing_foreign(demo: httpx.AsyncClient) -> None:
    page = await demo.get("/sandbox")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page.text)
    addresses = re.findall(r"(?:src|href)=\"([^\"]*)\"", page.text)
    for address in (each for each in addresses if not each.startswith("#")):
        assert address.startswith("/sandbox/page/"), address
        assert (await demo.get(address)).status_code == 200


async def test_every_part_of_the_page_is_served_by_its_name_only(demo: httpx.AsyncClient) -> None:
    kinds = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
    for path in PAGE.iterdir():
        answer = await demo.get(f"/sandbox/page/{path.name}")
        if path.suffix not in kinds:
            assert answer.status_code == 404
            continue
        assert answer.headers["content-type"] == kinds[path.suffix]
        assert not re.search(
            r"innerHTML|document\.write|eval\(|https?://(?!www\.w3\.org/)", answer.text
        )
        imported = re.findall(r"from \"\./([a-z.]+)\"", answer.text)
        assert all((PAGE / name).is_file() for name in imported)
    for name in ("..%2Fchat.py", "%2e%2e", "chat.py", "index.html"):
        assert (await demo.get(f"/sandbox/page/{name}")).status_code == 404


async def test_the_document_describes_them(settings: Settings) -> None:
    app = create_app(settings, Wiring.make(settings))
    async with serving(app) as address, httpx.AsyncClient(base_url=address) as http:
        paths = (await http.get("/openapi.json")).json()["paths"]
    for method, path in ROUTES:
        described = path.replace("/pictures/x", "/pictures/{media_id}").replace("chat.js", "{name}")
        assert method.lower() in paths[described]
