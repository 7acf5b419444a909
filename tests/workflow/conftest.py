"""A world per test: services over a fresh database, with a clock set by hand."""

from collections.abc import AsyncIterator

import pytest

from models import db
from tests.conftest import FreshDatabase
from tests.workflow.world import World, make_world


@pytest.fixture
async def world(fresh_database: FreshDatabase) -> AsyncIterator[World]:
    """Both cities, nine o'clock on an ordinary Monday."""
    await db.connect(await fresh_database())
    yield await make_world()
    await db.close()
