"""The floor of a submit writes what a submit writes, or the ratio between them says nothing."""

from pathlib import Path

from bench import data, submit
from tests.bench.given import migrated, written
from tests.conftest import FreshDatabase
from tests.servers import Addresses


async def test_the_same_rows_are_written(
    template: Addresses, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    ground, database = await migrated(template, fresh_database, tmp_path)
    drafts = await data.drafts(ground, database, 8)
    with ground.product(database) as product:
        real = await written(ground, database, product, submit.subject(drafts[:4]))
    with ground.floor("submit", database) as floor:
        by_hand = await written(ground, database, floor, submit.by_hand(drafts[4:]))
    real.pop("case_counters", None), by_hand.pop("case_counters", None)
    assert real == by_hand
    assert set(real) >= {"surveys", "deadlines", "events", "audit", "inbox", "outbox"}
