"""One whole product for each test process; each module signs its own people in."""

from collections.abc import AsyncIterator, Iterator
from io import StringIO
from typing import Any, cast

import pytest

from doors.serving import routes
from server.app import create_app
from server.wiring import Wiring
from tests.api.judge import Judge
from tests.api.service import Service
from tests.faults.chatting import Chat
from tests.faults.ledger import Ledger
from tests.faults.privacy import leaks
from tests.faults.product import Product, readiness, until
from tests.wechat.control import Control
from workflow.people import organisations


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Everything that runs. When it has ended, none of its logs knows anybody."""
    product = Product(tmp_path_factory.mktemp("product"))
    yield product
    product.close()
    assert leaks(product.logs()) == []


@pytest.fixture(scope="module")
async def service(product: Product) -> AsyncIterator[Service]:
    """The cast, calling the real processes. Its rows are written beside them, as people joined
    and signed in before the trouble began."""
    settings = product.settings
    wiring = Wiring.make(settings)
    await wiring.open()
    await organisations.sync(wiring.cities, wiring.clock.now().date())
    app = create_app(settings, wiring)
    clock = cast(Any, wiring.clock)
    service = Service(app, wiring, clock, product.address, Judge(routes(app)), StringIO())
    yield service
    await service.aclose()
    await wiring.close()


@pytest.fixture(scope="module")
async def control(product: Product) -> AsyncIterator[Control]:
    """The hand on the stand-in; its fault flag fails the module."""
    control = Control(product.stand_in)
    await control.post("/reset")
    yield control
    unexpected = await control.flag()
    await control.aclose()
    assert unexpected == []


@pytest.fixture
def ledger(product: Product, service: Service) -> Ledger:
    """What a test saw acknowledged, to be found again."""
    return Ledger(product.database_url, service.wiring.seal)


@pytest.fixture(autouse=True)
async def whole(product: Product) -> AsyncIterator[None]:
    """Every test finds the product whole, and leaves it able to become so again."""
    yield

    async def ready() -> bool:
        return (await readiness(product.address)).get("status") == "ready"

    await until(ready, 20, "ready again after the test")


@pytest.fixture
async def chat(product: Product, service: Service, control: Control) -> Chat:
    """The stand-in delivers to the running service."""
    await control.post("/reset")
    chat = Chat(control, product)
    await chat.goes_to(product.address)
    return chat
