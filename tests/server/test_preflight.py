"""Settings that are each fine but wrong together: all named before anything starts."""

from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from server import preflight
from server.clock import DemoClock
from server.faults import StartRefused
from server.wiring import Wiring
from tests.server.test_settings import KEY, OTHER, PRODUCTION, THIRD


def production(data_dir: Path, **changed: str) -> Settings:
    given = {"DATA_DIR": str(data_dir), "STORAGE_URL": f"{data_dir}/up loads", **changed}
    return Settings.load({**PRODUCTION, **given})


def test_good_settings_have_no_problem(tmp_path: Path) -> None:
    assert list(preflight.problems(production(tmp_path))) == []
    assert (tmp_path / "up loads").is_dir()


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    DemoClock(tmp_path).advance(timedelta(days=1))
    settings = production(
        tmp_path,
        CITIES="daye,atlantis",
        INTEGRATION_KEYS=f"zigui@lemuria:{KEY}",
        LOOKUP_KEY=KEY,  # the seal's own key
        STORAGE_URL="s3://bucket/prefix?speed=fast",
    )
    with pytest.raises(StartRefused) as caught:
        Wiring.make(settings)
    told = str(caught.value)
    for name in (
        "CITIES",
        "atlantis",
        "lemuria",
        "LOOKUP_KEY",
        "DATA_DIR",
        "拨快",
        "STORAGE_URL",
        "speed",
    ):
        assert name in told
    assert KEY not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [("TOKEN_KEYS", f"a:{OTHER},b:{KEY}"), ("SEAL_KEYS", f"a:{KEY}"), ("LOOKUP_KEY", KEY)],
)
def test_the_key_of_links_signs_nothing_else(tmp_path: Path, name: str, value: str) -> None:
    given = {"TOKEN_KEYS": f"a:{THIRD}", "SEAL_KEYS": f"a:{THIRD}", "LINK_KEY": KEY, name: value}
    found = [p for p in preflight.problems(production(tmp_path, **given)) if "LINK_KEY" in p]
    assert len(found) == 1
    assert name in found[0]
    assert KEY not in found[0]


def test_a_store_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    settings = production(tmp_path, STORAGE_URL=f"{tmp_path}/file/uploads")
    (problem,) = preflight.problems(settings)
    assert problem.startswith("STORAGE_URL")
