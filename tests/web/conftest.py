"""The integration API on the real app over HTTP, and platforms that sign for themselves."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from config.settings import Settings
from tests.api.service import Service, running
from tests.servers import Addresses, clone, drop
from tests.web.platform import Platform, platform_of


@pytest.fixture(scope="module")
async def service(
    template: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    """The running app on a database of its own; WeChat is not reached."""
    name = f"web_{uuid4().hex}"
    settings = Settings.for_demo(
        tmp_path_factory.mktemp("home"),
        database_url=await clone(template, name),
        redis_url=template.redis_database(7),
    )
    async with running(settings) as service:
        yield service
    await asyncio.shield(drop(template, name))


@pytest.fixture
async def land(service: Service) -> AsyncIterator[Platform]:
    """大冶 联审平台, of the land bureau."""
    async with platform_of(service, "zigui@daye") as platform:
        yield platform


@pytest.fixture
async def housing(service: Service) -> AsyncIterator[Platform]:
    """周口 工改平台, of the housing bureau."""
    async with platform_of(service, "zhujian@zhoukou") as platform:
        yield platform


@pytest.fixture
async def portal(service: Service) -> AsyncIterator[Platform]:
    """湖北政务服务网, in 大冶."""
    async with platform_of(service, "service@daye") as platform:
        yield platform
